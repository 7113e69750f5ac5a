"""The sheet that goes back to a unit: what has to be corrected in its files, and a text to mail with it."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import Problem
from tilsyn.formats.in_memory import saved

_WIDTHS = (26, 18, 10, 60, 70)
_WRAPPED = Alignment(vertical="top", wrap_text=True)


def returned_bytes(unit: str, subject: str, problems: Sequence[Problem], known: Sequence[str]) -> bytes:
    """Return the workbook; `known` are the ids of cases, which are no CPR numbers whatever they look like."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = say("load.return_sheet")
    _corrections(sheet, problems, known)
    _mail(book.create_sheet(say("load.return_mail_sheet")), unit, subject, problems, known)
    for printed in book.worksheets:
        # On paper the place of a problem and its remedy stand on one page.
        printed.page_setup.paperSize = printed.PAPERSIZE_A4
        printed.page_setup.orientation = "landscape"
        printed.page_setup.fitToHeight = 0
        printed.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.title = say("load.return_title", unit=unit)
    return saved(book, known=known)


def _corrections(sheet: Worksheet, problems: Sequence[Problem], known: Sequence[str]) -> None:
    headings = ("file", "sheet_column", "cell", "found", "remedy")
    sheet.append([say(f"load.return_{name}") for name in headings])
    for problem in problems:
        place = problem.cell or (str(problem.row) if problem.row is not None else "")
        texts = (problem.file, problem.sheet, place, problem.found, problem.remedy)
        sheet.append([text and mask(text, known) for text in texts])
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = _WRAPPED
            # What was found is a text, whatever it begins with.
            if cell.value is not None:
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(name="Arial", bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color="1F3864")
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _mail(
    sheet: Worksheet, unit: str, subject: str, problems: Sequence[Problem], known: Sequence[str]
) -> None:
    files = ", ".join(dict.fromkeys(problem.file for problem in problems if problem.file))
    values = {"unit": unit, "subject": subject, "n": len(problems), "files": files}
    for line in say("load.return_mail", **values).split("\n"):
        sheet.append([mask(line, known)])
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = _WRAPPED
    sheet.column_dimensions["A"].width = 100
