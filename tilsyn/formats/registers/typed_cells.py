"""Cells that have types, of Parquet and of databases: every value becomes text once, here."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tilsyn.formats.registers.table import (
    TABLE,
    match_headings,
    refuse,
    sql_name,
)
from tilsyn.sampling.sql import quoted
from tilsyn.settings.schema import Register

# Our columns to their headings, and those of them that hold number cells.
Found = tuple[dict[str, str], tuple[str, ...]]


def as_text(value: Any) -> str | None:
    """Return a cell's value as the text a person would type.

    >>> as_text(123.0), as_text(datetime(2018, 6, 30)), as_text(True), as_text("0012")
    ('123', '2018-06-30', 'ja', '0012')

    A moment with a zone keeps it, also at midnight there: it can be of another day in Denmark.

    >>> from datetime import timedelta, timezone
    >>> as_text(datetime(2018, 7, 1, tzinfo=timezone(timedelta(hours=12))))
    '2018-07-01 00:00:00+12:00'
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime) and value.tzinfo is None and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return str(value)
    if isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value == int(value) else str(value)
    return str(value)


def is_number(value: Any) -> bool:
    """Tell whether a cell holds a number."""
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def parquet_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Return the columns of a Parquet file and their types; InputError when it is none."""
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet([{quoted(str(path))}])")
    except duckdb.Error:
        raise refuse("not_parquet", path.name) from None
    return {str(name): str(kind) for name, kind, *_ in described.fetchall()}


def read_parquet(connection: duckdb.DuckDBPyConnection, path: Path, settings: Register) -> Found:
    """Make the table `register` of a Parquet file; row 2 is its first, as under a heading."""
    described = parquet_columns(connection, path)
    headings = list(described)
    places = match_headings(headings, settings.columns, path.name, row=None)
    types = {column: described[headings[place]] for column, place in places.items()}
    texts = ", ".join(
        f'{_sql_text(headings[place], types[column])} AS "{column}"' for column, place in places.items()
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {TABLE} AS
            SELECT row_number() OVER () + 1 AS "row", {texts} FROM read_parquet([{quoted(str(path))}])""",
    )
    counted = tuple(
        column
        for column, kind in types.items()
        if re.match(r"U?(TINY|SMALL|BIG|HUGE)?INT|DOUBLE|FLOAT|DECIMAL", kind)
    )
    return {column: headings[place] for column, place in places.items()}, counted


def _sql_text(heading: str, kind: str) -> str:
    """Return the SQL that gives a column as a person would type it: no decimals on whole numbers."""
    name = sql_name(heading)
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        whole = f"isfinite(CAST({name} AS DOUBLE)) AND {name} = trunc({name})"
        text = f"CAST({name} AS VARCHAR)"
        return f"CASE WHEN {whole} THEN CAST(CAST({name} AS HUGEINT) AS VARCHAR) ELSE {text} END"
    if kind == "BOOLEAN":
        return f"CASE WHEN {name} THEN 'ja' WHEN NOT {name} THEN 'nej' END"
    return f"CAST({name} AS VARCHAR)"
