"""Registers in spreadsheets: every sheet that has the headings is read, and what is not shown is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.sheets import SheetCells, Value, cell_name
from tilsyn.base.spelling import nearest
from tilsyn.formats.registers.table import (
    TOP_ROWS,
    Worth,
    add_rows,
    find_heading_row,
    held_headings,
    match_headings,
    new_table,
    refuse,
)
from tilsyn.formats.registers.typed_cells import as_text, is_number
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.sampling.frame_rules import SHEET_ROWS
from tilsyn.settings.schema import Register

# A spreadsheet keeps 15 digits of a number; the ones after are zeros.
MOST_DIGITS = 15
# A format that shows a whole number with leading zeros.
_ZEROS = re.compile("00+")


@dataclass(frozen=True)
class Headed:
    """A sheet, the row (from 0) of its headings, and these as text."""

    sheet: SheetCells
    row: int
    headings: list[str]


@dataclass
class SheetRows:
    """What the sheets of a register hold: headings, the columns with number and date cells, notes on them."""

    headings: dict[str, str] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    dates: set[str] = field(default_factory=set)
    notes: list[Problem] = field(default_factory=list)
    sheets: tuple[str, ...] = ()


def headed_sheets(path: Path, data: bytes, name: str | None, worth: Worth) -> list[Headed]:
    """Return the sheet of a name, else all that hold anything, those whose headings are worth most first."""
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
    return sorted(headed, key=lambda found: -worth(found.headings))


def _headed(sheet: SheetCells, worth: Worth) -> Headed | None:
    rows = sheet.rows()
    numbers = sorted(rows)[:TOP_ROWS]
    if not numbers:
        return None
    width = max(column for number in numbers for column in rows[number]) + 1
    tops = [[as_text(rows[number].get(place)) or "" for place in range(width)] for number in numbers]
    at = find_heading_row(tops, worth)
    return None if at is None else Headed(sheet, numbers[at], tops[at])


def read_spreadsheet(
    connection: duckdb.DuckDBPyConnection, path: Path, data: bytes, settings: Register
) -> SheetRows:
    """Make the table `register` of a spreadsheet: of the sheet in the settings, else of all with headings."""
    every = headed_sheets(path, data, settings.sheet, held_headings(settings.columns))
    chosen = _chosen(every, settings, path.name)
    columns = list(settings.columns)
    found = SheetRows()
    new_table(connection, columns)
    for place, headed in enumerate(chosen):
        places = match_headings(
            headed.headings, settings.columns, path.name, headed.row + 1, headed.sheet.name
        )
        _refuse_unreadable(headed.sheet, places, headed.row, path.name)
        found.headings = found.headings or {c: headed.headings[at] for c, at in places.items()}
        rows = [
            (place * SHEET_ROWS + row + 1, *map(as_text, values))
            for row, values in _rows(headed, places, found)
        ]
        add_rows(connection, columns, rows)
        found.notes += _not_shown(headed.sheet)
    if len(chosen) > 1:
        found.sheets = tuple(headed.sheet.name for headed in chosen)
        text = say("register.several_sheets", sheets=", ".join(found.sheets))
        found.notes.append(Problem(text, say("register.several_sheets_remedy"), kind="note"))
    if "case_id" in found.numbers:
        text, remedy = say("register.number_ids"), say("register.number_ids_remedy")
        found.notes.append(Problem(text, remedy, column=found.headings["case_id"], kind="note"))
    return found


def _chosen(every: Sequence[Headed], settings: Register, file: str) -> list[Headed]:
    """Return the sheets with all the headings, or the best alone; refused where one has them only in part."""
    held = held_headings(settings.columns)
    whole = [headed for headed in every if held(headed.headings) == len(settings.columns)]
    if not whole:
        return list(every[:1])
    needed = {name: heading for name, heading in settings.columns.items() if name in ("case_id", "unit")}
    part = [
        h.sheet.name
        for h in every
        if needed and h not in whole and held_headings(needed)(h.headings) == len(needed)
    ]
    if part:
        names = ", ".join(headed.sheet.name for headed in whole)
        raise refuse("part_of_sheets", file, whole=names, part=", ".join(part))
    return whole


def _rows(
    headed: Headed, places: Mapping[str, int], found: SheetRows
) -> Iterator[tuple[int, list[Value | None]]]:
    """Yield each filled row below the headings, from 0, and its mapped cells."""
    rows = headed.sheet.rows()
    for row in sorted(row for row in rows if row > headed.row):
        values = [_as_shown(headed.sheet, row, place, rows[row].get(place)) for place in places.values()]
        for column, value in zip(places, values, strict=True):
            if is_number(value):
                found.numbers.add(column)
            elif isinstance(value, date):
                found.dates.add(column)
        yield row, values


def _as_shown(sheet: SheetCells, row: int, place: int, value: Value | None) -> Value | None:
    """Return a cell's value, a number with the leading zeros that its format shows."""
    zeros = sheet.number_formats.get((row, place), "")
    if _ZEROS.fullmatch(zeros) and is_number(value):
        text = as_text(value) or ""
        return text.zfill(len(zeros)) if text.isdigit() else value
    return value


def _not_shown(sheet: SheetCells) -> Iterator[Problem]:
    """Tell what a person who opens the file does not see."""
    if sheet.hidden:
        text, remedy = say("register.hidden_sheet"), say("register.hidden_sheet_remedy")
        yield Problem(text, remedy, sheet=sheet.name, kind="note")
    for what, hidden in (("hidden_rows", sheet.hidden_rows), ("hidden_columns", sheet.hidden_columns)):
        if hidden:
            text, remedy = say(f"register.{what}", n=number(len(hidden))), say("register.hidden_remedy")
            yield Problem(text, remedy, sheet=sheet.name, kind="note")


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
