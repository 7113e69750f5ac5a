"""The feedback to a caseworker's leader as a workbook: a sheet a case, an upright A4 page each."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.checklists import text_size
from tilsyn.formats.checklists.saving import checklist_bytes
from tilsyn.formats.checklists.styles import CRITICAL, SIZE, Styles
from tilsyn.formats.checklists.writer import sheet_names
from tilsyn.reports.feedback import FeedbackLine, FeedbackPage

# Number, question, law, what is told; in digits of the font, which are so many points wide.
_WIDTHS = (8, 38, 17, 33)
_DIGIT = 5.6
_ROW = 13.0
# What fits on a page at full size; a longer one is made smaller, down to two thirds, before it runs over.
_PAGE = 760.0
_LONGEST = _PAGE * 1.5


def feedback_bytes(
    title: str, pages: Sequence[FeedbackPage], anchor: str, known: Collection[str] = ()
) -> bytes:
    """Return the workbook as .xlsx; `known` are texts that are no CPR numbers whatever they look like."""
    book = Workbook()
    first = book.worksheets[0]
    styles = Styles(book)
    for name, page in zip(sheet_names([page.case_id for page in pages], []), pages, strict=True):
        _Page(book.create_sheet(name), styles).write(page, anchor)
    book.remove(first)
    book.properties.title = title
    return checklist_bytes(book, {anchor, *known})


class _Page:
    """One case's sheet, written from the top."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self._sheet = sheet
        self._styles = styles
        self._row = 0
        self._height = 0.0

    def write(self, page: FeedbackPage, anchor: str) -> None:
        for letter, width in zip("ABCD", _WIDTHS, strict=True):
            self._sheet.column_dimensions[letter].width = width
        self._free(say("feedback.page_title", case=page.case_id), "case_title", height=22)
        if page.simulated:
            self._whole(say("checklist.simulated"), "banner")
        for label, value in page.facts:
            self._next()
            self._put(1, label, "case_label")
            self._put(3, value, "case_label")
        self._lines(say("feedback.right"), page.right)
        self._lines(say("feedback.wrong"), page.wrong)
        if page.graded:
            self._lines(say("feedback.graded"), page.graded)
        for heading, text in page.closing:
            self._section(heading)
            self._whole(text, "case_text")
        if any(line.critical for line in (*page.right, *page.wrong, *page.graded)):
            self._free(say("checklist.critical_told", mark=CRITICAL), "case_line")
        self._set_up(anchor)

    def _lines(self, title: str, lines: Sequence[FeedbackLine]) -> None:
        self._section(title)
        if not lines:
            self._free(say("feedback.none"), "case_line")
            return
        self._next()
        for column, name in enumerate(("number", "question", "law", "told"), start=1):
            self._put(column, say(f"feedback.column_{name}"), "case_heading")
        for line in lines:
            mark = f"{CRITICAL} " if line.critical else ""
            cells = (line.question, f"{mark}{line.text}", line.law, "\n".join(line.told))
            self._next(max(_height(text, width) for text, width in zip(cells, _WIDTHS, strict=True)))
            for column, text in enumerate(cells, start=1):
                self._put(column, text, "case_text")

    def _section(self, title: str) -> None:
        self._next(6)
        self._next(16)
        for column in range(1, len(_WIDTHS) + 1):
            self._put(column, title if column == 1 else "", "section")

    def _free(self, text: str, style: str, height: float = _ROW) -> None:
        """Write a line that runs on over the empty cells beside it."""
        self._next(height)
        self._put(1, text, style)

    def _whole(self, text: str, style: str) -> None:
        """Write a text over the whole width, as high as it needs."""
        self._next(_height(text, sum(_WIDTHS)))
        for column in range(1, len(_WIDTHS) + 1):
            self._put(column, text if column == 1 else "", style)
        self._sheet.merge_cells(
            start_row=self._row, end_row=self._row, start_column=1, end_column=len(_WIDTHS)
        )

    def _next(self, height: float = _ROW) -> None:
        self._row += 1
        self._height += height
        self._sheet.row_dimensions[self._row].height = height

    def _put(self, column: int, text: str, style: str) -> None:
        self._styles.put(self._sheet, self._row, column, text, style)

    def _set_up(self, anchor: str) -> None:
        """An upright A4 page: one wide, and one high unless it would be too small to read."""
        sheet = self._sheet
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "portrait"
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 1 if self._height <= _LONGEST else 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.4, bottom=0.5, header=0.2, footer=0.2)
        sheet.print_area = f"A1:D{self._row}"
        sheet.sheet_view.showGridLines = False
        foot = sheet.oddFooter
        assert foot is not None
        foot.center.text = say("checklist.footer_anchor", anchor=anchor)


def _height(text: str, width: float) -> float:
    return max(_ROW, text_size.height(text, width * _DIGIT, SIZE) + 2)
