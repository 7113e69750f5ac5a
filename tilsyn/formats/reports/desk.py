"""A sheet being written from above: rows of text, a table, and what stands around each page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.reports.book import INK, PALE, RULE, Book, legal
from tilsyn.reports.fitting import NUMERIC, SIZE, cell_value, formats
from tilsyn.reports.paper import FONT, Paper, broken, lines, row_height
from tilsyn.reports.parts import Column, Report, Value

TITLE = 14
# What Excel lets stand in a page's head or foot, its codes with it.
LONGEST_EDGE = 255


class Desk:
    """A sheet with its next row; `heights` are those of its rows so far, in points."""

    def __init__(self, book: Book, ws: Worksheet, report: Report) -> None:
        self.book = book
        self.ws = ws
        self.report = report
        self.heights: list[float] = []

    @property
    def next(self) -> int:
        """The next row, from 0."""
        return len(self.heights)

    def row(self, height: float) -> int:
        """Take the next row."""
        self.ws.set_row(self.next, height)
        self.heights.append(height)
        return self.next - 1

    def text(self, text: str, room: float, size: float = SIZE, bold: bool = False) -> None:
        """Write a paragraph in as many rows as it takes, no cells merged."""
        style = self.book.style(font_size=size, bold=bold)
        for line in broken(text, room, size, bold):
            self.book.put(self.ws, self.row(row_height(1, size, 1)), 0, line, style)

    def head(self, title: str, notes: Sequence[str], room: float) -> None:
        """Write a sheet's title, what must be said on every sheet, and its own notes."""
        self.text(title, room, TITLE, bold=True)
        for said in (self.report.preliminary, *self.report.warnings):
            if said:
                self.text(said, room, bold=True)
        for note in notes:
            self.text(note, room)

    def table(
        self,
        key: str,
        title: str,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Value]],
        heights: Sequence[float],
    ) -> int:
        """Write a table and return its heading's row; `heights` are those of the heading and its rows."""
        head = self.row(heights[0])
        shown = formats(self.report)
        styles = [
            self.book.style(
                font_size=SIZE,
                bottom=4,
                bottom_color=RULE,
                text_wrap=column.kind not in NUMERIC,
                num_format=shown.get(column.kind, "General"),
                **_side(column),
            )
            for column in columns
        ]
        # A table without any row is none.
        for values, height in zip(rows or [[None] * len(columns)], heights[1:], strict=True):
            row = self.row(height)
            for at, (value, column) in enumerate(zip(values, columns, strict=True)):
                value = cell_value(value, column.kind, self.report.public)
                self.book.put(self.ws, row, at, value, styles[at])
        headings = []
        for at, column in enumerate(columns):
            style = self._heading_style(column)
            self.book.put(self.ws, head, at, column.heading, style)
            headings.append({"header": legal(column.heading), "header_format": style})
        told = say("report.table_alt", title=title, rows=len(rows), columns=len(columns))
        look = {"style": None, "autofilter": False, "banded_rows": False, "title": legal(told)}
        self.ws.add_table(
            head, 0, self.next - 1, len(columns) - 1, {"name": key, "columns": headings, **look}
        )
        return head

    def page(self, paper: Paper) -> None:
        """Set up A4, who and what in the foot of each page, and in its head that it is not final."""
        ws, report = self.ws, self.report
        ws.hide_gridlines(2)
        ws.set_paper(9)
        if paper.upright:
            ws.set_portrait()
        else:
            ws.set_landscape()
        ws.set_margins(paper.side, paper.side, paper.top, paper.bottom)
        confidential = "" if report.public else say("web.confidential_short")
        head = " · ".join(filter(None, [confidential, report.preliminary]))
        if head:
            ws.set_header(_edge("C", "Bold", head, LONGEST_EDGE))
        pages = _edge("R", "Regular", "", 0) + say("report.footer_page", page="&P", pages="&N")
        room = LONGEST_EDGE - len(pages)
        log = f"\n{say('report.footer_anchor', anchor=report.anchor)}" if report.anchor else ""
        ws.set_footer(
            _edge("L", "Regular", f"{report.organisation}. {report.title}", room - len(log)) + log + pages
        )

    def _heading_style(self, column: Column) -> Format:
        return self.book.style(
            font_size=SIZE,
            bold=True,
            bg_color=PALE,
            top=1,
            bottom=2,
            border_color=INK,
            text_wrap=True,
            **(_side(column) | {"valign": "bottom"}),
        )


def row_heights(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[float]:
    """Return the heights of a table's heading and of its rows: enough for the longest text of each."""
    headings = [lines(c.heading, c.width, SIZE, True, _indent(c)) for c in columns]
    made = [row_height(max(headings), SIZE, 6)]
    for values in rows or [[]]:
        texts = [(v, c) for v, c in zip(values, columns, strict=False) if isinstance(v, str)]
        count = max((lines(text, c.width, SIZE, indent=_indent(c)) for text, c in texts), default=1)
        made.append(row_height(count, SIZE, 5))
    return made


def _side(column: Column) -> dict[str, Any]:
    """Numbers stand to the right, their signs and headings with them."""
    return {"align": "right"} if column.kind in NUMERIC else {"align": "left", "indent": 1}


def _indent(column: Column) -> int:
    return 0 if column.kind in NUMERIC else 1


def _edge(side: str, weight: str, text: str, longest: int) -> str:
    """Return a text as it stands in a page's head or foot, shortened to what programs allow."""
    # A space parts the size from a number.
    codes = f'&{side}&"{FONT},{weight}"&8 '
    text = legal(text).replace("\n", " ")
    while text and len(codes) + len(_marked(text)) > longest:
        text = text[:-2] + "…" if len(text) > 2 else ""
    return codes + _marked(text)


def _marked(text: str) -> str:
    """Return a text whose ampersands are no codes; a size after one keeps it from being a picture's.

    >>> _marked("R&D, B&G")
    'R&&D, B&&&8G'
    """
    return re.sub(r"&&(?=[G\[])", "&&&8", text.replace("&", "&&"))
