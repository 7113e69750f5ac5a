"""The compliance table: every question, theme and domain, with baseline, change and verdict."""

from tilsyn.compliance.assembly import (
    FAMILY_MINIMUM,
    FEW,
    METHOD,
    ROW_KEYS,
    WIDE,
    Analysis,
    analyse,
    records,
    table,
    what_missing_cases_could_change,
)

__all__ = [
    "FAMILY_MINIMUM",
    "FEW",
    "METHOD",
    "ROW_KEYS",
    "WIDE",
    "Analysis",
    "analyse",
    "records",
    "table",
    "what_missing_cases_could_change",
]
