"""The frame: which rows of a register are the cases that a sample is drawn from.

Every row is either a case of the frame or left out with one reason, so that
`n_rows` is `n` plus what is left out. All of it is SQL on whole columns, so that a million rows take seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.sampling import frame_cells as frame_cells
from tilsyn.sampling import frame_problems as frame_problems
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.settings.plan import Risk

__all__ = [
    "ERROR_REASONS",
    "Commitment",
    "FrameReport",
    "commitment",
    "examine",
    "newest_date",
    "stratified",
]

# Why a row is left out because something in it must be corrected; the first that applies is counted.
ERROR_REASONS = (
    "missing_id",
    "bad_character",
    "cpr",
    "missing_unit",
    "misspelt_unit",
    "missing_caseworker",
    "not_a_date",
    "closed_before_opened",
    "contradictory_duplicate",
)
_tables = itertools.count(1)


@dataclass(frozen=True)
class FrameReport:
    """What a register's frame is.

    Parameters
    ----------
    cases : DuckDB relation
        One row per case of the frame: `row`, `case_id`, `unit` and the other mapped columns (text, or DATE).
        Rows with errors are never among them.
    n, n_rows : int
        Cases in the frame, and rows read.
    left_out : list of (str, int)
        Reason and number of rows, sorted by reason.
    problems : list of Problem
        Errors first, then notes, each by row; very many of one kind end in one that counts the rest.
    units : pandas.DataFrame
        `unit`, `cases`, sorted by unit (UTF-8 bytes).
    caseworkers : pandas.DataFrame
        `caseworker`, `units` (names joined by ", "), `cases`; empty when the register has none.
    as_of : datetime.date or None
        None when no column holds a date.
    """

    cases: duckdb.DuckDBPyRelation
    n: int
    n_rows: int
    left_out: list[tuple[str, int]]
    problems: list[Problem]
    units: pd.DataFrame
    caseworkers: pd.DataFrame
    as_of: date | None

    @property
    def errors(self) -> list[Problem]:
        """The problems that must be corrected before a draw."""
        return [problem for problem in self.problems if problem.kind == "error"]


@dataclass(frozen=True)
class Commitment:
    """A frame's commitment.

    Parameters
    ----------
    digest : str
        SHA-256 over all strata, 64 hexadecimal digits.
    strata : pandas.DataFrame
        `stratum`, `stratum_size` (N_h), `digest`, sorted by stratum (UTF-8 bytes).
    """

    digest: str
    strata: pd.DataFrame = field(compare=False)


def commitment(frame: duckdb.DuckDBPyRelation) -> Commitment:
    r"""Commit to a frame: anyone who has it can compute the same digest, whatever the order of its rows.

    Parameters
    ----------
    frame : DuckDB relation
        Columns `case_id` (canonical text) and `stratum`; others are not looked at.

    Returns
    -------
    Commitment
        Per stratum SHA-256 over its case ids, each followed by LF, sorted by UTF-8 bytes; over all, SHA-256
        over the lines stratum, tab, N_h, tab, stratum digest, LF.

    Examples
    --------
    >>> values = "VALUES ('2', 'A'), ('1', 'A'), ('3', 'B')"
    >>> rows = duckdb.connect().sql(f"SELECT * FROM ({values}) AS t(case_id, stratum)")
    >>> commitment(rows).strata[["stratum", "stratum_size"]].values.tolist()
    [['A', 2], ['B', 1]]
    >>> import hashlib
    >>> commitment(rows).strata["digest"][0] == hashlib.sha256(b"1\n2\n").hexdigest()
    True
    """
    strata = frame.query(
        "committed",
        """SELECT stratum, count(*) AS stratum_size,
                  sha256(string_agg(case_id || chr(10), '' ORDER BY case_id)) AS digest
           FROM committed GROUP BY stratum ORDER BY stratum""",
    ).df()
    lines = frame_cells.sha256_text(
        "".join(f"{row.stratum}\t{row.stratum_size}\t{row.digest}\n" for row in strata.itertuples())
    )
    return Commitment(lines, strata)


def stratified(
    cases: duckdb.DuckDBPyRelation, level: int, risks: Sequence[Risk] = ()
) -> duckdb.DuckDBPyRelation:
    """Add each case's stratum.

    Parameters
    ----------
    cases : DuckDB relation
        A frame's cases.
    level : int
        At level 1 the stratum is the caseworker's code, else the unit.
    risks : sequence of Risk
        Risk areas, levels 2 to 4: the first that fits makes the stratum `unit|name`.

    Returns
    -------
    DuckDB relation
        The same columns and `stratum`.

    Examples
    --------
    >>> rows = duckdb.connect().sql("SELECT '1' AS case_id, 'Amager' AS unit, ' ja' AS complaint")
    >>> stratified(rows, 2, [Risk(name="klage", column="complaint", values=("Ja",), size=5)]).fetchone()[-1]
    'Amager|klage'
    """
    whens = "".join(
        f" WHEN {frame_cells.one_of(risk.column, risk.values)}"
        f" THEN unit || {frame_cells.quoted('|' + risk.name)}"
        for risk in risks
    )
    stratum = "caseworker" if level == 1 else f"CASE {whens} ELSE unit END" if whens else "unit"
    return cases.project(f"*, {stratum} AS stratum")


def newest_date(register: duckdb.DuckDBPyRelation, rules: FrameRules) -> date | None:
    """Return the register's `as_of`: given, or its newest date that is not in the future.

    Parameters
    ----------
    register : DuckDB relation
        `row` and the mapped columns as text.
    rules : FrameRules

    Returns
    -------
    datetime.date or None
        None when no mapped column holds a date.
    """
    if rules.as_of is not None or not rules.dates:
        return rules.as_of
    name = f"frame_{next(_tables)}"
    frame_cells.read_dates(register, name, rules.dates, rules.month_first)
    return _newest(register, name, rules.today)


def _newest(register: duckdb.DuckDBPyRelation, name: str, today: date) -> date | None:
    found = register.query(
        "frame_source", f"SELECT max(day) FROM {name}_dates WHERE day <= DATE '{today}'"
    ).fetchone()
    newest: date | None = found[0] if found else None
    return newest


def examine(
    register: duckdb.DuckDBPyRelation, rules: FrameRules, period: Period | None, level: int | None = None
) -> FrameReport:
    """Tell what the frame of a register is, and everything that is wrong in it.

    Parameters
    ----------
    register : DuckDB relation
        `row` (as a person counts it, the heading being row 1) and the mapped columns as text. Its connection
        gets temporary tables.
    rules : FrameRules
    period : Period or None
        What the draw covers; without it no case is left out for its dates.
    level : int, optional
        At level 1 an empty caseworker is an error.

    Returns
    -------
    FrameReport
    """
    name = f"frame_{next(_tables)}"
    columns = tuple(rules.headings)
    frame_cells.read_cells(register, name, rules)
    cells = register.query("frame_source", f"SELECT * FROM {name}_cells")
    frame_cells.read_dates(cells, name, rules.dates, rules.month_first)
    frame_cells.read_units(cells, name, rules.units)
    as_of = rules.as_of or (_newest(cells, name, rules.today) if rules.dates else None)
    frame_cells.judge(cells, name, rules, period, level)

    left_out = cells.query(
        "frame_source",
        f"SELECT reason, count(*) FROM {name}_rows WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 1",
    )
    reasons: list[tuple[str, int]] = [(str(reason), int(n)) for reason, n in left_out.fetchall()]
    n_rows = _count(cells, f"{name}_rows")
    kept = ", ".join(f'"{column}"' for column in columns)
    cases = cells.query(
        "frame_source", f'SELECT "row", {kept} FROM {name}_rows WHERE reason IS NULL ORDER BY "row"'
    )
    units = cells.query(
        "frame_source",
        f"SELECT unit, count(*) AS cases FROM {name}_rows WHERE reason IS NULL GROUP BY unit ORDER BY unit",
    ).df()
    problems = frame_problems.find(cells, name, rules, level)
    return FrameReport(
        cases=cases,
        n=n_rows - sum(n for _, n in reasons),
        n_rows=n_rows,
        left_out=reasons,
        problems=problems,
        units=units,
        caseworkers=_caseworkers(cells, name, columns),
        as_of=as_of,
    )


def _count(relation: duckdb.DuckDBPyRelation, table: str) -> int:
    found: tuple[Any, ...] | None = relation.query("frame_source", f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _caseworkers(cells: duckdb.DuckDBPyRelation, name: str, columns: Sequence[str]) -> pd.DataFrame:
    if "caseworker" not in columns:
        return pd.DataFrame({"caseworker": [], "units": [], "cases": []})
    return cells.query(
        "v",
        f"""SELECT caseworker, string_agg(DISTINCT unit, ', ' ORDER BY unit) AS units, count(*) AS cases
            FROM {name}_rows WHERE reason IS NULL AND caseworker IS NOT NULL GROUP BY 1 ORDER BY 1""",
    ).df()
