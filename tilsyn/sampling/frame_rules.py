"""What a register is read by: headings, dates, who is left out, what is a stratum of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

__all__ = ["FrameRules", "OutRule", "StratumRule"]


@dataclass(frozen=True)
class OutRule:
    """Leave out, as `reason`, rows whose `column` holds one of `values` (without case and outer space)."""

    reason: str
    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class StratumRule:
    """The cases whose `column` holds one of `values` are a stratum `unit|name` of their own."""

    name: str
    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class FrameRules:
    """What a register is read by.

    Parameters
    ----------
    headings : mapping of str to str
        Our mapped columns (`case_id` and `unit` at least) to the register's own headings.
    dates : tuple of str
        The mapped columns that hold dates.
    today : datetime.date
        Dates after it are in the future.
    as_of : datetime.date, optional
        The day the register was taken out; the newest date in it that is not in the future unless given.
    month_first : bool
        Whether 06/05/2018 is the fifth of June; dates that can only be read the other way are told.
    closed_before_period, opened_after_period : bool
        Whether those cases are left out.
    leave_out : tuple of OutRule
        Further rules, for instance of another scope.
    not_cpr : tuple of str
        Columns whose running numbers look like CPR numbers and are none.
    number_columns : tuple of str
        Columns where nine digits may be a CPR number that lost its zero in a number cell.
    units : tuple of str
        The plan's units; never misspellings. Empty: the register's own.
    """

    headings: Mapping[str, str]
    dates: tuple[str, ...]
    today: date
    as_of: date | None = None
    month_first: bool = False
    closed_before_period: bool = True
    opened_after_period: bool = True
    leave_out: tuple[OutRule, ...] = ()
    not_cpr: tuple[str, ...] = ()
    number_columns: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
