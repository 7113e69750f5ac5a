"""Checklists for tests: the packaged questions, a few cases, and a way to fill a case sheet in."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.periods import Period
from tilsyn.formats.checklists.writer import About, write_workbook
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import QuestionSet, merged
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Case, Part, checklist
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue

LAWS = ("serviceloven", "barnets-lov")
FACTS = {"case_type": "Sagstype: Anbringelse", "decided": "Afgørelsesdato: 08-07-2015"}


def questions(*names: str) -> QuestionSet:
    """Return the set of packaged catalogues; both laws unless others are named."""
    return merged([read_catalogue(packaged_folder() / f"{name}.toml") for name in names or LAWS])


def about(question_set: QuestionSet, period: str = "2018-Q2", level: int = 2, **changes: Any) -> About:
    """Return what a workbook says of itself."""
    at = Period.parse(period)
    values: dict[str, Any] = {
        "checklist": checklist(question_set, level, at.end),
        "draw_id": f"bbu/{period}/level-{level}",
        "organisation": "Borgercenter Børn og Unge",
        "period": at,
        "level": level,
        "working_days": WorkingDays(),
        "made_on": date(2018, 7, 3),
        "simulated": False,
        "blind": True,
    }
    return About(**values | changes)


def cases(*case_ids: str, **values: Any) -> tuple[Case, ...]:
    """Return cases of one unit."""
    return tuple(Case(case_id, "Amager", **{"facts": FACTS, **values}) for case_id in case_ids)


def written(path: Path, about_it: About, made: Iterable[Case]) -> Workbook:
    """Write a workbook and read it back."""
    write_workbook(path, about_it, Part(path.stem, "Amager", tuple(made)))
    return load_workbook(path)


class Filled:
    """A case sheet's cells by role and key, as a reader finds them."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        heading = next(row for row in sheet.iter_rows() if row[0].value == layout.COLUMNS_KEY)
        self.column = {layout.ROLES[0]: 1} | {
            str(c.value): c.column for c in heading[1:] if c.value in layout.ROLES
        }
        self.row: dict[str, int] = {}
        for cells in sheet.iter_rows(min_row=heading[0].row + 1):
            key = cells[0].value
            if key == layout.QUESTION_KEY:
                key = cells[self.column["question"] - 1].value
            if key and key not in (layout.SECTION_KEY, layout.TEXT_KEY):
                self.row[str(key)] = cells[0].row

    def cell(self, key: str, role: str) -> Any:
        """Return the cell of a row and role."""
        return self.sheet.cell(self.row[key], self.column[role])

    def put(self, key: str, **values: Any) -> None:
        """Fill in cells by role; None leaves one empty."""
        for role, value in values.items():
            if value is not None:
                self.cell(key, role).value = value


def case_sheets(workbook: Workbook) -> list[Worksheet]:
    """Return the case sheets, in their order."""
    return [sheet for sheet in workbook.worksheets if sheet["A1"].value == layout.CASE_MARK]


def resaved(path: Path, folder: Path, suffix: str = "xlsx") -> Path:
    """Open a workbook in LibreOffice, calculate it, and save it in another folder."""
    folder.mkdir(exist_ok=True)
    # One profile for all tests of a process: making a new one takes LibreOffice longer than the rest.
    profile = (
        f"-env:UserInstallation=file://{Path(tempfile.gettempdir()) / f'tilsyn-libreoffice-{os.getpid()}'}"
    )
    command = ["soffice", profile, "--headless", "--convert-to", suffix, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.{suffix}"
