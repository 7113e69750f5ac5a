"""The nights of a life: `tilsyn run` as a timer starts it, its mail, and what goes wrong on the way."""

from __future__ import annotations

import contextlib
import hashlib
import io
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders.faults import Faults, Killed
from tests.builders.life_people import INBOX, Act
from tests.builders.life_race import race
from tests.builders.life_trouble import Fault, Share
from tilsyn.base.sheets import SheetCells, Unread
from tilsyn.cli.app import run
from tilsyn.formats import spreadsheets
from tilsyn.formats.sheets.worker import read_apart

RACERS = 8


@dataclass(frozen=True)
class Mail:
    """What a timer sends of a run: how it ended, and what it printed; None for one that was killed."""

    day: date
    code: int | None
    text: str
    fault: str = ""

    def __str__(self) -> str:
        fault = f" [{self.fault}]" if self.fault else ""
        return f"--- {self.day} exit {self.code}{fault}\n{self.text}"


@dataclass
class House:
    """A workspace that lives, with its inbox: one for the life with faults, one for that without."""

    folder: Path
    seed: int
    faults: Faults
    share: Share
    root: Path = field(init=False)
    inbox: Path = field(init=False)
    mails: list[Mail] = field(default_factory=list, repr=False)
    # What each night did to the disk, point by point; and what the same night of another life did.
    points: dict[date, Sequence[str]] = field(default_factory=dict, repr=False)
    expected: dict[date, Sequence[str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.root, self.inbox = self.folder / "tilsyn", self.folder / INBOX
        self.inbox.mkdir(parents=True)
        self.root.mkdir()

    def by_day(self, acts: list[Act]) -> None:
        """Let people do what they do."""
        for act in acts:
            act.done(self.root, self.inbox)

    def night(self, day: date, fault: Fault | None = None) -> None:
        """Let the timer start its run, and things go wrong."""
        if fault is None:
            self._run(day)
        elif fault.kind == "race":
            for code, told in race(self.words(day), self.seed, self.folder / "race", RACERS):
                self.mails.append(Mail(day, code, told, fault.kind))
        elif fault.kind == "lost folder":
            # Where a share is not mounted there is an empty folder.
            gone = self.root.rename(self.root.with_name("gone"))
            self.root.mkdir()
            self._run(day, fault)
            self.root.rmdir()
            gone.rename(self.root)
        elif fault.kind != "off":
            self._run(day, fault)
            if fault.again:
                self._run(day)

    def words(self, day: date) -> list[str]:
        """Return the command line of the timer."""
        places = ["--workspace", str(self.root), "--inbox", str(self.inbox)]
        return ["run", *places, "--today", str(day), "--quiet"]

    def _run(self, day: date, fault: Fault | None = None) -> None:
        self.faults.root, self.share.root = str(self.root), str(self.folder)
        self.faults.start()
        if fault is not None:
            fault.begin(self.faults, self.share, self.expected.get(day, ()))
        told = io.StringIO()
        code: int | None = None
        with (
            contextlib.suppress(Killed),
            contextlib.redirect_stdout(told),
            contextlib.redirect_stderr(told),
        ):
            code = run(self.words(day))
        self.share.lose(None)
        if fault is None and self.faults.points:
            self.points[day] = self.faults.points
        self.faults.start()
        self.mails.append(Mail(day, code, told.getvalue(), fault.kind if fault else ""))


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the same bytes of a spreadsheet once: two lives read theirs some ten thousand times."""
    known: dict[bytes, bytes] = {}

    def read(data: bytes, unread: Unread) -> list[SheetCells]:
        digest = hashlib.sha256(data).digest()
        if digest not in known:
            known[digest] = pickle.dumps(read_apart(data, unread), pickle.HIGHEST_PROTOCOL)
        return list(pickle.loads(known[digest]))

    monkeypatch.setattr(spreadsheets, "read_apart", read)


def days(first: date, last: date) -> Iterator[date]:
    """Return each day from the first to the last."""
    for number in range((last - first).days + 1):
        yield first + timedelta(number)
