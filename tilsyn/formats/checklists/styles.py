"""How cells of a checklist look, and how they are filled: each style is made once and shared.

Contrast is at least 4.5 to 1, and no colour says anything that a text does not say too.
"""

from __future__ import annotations

import re
from copy import copy
from datetime import date
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Arial"
DARK, PALE, INPUT, GREY, ALERT, REQUIRED = "1F3864", "D9E2F3", "FFF8DC", "E7E6E6", "9C0006", "FCE4D6"
GREY_TEXT, UNUSED = "404040", "F7F7F7"
CRITICAL = "●"
DATE_FORMAT = "dd-mm-yyyy"
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The text of a case sheet; nothing on it is smaller.
SIZE = 8.5

_THIN = Side(style="thin", color="BFBFBF")
_FIELD = Side(style="thin", color="7F7F7F")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FIELD_BOX = Border(left=_FIELD, right=_FIELD, top=_FIELD, bottom=_FIELD)
_TOP = Alignment(vertical="top", wrap_text=True)


def _font(**options: Any) -> Font:
    return Font(name=FONT, **{"size": 10, **options})


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour)


_INPUT: dict[str, Any] = {
    "font": _font(),
    "fill": _fill(INPUT),
    "border": _FIELD_BOX,
    "alignment": _TOP,
    "protection": Protection(locked=False),
}
_PLAIN: dict[str, Any] = {"font": _font(), "border": _BOX, "alignment": _TOP}
_MIDDLE = Alignment(vertical="center")
_CASE: dict[str, Any] = {"font": _font(size=SIZE), "border": _BOX, "alignment": _TOP}
_CASE_INPUT: dict[str, Any] = {**_INPUT, "font": _font(size=SIZE), "number_format": "@"}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font": _font(size=16, bold=True, color=DARK), "alignment": Alignment(vertical="center")},
    "subtitle": {"font": _font(color=GREY_TEXT), "alignment": Alignment(vertical="center")},
    "banner": {
        "font": _font(bold=True, color="FFFFFF"),
        "fill": _fill(ALERT),
        "alignment": Alignment(vertical="center"),
    },
    "counter": {"font": _font(size=12, bold=True, color=DARK), "alignment": Alignment(vertical="center")},
    "total": {
        "font": _font(size=14, bold=True, color=DARK),
        "alignment": Alignment(horizontal="left", vertical="center"),
    },
    "bar": {"font": _font(color=DARK), "alignment": Alignment(vertical="center")},
    "due": {"font": _font(size=11, bold=True, color=ALERT), "alignment": Alignment(vertical="center")},
    "linked_free": {
        "font": _font(size=11, bold=True, color="0000C0", underline="single"),
        "alignment": Alignment(vertical="center"),
    },
    "urgent": {**_PLAIN, "font": _font(bold=True, color=ALERT)},
    "linked": {**_PLAIN, "font": _font(color="0000C0", underline="single"), "number_format": "@"},
    "link": {
        "font": _font(color="0000C0", underline="single"),
        "alignment": Alignment(vertical="center"),
        "number_format": "@",
    },
    "heading": {
        "font": _font(bold=True, color="FFFFFF"),
        "fill": _fill(DARK),
        "border": _BOX,
        "alignment": Alignment(vertical="center", wrap_text=True),
    },
    "section": {
        "font": _font(size=11, bold=True, color=DARK),
        "fill": _fill(PALE),
        "alignment": Alignment(vertical="center"),
    },
    "text": {**_PLAIN, "number_format": "@"},
    "strong": {**_PLAIN, "font": _font(bold=True), "number_format": "@"},
    "free": {"font": _font(), "alignment": _TOP, "number_format": "@"},
    "calculated": _PLAIN,
    "state": {**_PLAIN, "font": _font(italic=True, color=GREY_TEXT)},
    "figure": {**_PLAIN, "alignment": Alignment(horizontal="center", vertical="top")},
    "day": {"number_format": DATE_FORMAT, "font": _font()},
    "helper": {"font": _font(size=8)},
    "case_title": {"font": _font(size=12, bold=True, color=DARK), "alignment": _MIDDLE},
    "case_missing": {
        "font": _font(size=10, bold=True, color=ALERT),
        "alignment": Alignment(horizontal="right", vertical="center"),
    },
    "case_line": {"font": _font(size=SIZE, color=GREY_TEXT), "alignment": _MIDDLE, "number_format": "@"},
    "case_facts": {"font": _font(size=SIZE, color=GREY_TEXT), "alignment": _TOP, "number_format": "@"},
    "case_letters": {"font": _font(size=SIZE, color=DARK), "alignment": _TOP},
    "case_heading": {
        "font": _font(size=SIZE, bold=True, color="FFFFFF"),
        "fill": _fill(DARK),
        "alignment": Alignment(vertical="center", wrap_text=True),
    },
    "step": {
        "font": _font(size=SIZE, bold=True, color=DARK),
        "fill": _fill(PALE),
        "border": _BOX,
        "alignment": _TOP,
    },
    "case_text": {**_CASE, "number_format": "@"},
    "case_strong": {**_CASE, "font": _font(size=SIZE, bold=True), "number_format": "@"},
    "case_calculated": _CASE,
    "case_label": {"font": _font(size=SIZE), "alignment": Alignment(vertical="top")},
    "case_state": {"font": _font(size=SIZE, italic=True, color=GREY_TEXT), "alignment": _MIDDLE},
    "case_answer": {
        **_CASE_INPUT,
        "font": _font(size=SIZE, bold=True),
        "alignment": Alignment(horizontal="center", vertical="top"),
    },
    "case_input": _CASE_INPUT,
    "case_date": {**_CASE_INPUT, "alignment": Alignment(vertical="top")},
    "case_blank": {**_CASE, "fill": _fill(UNUSED)},
}


