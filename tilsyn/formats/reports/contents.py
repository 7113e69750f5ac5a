"""The list of the report's sheets, with links."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.reports.book import Book
from tilsyn.formats.reports.desk import Desk
from tilsyn.reports.paper import NORMAL, Paper, characters, lines, on_paper, row_height
from tilsyn.reports.parts import Report, Sheet

PAPER = Paper(upright=True)
HEADING, NAMES = 12, 26.0


def write_contents(book: Book, ws: Worksheet, report: Report, sheets: Sequence[Sheet]) -> None:
    """Write links to the sheets, layer by layer, and the log's anchor."""
    titles = characters(PAPER.width - on_paper([NAMES]))
    ws.set_column(0, 0, NAMES)
    ws.set_column(1, 1, titles)
    desk = Desk(book, ws, report)
    desk.head(report.title, [report.subtitle], NAMES + titles)
    for layer in ("figures", "annex"):
        listed = [sheet for sheet in sheets if sheet.layer == layer]
        if not listed:
            continue
        desk.row(9)
        desk.text(say(f"web.{layer}"), NAMES + titles, HEADING, bold=True)
        for sheet in listed:
            high = max(lines(sheet.name, NAMES, NORMAL), lines(sheet.title, titles, NORMAL))
            row = desk.row(row_height(high, NORMAL))
            book.put_link(ws, row, sheet.name)
            book.put(ws, row, 1, sheet.title, book.style(text_wrap=True))
    if report.anchor:
        desk.row(9)
        desk.text(say("report.anchor", anchor=report.anchor), NAMES + titles)
    ws.print_area(0, 0, desk.next - 1, 1)
    desk.page(PAPER)
