"""A sheet of the report: what must be known first, one table, and its chart."""

from __future__ import annotations

from xlsxwriter.utility import quote_sheetname, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from tilsyn.formats.reports.book import Book
from tilsyn.formats.reports.desk import Desk, row_heights
from tilsyn.formats.reports.placing import beside, draw_below, draw_beside
from tilsyn.reports.chart_numbers import Series
from tilsyn.reports.fitting import fitted, widened
from tilsyn.reports.paper import WIDEST_DIGIT, Paper, characters, on_paper
from tilsyn.reports.parts import Report, Sheet

LYING, STANDING = Paper(upright=False), Paper(upright=True)
# Between the text and the table, and a rest of the page that is left alone. In points.
GAP, STRIP = 9.0, 20
# With more rows above it than these, a table's heading does not stay in view: the table needs the window.
MOST_FROZEN = 16


def write_sheet(book: Book, ws: Worksheet, sheet: Sheet, report: Report, series: Series | None) -> int:
    """Write a sheet as it is read on the screen and on paper, and return the row of its table's heading.

    `series` is where the numbers of its chart stand.
    """
    paper = STANDING if sheet.portrait and sheet.layer == "annex" else LYING
    columns, scale = fitted(sheet.columns, sheet.rows, paper, sheet.layer)
    high, wide = (length * 100 / scale for length in (paper.height, paper.width))
    desk = Desk(book, ws, report)
    desk.head(sheet.title, sheet.lines, wide / WIDEST_DIGIT)
    heights = row_heights(columns, sheet.rows)
    place = beside(desk, sheet, heights, wide - on_paper([column.width for column in columns]), high)
    if place is None:
        columns = widened(columns, sheet.rows, wide)
        heights = row_heights(columns, sheet.rows)
    widths = [column.width for column in columns]
    rest = wide - on_paper(widths)
    if rest > STRIP:
        widths.append(characters(rest))
    for at, width in enumerate(widths):
        ws.set_column(at, at, width)
    if place is not None:
        heights[1:] = [max(heights[1:])] * len(sheet.rows)
    desk.row(place.title if place else GAP)
    head = desk.table(sheet.key, sheet.title, columns, sheet.rows, heights)
    last = desk.next - 1
    if sheet.chart is not None and series is not None and series.rows:
        if place is not None:
            draw_beside(desk, sheet, sheet.chart, series, place, head)
        else:
            draw_below(desk, sheet, sheet.chart, series, widths, head, high)
    for name, column in sheet.named.items():
        cells = xl_range_abs(head + 1, column, last, column)
        book.workbook.define_name(name, f"={quote_sheetname(sheet.name)}!{cells}")
    ws.freeze_panes(head + 1 if head <= MOST_FROZEN else 0, sheet.fixed)
    ws.repeat_rows(head)
    # What is there for formulas takes a hundred pages: on paper it says so and no more.
    ws.print_area(0, 0, head if sheet.named else desk.next - 1, len(widths) - 1)
    ws.set_print_scale(scale)
    desk.page(paper)
    return head
