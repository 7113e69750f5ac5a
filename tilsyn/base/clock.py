"""The one place where the clock is read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

_fixed: date | None = None


def set_today(day: date | None) -> None:
    """Fix the day (`--today`), or let the clock run again with None."""
    global _fixed
    _fixed = day


def today() -> date:
    """Return the day that everything is reckoned from."""
    return _fixed or datetime.now().date()


def now() -> datetime:
    """Return the moment in UTC, to the second; on a fixed day, that day with the clock's time."""
    moment = datetime.now(UTC).replace(microsecond=0)
    return (
        moment
        if _fixed is None
        else datetime.combine(_fixed, time(moment.hour, moment.minute, moment.second), UTC)
    )
