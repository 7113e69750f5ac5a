"""The case sheets of a checklist workbook, and a hand that fills them in as a reviewer would."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.reviews import layout

# What the reviewer of the first case writes: question, answer, remark; the rest is answered ja.
ANSWERS = """
UND-05 | ikke relevant |
SAM-01 | nej           | Samtykket ligger ikke på sagen
AFG-02 | nej (lovlig grund) | Parten kendte oplysningerne
DOK-02 | nej           | To breve mangler
"""
UND_01 = (datetime(2018, 4, 3, 10, 0), datetime(2018, 4, 3, 15, 30))


class CaseSheet:
    """A case sheet, its cells found by key and role as a reader finds them."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        keys = {str(row[0].value): row[0].row for row in sheet.iter_rows() if row[0].value is not None}
        self.headings = keys[layout.COLUMNS_KEY]
        self.columns = {"key": 1} | {
            str(cell.value): cell.column
            for cell in sheet[self.headings]
            if cell.value != layout.COLUMNS_KEY and cell.value
        }
        questions = {
            str(sheet.cell(row[0].row, self.columns["question"]).value): row[0].row
            for row in sheet.iter_rows()
            if row[0].value == layout.QUESTION_KEY
        }
        self.questions = list(questions)
        self.rows = dict(questions)
        self.roles: dict[str, str] = {}
        # Sheets of 0.1 have one column of head fields, their values in `answer`.
        for key_role, role in (("key", "head_left"), ("key_right", "remark")):
            at = self.columns.get(key_role, sheet.max_column + 1)
            for row in sheet.iter_rows(min_col=at, max_col=at):
                key = str(row[0].value)
                if key in layout.HEAD_KEYS or key.startswith(layout.FACT_PREFIX):
                    self.rows[key] = row[0].row or 0
                    self.roles[key] = role if role in self.columns else "answer"

    def cell(self, key: str, role: str = "answer") -> Any:
        """Return the cell of a question or head field."""
        if role == "answer":
            role = self.roles.get(key, role)
        return self.sheet.cell(self.rows[key], self.columns[role])

    def put(self, key: str, value: Any, role: str = "answer") -> None:
        """Write in it."""
        self.cell(key, role).value = value

    def fill(self) -> None:
        """Answer everything as the reviewer of `ANSWERS` does."""
        for key in self.rows:
            if key.startswith(layout.FACT_PREFIX):
                self.put(key, "ja")
        for question in self.questions:
            self.put(question, "ja")
        for line in ANSWERS.strip().splitlines():
            question, answer, remark = (part.strip() for part in line.split("|"))
            self.put(question, answer)
            self.put(question, remark or None, "remark")
        self.put("UND-01", None)
        self.put("UND-01", UND_01[0], "start")
        self.put("UND-01", UND_01[1], "end")
        self.put("BFU-03", None)
        self.put("INV-03", None)
        self.put("act_date", date(2018, 4, 3))
        self.put("reviewed_on", date(2018, 7, 10))
        self.put("reviewer", "områdejurist")


def case_sheets(book: Workbook) -> list[CaseSheet]:
    """Return a workbook's case sheets, in their order."""
    return [CaseSheet(sheet) for sheet in book.worksheets if sheet["A1"].value in layout.CASE_MARKS]


def fill_first(path: Path) -> Workbook:
    """Fill in a workbook's first case, and leave the others blank."""
    book = load_workbook(path)
    case_sheets(book)[0].fill()
    book.save(path)
    return book
