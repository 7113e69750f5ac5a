"""A register with a row per measure: the rows of a case put together to one, by a rule per column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import duckdb

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.rule_columns import BETWEEN, RuleColumns, listed, meanings, out_rules, plain
from tilsyn.settings.per_case import SINGLE, CaseRule

# So many cases of one kind are told one by one.
LISTED = 1000
# What of an unlisted column is shown.
SHOWN = 5
# The dates that say which row is the later, the first that differs deciding.
AGE = ("opened", "decided", "last_activity", "closed")


def merge(
    cells: duckdb.DuckDBPyRelation,
    name: str,
    rules: FrameRules,
    period: Period | None,
    level: int | None,
    reasons: Sequence[str],
    columns: RuleColumns,
) -> None:
    """Make `<name>_cases` of `<name>_rows`: a row per case, its columns by their rules, and its `reason`.

    A case with an error in one of its rows has the first of these in `reasons`, so that no case is ever made
    of a part of its rows. The latest row is one that is still open, and among these the one opened last.
    """
    later, earlier = _order(rules, latest=True), _order(rules, latest=False)
    picked = ", ".join(
        f'{_value(column, rule, column in rules.dates)} AS "{column}"'
        for column, rule in rules.per_case.items()
    )
    undecided = {
        column: f'count(DISTINCT "{column}") FILTER ({_rank(rule)} = 1) > 1'
        for column, rule in rules.per_case.items()
        if column in SINGLE
    }
    doubts = ", ".join(f"{condition} AS no_{column}" for column, condition in undecided.items())
    whens = " ".join(
        f"WHEN no_{column} THEN 'undecided_{column}'"
        for column in undecided
        if column == "unit" or level == 1
    )
    known = listed(reasons)
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_cases AS
        WITH aged AS (SELECT *, rank() OVER ({_window(later)}) AS late,
                             rank() OVER ({_window(earlier)}) AS early FROM {name}_rows),
        merged AS (SELECT min("row") AS "row", case_id, count(*) AS n_rows,
                          min(list_position([{known}], reason)) AS fault, {picked}, {doubts},
                          count(DISTINCT unit) > 1 AS moved
                   FROM aged GROUP BY case_id, CASE WHEN case_id IS NULL THEN "row" END)
        SELECT * REPLACE ({_only_when_known(undecided)}),
               CASE WHEN fault IS NOT NULL THEN [{known}][fault]
                    {whens} {out_rules(rules, period, columns)} END AS reason
        FROM merged""",
    )


def _only_when_known(undecided: Collection[str]) -> str:
    """Return the SQL that leaves a caseworker empty where the latest rows name two."""
    return ", ".join(f'CASE WHEN NOT no_{column} THEN "{column}" END AS "{column}"' for column in undecided)


def _window(order: str) -> str:
    return f"PARTITION BY case_id ORDER BY {order}"


def _order(rules: FrameRules, latest: bool) -> str:
    """Return the SQL by which a case's latest (or earliest) row comes first."""
    ages = [column for column in AGE if column in rules.dates]
    first = ["closed IS NOT NULL"] if latest and "closed" in rules.dates else []
    direction = "DESC" if latest else "ASC"
    return ", ".join([*first, *(f"{column} {direction} NULLS LAST" for column in ages)]) or "1"


def _rank(rule: CaseRule) -> str:
    return f"WHERE {'early' if rule == 'earliest' else 'late'}"


def _value(column: str, rule: CaseRule, is_date: bool) -> str:
    """Return the SQL of what a column says of the whole case."""
    cell = f'"{column}"'
    if not isinstance(rule, str):
        gravity = " ".join(
            f"WHEN {plain(column)} IN ({listed(meanings(value))}) THEN {place}"
            for place, value in enumerate(rule)
        )
        gravest = f"CASE {gravity} ELSE {len(rule)} END, {cell}"
        return f"first({cell} ORDER BY {gravest}) FILTER ({cell} IS NOT NULL)"
    if is_date and rule == "latest_or_open":
        return f"CASE WHEN bool_and({cell} IS NOT NULL) THEN max({cell}) END"
    if is_date:
        return f"min({cell})" if rule == "earliest" else f"max({cell})"
    chosen = "" if rule == "all" else f" FILTER ({_rank(rule)} = 1)"
    return f"string_agg(DISTINCT {cell}, '{BETWEEN}' ORDER BY {cell}){chosen}"


def problems(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, level: int | None
) -> Iterator[Problem]:
    """Tell what the rows of a case leave in doubt."""
    for column, rule in rules.per_case.items():
        if column in SINGLE:
            yield from _undecided(cells, name, rules, column, level)
        if not isinstance(rule, str):
            yield from _unlisted(cells, name, rules, column, rule)
    moved = _ask(cells, f"SELECT count(*) FROM {name}_cases WHERE moved AND reason IS NULL")[0][0]
    if moved:
        heading = rules.headings["unit"]
        rule = str(rules.per_case["unit"])
        found = say("register.moved_unit", n=number(moved), column=heading)
        yield Problem(found, say(f"register.moved_unit_{rule}"), column=heading, kind="note")


def _undecided(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str, level: int | None
) -> Iterator[Problem]:
    """Name the cases whose latest (or earliest) rows hold two values, and no date says which is the later."""
    rank = "early" if rules.per_case[column] == "earliest" else "late"
    order = _order(rules, latest=rank == "late")
    heading = rules.headings[column]
    found = _ask(
        cells,
        f"""WITH aged AS (SELECT case_id, "{column}" AS cell, rank() OVER ({_window(order)}) AS age
                          FROM {name}_rows WHERE case_id IN
                               (SELECT case_id FROM {name}_cases WHERE no_{column} AND fault IS NULL))
            SELECT c."row", case_id, string_agg(DISTINCT cell, ', ' ORDER BY cell) FILTER (WHERE age = 1)
            FROM aged JOIN {name}_cases AS c USING (case_id) GROUP BY ALL ORDER BY 1 LIMIT {LISTED}""",
    )
    is_error = column == "unit" or level == 1
    for row, case_id, values in found:
        said = {"value": mask(str(case_id)), "other": mask(str(values)), "column": heading, "name": column}
        text, remedy = (say(f"register.{key}", **said) for key in ("undecided", "undecided_remedy"))
        yield Problem(text, remedy, row=int(row), column=heading, kind="error" if is_error else "note")


def _unlisted(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str, rule: Sequence[str]
) -> Iterator[Problem]:
    known = listed(word for value in rule for word in meanings(value))
    found = _ask(
        cells,
        f"""SELECT DISTINCT "{column}" FROM {name}_rows
            WHERE "{column}" IS NOT NULL AND {plain(column)} NOT IN ({known}) ORDER BY 1 LIMIT {SHOWN}""",
    )
    if found:
        heading = rules.headings[column]
        text = say(
            "register.unlisted", values=", ".join(mask(str(value)) for (value,) in found), column=heading
        )
        yield Problem(text, say("register.unlisted_remedy", name=column), column=heading, kind="note")


def _ask(cells: duckdb.DuckDBPyRelation, sql: str) -> list[tuple[Any, ...]]:
    return run(cells, sql).fetchall()
