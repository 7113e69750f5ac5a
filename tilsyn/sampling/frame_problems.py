"""Everything that is wrong in a register's rows, said with its row, its column and the remedy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal

import duckdb

from tilsyn.base.cpr import NUMBER_PATTERN, sql_pattern
from tilsyn.base.problems import Problem
from tilsyn.sampling.finder import Finder, Sought
from tilsyn.sampling.frame_cells import BAD_CHARACTER, CONTROL
from tilsyn.sampling.frame_measures import problems as measure_problems
from tilsyn.sampling.frame_notes import notes
from tilsyn.sampling.frame_odd import GARBLED, OLDEST, SPOILT, impossible
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.sql import quoted

# A whole column can be wrong; so many rows of one kind are listed, and the rest counted.
LISTED = 1000


def find(
    tables: duckdb.DuckDBPyRelation,
    name: str,
    rules: FrameRules,
    listed: int | None = LISTED,
) -> list[Problem]:
    """Return the problems of an examined register, errors first, each group by row.

    `name` is what the tables of the examination begin with. A case must have what it is drawn per.
    """
    finder = Finder(tables, name, rules, listed)
    measures = measure_problems(finder) if rules.per_case else ()
    problems = finder.find([*_errors(finder), *notes(finder), *measures])
    return sorted(problems, key=lambda problem: (problem.kind != "error", problem.row or math.inf))


def _errors(finder: Finder) -> Iterator[Sought]:
    rules = finder.rules
    columns = tuple(rules.headings)
    yield Sought("missing_id", "r.case_id IS NULL", "case_id")
    for column in rules.split_columns:
        bad = f"regexp_matches(c.\"{column}\", '{BAD_CHARACTER}')"
        # A control character would change the terminal that shows it.
        shown = f"regexp_replace(c.\"{column}\", '{CONTROL}', '·', 'g')"
        yield Sought("bad_character", "r.bad", column, shown=shown, text=bad)
    if rules.id_rules > 1:
        yield finder.deceptive("deceptive_id", "r.bad", "case_id", "error")
    pattern = quoted(sql_pattern())
    for column in columns:
        if column in rules.not_cpr:
            continue
        known = f'c."{column}" IN (SELECT tidy FROM {finder.name}_hard WHERE cpr)'
        found = f'({known} OR regexp_matches(c."{column}", {pattern}))'
        if column in rules.number_columns:
            known = f'c."{column}" IN (SELECT tidy FROM {finder.name}_hard WHERE number)'
            found = f"({found} OR {known} OR regexp_matches(c.\"{column}\", '{NUMBER_PATTERN}'))"
        yield Sought("cpr", "r.cpr", column, shown=f'c."{column}"', text=found)
    for column in columns:
        told: Literal["error", "note"] = "error" if column in rules.split_columns else "note"
        broken = f"regexp_matches(c.\"{column}\", '{GARBLED}')"
        yield Sought("garbled", "r.blurred", column, f'c."{column}"', kind=told, text=broken)
    for what in SPOILT:
        yield Sought(what, f"r.spoilt = '{what}'", "case_id", shown="c.case_id")
    yield Sought("missing_unit", "r.unit IS NULL", "unit")
    yield Sought("misspelt_unit", "r.nearest IS NOT NULL", "unit", shown="c.unit", other="r.nearest")
    if rules.split_by_other:
        what = "missing_caseworker" if rules.split == "caseworker" else "missing_stratum"
        yield Sought(what, f'r."{rules.split}" IS NULL', rules.split)
    for column in rules.dates:
        wrong, there = f'r.no_date AND r."{column}" IS NULL', f'c."{column}" IS NOT NULL'
        yield Sought("not_a_date", wrong, column, f'c."{column}"', text=there, examples="d.day IS NULL")
        old = impossible(column, f'r."{column}"')
        among = impossible(column, "d.day")
        yield Sought("impossible_date", old, column, f'c."{column}"', examples=among)
    if {"opened", "closed"} <= set(rules.dates):
        late = f"r.closed < r.opened AND r.closed >= DATE '{OLDEST}'"
        yield Sought("closed_before_opened", late, "closed", "r.closed", "r.opened")
    yield _contradictions(finder)


def _contradictions(finder: Finder) -> Sought:
    """Look for every row of an id whose rows differ, each with the headings of what differs among them."""
    differing = " || ".join(
        f"(SELECT CASE WHEN count(DISTINCT coalesce(CAST(o.\"{column}\" AS VARCHAR), '')) > 1 "
        f"THEN {quoted(', ' + heading)} ELSE '' END "
        f"FROM {finder.name}_alike AS o WHERE o.case_id = r.case_id)"
        for column, heading in finder.rules.headings.items()
    )
    other = f"substr({differing}, 3)"
    return Sought("contradictory_duplicate", "r.differ", "case_id", shown="c.case_id", other=other)
