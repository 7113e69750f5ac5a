"""A case of several rows: what each column says of the whole case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator

from tilsyn.base.toml_tables import fault

# A word, or the values of the column in their order of gravity, the gravest first.
CaseRule = str | tuple[str, ...]
WORDS = ("earliest", "latest", "latest_or_open", "all")
# Each case must have one of these, and a date one day.
SINGLE = ("unit", "caseworker")
DEFAULTS: dict[str, CaseRule] = {
    "unit": "latest",
    "department": "latest",
    "caseworker": "latest",
    "opened": "earliest",
    "closed": "latest_or_open",
    "status": "latest",
    "safety_plan": ("ja", "nej"),
    "complaint": ("ja", "nej"),
}


def _rule(value: Any) -> CaseRule:
    if isinstance(value, str) and value in WORDS:
        return value
    if isinstance(value, (list, tuple)) and value and all(isinstance(entry, str) for entry in value):
        return tuple(value)
    raise fault("settings.bad_case_rule", value=repr(value), known=", ".join(WORDS))


Rule = Annotated[CaseRule, BeforeValidator(_rule)]


def rule_of(column: str, is_date: bool) -> CaseRule:
    """Return the rule of a column that has none of its own: the latest date, or all the values.

    >>> rule_of("unit", False), rule_of("decided", True), rule_of("law", False)
    ('latest', 'latest', 'all')
    """
    return DEFAULTS.get(column, "latest" if is_date else "all")


def hold(rules: dict[str, CaseRule], columns: Sequence[str], dates: Sequence[str]) -> None:
    """Refuse a rule of a column that is not mapped, and one that the column cannot have."""
    for column, rule in rules.items():
        if column not in columns or column == "case_id":
            known = ", ".join(name for name in columns if name != "case_id")
            raise fault("settings.column_unknown", name=column, known=known)
        single = column in dates or column in SINGLE
        if single and (rule == "all" or not isinstance(rule, str)):
            raise fault("settings.single_case_rule", name=column)
        if rule == "latest_or_open" and column not in dates:
            raise fault("settings.open_case_rule", name=column)