# Where a workbook keeps its styles, which cells name by their number.
_TABLES = (
    "_fonts", "_fills", "_borders", "_alignments", "_protections", "_number_formats", "_cell_styles",
    "_differential_styles", "_named_styles",
)  # fmt: skip


class Styles:
    """The styles of one workbook, or of several in which each has the same number."""

    def __init__(self, workbook: Workbook) -> None:
        self._tables = {name: getattr(workbook, name) for name in _TABLES}
        scratch: Worksheet = workbook.create_sheet("_styles")
        # Programs reckon a column's width in digits of the first font.
        fonts: Any = workbook._fonts  # type: ignore[attr-defined]
        fonts[0] = _font()
        self._made: dict[str, StyleArray] = {}
        for row, (name, options) in enumerate(_STYLES.items(), start=1):
            cell: Any = scratch.cell(row, 1)
            for attribute, value in options.items():
                setattr(cell, attribute, value)
            # Text from outside stays text, also when somebody edits it.
            cell.quotePrefix = options.get("number_format") == "@" and "protection" not in options
            self._made[name] = copy(cell._style)
        workbook.remove(scratch)

    def lend(self, workbook: Workbook) -> None:
        """Let another workbook, still empty, have the same styles."""
        for name, table in self._tables.items():
            setattr(workbook, name, table)

    def put(
        self, sheet: Worksheet, row: int, column: int, value: str | int | date | None, style: str
    ) -> Cell:
        """Fill a cell; a text is never a formula, whatever it begins with."""
        if isinstance(value, str) and value:
            return self._add(sheet, row, column, ILLEGAL.sub("", value), "s", style)
        value = None if value == "" else value
        return self._add(sheet, row, column, value, "d" if isinstance(value, date) else "n", style)

    def formula(self, sheet: Worksheet, row: int, column: int, formula: str, style: str) -> Cell:
        """Fill a cell with a formula."""
        return self._add(sheet, row, column, formula, "f", style)

    def _add(self, sheet: Any, row: int, column: int, value: object, kind: str, style: str) -> Cell:
        # Past openpyxl's own guessing of types, which makes a formula of a text and takes its time.
        cell: Any = Cell(sheet, row=row, column=column)
        cell._value, cell.data_type, cell._style = value, kind, self._made[style]
        sheet._cells[row, column] = cell
        return cast(Cell, cell)
