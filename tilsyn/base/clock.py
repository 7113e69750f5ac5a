"""The one place where the clock is read."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tilsyn.base.danish_time import danish_day

_given: date | None = None


def set_today(day: date | None) -> None:
    """Reckon from a day (`--today`), or from the clock's again with None."""
    global _given
    _given = day


def given_day() -> date | None:
    """Return the day that `--today` set, if it did."""
    return _given


def today() -> date:
    """Return the day that everything is reckoned from."""
    return _given or clock_day()


def clock_day() -> date:
    """Return the day that it is in Denmark by the machine's clock, whatever `--today` says."""
    return danish_day(now())


def now() -> datetime:
    """Return the moment in UTC, to the second: the machine's clock, whatever `--today` says."""
    return datetime.now(UTC).replace(microsecond=0)
