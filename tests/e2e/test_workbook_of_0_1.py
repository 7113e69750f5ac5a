"""A workbook that version 0.1 made is read as it was: the answers that the same version has on record."""

from __future__ import annotations

import shutil
from pathlib import Path

from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tilsyn.reviews import layout

DATA = Path(__file__).parent.parent / "data"


def test_a_workbook_made_by_0_1_agrees_with_what_0_1_recorded(tilsyn: CommandLine) -> None:
    shutil.copytree(DATA / "workspace-0.1", tilsyn.root, dirs_exist_ok=True)
    path = shutil.copy(DATA / "workbook-0.1" / "nord.xlsx", tilsyn.root / "nord.xlsx")
    loaded = tilsyn("load nord.xlsx --today 2018-07-20 --format json").json["loaded"]
    assert [(file["cases"], file["answers"], file["complete"]) for file in loaded] == [(4, 144, 4)]
    book = load_workbook(path)
    case = case_sheets(book)[0]
    assert case.sheet["A1"].value == layout.FIRST_CASE_MARK
    case.put("AFG-02", "nej (lovlig grund)")
    case.put("AFG-02", "kendte oplysningerne", "remark")
    book.save(tilsyn.root / "nord-2.xlsx")
    told = tilsyn("load nord-2.xlsx --today 2018-07-20", code=3).told
    assert f"celle {case.cell('AFG-02').coordinate}" in told
    assert "svar-2-2018-Q2.csv" in told
