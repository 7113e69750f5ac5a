"""A register with a row per measure: the rows of a case put together to one, by a rule per column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import duckdb

from tilsyn.base.cpr import mask
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.sampling.finder import Finder
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.row_problems import RowProblem
from tilsyn.sampling.rule_columns import BETWEEN, RuleColumns, listed, meanings, out_rules, plain
from tilsyn.settings.per_case import SINGLE, CaseRule

# What of an unlisted column is shown.
SHOWN = 5
# The dates that say which row is the later, the first that differs deciding.
AGE = ("opened", "decided", "last_activity", "closed")


def merge(
    cells: duckdb.DuckDBPyRelation,
    name: str,
    rules: FrameRules,
    period: Period | None,
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
        if column in ("unit", rules.split)
    )
    known = listed(reasons)
    run(
        cells,
        f"""CREATE TEMP TABLE {name}_cases AS
        WITH aged AS (SELECT *, rank() OVER ({_window(later)}) AS late,
                             rank() OVER ({_window(earlier)}) AS early
                      FROM {name}_rows WHERE aside IS NULL),
        merged AS (SELECT min("row") AS "row", case_id, count(*) AS n_rows,
                          min(list_position([{known}], reason)) AS fault, {picked}, {doubts},
                          count(DISTINCT unit) > 1 AS moved
                   FROM aged GROUP BY case_id, CASE WHEN case_id IS NULL THEN "row" END)
        SELECT * REPLACE ({_only_when_known(undecided)}),
               CASE WHEN fault IS NOT NULL THEN [{known}][fault]
                    {whens} {out_rules(rules, period, columns)} END AS reason,
               CAST(NULL AS VARCHAR) AS aside
        FROM merged
        UNION ALL BY NAME SELECT "row", reason, aside FROM {name}_rows WHERE aside IS NOT NULL""",
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


def problems(finder: Finder) -> Iterator[RowProblem]:
    """Tell what the rows of a case leave in doubt."""
    for column, rule in finder.rules.per_case.items():
        if column in SINGLE:
            yield from _undecided(finder, column)
        if not isinstance(rule, str):
            yield from _unlisted(finder, column, rule)
    ((moved,),) = finder.ask(f"SELECT count(*) FROM {finder.name}_cases WHERE moved AND reason IS NULL")
    if moved:
        values = {"n": number(moved), "column": finder.rules.headings["unit"]}
        remedy = f"moved_unit_{finder.rules.per_case['unit']}"
        yield finder.problem("moved_unit", values, column="unit", kind="note", remedy=remedy)


def _undecided(finder: Finder, column: str) -> Iterator[RowProblem]:
    """Name the cases whose latest (or earliest) rows hold two values, and no date says which is the later."""
    name, rules = finder.name, finder.rules
    earliest = rules.per_case[column] == "earliest"
    what = "undecided_earliest" if earliest else "undecided"
    order = _order(rules, latest=not earliest)
    limit = "" if finder.listed is None else f"LIMIT {finder.listed}"
    found = finder.ask(
        f"""WITH aged AS (SELECT case_id, "{column}" AS cell, rank() OVER ({_window(order)}) AS age
                          FROM {name}_rows WHERE case_id IN
                               (SELECT case_id FROM {name}_cases WHERE no_{column} AND fault IS NULL))
            SELECT c."row", case_id, string_agg(DISTINCT cell, ', ' ORDER BY cell) FILTER (WHERE age = 1),
                   count(*) OVER ()
            FROM aged JOIN {name}_cases AS c USING (case_id) GROUP BY c."row", case_id ORDER BY 1 {limit}"""
    )
    kind: Literal["error", "note"] = "error" if column in ("unit", rules.split) else "note"
    for row, case_id, cells, _ in found:
        heading = rules.headings[column]
        values = {"value": mask(case_id), "other": mask(cells), "column": heading, "name": column}
        yield finder.problem(what, values, column=column, row=int(row), case_id=case_id, kind=kind)
    yield from finder.rest(what, found[0][3] - len(found) if found else 0, column, kind)


def _unlisted(finder: Finder, column: str, rule: Sequence[str]) -> Iterator[RowProblem]:
    known = listed(word for value in rule for word in meanings(value))
    found = finder.ask(
        f"""SELECT DISTINCT "{column}" FROM {finder.name}_rows WHERE aside IS NULL
            AND "{column}" IS NOT NULL AND {plain(column)} NOT IN ({known}) ORDER BY 1 LIMIT {SHOWN}"""
    )
    if found:
        shown = ", ".join(mask(str(value)) for (value,) in found)
        values = {"values": shown, "column": finder.rules.headings[column], "name": column}
        yield finder.problem("unlisted", values, column=column, kind="note")
