"""The report as an Excel workbook: a page in words, tables and charts, to be read aloud and printed."""

from __future__ import annotations

from collections.abc import Collection

from tilsyn.base.language import say
from tilsyn.formats.reports.book import Book, legal
from tilsyn.formats.reports.contents import write_contents
from tilsyn.formats.reports.front import write_front
from tilsyn.formats.reports.sheet import write_sheet
from tilsyn.reports.chart_numbers import numbers_sheet, series_by_sheet
from tilsyn.reports.parts import Report

LANGUAGES = {"da": "da-DK", "en": "en-GB"}


def report_bytes(report: Report, known: Collection[str] = ()) -> bytes:
    """Return the report as .xlsx; the same report gives the same bytes.

    `known` are texts that are no CPR numbers whatever they look like.
    """
    said = {
        "subject": legal(report.subtitle),
        "author": legal(report.organisation),
        "language": LANGUAGES[report.language],
    }
    book = Book(legal(report.title), said, report.day)
    numbers = numbers_sheet(report)
    sheets = [*report.sheets, numbers] if numbers else report.sheets
    write_front(book, book.sheet(say("report.front_tab")), report)
    write_contents(book, book.sheet(say("report.contents_tab")), report, sheets)
    pages = {sheet.key: book.sheet(sheet.name) for sheet in sheets}
    series = {}
    if numbers:
        head = write_sheet(book, pages[numbers.key], numbers, report, None)
        series = series_by_sheet(report, numbers.name, head + 1)
    for sheet in report.sheets:
        write_sheet(book, pages[sheet.key], sheet, report, series.get(sheet.key))
    return book.saved({report.anchor, *known})
