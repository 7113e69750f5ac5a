"""How a rule's values meet the cells of its column, whatever kind of source the register is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from tilsyn.base.canonical import same_name
from tilsyn.base.periods import Period
from tilsyn.sampling.complaints import COMPLAINED_NO, COMPLAINED_YES
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_odd import meant
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.sql import OUTER_SPACE, quoted
from tilsyn.settings.complaints import COMPLAINED

# How systems and languages write a truth value; a column that holds nothing else is a boolean.
TRUTH = (("true", "ja", "1", "sand", "yes"), ("false", "nej", "0", "falsk", "no"))
# What stands between the values of a case whose rows are put together.
BETWEEN = "; "


def meanings(value: str) -> tuple[str, ...]:
    """Return a value as it is compared, with all the other ways to write it when it is a truth value.

    >>> meanings(" Amager"), "ja" in meanings("TRUE")
    (('amager',), True)
    """
    name = same_name(value)
    return next((words for words in TRUTH if name in words), (name,))


def listed(values: Iterable[str]) -> str:
    """Return texts as the SQL inside a list."""
    return ", ".join(map(quoted, values))


def plain(column: str) -> str:
    """Return the SQL of a column's text without case and outer space."""
    return f'lower(trim(CAST("{column}" AS VARCHAR), {OUTER_SPACE}))'


@dataclass(frozen=True)
class RuleColumns:
    """The columns of rules that are more than plain text.

    In `booleans` all ways of writing a truth value are one; `several` hold all the values of a case's rows.
    """

    booleans: tuple[str, ...] = ()
    several: tuple[str, ...] = ()

    def any_of(self, column: str, values: Sequence[str]) -> str:
        """Return the SQL condition that a case has one of the values in the column.

        >>> RuleColumns().any_of("unit", ["Amager"]).endswith("IN ('amager'), false)")
        True
        """
        texts = listed(self._wanted(column, values))
        found = f"{plain(column)} IN ({texts})"
        if column in self.several:
            found += f" OR list_has_any({_parts(column)}, [{texts}])"
        return f"coalesce({found}, false)"

    def only(self, column: str, values: Sequence[str]) -> str:
        """Return the SQL condition that a case has none but these values in the column."""
        texts = listed(self._wanted(column, values))
        found = f"{plain(column)} IN ({texts})"
        if column in self.several:
            found += f" OR list_has_all([{texts}], {_parts(column)})"
        return f"coalesce({found}, false)"

    def _wanted(self, column: str, values: Sequence[str]) -> list[str]:
        if column in self.booleans:
            return [word for value in values for word in meanings(value)]
        return [same_name(value) for value in values]


def _parts(column: str) -> str:
    return f"string_split({plain(column)}, '{BETWEEN}')"


def period_rules(rules: FrameRules, period: Period | None) -> dict[str, str]:
    """Return the SQL of the rules that leave out cases of other periods, by the reason."""
    found = {}
    if period and rules.frame.closed_before_period and "closed" in rules.dates:
        found["closed_before_period"] = f"closed < DATE '{period.start}'"
    if period and rules.frame.opened_after_period and "opened" in rules.dates:
        found["opened_after_period"] = f"opened > DATE '{period.end}'"
    return found


def out_rules(rules: FrameRules, period: Period | None, columns: RuleColumns) -> str:
    """Return the frame's own rules as WHEN clauses, in the order they are counted."""
    conditions = [(condition, name) for name, condition in period_rules(rules, period).items()]
    conditions += [(columns.only(rule.column, rule.values), rule.reason) for rule in rules.frame.leave_out]
    conditions += [
        (f"NOT {columns.any_of(rule.column, rule.values)}", "not_asked_for") for rule in rules.where
    ]
    return " ".join(f"WHEN {condition} THEN {quoted(reason)}" for condition, reason in conditions)


def find_booleans(cells: duckdb.DuckDBPyRelation, table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return which of a table's columns hold truth values and nothing else."""
    names = sorted(set(columns))
    if not names:
        return ()
    words = listed(word for words in TRUTH for word in words)
    tests = ", ".join(f"coalesce(bool_and({plain(name)} IN ({words})), false)" for name in names)
    found = run(cells, f"SELECT {tests} FROM {table}").fetchone()
    return tuple(name for name, is_boolean in zip(names, found or (), strict=True) if is_boolean)


def with_complained(
    register: duckdb.DuckDBPyRelation, name: str, rules: FrameRules
) -> duckdb.DuckDBPyRelation:
    """Return a register's rows with the column that says whether the case was complained of, if rules ask."""
    if rules.complaints is None:
        return register
    case_id = meant(f'nfc_normalize(trim("case_id", {OUTER_SPACE}))', rules)
    ids = f"SELECT unnest([{listed(rules.complaints.cases)}]::VARCHAR[])"
    # Looked for once: the rows are scanned several times, and a number is sooner found than a tidied text.
    run(
        register,
        f"""CREATE TEMP TABLE {name}_complained AS
            SELECT "row" AS place FROM frame_source WHERE coalesce({case_id}, '') IN ({ids})""",
    )
    there = f'"row" IN (SELECT place FROM {name}_complained)'
    return register.project(
        f"*, CASE WHEN {there} THEN '{COMPLAINED_YES}' ELSE '{COMPLAINED_NO}' END AS {COMPLAINED}"
    )
