"""The ledger of a draw: what was loaded, replaced and handled, one immutable file each, as in `entries`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tilsyn.base import clock
from tilsyn.base.problems import Problem
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reviews.in_force import CaseInForce, cases_in_force
from tilsyn.reviews.plain_sample import PlainSample, plain_in_force
from tilsyn.reviews.records import Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.entries import EntryFolder, NewEntries, record_all
from tilsyn.workspace.log import REVIEWS_RECORDED, Event, Log, LogState

if TYPE_CHECKING:
    from tilsyn.reviews.sample import ReviewedSample

SCHEMA = "tilsyn/review-record/1"


class Ledger:
    """A draw's entries, read once, and the reviews that they amount to."""

    def __init__(self, draw: Draw, log: Log, working_days: WorkingDays) -> None:
        self._draw = draw
        self._working_days = working_days
        folder = draw.reviews_dir
        shown = f"samples/{folder.parent.parent.name}/{folder.parent.name}/{folder.name}"
        self._folder = EntryFolder(folder, shown, log, self._events, "load")

    def _events(self, state: LogState) -> list[Event]:
        events = (event for _, event in state.of_draw.get(self._draw.draw_id, []))
        return [event for event in events if event["event"] == REVIEWS_RECORDED]

    @cached_property
    def entries(self) -> list[Load]:
        """The entries, oldest first; `InputError` where one is missing or was edited."""
        return [Load.from_dict(data, name) for name, data in self._folder.entries]

    @cached_property
    def in_force(self) -> list[CaseInForce]:
        """The cases in force, each with all that counts in it, by stratum and order."""
        record = self._draw.record
        return cases_in_force(
            self.entries,
            record.cases,
            record.reserve,
            record.question_set,
            record.period.end,
            self._working_days,
        )

    @property
    def reviewed(self) -> list[CaseInForce]:
        """Those that are reviewed."""
        return [case for case in self.in_force if case.complete]

    @cached_property
    def plain(self) -> PlainSample:
        """The reviews in force as plain rows."""
        record = self._draw.record
        return plain_in_force(self.in_force, record.strata, record.question_set)

    @cached_property
    def reviews(self) -> ReviewedSample:
        """The reviews in force as tables."""
        from tilsyn.reviews.in_force_tables import sample_in_force

        record = self._draw.record
        return sample_in_force(
            self.in_force, self.entries, record.reserve, record.strata, record.question_set
        )

    def problems(self) -> list[Problem]:
        """Return what is wrong: entries missing, edited, or never recorded."""
        return self._folder.problems()

    def save(self, loads: Sequence[Load]) -> list[Load]:
        """Record entries, and return them as they were recorded."""
        return save_all(self._folder.log, [(self, loads)])

    def dated(self, loads: Sequence[Load]) -> list[Load]:
        """Return entries with their moment and sequence."""
        now, first = clock.now().isoformat(), len(self._folder.recorded) + 1
        return [replace(load, loaded_at=now, sequence=n) for n, load in enumerate(loads, start=first)]

    def new(self, loads: Sequence[Load]) -> NewEntries:
        """Return dated entries, and what the log is to say of them."""
        event = {"event": REVIEWS_RECORDED, "draw_id": loads[0].draw_id, "kind": loads[0].kind}
        contents = [{"schema": SCHEMA} | load.to_dict() for load in loads]
        return NewEntries(self._folder, event, contents, self._draw.judged)

    def look_again(self) -> None:
        """Forget what was read, for entries have been added."""
        self._folder.look_again()
        for name in ("entries", "in_force", "plain", "reviews"):
            self.__dict__.pop(name, None)


def save_all(log: Log, what: Sequence[tuple[Ledger, Sequence[Load]]]) -> list[Load]:
    """Record entries of several draws: all of them are in force at once, or none."""
    dated = [(ledger, ledger.dated(loads)) for ledger, loads in what if loads]
    names = record_all(log, [ledger.new(loads) for ledger, loads in dated])
    for ledger, _ in what:
        ledger.look_again()
    loads = [load for _, listed in dated for load in listed]
    return [replace(load, file=name) for load, name in zip(loads, names, strict=True)]
