"""What goes wrong in a life: when it does is settled beforehand, by a seed and by what there is to do."""

from __future__ import annotations

import errno
import io
import os
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.faults import ANSWERS, Faults
from tests.builders.life_people import acting

# What a share says that is gone.
GONE = (errno.ENOTCONN, errno.ESTALE, errno.EIO)
_ASKED = ("stat", "open", "scandir", "listdir", "mkdir", "replace", "rename", "link", "unlink")
# A share goes away after some of so many questions about files.
_QUESTIONS = 500
# How often each kind of trouble comes.
_KINDS = {"kill": 60, "disk": 15, "lost share": 10, "lost folder": 5, "off": 10}


class Share:
    """A share that is gone from a moment on: every question about a file in it is answered with an error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = ""
        self.left: int | None = None
        self.number = errno.ENOTCONN
        for module, names in ((os, _ASKED), (io, ("open",))):
            for name in names:
                monkeypatch.setattr(module, name, self._asking(getattr(module, name)))

    def lose(self, after: int | None, number: int = errno.ENOTCONN) -> None:
        """Let it go after so many questions; None: it stays."""
        self.left, self.number = after, number

    def _asking(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any = ".", *more: Any, **named: Any) -> Any:
            if self.left is not None and isinstance(path, (str, os.PathLike)):
                self._ask(os.fsdecode(path))
            return real(path, *more, **named)

        return called

    def _ask(self, path: str) -> None:
        if self.left is None or not str(Path(path).absolute()).startswith(self.root):
            return
        if self.left <= 0:
            raise OSError(self.number, os.strerror(self.number), path)
        self.left -= 1


@dataclass(frozen=True)
class Fault:
    """What goes wrong in a night: where, as a part of all that the night does, and with which answer.

    With `before`, where a point of that name comes; with `again` the run is started once more.
    """

    kind: str
    at: float = 0.0
    number: int = 0
    again: bool = False
    before: str = ""

    def begin(self, faults: Faults, share: Share, points: Sequence[str]) -> None:
        """Lay it in wait for a night that is expected to come by these points."""
        if self.kind == "lost share":
            share.lose(int(self.at * _QUESTIONS), self.number)
        elif self.kind in ("kill", "disk") and points:
            named = [place for place, point in enumerate(points) if self.before and self.before in point]
            place = named[0] if named else int(self.at * len(points))
            faults.start(place, self.number if self.kind == "disk" else None)


def troubles(seed: int, points: Mapping[date, Sequence[str]], first: date, last: date) -> dict[date, Fault]:
    """Return what goes wrong when: often where much is done, and not in the two days before people act."""
    rng = random.Random(f"troubles {seed}")
    found: dict[date, Fault] = {}
    busy = []
    for number in range(1, (last - first).days):
        day = first + timedelta(number)
        if not (acting(day) or acting(day - timedelta(1))):
            continue
        if day in points:
            busy.append(day)
        if rng.random() < (0.5 if day in points else 0.03):
            found[day] = _trouble(rng)
    for day in rng.sample(busy, min(2, len(busy))):
        found[day] = Fault("race")
    # A process that dies between its seed and its draw is the one that nobody may gain by.
    drawn = [day for day in busy if any("draw.json" in point for point in points[day])]
    if drawn:
        found[rng.choice(drawn)] = Fault("kill", before="draw.json")
    return found


def _trouble(rng: random.Random) -> Fault:
    kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0]
    numbers = {"disk": ANSWERS, "lost share": GONE}.get(kind, (0,))
    return Fault(kind, rng.random(), rng.choice(numbers), kind == "kill" and rng.random() < 0.4)
