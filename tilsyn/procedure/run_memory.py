"""What an unattended run has told before: nobody is told the same every night."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.base.which import Which, as_keys
from tilsyn.workspace.log import PROBLEMS_FOUND, Event, Log, day_of

# A step that a rule or a fault was in the way of.
HINDERED = "hindered"
# Periods that were never drawn, and have no register of their own time.
MISSED = "missed"
# Letters that were drafted, and to whom.
LETTERS_WRITTEN = "letters_written"
# Files that nobody had written in: what came another way lies untouched in the draw's folder for years.
UNTOUCHED = "untouched"
# A line was told of each thing that is in the way as before.
REMINDED = "reminded"
# Every day for so long after something was told, and then once in so many days.
REMIND_DAYS = 7
# A report that would say the same as the one before.
REPORT_UNCHANGED = "report_unchanged"


class RunMemory:
    """What runs told, in the log; with `dry_run` nothing is added to it.

    What is told now is remembered at the run's end: of one that was killed nobody heard anything.
    """

    def __init__(self, log: Log, today: date, *, dry_run: bool) -> None:
        self._log = log
        self._today = today
        self._dry_run = dry_run
        self._told: list[Event] = []

    def told_before(
        self, step: str, level: Which | None, period: Period | None, problems: Sequence[Problem]
    ) -> date | None:
        """Return since when just these problems of a step are told; where they are not, remember them."""
        of = {"event": HINDERED, "step": step, **as_keys(level), "period": period and period.canonical}
        digest = _digest(problems, self._today)
        last = self._last(of)
        if last is not None and last["problems"] == digest:
            return day_of(last)
        self._told.append(of | {"problems": digest, "n": len(problems)})
        return None

    def not_told(self, level: Which, periods: Sequence[Period]) -> list[Period]:
        """Return which missed periods nobody was told of, and remember them."""
        told = {
            name
            for event in self._log.events
            if event["event"] == MISSED and event["level"] == level
            for name in event["periods"]
        }
        new = [period for period in periods if period.canonical not in told]
        if new:
            names = [period.canonical for period in new]
            self._told.append({"event": MISSED, **as_keys(level), "periods": names})
        return new

    def is_reminder_due(self) -> bool:
        """Tell whether what is in the way as before is told of now: once a day, and later once a week."""
        told = self._latest(HINDERED, PROBLEMS_FOUND)
        last = self._latest(REMINDED)
        if told is None or last is None or last[0] < told[0]:
            return True
        is_new = self._today - day_of(told[1]) <= timedelta(REMIND_DAYS)
        return self._today - day_of(last[1]) >= timedelta(1 if is_new else REMIND_DAYS)

    def remember_reminder(self) -> None:
        """Remember that what is in the way was told of."""
        self._told.append({"event": REMINDED})

    def settle(self) -> None:
        """Remember what is told."""
        if self._told and not self._dry_run:
            self._log.append_all(lambda _: self._told)

    def letters_to(self, draw_id: str, kind: str) -> list[str] | None:
        """Return to which workbooks letters of a kind were drafted last; None where there were none."""
        last = self._last({"event": LETTERS_WRITTEN, "draw_id": draw_id, "kind": kind})
        return None if last is None else list(last["to"])

    def remember_letters(self, draw_id: str, kind: str, to: Sequence[str]) -> None:
        """Remember to which workbooks letters were drafted, and how far each was."""
        self._add({"event": LETTERS_WRITTEN, "draw_id": draw_id, "kind": kind, "to": list(to)})

    def untouched(self) -> set[str]:
        """Return the hashes of the files that nobody had written in."""
        events = (event for event in self._log.events if event["event"] == UNTOUCHED)
        return {digest for event in events for digest in event["files"]}

    def remember_untouched(self, hashes: Collection[str]) -> None:
        """Remember files that nobody has written in, so that they need not be read every night."""
        if hashes:
            self._add({"event": UNTOUCHED, "files": sorted(hashes)})

    def remember_report(self, level: Which, period: Period) -> None:
        """Remember that a report says all that the log holds so far."""
        self._add({"event": REPORT_UNCHANGED, **as_keys(level), "period": period.canonical})

    def unchanged_at(self, level: Which, period: Period) -> int:
        """Return where in the log a report was seen to say all that went before; -1 where it was not."""
        of = {"event": REPORT_UNCHANGED, **as_keys(level), "period": period.canonical}
        return next((place for place, _ in self._backwards(of)), -1)

    def _latest(self, *kinds: str) -> tuple[int, Event] | None:
        events = self._log.events
        places = range(len(events) - 1, -1, -1)
        return next(((at, events[at]) for at in places if events[at]["event"] in kinds), None)

    def _last(self, of: dict[str, Any]) -> Event | None:
        return next((event for _, event in self._backwards(of)), None)

    def _backwards(self, of: dict[str, Any]) -> Iterator[tuple[int, Event]]:
        for place in range(len(self._log.events) - 1, -1, -1):
            if of.items() <= self._log.events[place].items():
                yield place, self._log.events[place]

    def _add(self, event: dict[str, Any]) -> None:
        if not self._dry_run:
            self._log.append(**event)


def _digest(problems: Sequence[Problem], today: date) -> str:
    # That another day has come is no other problem.
    day = date_text(today)
    told = sorted(f"{problem.place}: {problem.found}".replace(day, "") for problem in problems)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
