"""A unit's year beside its quarter, as people read it in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.base.periods import Period
from tilsyn.cli.console import Table
from tilsyn.compliance.table import compliance_table, records
from tilsyn.procedure.compliance import Gathered

YEAR_COLUMNS = ("counts", "percent", "interval", "span")


def year_columns() -> list[str]:
    """The headings of a unit's year."""
    return [say(f"year.col_{name}") for name in YEAR_COLUMNS]


def year_cells(row: Mapping[str, Any] | None) -> list[str]:
    """A unit's year: counts, percentage, interval, and which quarters; empty where there is none."""
    if row is None or row["n_relevant"] == 0:
        return [""] * len(YEAR_COLUMNS)
    counts = say(
        "compliance.counts", compliant=number(row["n_compliant"]), relevant=number(row["n_relevant"])
    )
    span = f"{row['from']}–{row['to']}"
    span = f"{span}; {row['note']}" if row["note"] else span
    return [counts, *shares(row), span]


def shares(row: Mapping[str, Any]) -> list[str]:
    """Percentage and interval; empty under the limit for showing one."""
    if row["few"] or row["estimate"] is None:
        return ["", ""]
    return [percent(row["estimate"]), f"{number(row['low'] * 100, 1)}–{number(row['high'] * 100, 1)}"]


def year_of_question(year: pd.DataFrame, given: Gathered, question: str) -> list[Table | str]:
    """A table of one question: each unit's quarter and its year; none where there is no year."""
    rows = {row["domain"]: row for row in records(year[year["question"] == question], list(year.columns))}
    if not rows:
        return []
    table = compliance_table(given.now, ["unit"], given.method)
    quarter = table[(table["question"] == question) & table["domain"].isin(rows)]
    lines = []
    for row in records(quarter, list(quarter.columns)):
        counts = say(
            "compliance.counts", compliant=number(row["n_compliant"]), relevant=number(row["n_relevant"])
        )
        unit = row["domain"].removeprefix("unit=")
        lines.append([unit, counts, *shares(row), *year_cells(rows[row["domain"]])])
    of_quarter = [say("compliance.col_counts"), say("compliance.col_percent"), say("compliance.col_interval")]
    period = given.now.period.canonical if given.now.period else ""
    columns = [say("year.col_unit"), *(f">{name}, {period}" for name in of_quarter), *year_columns()]
    first, last = (_label(end) for end in (year["from"].min(), year["to"].max()))
    return [Table(columns, lines, say("year.title", first=first, last=last), [say("year.note")])]


def _label(period: str) -> str:
    return Period.parse(period).label()
