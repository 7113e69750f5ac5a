"""What a register's columns hold, told of each column as a whole: what a person sees, and no row does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import duckdb

from tilsyn.base.cpr import mask
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_rules import FrameRules

COMMONEST = 3
# The columns whose texts are made by one pattern.
PATTERNED = ("case_id", "caseworker")
_DIGITS = "0123456789"
_LETTERS = "abcdefghijklmnopqrstuvwxyzæøåäöüé"


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
    listed = run(cells, f"SELECT * FROM {name}_cells WHERE aside IS NULL")
    counts = ", ".join(f'count("{column}")' for column in rules.headings)
    n, *filled = run(listed, f"SELECT count(*), {counts} FROM frame_source").fetchone() or (0,)
    reports = []
    for (column, heading), there in zip(rules.headings.items(), filled, strict=True):
        different, example = _different(listed, name, rules, column)
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
                commonest=_commonest(listed, column),
            )
        )
    return reports


def _different(
    listed: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str
) -> tuple[int | None, str | None]:
    """Return how many cells look different from most of a column, and one of them."""
    if column in rules.dates:
        looks = run(
            listed,
            f"""SELECT d.form, sum(w.n), any_value(w.text) FROM {name}_written AS w
                JOIN {name}_dates AS d USING (text)
                WHERE w.place = {rules.dates.index(column)} GROUP BY d.form""",
        ).fetchall()
    elif column in PATTERNED:
        look = f"translate(lower(\"{column}\"), '{_DIGITS}{_LETTERS}', '{'9' * 10}{'a' * len(_LETTERS)}')"
        looks = run(
            listed,
            f"""SELECT {look} AS look, count(*), any_value("{column}") FROM frame_source
                WHERE "{column}" IS NOT NULL GROUP BY look""",
        ).fetchall()
    else:
        return None, None
    # How long a run of digits or letters is, is not how a text looks.
    together: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for look, n, example in looks:
        plain = look if column in rules.dates else _without_runs(look)
        together[plain] += int(n)
        examples.setdefault(plain, example)
    (_, *others) = together.most_common() or [("", 0)]
    return sum(n for _, n in others), mask(examples[others[0][0]]) if others else None


def _without_runs(look: str) -> str:
    return "".join(sign for sign, before in zip(look, " " + look, strict=False) if sign != before)


def _range(
    cells: duckdb.DuckDBPyRelation, name: str, rules: FrameRules, column: str
) -> tuple[date | None, date | None]:
    if column not in rules.dates:
        return None, None
    found = run(
        cells,
        f"""SELECT min(d.day), max(d.day) FROM {name}_written AS w JOIN {name}_dates AS d USING (text)
            WHERE w.place = {rules.dates.index(column)}""",
    ).fetchone()
    return found or (None, None)


def _commonest(listed: duckdb.DuckDBPyRelation, column: str) -> tuple[tuple[str, int], ...]:
    if column == "case_id":
        return ()
    found = run(
        listed,
        f"""SELECT "{column}", count(*) AS n FROM frame_source WHERE "{column}" IS NOT NULL
            GROUP BY 1 ORDER BY n DESC, 1 LIMIT {COMMONEST}""",
    ).fetchall()
    return tuple((mask(str(value)), int(n)) for value, n in found)
