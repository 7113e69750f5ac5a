"""Moments as the clocks in Denmark showed them: a day begins at midnight there, whatever the machine's TZ."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_DENMARK = ZoneInfo("Europe/Copenhagen")


def in_denmark(moment: str | datetime) -> datetime:
    """Return a moment with Denmark's offset; one without an offset is of UTC.

    >>> in_denmark("2018-06-30T22:30:00+00:00").isoformat()
    '2018-07-01T00:30:00+02:00'
    """
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(_DENMARK)


def danish_day(moment: str | datetime) -> date:
    """Return the day that it was in Denmark.

    >>> danish_day("2018-06-30T22:30:00+00:00")
    datetime.date(2018, 7, 1)
    """
    return in_denmark(moment).date()


def danish_clock(moment: str | datetime) -> str:
    """Return the day and the time that people in Denmark saw.

    >>> danish_clock("2018-06-30T22:30:00+00:00")
    '2018-07-01 00:30:00'
    """
    return in_denmark(moment).strftime("%Y-%m-%d %H:%M:%S")
