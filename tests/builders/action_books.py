"""Workbooks of actions as people fill them in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

# The row that says what the columns are.
_COLUMNS = 4

Filled = Mapping[str, Mapping[str, Any]]


def cell_of(sheet: Worksheet, action_id: str, field: str) -> Cell:
    """Return the cell of a field of an action."""
    column = next(cell.column for cell in sheet[_COLUMNS] if cell.value == field)
    row = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == action_id)
    return sheet.cell(row, column)  # type: ignore[return-value]


def fill_actions(path: Path, filled: Filled, to: Path | None = None) -> Path:
    """Fill in fields of actions, by id, and save the workbook, or a copy of it."""
    book = load_workbook(path)
    for action_id, fields in filled.items():
        for field, value in fields.items():
            cell_of(book.worksheets[0], action_id, field).value = value
    target = to or path
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return target
