"""The page for the committee: one page upright, read from top to bottom, no colour needed."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tilsyn.formats.reports.book import INK, PALE, Book
from tilsyn.formats.reports.desk import Desk
from tilsyn.reports.front import COLUMNS, PAPER, WIDTH, front_font, front_heights, front_rows
from tilsyn.reports.parts import Report

BESIDE = {"left": 1, "left_color": INK, "indent": 1, "valign": "top"}
LOOKS: dict[str, dict[str, Any]] = {
    "warning": {"border": 2, "border_color": INK, "bg_color": PALE, "indent": 1},
    "heading": {"bottom": 1, "bottom_color": INK, "valign": "bottom"},
    "sentence": {"indent": 1},
    "field": {"border": 1, "border_color": INK},
    "label": BESIDE | {"top": 2, "top_color": INK},
    "figure": BESIDE | {"valign": "vcenter"},
    "range": BESIDE,
    "before": BESIDE,
}


def write_front(book: Book, ws: Worksheet, report: Report) -> None:
    """Write the page: its gaps and fields are given the room that the texts leave; it never is two pages."""
    rows = front_rows(report)
    ws.set_column(0, COLUMNS - 1, WIDTH)
    for at, (row, height) in enumerate(zip(rows, front_heights(rows), strict=True)):
        ws.set_row(at, height)
        if len(row.texts) == COLUMNS:
            for column, text in enumerate(row.texts):
                book.put(ws, at, column, text, _style(book, row.look, text))
        elif row.look != "gap":
            book.put_across(ws, at, COLUMNS - 1, row.texts[0], _style(book, row.look, row.texts[0]))
    ws.print_area(0, 0, len(rows) - 1, COLUMNS - 1)
    ws.center_horizontally()
    ws.fit_to_pages(1, 1)
    Desk(book, ws, report).page(PAPER)


def _style(book: Book, look: str, text: str) -> Format:
    size, bold = front_font(look, text)
    return book.style(font_size=size, bold=bold, text_wrap=True, align="left", **LOOKS.get(look, {}))
