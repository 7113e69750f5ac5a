"""The report as an Excel workbook: a table per sheet, made to be read aloud, printed, no colour needed."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Sequence
from functools import lru_cache

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.reports.chart import add_chart, chart_height
from tilsyn.formats.reports.package import packed
from tilsyn.reports.parts import Column, Report, Sheet, Value

FONT = "Arial"
INK, PALE, RULE, LINK = "1F2933", "E3E9F0", "B8C2CC", "0B4F8A"
FORMATS = {"count": "#,##0", "share": "0.0%", "points": "+0.0;-0.0;0.0", "number": "0.0", "p": "0.000"}
WHOLE = {"share": "0%", "points": "+0;-0;0"}
NUMERIC = ("range", "count", "share", "points", "number", "p")
KINDS = ("id", "text", "long", *NUMERIC)
LINE = 13.0
# Characters of text to a character of column width, in cells that wrap and in lines that run on.
FITS, FREE, FREE_BOLD = 1.2, 1.3, 1.15
# A chart taller than this (in cm) has its table on the next page.
HALF_PAGE = 14
ROWS_PER_CM = 28.35 / 15


def report_bytes(report: Report, known: Collection[str] = ()) -> bytes:
    """Return the report as .xlsx; the same report gives the same bytes.

    `known` are texts that are no CPR numbers whatever they look like.
    """
    book = Workbook()
    cover = book.worksheets[0]
    for style in _styles(report.public):
        book.add_named_style(style)
    tables = {}
    for sheet in report.sheets:
        _sheet(book.create_sheet(sheet.name), sheet, report)
        tables[sheet.key] = _table_text(sheet.title, len(sheet.rows), len(sheet.columns))
    _cover(cover, report)
    book.properties.title = report.title
    book.properties.subject = report.subtitle
    book.properties.creator = report.organisation
    book.properties.language = {"da": "da-DK", "en": "en-GB"}[report.language]
    charts = [sheet.chart.alt_text for sheet in report.sheets if sheet.chart is not None]
    return packed(book, report.day, charts, tables, {report.anchor, *known})


def _table_text(title: str, rows: int, columns: int) -> str:
    return say("report.table_alt", title=title, rows=rows, columns=columns)


def _sheet(ws: Worksheet, sheet: Sheet, report: Report) -> None:
    width = sum(column.width for column in sheet.columns)
    row = _title(ws, sheet.title)
    for line in report.warnings:
        row = _lines(ws, row, line, width, bold=True)
    for line in sheet.lines:
        row = _lines(ws, row, line, width)
    head = row + 1
    if sheet.chart is not None:
        height = chart_height(len(sheet.rows), sheet.chart.baseline is not None)
        head = row + 2 + math.ceil(height * ROWS_PER_CM)
        if height > HALF_PAGE:
            ws.row_breaks.append(Break(id=head - 1))
    last = _write_table(ws, sheet.columns, sheet.rows, head, sheet.key)
    if sheet.chart is not None:
        add_chart(ws, sheet.chart, row + 1, head, last)
    else:
        ws.freeze_panes = f"{get_column_letter(sheet.fixed + 1)}{head + 1}"
        ws.print_title_rows = f"{head}:{head}"
    _page(ws, report, sheet.portrait, f"A1:{get_column_letter(len(sheet.columns))}{last}")


def _cover(ws: Worksheet, report: Report) -> None:
    """The first sheet: warnings, the result in sentences, the facts, and links to the other sheets."""
    ws.title = say("report.cover_tab")
    ws.column_dimensions["A"].width, ws.column_dimensions["B"].width = 34, 74
    width = 108.0
    row = _title(ws, report.title, 18)
    row = _lines(ws, row, report.subtitle, width)
    for warning in report.warnings:
        row = _lines(ws, row + 1, warning, width, bold=True, fill=PALE)
    row = _lines(ws, row + 1, report.summary.title, width, bold=True)
    for figure in report.summary.figures:
        told = ", ".join(filter(None, (figure.value, figure.range, figure.before)))
        row = _lines(ws, row, f"{figure.label}: {told}", width)
    for block in report.summary.blocks:
        row = _heading(ws, row + 1, block.heading)
        for sentence in block.sentences:
            row = _lines(ws, row, f"• {sentence}", width, indent="   ")
    row = _heading(ws, row + 1, say("report.contents_heading"))
    for sheet in report.sheets:
        link = _put(ws, row, 1, sheet.name, Font(name=FONT, size=10, color=LINK, underline="single"))
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(sheet.name)}!A1")
        _put(ws, row, 2, sheet.title, Font(name=FONT, size=10, color=INK))
        row += 1
    last = row
    if report.anchor:
        last = _lines(ws, last + 2, say("report.anchor", anchor=report.anchor), width) - 1
    _page(ws, report, True, f"A1:B{last}")


def _title(ws: Worksheet, text: str, size: int = 14) -> int:
    _put(ws, 1, 1, text, Font(name=FONT, size=size, bold=True, color=INK))
    ws.row_dimensions[1].height = size * 1.7
    return 2


def _heading(ws: Worksheet, row: int, text: str) -> int:
    _put(ws, row, 1, text, Font(name=FONT, size=12, bold=True, color=INK))
    ws.row_dimensions[row].height = 20
    return row + 1


def _lines(
    ws: Worksheet,
    row: int,
    text: str,
    width: float,
    bold: bool = False,
    fill: str | None = None,
    indent: str = "",
) -> int:
    """Write a paragraph in as many rows as it takes, no cells merged, and return the next row."""
    for line in textwrap.wrap(text, int(width * (FREE_BOLD if bold else FREE)), subsequent_indent=indent):
        cell = _put(ws, row, 1, line, Font(name=FONT, size=10, bold=bold, color=INK))
        if fill:
            for at in (1, 2):
                ws.cell(row, at).fill = PatternFill("solid", fgColor=fill)
        cell.alignment = Alignment(vertical="center")
        row += 1
    return row


def _put(ws: Worksheet, row: int, column: int, text: str, font: Font) -> Cell:
    cell = _cell(ws, row, column, text)
    cell.font = font
    return cell


def _cell(ws: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Fill a cell; text stays text, also when it begins with `=`."""
    cell = ws.cell(row, column)
    assert isinstance(cell, Cell)  # no cell is ever merged
    if isinstance(value, str) and value:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        cell.data_type = "s"
    elif not isinstance(value, str):
        cell.value = value
    return cell


