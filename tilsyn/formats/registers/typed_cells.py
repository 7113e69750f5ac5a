"""Registers whose cells have types: spreadsheets, Parquet, databases. Every value becomes text once, here."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.sheets import SheetCells, cell_name
from tilsyn.base.spelling import nearest
from tilsyn.formats.registers.table import (
    ROWS_AT_A_TIME,
    TABLE,
    TOP_ROWS,
    Worth,
    add_rows,
    find_heading_row,
    held_headings,
    match_headings,
    new_table,
    refuse,
    sql_name,
)
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.settings.schema import Register

# Our columns to their headings, and those of them that hold number cells.
Found = tuple[dict[str, str], tuple[str, ...]]
# A spreadsheet keeps 15 digits of a number; the ones after are zeros.
MOST_DIGITS = 15


def as_text(value: Any) -> str | None:
    """Return a cell's value as the text a person would type.

    >>> as_text(123.0), as_text(datetime(2018, 6, 30)), as_text(True), as_text("0012")
    ('123', '2018-06-30', 'ja', '0012')
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return str(value)
    if isinstance(value, (float, Decimal)):
        if not math.isfinite(value):
            return None
        return str(int(value)) if value == int(value) else str(value)
    return str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


@dataclass(frozen=True)
class _Headed:
    """A sheet, the row (from 0) of its headings, and these as text."""

    sheet: SheetCells
    row: int
    headings: list[str]


def find_headed_sheet(path: Path, data: bytes, name: str | None, worth: Worth) -> _Headed:
    """Return the sheet of a name, else the first whose headings are worth most."""
    sheets = read_sheets(path, data)
    names = [sheet.name for sheet in sheets]
    if name is not None:
        sheets = [sheet for sheet in sheets if same_name(sheet.name) == same_name(name)]
        if not sheets:
            near = nearest(name, names, alike=0, shortened=True)
            raise refuse("no_sheet", path.name, name=name, there=", ".join(names), nearest=near)
    headed = [found for sheet in sheets if (found := _headed(sheet, worth)) is not None]
    if not headed:
        raise refuse("empty", path.name)
    return max(headed, key=lambda found: worth(found.headings))


def _headed(sheet: SheetCells, worth: Worth) -> _Headed | None:
    rows = sheet.rows()
    numbers = sorted(rows)[:TOP_ROWS]
    if not numbers:
        return None
    width = max(column for number in numbers for column in rows[number]) + 1
    tops = [[as_text(rows[number].get(place)) or "" for place in range(width)] for number in numbers]
    at = find_heading_row(tops, worth)
    return None if at is None else _Headed(sheet, numbers[at], tops[at])


def read_spreadsheet(
    connection: duckdb.DuckDBPyConnection, path: Path, data: bytes, settings: Register
) -> Found:
    """Make the table `register` of a spreadsheet: of the sheet in the settings, else the best headed one."""
    headed = find_headed_sheet(path, data, settings.sheet, held_headings(settings.columns))
    sheet, headings = headed.sheet, headed.headings
    places = match_headings(headings, settings.columns, path.name, headed.row + 1, sheet.name)
    _refuse_unreadable(sheet, places, headed.row, path.name)
    rows = sheet.rows()
    new_table(connection, list(places))
    counted: set[str] = set()
    out: list[tuple[Any, ...]] = []
    for number in sorted(number for number in rows if number > headed.row):
        cells = rows[number]
        values = [cells.get(place) for place in places.values()]
        counted.update(column for column, value in zip(places, values, strict=True) if _is_number(value))
        out.append((number + 1, *(as_text(value) for value in values)))
    add_rows(connection, list(places), out)
    return {column: headings[place] for column, place in places.items()}, tuple(sorted(counted))


def _refuse_unreadable(sheet: SheetCells, places: Mapping[str, int], heading_row: int, file: str) -> None:
    """Name every mapped cell with an error value, an uncalculated formula or a number that lost digits."""
    mapped = set(places.values())
    wrong = [
        (row, place, f"cell_{fault}")
        for (row, place), fault in sorted(sheet.faults.items())
        if place in mapped and row > heading_row
    ]
    wrong += [
        (row, place, "long_number")
        for (row, place), value in sheet.cells.items()
        if place in mapped and isinstance(value, float) and abs(value) >= 10**MOST_DIGITS
    ]
    if wrong:
        raise InputError(
            Problem(
                say(f"register.{key}"),
                say(f"register.{key}_remedy"),
                file=file,
                sheet=sheet.name,
                cell=cell_name(row, place),
                row=row + 1,
            )
            for row, place, key in wrong
        )


def parquet_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """Return the columns of a Parquet file and their types; InputError when it is none."""
    try:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": [str(path)]})
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
        f"""CREATE OR REPLACE TABLE {TABLE} AS
            SELECT row_number() OVER () + 1 AS "row", {texts} FROM read_parquet($path)""",
        {"path": [str(path)]},
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


def read_database(connection: duckdb.DuckDBPyConnection, settings: Register) -> tuple[str, Found]:
    """Make the table `register` of a database query, and also return the URL without its password.

    Its rows are counted from 1 as the query returns them. Environment variables in the URL, such as
    `$REGISTER_URL`, are filled in.
    """
    import sqlalchemy

    assert settings.url is not None
    assert settings.query is not None
    url = os.path.expandvars(settings.url)
    if variable := re.fullmatch(r"\$\{?(\w+)\}?", url):
        raise refuse("no_variable", "tilsyn.toml", name=variable[1])
    try:
        engine = sqlalchemy.create_engine(url)
    except sqlalchemy.exc.ArgumentError:
        raise refuse("bad_url", "tilsyn.toml") from None
    except (sqlalchemy.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise refuse("no_driver", "tilsyn.toml", reason=str(error)) from None
    shown = engine.url.render_as_string(hide_password=True)
    # SQLite would make an empty database of a misspelt name.
    if engine.dialect.name == "sqlite" and (path := engine.url.database) and not Path(path).exists():
        raise refuse("no_database", "tilsyn.toml", path=path)
    counted: set[str] = set()
    try:
        with engine.connect() as database:
            result = database.execution_options(stream_results=True).execute(sqlalchemy.text(settings.query))
            headings = [str(name) for name in result.keys()]  # noqa: SIM118  a result is no mapping
            places = match_headings(headings, settings.columns, shown, row=None)
            new_table(connection, list(places))
            for rows in _numbered(result.partitions(ROWS_AT_A_TIME)):
                picked = [(number, *(row[place] for place in places.values())) for number, row in rows]
                for _, *values in picked:
                    counted.update(c for c, value in zip(places, values, strict=True) if _is_number(value))
                add_rows(connection, list(places), [(n, *map(as_text, values)) for n, *values in picked])
    except sqlalchemy.exc.SQLAlchemyError as error:
        # The database's own words, without the query's values: they may hold what must not be shown.
        reason = str(getattr(error, "orig", None) or type(error).__name__).splitlines()[0]
        raise refuse("query_failed", shown, reason=reason) from None
    finally:
        engine.dispose()
    return shown, ({column: headings[place] for column, place in places.items()}, tuple(sorted(counted)))


def _numbered(partitions: Iterator[Sequence[Any]]) -> Iterator[list[tuple[int, Any]]]:
    before = 0
    for rows in partitions:
        yield list(enumerate(rows, start=before + 1))
        before += len(rows)
