"""What a register's columns hold, each as a whole: no value of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from tilsyn.base.cpr import NUMBER_PATTERN, sql_pattern
from tilsyn.sampling.frame_dates import COMPACT, DAY_FIRST, YEAR_FIRST
from tilsyn.sampling.sql import OUTER_SPACE, quoted
from tilsyn.settings.schema import DATE_COLUMNS

IN_WORDS = r"^\d{1,2}[-. ]{1,2}[A-Za-zæøåäöÆØÅÄÖ]{3,9}\.?[- ,]{1,2}\d{2,4}$"
# A spreadsheet's number of a day.
SERIAL = r"^[34]\d{4}([.,]\d+)?$"
INITIALS = r"^[A-ZÆØÅÄÖ]{2,5}\d{0,4}$|^[A-ZÆØÅÄÖa-zæøåäö]{1,3}\d{2,5}$"
DIGIT = r"\d"
# Which of the two numbers can be no month.
DAY_STANDS_FIRST = r"^(1[3-9]|2\d|3[01])[-./ ]\d{1,2}[-./ ]\d{2,4}\b"
MONTH_STANDS_FIRST = r"^\d{1,2}[-./ ](1[3-9]|2\d|3[01])[-./ ]\d{2,4}\b"
NOTHING = ("NULL", "null", "-", "00-00-0000", "N/A")
# One number like a CPR number among so many may be chance.
CHANCE = 0.05
# So few rows say nothing of how often a value is repeated.
FEW_ROWS = 10
MOST_UNITS = 60


@dataclass(frozen=True)
class Profile:
    """How many cells of a column are filled, how many are different, and how many look like what."""

    filled: int
    different: int
    dates: int = 0
    serials: int = 0
    cpr: int = 0
    digits: int = 0
    initials: int = 0
    day_first: int = 0
    month_first: int = 0

    def share(self, n: int) -> float:
        """Return a number of cells as a share of the filled ones."""
        return n / self.filled if self.filled else 0.0

    @property
    def personal(self) -> bool:
        """Whether the column holds CPR numbers."""
        return self.share(self.cpr) >= CHANCE

    @property
    def repeats(self) -> float:
        """How many rows there are to each different value."""
        return self.filled / self.different if self.different else 0.0


def profiles(
    table: duckdb.DuckDBPyRelation, columns: Sequence[str], numbers: Sequence[str]
) -> dict[str, Profile]:
    """Return the profile of each column; in `numbers`, nine digits may be a CPR number without its zero."""
    parts = []
    for column in columns:
        patterns = {
            "dates": "|".join(f"(?:{form})" for form in (DAY_FIRST, YEAR_FIRST, COMPACT, IN_WORDS)),
            "serials": SERIAL,
            "cpr": f"{sql_pattern()}|{NUMBER_PATTERN}" if column in numbers else sql_pattern(),
            "digits": DIGIT,
            "initials": INITIALS,
            "day_first": DAY_STANDS_FIRST,
            "month_first": MONTH_STANDS_FIRST,
        }
        counts = ", ".join(f"count(*) FILTER (regexp_matches(v, {quoted(p)}))" for p in patterns.values())
        nothing = ", ".join(map(quoted, ("", *NOTHING)))
        parts.append(
            f"""SELECT {quoted(column)}, count(v), count(DISTINCT v), {counts} FROM
                (SELECT trim("{column}", {OUTER_SPACE}) AS v FROM profiled) WHERE v NOT IN ({nothing})"""
        )
    found = table.query("profiled", " UNION ALL ".join(parts)).fetchall() if parts else []
    return {str(column): Profile(*counts) for column, *counts in found}


def verdict(column: str, profile: Profile | None) -> bool | None:
    """Tell whether a column's content is that of one of ours; None where it cannot be said."""
    if profile is None or not profile.filled:
        return None
    if profile.personal:
        return False
    dates = profile.share(profile.dates)
    if column in DATE_COLUMNS:
        found = max(dates, profile.share(profile.serials))
        return True if found >= 0.8 else False if found < 0.5 else None
    if dates >= 0.5:
        return False
    if column == "case_id":
        return _is_id(profile)
    if column in ("safety_plan", "complaint"):
        return None
    if profile.filled < FEW_ROWS:
        return None
    return profile.repeats >= (3 if column == "unit" else 1.5)


def _is_id(profile: Profile) -> bool | None:
    if profile.share(profile.digits) < 0.5:
        return False
    if profile.filled >= FEW_ROWS and profile.repeats > 5:
        return False
    return True if profile.repeats <= 2 else None


def looks_like(column: str, profile: Profile) -> bool:
    """Tell whether a column's content alone lets it be proposed as one of ours."""
    if profile.filled < FEW_ROWS or not verdict(column, profile):
        return False
    if column == "case_id":
        return profile.repeats == 1
    if column == "caseworker":
        return profile.share(profile.initials) >= 0.8 and profile.different > 1
    few = 2 <= profile.different <= MOST_UNITS and profile.repeats >= FEW_ROWS / 2
    return column == "unit" and few and profile.share(profile.initials) < 0.5


def month_stands_first(held: Mapping[str, Profile], headings: Sequence[str]) -> bool:
    """Tell whether the dates under some headings can only be read with the month first."""
    chosen = [held[heading] for heading in headings if heading in held]
    return any(p.month_first for p in chosen) and not any(p.day_first for p in chosen)
