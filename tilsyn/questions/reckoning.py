"""Reckoning a limit: the last lawful day, and the answer that the dates decide.

The day a limit runs from is not counted, its last day is; months and years clamp to the month's end. Hours
are real hours, also in the nights when the clocks change; a date without a time decides only where it must.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from tilsyn.base.durations import add_months
from tilsyn.questions.answers import NO, YES
from tilsyn.questions.clock_time import HOUR, day_at, minutes
from tilsyn.questions.conditions import Condition
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays
from tilsyn.questions.limits import Before, Either, Limit, Span, Within

Moment = date | datetime
State = Literal["kept", "broken", "passed", "running", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """What the dates of a limit decide.

    `state` is `passed` where the end is missing and the limit ran out, `running` where it has not yet, and
    `undecided` where the reader answers. `last` is the last lawful day, reckoned from the date `by`;
    `with_saturdays` what it is if Saturdays count, while nobody has chosen; `free` tells that it is no
    hverdag. Unless `binding`, no lawyer has said how long the limit is, and a reader's *ja* stands.
    """

    state: State = "undecided"
    last: date | None = None
    by: str = ""
    with_saturdays: date | None = None
    free: bool = False
    binding: bool = True

    @property
    def answer(self) -> str | None:
        """The answer that it decides."""
        if self.state == "kept":
            return YES
        return NO if self.state in ("broken", "passed") else None


@dataclass(frozen=True)
class Reckoner:
    """What limits are reckoned with: the hverdage, the day of the reading, and the conditions that hold."""

    working_days: WorkingDays
    reviewed_on: date | None
    holds: Callable[[Condition], bool | None] = lambda condition: None

    def verdict(self, limit: Limit, dates: Mapping[str, Moment]) -> Verdict:
        """Return what dates by name decide; raises DatesSwapped."""
        if isinstance(limit, Either):
            holds = self.holds(limit.condition)
            if holds is None:
                return Verdict()
            return self.verdict(limit.then if holds else limit.otherwise, dates)
        if isinstance(limit, Before):
            return _before(limit, dates)
        return self._within(limit, dates)

    def _within(self, limit: Within, dates: Mapping[str, Moment]) -> Verdict:
        first = limit.spans[0]
        start = dates.get(first.start)
        if start is None:
            return Verdict()
        spans = [first]
        # A second date that lies before the first has nothing to do with this measure.
        spans += [s for s in limit.spans[1:] if (at := dates.get(s.start)) and _day(at) >= _day(start)]
        end = dates.get(limit.end)
        if end is not None and _swapped(start, end, exact=first.unit == "hours"):
            raise DatesSwapped
        found = [self._span(span, dates[span.start], end) for span in spans]
        deciding = [verdict for verdict in found if verdict.answer == NO] or found
        earliest = min(deciding, key=lambda verdict: verdict.last or date.max)
        # The one that ends first decides; a longer limit that is broken too makes it binding.
        return replace(earliest, binding=any(verdict.binding for verdict in deciding))

    def _span(self, span: Span, start: Moment, end: Moment | None) -> Verdict:
        if span.unit == "hours":
            return self._hours(span, start, end)
        last = last_day(span, _day(start), self.working_days)
        made = Verdict(
            last=last,
            by=span.start,
            with_saturdays=self._with_saturdays(span, _day(start)),
            free=span.unit != "weekdays" and not self.working_days.counts(last),
            binding=span.amount > 0,
        )
        if end is None:
            return replace(made, state=self._open(last, counted=span.amount > 0))
        return replace(made, state="kept" if _day(end) <= last else "broken")

    def _with_saturdays(self, span: Span, start: date) -> date | None:
        if span.unit != "weekdays" or "saturdays" in self.working_days.chosen:
            return None
        other = replace(self.working_days, saturdays=not self.working_days.saturdays)
        return other.after(start, span.amount)

    def _open(self, last: date, *, counted: bool = True) -> State:
        """What a limit is without its end: a breach once its last day is over, if it is a counted one."""
        if self.reviewed_on is None:
            return "undecided"
        if self.reviewed_on <= last:
            return "running"
        return "passed" if counted else "undecided"

    def _hours(self, span: Span, start: Moment, end: Moment | None) -> Verdict:
        length = span.amount * HOUR
        begin_first, begin_last = minutes(start)
        made = Verdict(last=day_at(begin_last + length), by=span.start)
        if end is None:
            return replace(made, state=self._open(day_at(begin_last + length)))
        end_first, end_last = minutes(end)
        if end_last - begin_first <= length:
            return replace(made, state="kept")
        return replace(made, state="broken" if end_first - begin_last > length else "undecided")


def last_day(span: Span, start: date, working_days: WorkingDays) -> date:
    """Return the last lawful day of a span of days or more that begins on a day.

    >>> last_day(Span("x", 4, "months"), date(2023, 10, 31), WorkingDays())
    datetime.date(2024, 2, 29)
    """
    if span.unit == "weekdays":
        return working_days.after(start, span.amount)
    if span.unit in ("months", "years"):
        return add_months(start, span.amount * (12 if span.unit == "years" else 1))
    return start + timedelta(days=span.amount * (7 if span.unit == "weeks" else 1))


def _before(limit: Before, dates: Mapping[str, Moment]) -> Verdict:
    """Two dates can prove that a thing came too late; that it came in time, only a reader can."""
    reference, happened = dates.get(limit.reference), dates.get(limit.event)
    if reference is None:
        return Verdict()
    made = Verdict(last=_day(reference), by=limit.reference)
    return replace(made, state="broken") if happened and _day(happened) > _day(reference) else made


def _swapped(start: Moment, end: Moment, *, exact: bool) -> bool:
    return minutes(end)[1] < minutes(start)[0] if exact else _day(end) < _day(start)


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
