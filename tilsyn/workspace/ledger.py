"""The ledger of a draw: what was loaded, replaced and handled, one immutable file each.

An entry is in force from the moment its hash stands in the event log: a file without an event (a crash, or
one put there by hand) counts for nothing; an edited or missing one stops all that would count without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import InputError, Problem, Refused, TilsynError
from tilsyn.formats import files
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reviews.in_force import CaseInForce, cases_in_force
from tilsyn.reviews.records import Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import REVIEWS_RECORDED, Event, Log

if TYPE_CHECKING:
    from tilsyn.reviews.sample import ReviewedSample

SCHEMA = "tilsyn/review-record/1"


@dataclass(frozen=True)
class Entry:
    """An entry on its way into the ledger: what it says, its SHA-256, and its file."""

    load: Load
    sha256: str
    prepared: files.Prepared


class Ledger:
    """A draw's entries, read once, and the reviews that they amount to."""

    def __init__(self, draw: Draw, log: Log, working_days: WorkingDays) -> None:
        self._draw = draw
        self._log = log
        self._working_days = working_days

    @property
    def _recorded(self) -> dict[str, str]:
        """What the event log says was recorded: file name to SHA-256, oldest first."""
        events = self._log.trusted().of_draw.get(self._draw.draw_id, [])
        return {
            file["file"]: file["sha256"]
            for _, event in events
            if event["event"] == REVIEWS_RECORDED
            for file in event["files"]
        }

    @cached_property
    def _read(self) -> tuple[list[Load], list[Problem]]:
        loads, problems = [], []
        folder = self._draw.reviews_dir
        for name, digest in self._recorded.items():
            place = f"samples/{self._draw.period.canonical}/{self._draw.path.name}/{folder.name}/{name}"
            path = self._there(name, digest)
            if path is None:
                problems.append(Problem(say("load.entry_missing"), say("load.entry_missing_remedy"), place))
                continue
            data = files.read_bytes(path)
            if hashlib.sha256(data).hexdigest() != digest:
                problems.append(Problem(say("load.entry_edited"), say("load.entry_edited_remedy"), place))
                continue
            loads.append(Load.from_dict(json.loads(data), name))
        return loads, problems

    def _there(self, name: str, digest: str) -> Path | None:
        """Return where an entry stands; one that a crash kept from its name, still under a temporary one."""
        folder = self._draw.reviews_dir
        if (folder / name).is_file() or not folder.is_dir():
            return folder / name if folder.is_dir() else None
        waiting = [path for path in folder.iterdir() if files.is_temporary(path.name)]
        return next((path for path in waiting if files.file_hash(path) == digest), None)

    @property
    def entries(self) -> list[Load]:
        """The entries, oldest first; `InputError` where one is missing or was edited."""
        loads, problems = self._read
        if problems:
            raise InputError(problems)
        return loads

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
    def reviews(self) -> ReviewedSample:
        """The reviews in force as tables."""
        from tilsyn.reviews.in_force_tables import sample_in_force

        record = self._draw.record
        return sample_in_force(
            self.in_force, self.entries, record.reserve, record.strata, record.question_set
        )

    def problems(self) -> list[Problem]:
        """Return what is wrong: entries missing, edited, or never recorded."""
        recorded = self._recorded
        problems = list(self._read[1])
        for path in sorted(self._draw.reviews_dir.glob("*.json")):
            if path.name not in recorded:
                found, remedy = say("load.entry_unknown"), say("load.entry_unknown_remedy")
                problems.append(Problem(found, remedy, file=path.name))
        return problems

    def save(self, loads: Sequence[Load]) -> list[Load]:
        """Record entries, and return them as they were recorded."""
        return save_all(self._log, [(self, loads)])

    def prepare(self, loads: Sequence[Load]) -> list[Entry]:
        """Write entries under temporary names; moment and sequence are filled in."""
        now = clock.now()
        entries: list[Entry] = []
        try:
            for number, load in enumerate(loads, start=len(self._recorded) + 1):
                load = replace(load, loaded_at=now.isoformat(), sequence=number)
                refuse_cpr(load.to_dict(), f"{self._draw.reviews_dir.name}/", self._draw.judged)
                text = json.dumps({"schema": SCHEMA} | load.to_dict(), ensure_ascii=False, indent=1)
                data = text.encode("utf-8")
                digest = hashlib.sha256(data).hexdigest()
                name = f"{now:%Y%m%dT%H%M%SZ}-{digest[:12]}.json"
                path = self._draw.reviews_dir / name
                file = files.prepare(path, data, overwrite=True, private=True)
                entries.append(Entry(replace(load, file=name), digest, file))
        except (OSError, Refused):
            files.discard([entry.prepared for entry in entries])
            raise
        return entries

    def look_again(self) -> None:
        """Forget what was read, for entries have been added."""
        for name in ("_read", "in_force", "reviews"):
            self.__dict__.pop(name, None)


def save_all(log: Log, what: Sequence[tuple[Ledger, Sequence[Load]]]) -> list[Load]:
    """Record entries of several draws: all of them are in force at once, or none.

    Each file is whole on the disk before the events, and gets its name after them.
    """
    entries: list[Entry] = []
    events: list[Event] = []
    try:
        for ledger, loads in what:
            if loads:
                prepared = ledger.prepare(loads)
                entries += prepared
                recorded = [{"file": entry.load.file, "sha256": entry.sha256} for entry in prepared]
                event = {"event": REVIEWS_RECORDED, "draw_id": loads[0].draw_id, "kind": loads[0].kind}
                events.append(event | {"files": recorded})
        if events:
            log.append_all(lambda _: events)
    except (OSError, TilsynError):
        files.discard([entry.prepared for entry in entries])
        raise
    log.put_late([entry.prepared for entry in entries], say("disk.late_next"))
    for ledger, _ in what:
        ledger.look_again()
    return [entry.load for entry in entries]
