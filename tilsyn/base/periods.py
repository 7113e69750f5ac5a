"""Periods: the months, quarters or weeks that a draw covers."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering
from typing import Literal

from tilsyn.base.language import say
from tilsyn.base.months import month_name, month_number
from tilsyn.base.problems import UsageError

Kind = Literal[
    "year", "half", "quarter", "month", "week",
    "2 months", "4 months", "2 weeks", "4 weeks", "13 weeks", "26 weeks",
]  # fmt: skip
# What divides a year: the periods of a kind begin anew each year, so that they are the same whoever counts.
MONTHS: dict[Kind, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1, "2 months": 2, "4 months": 4}
# Of 52 weeks; in a year of 53 the last period has one more.
WEEKS: dict[Kind, int] = {"week": 1, "2 weeks": 2, "4 weeks": 4, "13 weeks": 13, "26 weeks": 26}

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
# Several months or weeks, by the first and the last of them.
_SPANS: tuple[tuple[str, dict[Kind, int]], ...] = (
    (rf"{YEAR}-M(?P<first>\d\d)-M(?P<last>\d\d)", MONTHS),
    (rf"{YEAR}-W(?P<first>\d\d)-W(?P<last>\d\d)", WEEKS),
)


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
        return cls._span(plain)

    @classmethod
    def _span(cls, plain: str) -> Period:
        """Read several months or weeks, which must be those that a year is parted in."""
        for form, kinds in _SPANS:
            match = re.fullmatch(form, plain, re.IGNORECASE)
            if match is None:
                continue
            for kind, n in kinds.items():
                try:
                    found = cls._of(kind, int(match["year"]), (int(match["first"]) - 1) // n + 1)
                except ValueError:
                    continue
                if found.canonical == plain.upper():
                    return found
        raise UsageError(say("common.bad_period", text=plain), say("common.bad_period_remedy"))

    @classmethod
    def _of(cls, kind: Kind, year: int, n: int) -> Period:
        """Return the n-th period of its kind in a year; ValueError when there is none."""
        if kind in WEEKS:
            return cls._weeks(kind, year, n)
        months = MONTHS[kind]
        first, last = (n - 1) * months + 1, n * months
        names = {"year": "", "half": f"-H{n}", "quarter": f"-Q{n}", "month": f"-{n:02}"}
        name = names.get(kind, f"-M{first:02}-M{last:02}")
        return cls(
            f"{year:04}{name}",
            kind,
            date(year, first, 1),
            date(year, last, calendar.monthrange(year, last)[1]),
        )

    @classmethod
    def _weeks(cls, kind: Kind, year: int, n: int) -> Period:
        weeks = WEEKS[kind]
        first, last = (n - 1) * weeks + 1, n * weeks
        in_year = date(year, 12, 28).isocalendar().week
        if weeks > 1 and last == 52:
            last = in_year
        monday, sunday = date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)
        name = f"W{first:02}" if weeks == 1 else f"W{first:02}-W{last:02}"
        return cls(f"{year:04}-{name}", kind, monday, sunday)

    @classmethod
    def containing(cls, day: date, kind: Kind) -> Period:
        """Return the period of a kind that holds a day.

        >>> Period.containing(date(2018, 5, 17), "quarter").canonical
        '2018-Q2'
        """
        if kind in WEEKS:
            year, week, _ = day.isocalendar()
            weeks = WEEKS[kind]
            return cls._of(kind, year, week if weeks == 1 else (min(week, 52) - 1) // weeks + 1)
        return cls._of(kind, day.year, (day.month - 1) // MONTHS[kind] + 1)

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
        if self.kind in WEEKS:
            first, last = self.start.isocalendar().week, self.end.isocalendar().week
            return say("common.weeks_label", first=first, last=last, year=self.canonical[:4])
        if self.kind == "year":
            return self.canonical
        month = f"{month_name(self.end.month)} {self.end.year}"
        if self.kind == "month":
            return month
        return say("common.months_label", first=month_name(self.start.month), last=month)

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.end) < (other.start, other.end)

    def __str__(self) -> str:
        return self.canonical
