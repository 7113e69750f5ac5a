"""Formulas that read dates as people write them, and reckon limits as `reckoning` does.

A date is typed as text, for no program then makes another of it; a cell that holds a real date is taken too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tilsyn.questions.conditions import Condition
from tilsyn.questions.limits import Before, Either, Limit, Span, Within
from tilsyn.reviews.formulas import EMPTY, any_of, chosen

SWAPPED, RUNNING = "?", "running"
UNREADABLE = "?"
_MONTHS = '{"jan","feb","mar","apr","maj","jun","jul","aug","sep","okt","nov","dec"}'
_MONTHS_EN = '{"jan","feb","mar","apr","may","jun","jul","aug","sep","oct","nov","dec"}'
_FIELD = 20
_FAR = "999999"


@dataclass(frozen=True)
class DateCells:
    """A date's cells: its day and time, "" while there is none, and the minutes of UTC it can mean."""

    value: str
    first: str = ""
    last: str = ""


def fields(cell: str) -> str:
    """Return the formula of a typed date's parts, each in a field of its own."""
    spaced = f"LOWER({cell})"
    for sign in ("kl", ".", "/", "-", ":"):
        spaced = f'SUBSTITUTE({spaced},"{sign}"," ")'
    return f'=IF(ISNUMBER({cell}),"",SUBSTITUTE(TRIM({spaced})," ",REPT(" ",{_FIELD})))'


def value(cell: str, parts: str) -> str:
    """Return the formula of the day and time of a cell, whose `parts` stand in another.

    It gives "" for an empty cell, and `UNREADABLE` for what the sheet cannot read.
    """
    first, second, third, hour, minute = (_field(parts, n) for n in range(5))
    short = f"LEN({first})=6"
    # ddmmåå and ddmmåååå in a row.
    run = (f"MID({first},1,2)", f"MID({first},3,2)", f"MID({first},5,4)")
    as_run = _moment(*run, _field(parts, 1), _field(parts, 2))
    as_iso = _moment(third, second, first, hour, minute)
    typed = _moment(first, second, third, hour, minute)
    formula = chosen([(f"OR({short},LEN({first})=8)", as_run), (f"LEN({first})=4", as_iso)], typed)
    readable = f'IFERROR({formula},"{UNREADABLE}")'
    return f"=IF(ISNUMBER({cell}),{cell},IF(TRIM({cell})={EMPTY},{EMPTY},{readable}))"


def _field(parts: str, number: int) -> str:
    return f"TRIM(MID({parts},{number * _FIELD + 1},{_FIELD}))"


def _moment(day: str, month: str, year: str, hour: str, minute: str) -> str:
    named = f"IFERROR(MATCH(LEFT({month},3),{_MONTHS},0),MATCH(LEFT({month},3),{_MONTHS_EN},0))"
    month = f"IFERROR(VALUE({month}),{named})"
    year = f"VALUE({year})+IF(VALUE({year})<100,2000,0)"
    made = f"DATE({year},{month},VALUE({day}))"
    # A day that the month does not have is no date.
    checked = f"IF(DAY({made})=VALUE({day}),{made},NA())"
    time = f"IF({hour}={EMPTY},0,(VALUE({hour})*60+IF({minute}={EMPTY},0,VALUE({minute})))/1440)"
    return f"{checked}+{time}"


def shown(cell: str) -> str:
    """Return a date's day and time in the one form that all are shown in."""
    two = 'RIGHT("0"&{}({}),2)'
    day, month = (two.format(name, cell) for name in ("DAY", "MONTH"))
    # In whole minutes: a fraction of a day is not exact.
    minutes = f"ROUND(MOD({cell},1)*1440,0)"
    clock = f'" kl. "&RIGHT("0"&INT({minutes}/60),2)&"."&RIGHT("0"&MOD({minutes},60),2)'
    return f'{day}&"-"&{month}&"-"&YEAR({cell})&IF({minutes}=0,"",{clock})'


def minutes(cell: str, *, last: bool) -> str:
    """Return the formula of the first or last minute of UTC that a date can mean; 00:00 is a date alone."""
    clock = f"ROUND({cell}*1440,0)"
    if last:
        clock = f"({clock}+IF(MOD({clock},1440)=0,1439,0))"
    begins, ends = _summer(cell)
    in_summer = f"AND({clock}-120>={begins},{clock}-120<{ends})"
    in_winter = f"OR({clock}-60<{begins},{clock}-60>={ends})"
    summer = f"AND({in_summer},NOT({in_winter}))" if last else in_summer
    return f"=IF(ISNUMBER({cell}),{clock}-IF({summer},120,60),{EMPTY})"


def _summer(cell: str) -> tuple[str, str]:
    """Return the minutes of UTC between which the year of a date has summer time."""
    ends = [f"DATE(YEAR({cell}),{month},31)" for month in (3, 10)]
    first, last = (f"(({end}-WEEKDAY({end})+1)*1440+60)" for end in ends)
    return first, last


def whole_months(start: str, end: str) -> str:
    """Return the whole months from one day to another, "" while one is missing."""
    months = f"((YEAR({end})-YEAR({start}))*12+MONTH({end})-MONTH({start}))"
    whole = f"{months}-IF(EDATE(INT({start}),{months})<=INT({end}),0,1)"
    return f"IF(AND(ISNUMBER({start}),ISNUMBER({end})),{whole},{EMPTY})"


