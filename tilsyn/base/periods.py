"""Periods: the months, quarters or weeks that a draw covers."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, total_ordering
from typing import Literal

from tilsyn.base.language import LANGUAGES, language, say
from tilsyn.base.problems import UsageError

Kind = Literal["year", "half", "quarter", "month", "week"]

# A year far from all others is a slip of the finger, and would reach beyond what a date can hold.
YEAR = r"(?P<year>(?:19|2[01])\d{2})"
_FORMS: tuple[tuple[str, Kind], ...] = (
    (rf"{YEAR}", "year"),
    (rf"{YEAR}[- ]?[hH](?P<n>[12])", "half"),
    (rf"[hH](?P<n>[12])[- ]?{YEAR}", "half"),
    (rf"(?P<n>[12])\. ?halvår {YEAR}", "half"),
    (rf"{YEAR}[- ]?[qQkK](?P<n>[1-4])", "quarter"),
    (rf"[qQkK](?P<n>[1-4])[- ]?{YEAR}", "quarter"),
    (rf"(?P<n>[1-4])\. ?kvartal {YEAR}", "quarter"),
    (rf"{YEAR}-(?P<n>0[1-9]|1[0-2])", "month"),
    (rf"(?P<name>[a-zA-Z]{{3,9}})\.? {YEAR}", "month"),
    (rf"{YEAR}[- ]?[wWuU](?P<n>\d{{2}})", "week"),
    (rf"uge (?P<n>\d{{1,2}})[ ,]+{YEAR}", "week"),
)


@cache
def _months() -> dict[str, int]:
    # Here, because Babel takes time to load and most periods are written in numbers.
    from babel.dates import get_month_names

    whole = {
        name.lower(): number
        for locale in LANGUAGES
        for number, name in get_month_names("wide", locale=locale).items()
    }
    return whole | {name[:3]: number for name, number in whole.items()} | {"sept": 9}


def month_number(name: str) -> int:
    """Return the number of a month by its Danish or English name, or its first letters; 0 when it is none.

    >>> month_number("maj"), month_number("Oct"), month_number("kvartal")
    (5, 10, 0)
    """
    return _months().get(name.lower(), 0)


@total_ordering
@dataclass(frozen=True, eq=True)
class Period:
    """A span of whole days, `start` and `end` included, with a canonical name such as `2018-Q2`.

    >>> Period.parse("2. kvartal 2018").canonical, Period.parse("maj 2018").canonical
    ('2018-Q2', '2018-05')
    >>> Period.parse("2018-05").quarter().canonical
    '2018-Q2'
    """

    canonical: str
    kind: Kind
    start: date
    end: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period as people write it: `2018-Q2`, `2018K2`, `2. kvartal 2018`, `maj 2018`, …"""
        plain = " ".join(text.split())
        for form, kind in _FORMS:
            match = re.fullmatch(form, plain)
            if match is None:
                continue
            parts = match.groupdict()
            n = month_number(parts["name"]) if "name" in parts else int(parts.get("n", 1))
            try:
                return cls._of(kind, int(parts["year"]), n)
            except ValueError:
                break
        raise UsageError(say("common.bad_period", text=text), say("common.bad_period_remedy"))

    @classmethod
    def _of(cls, kind: Kind, year: int, n: int) -> Period:
        """Return the n-th period of its kind in a year; ValueError when there is none."""
        if kind == "week":
            monday = date.fromisocalendar(year, n, 1)
            return cls(f"{year:04}-W{n:02}", kind, monday, monday + timedelta(days=6))
        months = {"year": 12, "half": 6, "quarter": 3, "month": 1}[kind]
        first, last = (n - 1) * months + 1, n * months
        name = {"year": "", "half": f"-H{n}", "quarter": f"-Q{n}", "month": f"-{n:02}"}[kind]
        return cls(
            f"{year:04}{name}",
            kind,
            date(year, first, 1),
            date(year, last, calendar.monthrange(year, last)[1]),
        )

    @classmethod
    def containing(cls, day: date, kind: Kind) -> Period:
        """Return the period of a kind that holds a day.

        >>> Period.containing(date(2018, 5, 17), "quarter").canonical
        '2018-Q2'
        """
        if kind == "week":
            year, week, _ = day.isocalendar()
            return cls._of(kind, year, week)
        months = {"year": 12, "half": 6, "quarter": 3, "month": 1}[kind]
        return cls._of(kind, day.year, (day.month - 1) // months + 1)

    def within(self, other: Period) -> bool:
        """Tell whether the period lies in another, or is it.

        >>> Period.parse("2018-05").within(Period.parse("2018-Q2"))
        True
        """
        return other.start <= self.start and self.end <= other.end

    def quarter(self) -> Period:
        """Return the quarter that the period begins in."""
        return Period.containing(self.start, "quarter")

    def next(self) -> Period:
        """Return the period of the same kind that follows."""
        return Period.containing(self.end + timedelta(days=1), self.kind)

    def previous(self) -> Period:
        """Return the period of the same kind that went before."""
        return Period.containing(self.start - timedelta(days=1), self.kind)

    def label(self) -> str:
        """Return the period as people print it, in the language in use.

        >>> Period.parse("2018-Q2").label(), Period.parse("2018-05").label()
        ('2. kvartal 2018', 'maj 2018')
        """
        if self.kind in ("quarter", "half"):
            return say(f"common.{self.kind}_label", n=self.canonical[-1], year=self.canonical[:4])
        if self.kind == "week":
            return say("common.week_label", n=int(self.canonical[-2:]), year=self.canonical[:4])
        if self.kind == "month":
            from babel.dates import format_date

            return format_date(self.start, "MMMM y", locale=language())
        return self.canonical

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.end) < (other.start, other.end)

    def __str__(self) -> str:
        return self.canonical
