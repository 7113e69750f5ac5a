"""What is told of a register as a whole: its day, what it lacks, and what each rule matched in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import duckdb

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.register_time import is_early, is_of_period
from tilsyn.sampling.rule_columns import RuleColumns, period_rules

# The frame's own rules, and the column that each looks at.
PERIOD_RULES = {"closed_before_period": "closed", "opened_after_period": "opened"}


@dataclass(frozen=True)
class Matched:
    """A rule of the frame or of a risk area, and how many cases of the register fit it.

    `n` is None where the rule can be held against nothing: its column is not mapped, or there is no period.
    """

    rule: str
    name: str
    column: str
    values: tuple[str, ...] = ()
    n: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as it stands in `draw.json` and in JSON."""
        return vars(self) | {"values": list(self.values)}


def matched(
    cells: duckdb.DuckDBPyRelation, table: str, rules: FrameRules, period: Period | None, columns: RuleColumns
) -> list[Matched]:
    """Count what every rule matches, whatever other rules say of the same cases."""
    of_period = period_rules(rules, period)
    asked = [(told, _condition(told, of_period, columns)) for told in asked_rules(rules)]
    if not asked:
        return []
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for _, condition in asked)
    found = run(cells, f"SELECT {counts} FROM {table} WHERE aside IS NULL").fetchone() or ()
    return [
        replace(told, n=None if condition == "NULL" else int(n))
        for (told, condition), n in zip(asked, found, strict=True)
    ]


def asked_rules(rules: FrameRules) -> list[Matched]:
    """Return the rules that a register is read by, in the order in which they are told."""
    of_period = [
        Matched(name, name, column) for name, column in PERIOD_RULES.items() if getattr(rules.frame, name)
    ]
    left_out = [Matched("leave_out", rule.reason, rule.column, rule.values) for rule in rules.frame.leave_out]
    risk = [Matched("risk", rule.name, rule.column, rule.values) for rule in rules.risk]
    asked = [Matched("where", rule.column, rule.column, rule.values) for rule in rules.where]
    return [*of_period, *left_out, *risk, *asked]


def _condition(told: Matched, of_period: Mapping[str, str], columns: RuleColumns) -> str:
    if told.rule in PERIOD_RULES:
        return of_period.get(told.rule, "NULL")
    fits = columns.only if told.rule == "leave_out" else columns.any_of
    return fits(told.column, told.values)


def remarks(rules: FrameRules) -> list[str]:
    """Return what the register lacks, as the manifest names it."""
    lacks = []
    if not rules.dates:
        lacks.append("no_dates")
    if "closed" not in rules.dates:
        lacks.append("no_closing_date")
    return lacks


def whole_register(
    rules: FrameRules, period: Period | None, as_of: date | None, found: Sequence[Matched]
) -> Iterator[Problem]:
    """Tell what a person must know of the register before a draw."""
    for remark in remarks(rules):
        yield _note(remark)
    given = rules.as_of is not None
    if period is not None and as_of is not None:
        day, end = date_text(as_of), date_text(period.end)
        if not is_of_period(as_of, given, period):
            yield _note("other_time", as_of=day, period=period.label())
        elif is_early(as_of, given, period):
            yield _note("early_time", as_of=day, end=end)
    for rule in found:
        if rule.n == 0 and rule.rule in ("leave_out", "risk"):
            heading = rules.headings.get(rule.column, rule.column)
            values = {"name": rule.name, "column": heading, "values": ", ".join(rule.values)}
            yield _note(f"nothing_{rule.rule}", column_=heading, **values)


def _note(what: str, column_: str | None = None, **values: str) -> Problem:
    return Problem(
        say(f"register.{what}", **values),
        say(f"register.{what}_remedy", **values),
        column=column_,
        kind="note",
    )