@dataclass(frozen=True)
class LimitFormulas:
    """The formulas of limits: dates by name, the cell of the day of reading, and the list of hverdage.

    By the rules of 0.1 (`first`) an open end decides nothing, and days that are free after the last hverdag
    are in time.
    """

    dates: Mapping[str, DateCells]
    reviewed_on: str
    hverdage: str
    holds: Callable[[Condition], str]
    first: bool = False

    def last_day(self, limit: Limit) -> str:
        """Return the last lawful day, "" while it is not known."""
        if isinstance(limit, Either):
            return self._either(limit, self.last_day)
        if isinstance(limit, Before):
            known = self.dates.get(limit.reference)
            return f"IF(ISNUMBER({known.value}),INT({known.value}),{EMPTY})" if known else EMPTY
        start = self.dates.get(limit.spans[0].start)
        if start is None:
            return EMPTY
        days = [self._span(limit.spans[0])]
        days += [self._second(span, start.value) for span in limit.spans[1:] if span.start in self.dates]
        earliest = days[0] if len(days) == 1 else f"MIN({','.join(days)})"
        return f"IF(ISNUMBER({start.value}),{earliest},{EMPTY})"

    def _second(self, span: Span, start: str) -> str:
        """A second date that lies before the first has nothing to do with it."""
        at = self.dates[span.start].value
        return f"IF(ISNUMBER({at}),IF(INT({at})>=INT({start}),{self._span(span)},{_FAR}),{_FAR})"

    def _span(self, span: Span) -> str:
        start = self.dates[span.start]
        if span.unit == "hours":
            minute = f"({start.last}+{span.amount * 60})"
            begins, ends = _summer(start.value)
            return f"INT(({minute}+IF(AND({minute}>={begins},{minute}<{ends}),120,60))/1440)"
        if span.unit == "weekdays":
            return f"INDEX({self.hverdage},MATCH(INT({start.value}),{self.hverdage},1)+{span.amount})"
        if span.unit in ("months", "years"):
            return f"EDATE(INT({start.value}),{span.amount * (12 if span.unit == 'years' else 1)})"
        return f"INT({start.value})+{span.amount * (7 if span.unit == 'weeks' else 1)}"

    def answer(self, limit: Limit, last: str) -> str:
        """Return what the dates decide, `last` being the cell of the last lawful day.

        It is `ja`, `nej`, `RUNNING`, `SWAPPED`, or "" while they decide nothing.
        """
        if isinstance(limit, Either):
            return self._either(limit, lambda simple: self.answer(simple, last))
        if isinstance(limit, Before):
            at, end = self.dates.get(limit.reference), self.dates.get(limit.event)
            if at is None or end is None:
                return EMPTY
            known = f"AND(ISNUMBER({at.value}),ISNUMBER({end.value}))"
            return f'IF({known},IF(INT({end.value})>INT({at.value}),"nej",{EMPTY}),{EMPTY})'
        start, end = self.dates.get(limit.spans[0].start), self.dates.get(limit.end)
        if start is None or end is None:
            return EMPTY
        now = self.reviewed_on
        passed = f"IF(ISNUMBER({now}),{self._open(limit, last)},{EMPTY})"
        ended = self._ended(limit.spans[0], start, end, last)
        decided = f"IF(ISNUMBER({end.value}),{ended},{EMPTY if self.first else passed})"
        return f"IF({last}={EMPTY},{EMPTY},{decided})"

    def _open(self, limit: Within, last: str) -> str:
        """Return what a limit is without its end; the day of another date alone breaks none."""
        now = f"INT({self.reviewed_on})"
        over = f"{now}>{last}" if len(limit.spans) == 1 else self._counted_over(limit, now)
        return chosen([(over, '"nej"'), (f"{now}>{last}", EMPTY)], f'"{RUNNING}"')

    def _ended(self, span: Span, start: DateCells, end: DateCells, last: str) -> str:
        if span.unit == "hours":
            length = span.amount * 60
            kept = f"{end.last}-{start.first}<={length}"
            broken = f"{end.first}-{start.last}>{length}"
            cases = [(f"{end.last}<{start.first}", f'"{SWAPPED}"'), (kept, '"ja"'), (broken, '"nej"')]
            return chosen(cases, EMPTY)
        kept = f"INT({end.value})<={last}"
        if self.first and span.unit == "weekdays":
            place = "MATCH(INT({}),{},1)"
            count = "-".join(place.format(cells.value, self.hverdage) for cells in (end, start))
            kept = f"{count}<={span.amount}"
        return chosen(
            [(f"INT({end.value})<INT({start.value})", f'"{SWAPPED}"'), (kept, '"ja"')],
            '"nej"',
        )

    def binding(self, limit: Limit) -> str:
        """Return whether a *nej* of the dates stands against a reader's *ja*."""
        if isinstance(limit, Either):
            return self._either(limit, self.binding)
        if not isinstance(limit, Within) or len(limit.spans) < 2 or limit.end not in self.dates:
            return "TRUE"
        end = self.dates[limit.end].value
        return self._counted_over(limit, f"IF(ISNUMBER({end}),INT({end}),INT({self.reviewed_on}))")

    def _counted_over(self, limit: Within, at: str) -> str:
        """Return whether a day lies after one of the counted spans of a limit."""
        tests = [f"{at}>{self._binding_last(limit, span)}" for span in limit.spans if span.amount]
        return any_of(tests)

    def _binding_last(self, limit: Within, span: Span) -> str:
        first = limit.spans[0]
        return self._span(span) if span is first else self._second(span, self.dates[first.start].value)

    def _either(self, limit: Either, make: Callable[[Within | Before], str]) -> str:
        condition = self.holds(limit.condition)
        undecided = "TRUE" if make == self.binding else EMPTY
        return chosen(
            [(f"{condition}=1", make(limit.then)), (f"{condition}=0", make(limit.otherwise))], undecided
        )
