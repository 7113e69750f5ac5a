"""Danish clock time as real minutes: what 24 hours are in the nights when the clocks change.

Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
(directive 2000/84/EC; so since 1996).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

HOUR = 60
_DAY = 24 * HOUR


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _minute(moment: datetime) -> int:
    """Return a moment's whole minute, counted from day 0; a spreadsheet's seconds are rounded."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.toordinal() * _DAY + (seconds + 30) // 60


def borders(year: int) -> tuple[int, int]:
    """Return the minutes of UTC between which a year has summer time."""
    first, last = (_last_sunday(year, month).toordinal() * _DAY + HOUR for month in (3, 10))
    return first, last


def _real(clock: int, year: int) -> tuple[int, int]:
    """Return the first and the last minute of UTC that a clock can show as this."""
    begins, ends = borders(year)
    winter, summer = clock - HOUR, clock - 2 * HOUR
    in_summer, in_winter = begins <= summer < ends, not begins <= winter < ends
    if in_summer == in_winter:
        # Twice in October; in March, where no clock shows it, as one that was not put forward.
        return (summer, winter) if in_summer else (winter, winter)
    return (summer, summer) if in_summer else (winter, winter)


def minutes(value: date | datetime) -> tuple[int, int]:
    """Return the first and the last minute of UTC that a value can mean; 00:00 is a date alone.

    >>> first, last = minutes(date(2018, 3, 25))
    >>> (last - first + 1) // 60
    23
    """
    year = value.year
    if isinstance(value, datetime) and value.time() != time():
        return _real(_minute(value), year)
    day = value.toordinal() * _DAY
    return _real(day, year)[0], _real(day + _DAY - 1, year)[1]


def day_at(minute: int) -> date:
    """Return the Danish day of a minute of UTC.

    >>> day_at(minutes(datetime(2018, 3, 24, 23, 30))[0] + 24 * HOUR)
    datetime.date(2018, 3, 26)
    """
    year = date.fromordinal(minute // _DAY).year
    begins, ends = borders(year)
    return date.fromordinal((minute + (2 if begins <= minute < ends else 1) * HOUR) // _DAY)
