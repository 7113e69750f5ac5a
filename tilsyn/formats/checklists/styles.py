"""How cells of a checklist look, and how they are filled: each style is made once and shared.

Contrast is at least 4.5 to 1, and no colour says anything that a text does not say too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date
from functools import lru_cache
from textwrap import wrap
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Arial"
DARK, PALE, INPUT, GREY, ALERT, REQUIRED = "1F3864", "D9E2F3", "FFF8DC", "E7E6E6", "9C0006", "FCE4D6"
GREY_TEXT = "404040"
DATE_FORMAT, MOMENT_FORMAT = "dd-mm-yyyy", "dd-mm-yyyy hh:mm"
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINE = 12.75

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
    "answer": {**_INPUT, "number_format": "@"},
    "date": {**_INPUT, "number_format": DATE_FORMAT},
    "moment": {**_INPUT, "number_format": MOMENT_FORMAT},
    "day": {"number_format": DATE_FORMAT, "font": _font()},
    "helper": {"font": _font(size=8)},
}


class Styles:
    """The styles of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        scratch: Worksheet = workbook.create_sheet("_styles")
        self._made: dict[str, StyleArray] = {}
        for row, (name, options) in enumerate(_STYLES.items(), start=1):
            cell: Any = scratch.cell(row, 1)
            for attribute, value in options.items():
                setattr(cell, attribute, value)
            # Text from outside stays text, also when somebody edits it.
            cell.quotePrefix = options.get("number_format") == "@" and name != "answer"
            self._made[name] = copy(cell._style)
        workbook.remove(scratch)

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


# A spreadsheet program does not adjust the rows of a file it did not make.
def height(texts: Mapping[int, str], widths: Sequence[float]) -> float:
    """Return the height, in points, that a row needs for its wrapped texts, by their place in `widths`.

    A width is in characters.

    >>> height({0: "one line"}, [20])
    16.75
    """
    return max((_lines(text, widths[place]) for place, text in texts.items()), default=1) * _LINE + 4


@lru_cache(maxsize=10_000)
def _lines(text: str, width: float) -> int:
    return sum(len(wrap(line, max(4, int(width * 1.28)))) or 1 for line in text.split("\n"))
