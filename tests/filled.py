"""A small workspace with a draw and its workbooks, and a hand that fills them in as a reviewer would."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import Request, make_draw
from tilsyn.workspace.draws import Draw, load_draw
from tilsyn.workspace.workspace import Workspace

ROOT = Path(__file__).parent.parent
TODAY = date(2018, 7, 20)
PERIOD = Period.parse("2018-Q2")
SETTINGS = """
language = "da"
[organisation]
name = "Testby"
slug = "testby"
[register]
path = "register.csv"
as_of = 2018-07-02
[register.columns]
case_id = "Sagsnr"
unit = "Enhed"
case_type = "Sagstype"
[[plan]]
valid_from = 2017-01-01
question_set = ["serviceloven"]
[plan.levels.2]
cadence = "quarter"
per_unit = 3
reserve = 2
"""

# What the reviewer of the first case of Nord writes: question, answer, remark; the rest is answered ja.
ANSWERS = """
UND-05 | ikke relevant |
SAM-01 | nej           | Samtykket ligger ikke på sagen
AFG-02 | nej (lovlig grund) | Parten kendte oplysningerne
DOK-02 | nej           | To breve mangler
"""
UND_01 = (datetime(2018, 4, 3, 10, 0), datetime(2018, 4, 3, 15, 30))


def make_workspace(
    root: Path, period: Period = PERIOD, settings: str = SETTINGS, drawn_on: date = date(2018, 7, 2)
) -> tuple[Workspace, Draw]:
    """Make a workspace of two units, a draw of three cases each, and their workbooks."""
    root.mkdir(parents=True)
    shutil.copytree(ROOT / "checklists", root / "checklists", ignore=shutil.ignore_patterns("20*"))
    (root / "tilsyn.toml").write_text(settings, "utf-8")
    rows = [f"2018-{n:04d};{'Nord' if n % 2 else 'Syd'};Anbringelse" for n in range(1, 21)]
    (root / "register.csv").write_text("\n".join(["Sagsnr;Enhed;Sagstype", *rows]) + "\n", "utf-8")
    clock.set_today(drawn_on)
    workspace = Workspace.find(root)
    request = Request(seed="terninger 3. juli 2018: 6 2 5 1", seed_origin="terninger")
    draw = make_draw(workspace, 2, period, request).draw
    make_workbooks(workspace, draw)
    clock.set_today(TODAY)
    return workspace, draw


def copy_workspace(made: Path, root: Path) -> tuple[Workspace, Draw]:
    """Copy a workspace that was made before."""
    shutil.copytree(made, root)
    clock.set_today(TODAY)
    workspace = Workspace.find(root)
    return workspace, load_draw(workspace, 2, PERIOD)


def workbook_of(workspace: Workspace, unit: str = "nord") -> Path:
    """Return the path of a unit's workbook."""
    return workspace.checklists_dir(PERIOD, 2) / f"{unit}.xlsx"


class Form:
    """A case sheet, its cells found by key and role."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        rows = {str(row[0].value): row for row in sheet.iter_rows() if row[0].value is not None}
        self.columns = {str(cell.value): cell.column for cell in rows["columns"] if cell.value}
        self.rows = {key: row[0].row for key, row in rows.items()}
        place = self.columns["question"]
        for row in sheet.iter_rows():
            if row[0].value == "question":
                self.rows[str(row[place - 1].value)] = row[0].row

    @property
    def questions(self) -> list[str]:
        """The ids of its questions."""
        return [key for key in self.rows if key[3:4] == "-"]

    def cell(self, key: str, role: str = "answer") -> Any:
        """Return the cell of a question or head field."""
        return self.sheet.cell(self.rows[key], self.columns[role])

    def put(self, key: str, value: Any, role: str = "answer") -> None:
        """Write in it."""
        self.cell(key, role).value = value

    def fill(self) -> None:
        """Answer everything as the reviewer of `ANSWERS` does."""
        for key in self.rows:
            if key.startswith("fact:"):
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


def forms(book: Workbook) -> Iterator[Form]:
    """Yield the case sheets of a workbook."""
    for sheet in book.worksheets:
        if sheet["A1"].value == "tilsyn/case/1":
            yield Form(sheet)


def first_form(book: Workbook) -> Form:
    """Return a workbook's first case sheet."""
    return next(forms(book))


def fill_first(path: Path) -> Workbook:
    """Fill in a workbook's first case, and leave the others blank."""
    book = load_workbook(path)
    first_form(book).fill()
    book.save(path)
    return book
