"""Whether a register is of a period's own time."""

from __future__ import annotations

from datetime import date, timedelta

from tilsyn.base.periods import Period

# How far from a period's end its register may be taken out and still be that period's.
DAYS = timedelta(31)


def last_day(period: Period) -> date:
    """Return the last day on which a period's register may be taken out; a month has that of its quarter."""
    return (period.quarter().end if period.kind == "month" else period.end) + DAYS


def is_of_period(as_of: date | None, given: bool, period: Period) -> bool:
    """Tell whether a register of a day can be drawn from for a period; one of no known day can.

    A day that was `given` is held to the period's end. The newest date of a register may lie weeks before the
    day it was taken out, so it need only lie in the period.

    >>> is_of_period(date(2018, 7, 31), True, Period.parse("2018-05"))
    True
    >>> [is_of_period(date(2018, 4, 3), given, Period.parse("2018-Q2")) for given in (False, True)]
    [True, False]
    """
    if as_of is None:
        return True
    first = max(period.start, period.end - DAYS) if given else period.start
    return first <= as_of <= last_day(period)


def is_early(as_of: date | None, given: bool, period: Period) -> bool:
    """Tell whether a register's newest date lies so long before the period's end that it may be old."""
    return as_of is not None and not given and as_of < period.end - DAYS
