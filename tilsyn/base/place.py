"""Which workspace is worked in: the one that `--workspace` names, or that of the current folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_given: Path | None = None


def given_workspace() -> Path | None:
    """Return the folder that `--workspace` named, if it did."""
    return _given


def from_here(path: Path) -> str:
    """Return a path as it can be used in the current folder."""
    path, here = path.absolute(), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


@contextmanager
def working_in(folder: Path | None) -> Iterator[None]:
    """Let a command work in a folder's workspace, or with None in that of the current folder."""
    global _given
    before, _given = _given, folder
    try:
        yield
    finally:
        _given = before
