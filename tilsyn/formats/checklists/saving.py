"""Saves workbooks of very many cells: openpyxl's own file, the rows of its sheets written as text.

openpyxl builds an XML element per cell, which took half of the time of a level-1 round with its 231 sheets.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter

from tilsyn.formats.in_memory import MemoryWriter, saved

# Days are counted from 30 December 1899, which is right from March 1900 on.
_DAY_ZERO = date(1899, 12, 30).toordinal()
# Spreadsheet programs read such a code as its character; its first underscore as a code stands for itself.
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EMPTY_ROWS = re.compile(rb"<sheetData ?(?:/>|></sheetData>)")


def checklist_bytes(workbook: Workbook, known: Collection[str]) -> bytes:
    """Return a workbook, filled in by `Styles`, of texts, whole numbers, dates without a time, and formulas.

    It has no comments, charts or tables.
    """
    return saved(workbook, _Writer, known)


class _Sheet(WorksheetWriter):
    """Writes all of a sheet but its rows."""

    def rows(self) -> list[Any]:
        sheet: Any = self.ws
        links = (cell.hyperlink for cell in sheet._cells.values())
        sheet._hyperlinks.extend(link for link in links if link is not None)
        return []


class _Writer(MemoryWriter):
    """Writes the parts of the file; the sheets by `_Sheet`."""

    sheet_writer = _Sheet

    def content(self, sheet: Any, written: bytes) -> bytes:
        rows = _rows(sheet, {}).encode("utf-8")
        content, found = _EMPTY_ROWS.subn(lambda _: rows, written, count=1)
        if found != 1:
            raise RuntimeError("openpyxl writes its rows in another way")
        return content


def _rows(sheet: Any, styles: dict[int, str]) -> str:
    cells: dict[int, list[str]] = defaultdict(list)
    for (row, column), cell in sorted(sheet._cells.items()):
        style = styles.get(id(cell._style))
        if style is None:
            style = styles[id(cell._style)] = str(cell.style_id)
        cells[row].append(_cell(f"{get_column_letter(column)}{row}", style, cell.data_type, cell.value))
    parts = ["<sheetData>"]
    for row, written in sorted(cells.items()):
        # Asking for a row that has none would make it one.
        dimension = sheet.row_dimensions.get(row, ())
        attributes = "".join(f' {key}="{value}"' for key, value in dict(dimension).items())
        parts += [f'<row r="{row}"{attributes}>', *written, "</row>"]
    parts.append("</sheetData>")
    return "".join(parts)


def _cell(place: str, style: str, kind: str, value: Any) -> str:
    start = f'<c r="{place}" s="{style}"'
    if value is None:
        return start + "/>"
    if kind == "s":
        text = escape(_CODE.sub("_x005F_", value))
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if kind == "f":
        return f"{start}><f>{escape(value[1:])}</f><v/></c>"
    number = value.toordinal() - _DAY_ZERO if kind == "d" else value
    return f'{start} t="n"><v>{number}</v></c>'
