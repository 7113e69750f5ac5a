"""Reads returned workbooks of actions: rows by action, columns by what they are, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import Problem
from tilsyn.base.sheets import SheetCells, cell_name
from tilsyn.formats.checklists.beside import commented
from tilsyn.formats.spreadsheets import read_sheets
from tilsyn.questions.answers import is_blank
from tilsyn.reviews import layout
from tilsyn.reviews.action_sheet import ACTIONS_MARK, HEADINGS_KEY, METADATA_KEYS
from tilsyn.reviews.actions import FIELDS
from tilsyn.reviews.cells import Cell


@dataclass(frozen=True)
class RawAction:
    """A row of a sheet, unread: which action it is of, and its cells by field."""

    action_id: str
    sheet: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class RawActions:
    """What one file holds, unread: its id, the log's anchor when it was made, and its rows."""

    workbook: str
    anchor: str
    rows: tuple[RawAction, ...]
    problems: tuple[Problem, ...] = ()


def read_actions(path: Path, data: bytes) -> RawActions:
    """Find the actions in a workbook; `InputError` when it is none that can be read."""
    sheets = read_sheets(path, data)
    problems: list[Problem] = []
    rows: list[RawAction] = []
    for sheet in sheets:
        problems += commented(path.name, sheet)
        if ACTIONS_MARK in sheet.cells.values():
            rows += _rows(path, sheet, problems)
    metadata = _metadata(sheets)
    if not any(ACTIONS_MARK in sheet.cells.values() for sheet in sheets):
        checklist = any(mark in sheet.cells.values() for sheet in sheets for mark in layout.CASE_MARKS)
        problems.append(_told(path, None, "a_checklist" if checklist else "no_actions"))
    elif not metadata.get("anchor") or not metadata.get("workbook_id"):
        problems.append(_told(path, None, "lost_metadata"))
    return RawActions(
        metadata.get("workbook_id", ""), metadata.get("anchor", ""), tuple(rows), tuple(problems)
    )


def _metadata(sheets: list[SheetCells]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sheet in sheets:
        if sheet.cells.get((0, 0)) == layout.METADATA_MARK:
            for row in sheet.rows().values():
                if (key := str(row.get(0, ""))) in METADATA_KEYS:
                    found[key] = str(row.get(1, "")).strip()
    return found


def _rows(path: Path, sheet: SheetCells, problems: list[Problem]) -> list[RawAction]:
    rows = sheet.rows()
    heads = sorted(place for place, value in sheet.cells.items() if value == layout.COLUMNS_KEY)
    head = next(iter(heads), None)
    columns = {} if head is None else {str(value): column for column, value in rows[head[0]].items()}
    if head is None or not set(FIELDS) <= set(columns):
        missing = ", ".join(say(f"followup.col_{name}") for name in FIELDS if name not in columns)
        problems.append(_told(path, sheet.name, "lost_columns", columns=missing))
        return []
    first, key_column = head
    found = []
    for number in sorted({place[0] for place in (*sheet.cells, *sheet.faults)}):
        key = str(rows.get(number, {}).get(key_column, "")).strip()
        cells = {name: _cell(sheet, number, columns[name]) for name in FIELDS}
        if number > first and key not in ("", HEADINGS_KEY):
            shown = rows[number].get(columns.get("action_id", key_column), key)
            if str(shown).strip() == key:
                found.append(RawAction(key, sheet.name, cells))
            else:
                place = cell_name(number, columns["action_id"])
                values = {"shown": mask(str(shown)), "id": mask(key)}
                problems.append(_told(path, sheet.name, "other_id", place, **values))
        elif number > first and key == "" and (said := [c for c in cells.values() if not c.blank]):
            problems.append(_told(path, sheet.name, "loose_row", said[0].place))
    return found


def _cell(sheet: SheetCells, row: int, column: int) -> Cell:
    value = sheet.cells.get((row, column))
    fault = sheet.faults.get((row, column), "") or ("struck" if (row, column) in sheet.struck else "")
    return Cell(None if is_blank(value) else value, cell_name(row, column), fault)


def _told(path: Path, sheet: str | None, key: str, cell: str | None = None, **values: str) -> Problem:
    found, remedy = say(f"followup.{key}", **values), say(f"followup.{key}_remedy", **values)
    return Problem(found, remedy, file=path.name, sheet=sheet, cell=cell)
