"""An organisation that is no Danish municipality: its settings, its draw, and its workbooks as they are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace

SETTINGS = """
language = "en"
[organisation]
name = "Northshire"
slug = "northshire"
[register]
path = "sagsliste.csv"
as_of = 2026-06-30
columns = { case_id = "File", unit = "Team" }
[[plan]]
valid_from = 2017-01-01
question_set = ["practice"]
[plan.levels.2]
cadence = "quarter"
per_unit = 4
[plan.levels.3]
cadence = "quarter"
total = 4
"""
DRAW_2 = "draw 2 --period 2026-Q2 --seed 'dice 3 July 2026: 6 2 5 1' --seed-origin dice"


def set_up(tilsyn: CommandLine, cases: int, settings: str = SETTINGS, **catalogues: str) -> None:
    """Make its workspace with so many cases, F-1 and on, and catalogues by their names."""
    tilsyn.today = "2026-07-20"
    make_workspace(tilsyn.root, settings, [f"F-{n};North" for n in range(1, cases + 1)], "File;Team")
    for name, text in catalogues.items():
        tilsyn.write(f"checklists/{name}.toml", text)


def workbook(tilsyn: CommandLine, level: int = 2) -> Path:
    """Return the workbook of a level, made where it was not."""
    made = tilsyn(f"checklists {level} --period 2026-Q2 --format json").json
    path = tilsyn.root / made["workbooks"][0]["file"]
    assert isinstance(path, Path)
    return path


def fill(path: Path, typed: Mapping[str, Mapping[str, str]]) -> Path:
    """Type into each case what is given by question or part of the head, with who read it and when."""
    book = load_workbook(path)
    for sheet in case_sheets(book):
        said = {"reviewed_on": "14/7-26", "reviewer": "reviewer 1", **typed[sheet.sheet.title]}
        for key, word in said.items():
            sheet.put(key, word or None)
    book.save(path)
    return path
