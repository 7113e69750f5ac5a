"""What a register's columns hold, told of each column as a whole: what a person sees, and no row does."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

import duckdb

from tilsyn.base.cpr import mask
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.sql import quoted

COMMONEST = 3
# So many rows tell how most look.
FIRST = 1000
# The columns whose texts are made by one pattern.
PATTERNED = ("case_id", "caseworker")
_DIGITS = "0123456789"


@dataclass(frozen=True)
class ColumnReport:
    """A mapped column: of `n` rows so many are empty, and so many look different from most.

    `different` is None where no one look can be asked for; `oldest` and `newest` are of date columns.
    `commonest` are values with their rows, none of the case numbers.
    """

    column: str
    heading: str
    n: int
    empty: int
    different: int | None = None
    example: str | None = None
    oldest: date | None = None
    newest: date | None = None
    commonest: tuple[tuple[str, int], ...] = ()


def report_columns(cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules) -> list[ColumnReport]:
    """Return a report of each mapped column of an examined register, in the order of the mapping."""
    listed = {column: _listed(cells, name, rules, column) for column in rules.headings}
    # Dates are counted as they were written.
    counts = ", ".join(
        f"(SELECT coalesce(sum(n), 0)::BIGINT FROM {name}_written WHERE place = {rules.dates.index(column)})"
        if column in rules.dates
        else f'count("{column}")'
        for column in rules.headings
    )
    sql = f"SELECT count(*), {counts} FROM {name}_cells WHERE aside IS NULL"
    ((n, *filled),) = run(cells, sql).fetchall()
    reports = []
    for (column, heading), there in zip(rules.headings.items(), filled, strict=True):
        different, example = _different(listed[column], name, rules, column)
        oldest, newest = _range(cells, name, rules, column)
        reports.append(
            ColumnReport(
                column=column,
                heading=heading,
                n=int(n),
                empty=int(n) - int(there),
                different=different,
                example=example,
                oldest=oldest,
                newest=newest,
                commonest=_commonest(listed[column], name, rules, column),
            )
        )
    return reports


def _listed(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str
) -> duckdb.DuckDBPyRelation:
    """Return a column of the rows that are of the list, as it was judged; what was not, as it was tidied."""
    table = f"{name}_rows" if column in rules.judged else f"{name}_cells"
    return run(cells, f'SELECT "row", "{column}" FROM {table} WHERE aside IS NULL')


def _different(
    listed: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str
) -> tuple[int | None, str | None]:
    """Return how many cells look different from most of a column, and one of them."""
    if column in rules.dates:
        others = run(
            listed,
            f"""SELECT sum(w.n)::BIGINT AS n, arg_min(w.text, w."row") FROM {name}_written AS w
                JOIN {name}_dates AS d USING (text)
                WHERE w.place = {rules.dates.index(column)} GROUP BY d.form ORDER BY n DESC, d.form""",
        ).fetchall()[1:]
        return sum(n for n, _ in others), mask(others[0][1]) if others else None
    if column not in PATTERNED:
        return None, None
    texts = f'SELECT "{column}", "row" FROM frame_source WHERE "{column}" IS NOT NULL'
    looks = Counter(_look(text) for text, _ in run(listed, f"{texts} LIMIT {FIRST}").fetchall())
    if not looks:
        return 0, None
    ((usual, _),) = looks.most_common(1)
    ((n, example),) = run(
        listed,
        f"""SELECT count(*), arg_min("{column}", "row") FROM ({texts})
            WHERE NOT regexp_full_match("{column}", {quoted(usual)})""",
    ).fetchall()
    return int(n), example and mask(example)


def _look(text: str) -> str:
    r"""Return the pattern of the texts that look like one: runs of digits, of letters, and what is between.

    >>> _look("2018-AM12")
    '[0-9]+\\-\\pL+[0-9]+'
    """
    parts = re.findall(r"[0-9]+|[^\W\d_]+|.", text, re.DOTALL)
    return "".join(map(_part, parts))


def _part(part: str) -> str:
    if part[0] in _DIGITS:
        return "[0-9]+"
    return r"\pL+" if part[0].isalpha() else re.escape(part)


def _range(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str
) -> tuple[date | None, date | None]:
    if column not in rules.dates:
        return None, None
    ((oldest, newest),) = run(
        cells,
        f"""SELECT min(d.day), max(d.day) FROM {name}_written AS w JOIN {name}_dates AS d USING (text)
            WHERE w.place = {rules.dates.index(column)}""",
    ).fetchall()
    return oldest, newest


def _commonest(
    listed: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str
) -> tuple[tuple[str, int], ...]:
    if column == "case_id":
        return ()
    counted = f'SELECT "{column}" AS text, count(*) AS n FROM frame_source GROUP BY 1'
    if column in rules.dates:
        counted = f"SELECT text, n FROM {name}_written WHERE place = {rules.dates.index(column)}"
    found = run(
        listed,
        f"""SELECT text, n FROM ({counted}) WHERE text IS NOT NULL ORDER BY n DESC, 1 LIMIT {COMMONEST}""",
    ).fetchall()
    return tuple((mask(str(value)), int(n)) for value, n in found)