def _write_table(
    ws: Worksheet,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    head: int,
    key: str,
) -> int:
    """Write a table with its heading in row `head` and return its last row."""
    for at, column in enumerate(columns, 1):
        cell = _put(ws, head, at, column.heading, Font(name=FONT, size=10, bold=True, color=INK))
        cell.fill = PatternFill("solid", fgColor=PALE)
        cell.border = Border(top=Side("thin", INK), bottom=Side("medium", INK))
        right = column.kind in NUMERIC
        side = "right" if right else "left"
        cell.alignment = Alignment(
            wrap_text=True, vertical="bottom", horizontal=side, indent=0 if right else 1
        )
        ws.column_dimensions[get_column_letter(at)].width = column.width
    ws.row_dimensions[head].height = LINE * max(_height(c.heading, c.width, 0.95) for c in columns) + 6
    for row, values in enumerate(rows, head + 1):
        for at, (value, column) in enumerate(zip(values, columns, strict=True), 1):
            _cell(ws, row, at, value).style = column.kind
        texts = [(v, c.width) for v, c in zip(values, columns, strict=True) if isinstance(v, str)]
        ws.row_dimensions[row].height = LINE * max([_height(*text) for text in texts] or [1]) + 4
    last = head + len(rows)
    ws.add_table(Table(displayName=key, ref=f"A{head}:{get_column_letter(len(columns))}{last}"))
    return last


def _styles(public: bool) -> list[NamedStyle]:
    """How each kind of column looks: made once, and named in the workbook."""
    formats = FORMATS | WHOLE if public else FORMATS
    styles = []
    for kind in KINDS:
        right = kind in NUMERIC
        alignment = Alignment(
            wrap_text=kind in ("long", "text"),
            vertical="center",
            horizontal="right" if right else "left",
            indent=0 if right else 1,
        )
        styles.append(
            NamedStyle(
                kind,
                font=Font(name=FONT, size=10, color=INK),
                border=Border(bottom=Side("hair", RULE)),
                alignment=alignment,
                number_format=formats.get(kind, "General"),
            )
        )
    return styles


@lru_cache(maxsize=10_000)
def _height(text: str, width: float, fits: float = FITS) -> int:
    r"""How many lines a text takes in a column.

    >>> _height("landet 2023: 96 %\nnabobyen 2017: 88 %", 60), _height("landet 2020–2022: 69 % (delvis)", 12)
    (2, 3)
    """
    room = max(4, int(width * fits))
    return sum(max(1, len(textwrap.wrap(line, room))) for line in text.split("\n"))


def _page(ws: Worksheet, report: Report, upright: bool, area: str) -> None:
    """A4, the whole width on a page, who and what in the foot of each."""
    ws.page_setup.paperSize = ws.PAPERSIZE_A4
    ws.page_setup.orientation = "portrait" if upright else "landscape"
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_margins = PageMargins(left=0.5, right=0.5, top=0.55, bottom=0.65, header=0.3, footer=0.3)
    ws.print_area = area
    ws.sheet_view.showGridLines = False
    foot = ws.oddFooter
    assert foot is not None
    foot.left.text = f"{report.organisation}. {report.title}".replace("&", "&&")
    foot.center.text = report.anchor and say("report.footer_anchor", anchor=report.anchor)
    foot.right.text = say("report.footer_page", page="&P", pages="&N")
    for part in (foot.left, foot.center, foot.right):
        part.size, part.font = 8, f"{FONT},Regular"
