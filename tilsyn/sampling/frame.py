"""The frame: which rows of a register are the cases that a sample is drawn from.

Every row is either a case of the frame or left out with one reason, so that `n_rows` is `n` plus what is
left out; where a case has a row per measure, that holds of its cases (`n_cases`). All of it is SQL on whole
columns, so that a million rows take seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import duckdb

from tilsyn.base.database import PackedTable
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.sampling import frame_cells, frame_dates, frame_problems
from tilsyn.sampling.frame_columns import ColumnReport, report_columns
from tilsyn.sampling.frame_measures import merge
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.frame_whole import WholeRows, whole_cells
from tilsyn.sampling.rule_columns import RuleColumns, find_booleans, listed, out_rules, with_complained
from tilsyn.sampling.sql import quoted
from tilsyn.sampling.whole_register import Matched, matched, whole_register
from tilsyn.settings.levels import WHOLE_FRAME
from tilsyn.settings.plan import Risk

# Why a row is left out because something in it must be corrected; the first that applies is counted.
ERROR_REASONS = (
    "missing_id",
    "bad_character",
    "cpr",
    "garbled",
    "spoilt_id",
    "missing_unit",
    "misspelt_unit",
    "missing_caseworker",
    "missing_stratum",
    "not_a_date",
    "impossible_date",
    "closed_before_opened",
    "contradictory_duplicate",
    "undecided_unit",
    "undecided_caseworker",
)
_tables = itertools.count(1)


@dataclass(frozen=True)
class Examination:
    """The tables of one examination, in the register's connection, to be asked for more."""

    tables: duckdb.DuckDBPyRelation
    name: str
    rules: FrameRules
    # Which of the tables has the cases, and what reads the columns that were not kept of them.
    table: str
    whole: WholeRows | None
    held: PackedTable | None

    @property
    def judged(self) -> str:
        """The SQL of the cases, in no order, with the judged columns alone."""
        columns = ", ".join(f'"{column}"' for column in self.rules.judged)
        return f'SELECT "row", {columns} FROM {self.table} WHERE reason IS NULL'

    def cases(self, where: str = "true") -> duckdb.DuckDBPyRelation:
        """Return the cases that fit a condition by row; columns that were not judged as they were tidied."""
        headings, judged = self.rules.headings, f"SELECT * FROM ({self.judged}) WHERE {where}"
        if self.rules.judged == tuple(headings):
            return frame_cells.run(self.tables, f'{judged} ORDER BY "row"')
        cells = whole_cells(self.tables, self.name, f'SELECT "row" FROM ({judged})', self.whole)
        columns = ", ".join(
            f'{"r" if column in self.rules.judged else "c"}."{column}"' for column in headings
        )
        return frame_cells.run(
            self.tables,
            f"""SELECT "row", {columns} FROM ({judged}) AS r JOIN ({cells}) AS c USING ("row")
                ORDER BY "row\" """,
        )

    def problems(self, listed: int | None = frame_problems.LISTED) -> list[Problem]:
        """Return the problems, at most `listed` rows of each kind; all of them with None."""
        return frame_problems.find(self.tables, self.name, self.rules, listed)

    def units_of(self, case_ids: Iterable[str]) -> dict[str, str | None]:
        """Return the unit of each of the cases that the register has, also of those that cannot be drawn."""
        asked = f"case_id IN ({listed(case_ids) or 'NULL'})"
        sql = f"SELECT case_id, any_value(unit) FROM {self.table} WHERE {asked} GROUP BY case_id"
        return dict(frame_cells.run(self.tables, sql).fetchall())

    def holding(self, column: str, values: Sequence[str]) -> int:
        """Return in how many rows of the list a column holds one of the values, as rules are read."""
        several = tuple(name for name, rule in self.rules.per_case.items() if rule == "all")
        booleans = find_booleans(self.tables, f"{self.name}_cells", [column])
        condition = RuleColumns(booleans, several).any_of(column, values)
        return _count(self.tables, f"{self.name}_cells WHERE aside IS NULL AND {condition}")

    def unreadable(self, column: str) -> int:
        """Return in how many rows a column of dates holds something that is none."""
        ((n,),) = frame_cells.run(
            self.tables,
            f"""SELECT coalesce(sum(n), 0)::BIGINT
                FROM {self.name}_written JOIN {self.name}_dates USING (text)
                WHERE place = {self.rules.dates.index(column)} AND day IS NULL""",
        ).fetchall()
        return int(n)

    def columns(self) -> list[ColumnReport]:
        """Return what each mapped column holds as a whole."""
        return report_columns(self.tables, self.name, self.rules)


