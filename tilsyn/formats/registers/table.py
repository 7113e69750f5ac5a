"""A register as it comes out of any reader: one table in memory, and the headings that were looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from tilsyn.base.canonical import same_name
from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.spelling import nearest
from tilsyn.sampling.frame_whole import WholeRows

# How many headings are known among a row's cells.
Worth = Callable[[Sequence[str]], int]

TABLE = "register"
# Exports put a title and the day above the headings, never more than this.
TOP_ROWS = 30
ROWS_AT_A_TIME = 50_000


@dataclass(frozen=True)
class RegisterOrigin:
    """Where a register came from: a file, or a database's URL without its password.

    `kind` is csv, spreadsheet, parquet or database; `sha256` that of the file's bytes, None for a database.
    """

    name: str
    kind: str
    sha256: str | None


@dataclass(frozen=True)
class RegisterTable:
    """A register that was read, in the memory of its connection.

    The relation has `row` (as a person counts it, the first row of the file being 1) and the mapped columns,
    as text. `headings` are our columns to those of the file; `number_columns` are our columns that come from
    number cells, where a CPR number has lost its leading zero, `date_columns` those with date cells. `notes`
    are what is worth knowing of how it was read. Of several `sheets` each begins `SHEET_ROWS` rows further.
    `whole` reads the columns that were not kept, where not all may have been, and holds those that were.
    """

    relation: duckdb.DuckDBPyRelation
    connection: duckdb.DuckDBPyConnection
    origin: RegisterOrigin
    headings: dict[str, str]
    number_columns: tuple[str, ...]
    notes: tuple[Problem, ...] = ()
    date_columns: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    whole: WholeRows | None = None


def refuse(what: str, file: str, **values: Any) -> InputError:
    """Return the error `register.<what>` about a whole file."""
    remedy = say(f"register.{what}_remedy", **values)
    place = {key: values[key] for key in ("sheet", "row") if key in values}
    return InputError([Problem(say(f"register.{what}", **values), remedy, file=file, **place)])


def new_table(connection: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> None:
    """Make the empty table `register`: `row`, and the mapped columns as text."""
    texts = ", ".join(f'"{column}" VARCHAR' for column in columns)
    connection.execute(f'CREATE OR REPLACE TEMP TABLE {TABLE} ("row" BIGINT, {texts})')


def add_rows(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[str], rows: list[tuple[Any, ...]]
) -> None:
    """Add rows to the table `register`: each its number and its cells."""
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["row", *columns]).astype(
        {"row": "int64"} | dict.fromkeys(columns, "string")
    )
    connection.register("incoming", frame)
    connection.execute(f"INSERT INTO {TABLE} SELECT * FROM incoming")
    connection.unregister("incoming")


def sql_name(heading: str) -> str:
    """Return a heading as an SQL identifier."""
    return '"' + heading.replace('"', '""') + '"'


def held_headings(columns: Mapping[str, str]) -> Worth:
    """Return a function that counts how many of the mapped headings a row holds."""
    wanted = {same_name(heading) for heading in columns.values()}
    return lambda row: len(wanted & {same_name(cell) for cell in row})


def find_heading_row(rows: Sequence[Sequence[str]], worth: Worth) -> int | None:
    """Return the number, from 0, of the row worth most as headings, the first at a tie; None without content.

    >>> worth = held_headings({"case_id": "No", "unit": "Unit"})
    >>> find_heading_row([["Cases 2018"], [], ["No", "Unit"], ["1", "A"]], worth)
    2
    """
    filled = [number for number, row in enumerate(rows[:TOP_ROWS]) if any(cell.strip() for cell in row)]
    return max(filled, key=lambda number: (worth(rows[number]), -number), default=None)


def match_headings(
    headings: Sequence[str],
    columns: Mapping[str, str],
    file: str,
    row: int | None = 1,
    sheet: str | None = None,
) -> dict[str, int]:
    """Return where, from 0, each of our columns is in a file's headings; case and outer space do not count.

    A heading that is missing, and one of ours that stands there twice, is a problem at `file`, `row` and
    `sheet`.

    >>> match_headings(["No", "Unit "], {"case_id": "No", "unit": "unit"}, "cases.csv")
    {'case_id': 0, 'unit': 1}
    """
    there = [same_name(heading) for heading in headings]
    problems = []
    places = {}
    # A heading that holds a person's data (a file without headings) is never shown in full.
    shown = [mask(heading.strip()) for heading in headings if heading.strip()]
    for column, heading in columns.items():
        found = [number for number, name in enumerate(there) if name == same_name(heading)]
        if len(found) == 1:
            places[column] = found[0]
            continue
        if found:
            what, remedy = (
                say("register.heading_twice", heading=heading),
                say("register.heading_twice_remedy"),
            )
        else:
            what = say("register.heading_missing", heading=heading, column=column)
            near = nearest(heading, shown)
            remedy = say("register.heading_missing_remedy", column=column, there=", ".join(shown[:40]))
            if near:
                remedy = say("register.heading_nearest", nearest=near) + " " + remedy
        problems.append(Problem(what, remedy, file=file, sheet=sheet, row=row, column=heading))
    if problems:
        raise InputError(problems)
    return places
