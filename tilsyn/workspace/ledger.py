"""The ledger of a draw: what was loaded, replaced and handled, one immutable file each.

An entry is in force from the moment its hash stands in the event log: a file without an event (a crash, or
one put there by hand) counts for nothing; an edited or missing one stops all that would count without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.formats import files
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reviews.in_force import current
from tilsyn.reviews.records import Load
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import REVIEWS_RECORDED, Log

SCHEMA = "tilsyn/review-record/1"


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
            if not (folder / name).is_file():
                problems.append(Problem(say("load.entry_missing"), say("load.entry_missing_remedy"), place))
                continue
            data = (folder / name).read_bytes()
            if hashlib.sha256(data).hexdigest() != digest:
                problems.append(Problem(say("load.entry_edited"), say("load.entry_edited_remedy"), place))
                continue
            loads.append(Load.from_dict(json.loads(data), name))
        return loads, problems

    @property
    def entries(self) -> list[Load]:
        """The entries, oldest first; `InputError` where one is missing or was edited."""
        loads, problems = self._read
        if problems:
            raise InputError(problems)
        return loads

    @cached_property
    def reviews(self) -> ReviewedSample:
        """The reviews in force."""
        draw, days = self._draw, self._working_days
        tables = draw.cases, draw.reserve, draw.strata
        return current(self.entries, *tables, draw.question_set, draw.period.end, days)

    def problems(self) -> list[Problem]:
        """Return what is wrong: entries missing, edited, or never recorded (a note)."""
        recorded = self._recorded
        problems = list(self._read[1])
        for path in sorted(self._draw.reviews_dir.glob("*.json")):
            if path.name not in recorded:
                found, remedy = say("load.entry_unknown"), say("load.entry_unknown_remedy")
                problems.append(Problem(found, remedy, file=path.name, kind="note"))
        return problems

    def save(self, loads: Sequence[Load]) -> list[Load]:
        """Record entries: their files first, then one event that puts all of them in force at once.

        Moment and sequence are filled in here.
        """
        if not loads:
            return []
        now = clock.now()
        known = len(self._recorded)
        saved = []
        for number, load in enumerate(loads, start=known + 1):
            load = replace(load, loaded_at=now.isoformat(), sequence=number)
            data = json.dumps({"schema": SCHEMA} | load.to_dict(), ensure_ascii=False, indent=1)
            digest = hashlib.sha256(data.encode("utf-8")).hexdigest()
            name = f"{now:%Y%m%dT%H%M%SZ}-{digest[:12]}.json"
            files.write_bytes(self._draw.reviews_dir / name, data.encode("utf-8"), overwrite=True)
            saved.append((replace(load, file=name), digest))
        recorded = [{"file": load.file, "sha256": digest} for load, digest in saved]
        draw_id = self._draw.draw_id
        self._log.append(REVIEWS_RECORDED, draw_id=draw_id, kind=loads[0].kind, files=recorded)
        self.look_again()
        return [load for load, _ in saved]

    def look_again(self) -> None:
        """Forget what was read, for entries have been added."""
        for name in ("_read", "reviews"):
            self.__dict__.pop(name, None)