@dataclass(frozen=True)
class FrameReport:
    """What a register's frame is."""

    # A row per case, in no order: `row` and the judged columns (text, or DATE); none with errors.
    judged: duckdb.DuckDBPyRelation
    n: int
    n_rows: int
    # The register's cases, and those with errors, each counted once.
    n_cases: int
    n_wrong: int
    # Reason and number of rows, or of cases where a case has a row per measure; sorted by reason.
    left_out: list[tuple[str, int]]
    # Errors first, then notes, each by row; very many of one kind end in one that counts the rest.
    problems: list[Problem]
    # Each unit's cases, sorted by unit (UTF-8 bytes).
    units: dict[str, int]
    as_of: date | None
    examination: Examination
    # How the values of rules meet their columns, and what each rule matched.
    columns: RuleColumns
    matched: list[Matched]
    # Those of the problems that tell of the register as a whole.
    about: list[Problem]

    def lacking(self, column: str, values: Sequence[str]) -> list[str]:
        """Return those of a rule's values that no case has, whatever other rules say of the cases."""
        tables, table = self.examination.tables, f"{self.examination.table} WHERE aside IS NULL"
        return [
            value
            for value in values
            if not _count(tables, f"{table} AND {self.columns.any_of(column, [value])}")
        ]

    @cached_property
    def caseworkers(self) -> list[tuple[str, str, int]]:
        """Each caseworker's units (names joined by ", ") and cases; empty when the register has none."""
        examined = self.examination
        return _caseworkers(examined.tables, examined.table, tuple(examined.rules.headings))

    @property
    def cases(self) -> duckdb.DuckDBPyRelation:
        """The same cases by row with all mapped columns, `case_id` and `unit` among them."""
        return self.examination.cases()

    @property
    def errors(self) -> list[Problem]:
        """The problems that must be corrected before a draw."""
        return [problem for problem in self.problems if problem.kind == "error"]


def stratified(
    cases: duckdb.DuckDBPyRelation,
    split: str,
    risks: Sequence[Risk] = (),
    columns: RuleColumns | None = None,
) -> duckdb.DuckDBPyRelation:
    """Add each case's `stratum`: its value in the column `split`.

    Of the whole frame it is one and the same. Where that is the unit, the first risk area that a case fits
    makes it `unit|name`. The values of a column that is neither unit nor caseworker are compared without
    case, and the commonest spelling is kept.

    >>> rows = duckdb.connect().sql("SELECT '1' AS case_id, 'Amager' AS unit, ' ja' AS complaint")
    >>> risk = Risk(name="klage", column="complaint", values=("Ja",), size=5)
    >>> stratified(rows, "unit", [risk]).fetchone()[-1]
    'Amager|klage'
    """
    columns = columns or RuleColumns()
    if split == WHOLE_FRAME:
        return cases.project(f"*, {quoted(split)} AS stratum")
    if split == "caseworker":
        return cases.project("*, caseworker AS stratum")
    if split != "unit":
        spelt = f'mode("{split}" ORDER BY "{split}") OVER (PARTITION BY lower("{split}"))'
        return cases.project(f"*, {spelt} AS stratum")
    whens = "".join(
        f" WHEN {columns.any_of(risk.column, risk.values)} THEN unit || {quoted('|' + risk.name)}"
        for risk in risks
    )
    return cases.project(f"*, {f'CASE {whens} ELSE unit END' if whens else 'unit'} AS stratum")


def newest_date(register: duckdb.DuckDBPyRelation, rules: FrameRules) -> date | None:
    """Return the register's `as_of`: given, or its newest date that is not in the future, if it has dates."""
    if rules.as_of is not None:
        return rules.as_of
    name = f"frame_{next(_tables)}"
    frame_dates.read_dates(register, name, rules.dates, rules.month_first)
    return _newest(register, name, rules.today)


def _newest(register: duckdb.DuckDBPyRelation, name: str, today: date) -> date | None:
    newest: date | None
    sql = f"SELECT max(day) FROM {name}_dates WHERE day <= DATE '{today}'"
    ((newest,),) = frame_cells.run(register, sql).fetchall()
    return newest


