"""Time limits: the answer that two dates decide.

24 hours are clock time, and a date without a time decides only where it must. *Hverdage* exclude Sundays and
the country's public holidays and, unless the organisation says otherwise, Saturdays, and in Denmark
Grundlovsdag (5 June), 24 and 31 December. Months are calendar months, clamped to the month's end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from tilsyn.base.countries import DANISH_DAYS, DENMARK
from tilsyn.base.durations import add_months
from tilsyn.questions.answers import NO, YES
from tilsyn.questions.question import Deadline

_MINUTES_A_DAY = 24 * 60


class DatesSwapped(ValueError):
    """The second date is before the first."""


@dataclass(frozen=True)
class WorkingDays:
    """Which doubtful days count as hverdage (True); Sundays and the country's public holidays never do.

    `chosen` names those that somebody has decided on; the rest are as nobody has said.

    References
    ----------
    The doubtful days are those of forældelsesloven § 27; store bededag is a hverdag from 2024 (lov nr. 214 af
    6. marts 2023).
    """

    saturdays: bool = False
    grundlovsdag: bool = False
    christmas_eve: bool = False
    new_years_eve: bool = False
    friday_after_ascension: bool = True
    country: str = DENMARK
    subdivision: str | None = None
    chosen: frozenset[str] = frozenset()

    @property
    def left_out(self) -> list[str]:
        """The doubtful days that do not count."""
        doubtful = ("saturdays", *(DANISH_DAYS if self.country == DENMARK else ()))
        return [name for name in doubtful if not getattr(self, name)]

    def counts(self, day: date) -> bool:
        """Tell whether a day is a hverdag.

        >>> WorkingDays().counts(date(2023, 5, 5)), WorkingDays().counts(date(2024, 4, 26))
        (False, True)
        >>> [WorkingDays(country=country).counts(date(2023, 5, 17)) for country in ("DK", "NO")]
        [True, False]
        """
        if day.weekday() == 6 or day in _public_holidays(self.country, self.subdivision, day.year):
            return False
        if day.weekday() == 5 and not self.saturdays:
            return False
        return self.country != DENMARK or self._counts_in_denmark(day)

    def _counts_in_denmark(self, day: date) -> bool:
        doubtful = {(6, 5): self.grundlovsdag, (12, 24): self.christmas_eve, (12, 31): self.new_years_eve}
        if not doubtful.get((day.month, day.day), True):
            return False
        return self.friday_after_ascension or day != _friday_after_ascension(day.year)

    def between(self, start: date, end: date) -> int:
        """Count the hverdage after `start` up to and including `end`.

        >>> WorkingDays().between(date(2018, 3, 28), date(2018, 4, 3))
        1
        """
        return sum(self.counts(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def after(self, start: date, amount: int) -> date:
        """Return the hverdag that is the so manieth after `start`.

        >>> WorkingDays().after(date(2018, 12, 20), 6)
        datetime.date(2019, 1, 4)
        """
        day = start
        while amount:
            day += timedelta(days=1)
            amount -= self.counts(day)
        return day

    def listed(self, first: date, last: date) -> tuple[date, ...]:
        """Return the hverdage from `first` to `last`: the list a workbook counts with."""
        return _listed(self, first, last)


# Every workbook of a round has the same.
@lru_cache(maxsize=16)
def _listed(working_days: WorkingDays, first: date, last: date) -> tuple[date, ...]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if working_days.counts(day))


@lru_cache(maxsize=256)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    # Here, because most commands that know of deadlines reckon none.
    from holidays import country_holidays

    return frozenset(country_holidays(country, subdiv=subdivision, years=year))


@lru_cache(maxsize=256)
def _friday_after_ascension(year: int) -> date:
    from holidays import country_holidays

    (ascension,) = country_holidays(DENMARK, years=year, language="da").get_named("Kristi himmelfartsdag")
    return ascension + timedelta(days=1)


def derive(
    deadline: Deadline, start: date | datetime | None, end: date | datetime | None, working_days: WorkingDays
) -> str | None:
    """Return the answer that the two dates decide, or None when they leave it open; raises DatesSwapped.

    A datetime at 00:00 is a date alone, as a spreadsheet cannot tell the two apart.

    >>> limit = Deadline("24 timer", "24 hours", 24, "hours")
    >>> derive(limit, date(2018, 4, 3), date(2018, 4, 4), WorkingDays()) is None
    True
    >>> derive(limit, datetime(2018, 4, 3, 15, 30), datetime(2018, 4, 4, 15, 30), WorkingDays())
    'ja'
    """
    if not deadline.computed or deadline.amount is None or start is None or end is None:
        return None
    if deadline.unit == "hours":
        return _within_hours(start, end, deadline.amount)
    first, last = _day(start), _day(end)
    if last < first:
        raise DatesSwapped
    if deadline.unit == "weekdays":
        kept = working_days.between(first, last) <= deadline.amount
    else:
        kept = last <= add_months(first, deadline.amount)
    return YES if kept else NO


def contradicts(answer: str, derived: str | None) -> bool:
    """Tell whether a typed answer cannot be true with these dates; *ikke relevant* always can.

    >>> contradicts("ja", "nej"), contradicts("nej (lovlig grund)", "nej")
    (True, False)
    """
    return (derived == NO and answer == YES) or (derived == YES and answer.startswith(NO))


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _span(value: date | datetime) -> tuple[int, int]:
    """The first and the last minute a value can mean, counted from day 0."""
    minute = value.toordinal() * _MINUTES_A_DAY
    if isinstance(value, datetime):
        minute += (value.hour * 3600 + value.minute * 60 + value.second + 30) // 60
    return minute, minute + (_MINUTES_A_DAY - 1 if minute % _MINUTES_A_DAY == 0 else 0)


def _within_hours(start: date | datetime, end: date | datetime, hours: int) -> str | None:
    start_first, start_last = _span(start)
    end_first, end_last = _span(end)
    if end_last < start_first:
        raise DatesSwapped
    if end_last - start_first <= hours * 60:
        return YES
    return NO if end_first - start_last > hours * 60 else None
