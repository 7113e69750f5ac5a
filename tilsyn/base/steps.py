"""What a command is doing while it takes its time: the procedure says it, and whoever watches may show it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

Item = TypeVar("Item")


@dataclass(eq=False)
class Step:
    """A part of a command's work, by its word in the dictionary; of its `total` so many are `done`."""

    key: str
    values: Mapping[str, Any]
    total: int | None = None
    done: int = 0


# Is told of each step that begins, and of the one around it when it ends, or None.
Watcher = Callable[[Step | None], None]

_steps: list[Step] = []
_watcher: Watcher | None = None


@contextmanager
def step(key: str, total: int | None = None, **values: Any) -> Iterator[Step]:
    """Say what is done while the block, or the function that it decorates, takes its time."""
    begun = Step(key, values, total)
    _steps.append(begun)
    _tell()
    try:
        yield begun
    finally:
        _steps.remove(begun)
        _tell()


def counted(items: Collection[Item], key: str, **values: Any) -> Iterator[Item]:
    """Yield the items, and say how many are done."""
    with step(key, len(items), **values) as begun:
        for item in items:
            yield item
            begun.done += 1


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Let somebody watch; whoever did before sees nothing meanwhile."""
    global _watcher
    before, _watcher = _watcher, watcher
    if before is not None:
        before(None)
    try:
        yield
    finally:
        _watcher = before
        _tell()


def _tell() -> None:
    if _watcher is not None:
        _watcher(_steps[-1] if _steps else None)