def examine(
    register: duckdb.DuckDBPyRelation,
    rules: FrameRules,
    period: Period | None,
    whole: WholeRows | None = None,
) -> FrameReport:
    """Tell what the frame of a register is, and everything that is wrong in it.

    The register has `row` (as a person counts it, the heading being row 1) and the mapped columns as text, or
    those alone that rules look at, and `whole` reads the others. Its connection gets temporary tables.
    Without a period no case is left out for its dates.
    """
    name = f"frame_{next(_tables)}"
    register = with_complained(register, name, rules)
    frame_cells.read_cells(register, name, rules)
    # By this the tables are asked: a relation is planned anew with each question that is put to it.
    tables = frame_cells.run(register, "SELECT 0 AS nothing")
    of_cases = frame_cells.run(register, f"SELECT * FROM {name}_cells WHERE aside IS NULL")
    frame_dates.read_dates(of_cases, name, rules.dates, rules.month_first)
    frame_cells.read_units(of_cases, name, rules.units)
    as_of = rules.as_of or _newest(tables, name, rules.today)
    asked = _rule_columns(tables, f"{name}_cells", rules)
    out = "" if rules.per_case else out_rules(rules, period, asked)
    held = frame_cells.judge(tables, name, rules, out, whole)
    table = f"{name}_rows"
    if rules.per_case:
        merge(tables, name, rules, period, ERROR_REASONS, asked)
        table = f"{name}_cases"

    counted = frame_cells.run(
        tables,
        f"""SELECT reason, aside IS NULL AND reason IS DISTINCT FROM 'duplicate' AS is_case, count(*)
            FROM {table} GROUP BY ALL ORDER BY ALL""",
    ).fetchall()
    units = frame_cells.run(
        tables,
        f"SELECT unit, count(*) AS cases FROM {table} WHERE reason IS NULL GROUP BY unit ORDER BY unit",
    ).fetchall()
    examination = Examination(tables, name, rules, table, whole, held)
    n_cases, n_wrong = _cases_and_wrong(tables, table, counted)
    found = matched(tables, table, rules, period, asked)
    about = list(whole_register(rules, period, as_of, found))
    return FrameReport(
        judged=frame_cells.run(tables, examination.judged),
        n=sum(n for reason, _, n in counted if reason is None),
        n_rows=_count(tables, f"{name}_rows"),
        n_cases=n_cases,
        n_wrong=n_wrong,
        left_out=[(reason, n) for reason, _, n in counted if reason is not None],
        problems=[*examination.problems(), *about],
        units=dict(units),
        as_of=as_of,
        examination=examination,
        columns=asked,
        matched=found,
        about=about,
    )


def _rule_columns(cells: duckdb.DuckDBPyRelation, table: str, rules: FrameRules) -> RuleColumns:
    """Return how the values of rules meet their columns; a draw on record has settled it."""
    several = tuple(column for column, rule in rules.per_case.items() if rule == "all")
    booleans = rules.booleans
    if booleans is None:
        booleans = find_booleans(cells, table, rules.named_by_rules & set(rules.headings))
    return RuleColumns(booleans, several)


def _cases_and_wrong(
    tables: duckdb.DuckDBPyRelation, table: str, counted: Sequence[tuple[Any, ...]]
) -> tuple[int, int]:
    """Return how many cases there are, and how many with errors; a row without a number is one of its own."""
    if not any(reason in ERROR_REASONS for reason, _, _ in counted):
        return sum(n for _, is_case, n in counted if is_case), 0
    wrong = listed(ERROR_REASONS)
    one = 'coalesce(case_id, chr(0) || "row")'
    ((n_cases, n_wrong),) = frame_cells.run(
        tables,
        f"""SELECT count(DISTINCT {one}), count(DISTINCT {one}) FILTER (WHERE reason IN ({wrong}))
            FROM {table} WHERE aside IS NULL""",
    ).fetchall()
    return int(n_cases), int(n_wrong)


def _count(tables: duckdb.DuckDBPyRelation, table: str) -> int:
    ((n,),) = frame_cells.run(tables, f"SELECT count(*) FROM {table}").fetchall()
    return int(n)


def _caseworkers(
    tables: duckdb.DuckDBPyRelation, table: str, columns: Sequence[str]
) -> list[tuple[str, str, int]]:
    if "caseworker" not in columns:
        return []
    return frame_cells.run(
        tables,
        f"""SELECT caseworker, string_agg(unit, ', ' ORDER BY unit) AS units, sum(n)::BIGINT AS cases
            FROM (SELECT caseworker, unit, count(*) AS n FROM {table}
                WHERE reason IS NULL AND caseworker IS NOT NULL GROUP BY ALL)
            GROUP BY 1 ORDER BY 1""",
    ).fetchall()
