"""A disk that refuses, or a process that dies, at one chosen point: every open, write, flush, rename, link, folder."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# What is called with a path first, and what with a handle that was opened for writing.
BY_PATH = ("rename", "replace", "link", "mkdir", "unlink", "rmdir", "chmod")
BY_HANDLE = ("write", "fsync", "ftruncate")
# Taking a file away is where a failed command cleans up: a process can die there, but the disk does not refuse.
CLEANING = ("unlink", "rmdir", "ftruncate")


class Killed(BaseException):
    """The process ends here: nothing after it is done, not even the cleaning up."""


class Faults:
    """Counts the points of a run in a folder, and lets one of them fail with `number`, or be the last."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
        self.root = str(root)
        self.points: list[str] = []
        self.at: int | None = None
        self.number: int | None = None
        self.dead = False
        self._handles: dict[int, str] = {}
        for name in BY_PATH:
            monkeypatch.setattr(os, name, self._by_path(name, getattr(os, name)))
        for name in BY_HANDLE:
            monkeypatch.setattr(os, name, self._by_handle(name, getattr(os, name)))
        monkeypatch.setattr(os, "open", self._opening(os.open))
        monkeypatch.setattr(io, "open", self._opening_text(io.open))

    def start(self, at: int | None = None, number: int | None = None) -> None:
        """Begin to count anew; the point `at` fails with `number`, or kills where there is none."""
        self.points, self.at, self.number, self.dead = [], at, number, False

    def _point(self, name: str, path: str) -> None:
        path = str(Path(path).absolute())
        if not path.startswith(self.root) or path.endswith(".lock"):
            return
        if self.dead:
            raise Killed
        if name in CLEANING and self.number is not None:
            return
        self.points.append(f"{name} {path.removeprefix(self.root)}")
        if len(self.points) - 1 != self.at:
            return
        if self.number is None:
            self.dead = True
            raise Killed
        raise OSError(self.number, os.strerror(self.number))

    def _by_path(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any, *more: Any, **named: Any) -> Any:
            if isinstance(path, (str, os.PathLike)):
                self._point(name, os.fsdecode(path))
            return real(path, *more, **named)

        return called

    def _by_handle(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(handle: Any, *more: Any) -> Any:
            if handle in self._handles:
                self._point(name, self._handles[handle])
            return real(handle, *more)

        return called

    def _opening(self, real: Callable[..., int]) -> Callable[..., int]:
        def called(path: Any, flags: int, *more: Any, **named: Any) -> int:
            writing = flags & (os.O_WRONLY | os.O_RDWR) and isinstance(path, (str, os.PathLike))
            if writing:
                self._point("open", os.fsdecode(path))
            handle = real(path, flags, *more, **named)
            self._handles.pop(handle, None)
            if writing:
                self._handles[handle] = os.fsdecode(path)
            return handle

        return called

    def _opening_text(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
            if set(mode) & set("wxa+") and isinstance(path, (str, os.PathLike)):
                self._point("open", os.fsdecode(path))
            return real(path, mode, *more, **named)

        return called


# What a disk says when it is full, when its drive goes away, and when another program has the file.
ANSWERS = (errno.ENOSPC, errno.EIO, errno.EACCES)
