"""Durations as a plan says them: `12 months`, `6 weeks`, `30 days`."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tilsyn.base.language import say

Unit = Literal["days", "weeks", "months"]
_WORDS: dict[str, tuple[Unit, int]] = {
    "day": ("days", 1), "dag": ("days", 1), "dage": ("days", 1),
    "week": ("weeks", 1), "uge": ("weeks", 1), "uger": ("weeks", 1),
    "month": ("months", 1), "måned": ("months", 1), "måneder": ("months", 1),
    "year": ("months", 12), "år": ("months", 12),
}  # fmt: skip
# Longer is a slip of the finger, and would reach beyond what a date can hold.
_MOST = 1200


def add_months(day: date, months: int) -> date:
    """Add calendar months, clamped to the month's end.

    >>> add_months(date(2023, 10, 31), 4)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Duration:
    """A number of days, weeks or calendar months.

    >>> str(Duration.parse("1 år")), Duration.parse("6 weeks").after(date(2018, 7, 1))
    ('12 months', datetime.date(2018, 8, 12))
    """

    n: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read a duration in English or Danish; ValueError where it is none."""
        match = re.fullmatch(r"(\d{1,4}) ?([a-zæøå]+)", text.strip().lower())
        word = "" if match is None else match[2]
        known = _WORDS.get(word) or _WORDS.get(word.removesuffix("s"))
        if match is None or known is None or int(match[1]) > _MOST:
            raise ValueError(text)
        return cls(int(match[1]) * known[1], known[0])

    def after(self, day: date) -> date:
        """Return the day so much later."""
        if self.unit == "months":
            return add_months(day, self.n)
        return day + timedelta(self.n * (7 if self.unit == "weeks" else 1))

    def before(self, day: date) -> date:
        """Return the day so much earlier."""
        return Duration(-self.n, self.unit).after(day)

    def label(self) -> str:
        """Return it as people say it, in the language in use.

        >>> Duration(1, "weeks").label(), Duration(12, "months").label()
        ('1 uge', '12 måneder')
        """
        return say(f"common.{self.unit}", n=self.n)

    def __str__(self) -> str:
        return f"{self.n} {self.unit.removesuffix('s') if self.n == 1 else self.unit}"
