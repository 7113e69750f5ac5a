"""Workspaces for tests: a register, settings, draws with their workbooks, and reviews."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

Q2 = Period.parse("2018-Q2")
DRAWN_ON = date(2018, 7, 3)
LOADED_ON = date(2018, 7, 20)

# Four levels over the four units of `register_rows`.
SETTINGS = """
[organisation]
name = "Borgercenter Børn og Unge"
slug = "bbu"

[register]
path = "sagsliste.csv"
as_of = 2018-07-02
columns = { case_id = "Sagsnr", unit = "Enhed", caseworker = "Sagsbehandler", opened = "Oprettet", closed = "Lukket", complaint = "Klage" }

[[plan]]
valid_from = 2017-09-01
question_set = "serviceloven"
[plan.levels.1]
cadence = "month"
per_caseworker = 1
[plan.levels.2]
cadence = "quarter"
per_unit = 6
units = { "Døgnvagten" = 3 }
reserve = 2
[plan.levels.3]
cadence = "quarter"
total = 9
[plan.levels.4]
cadence = "quarter"
total = 4
"""
HEADINGS = "Sagsnr;Enhed;Sagsbehandler;Oprettet;Lukket;Klage"
UNITS = {"Amager": 40, "Nørrebro": 30, "Østerbro": 25, "Døgnvagten": 12}

# Level 2 alone, over two units: what the tests of filled-in workbooks need.
SMALL_SETTINGS = """
language = "da"
[organisation]
name = "Testby"
slug = "testby"
[register]
path = "sagsliste.csv"
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
SMALL_HEADINGS = "Sagsnr;Enhed;Sagstype"
SMALL_ROWS = [f"2018-{n:04d};{'Nord' if n % 2 else 'Syd'};Anbringelse" for n in range(1, 21)]


def register_rows() -> list[str]:
    """Return 107 cases: every tenth is closed before the quarter, every fifth has a complaint."""
    rows = []
    for unit, size in UNITS.items():
        for n in range(size):
            closed = "14-02-2018" if n % 10 == 9 else ""
            complaint = "Ja" if n % 5 == 0 else "Nej"
            caseworker = f"{unit[:3].upper()}{n % 3}"
            rows.append(f"2018-{unit[:2].upper()}{n:03};{unit};{caseworker};03-01-2018;{closed};{complaint}")
    return rows


def write_register(path: Path, rows: Collection[str], headings: str = HEADINGS) -> Path:
    """Write a register as a Danish case system does."""
    text = "\n".join([headings, *rows]) + "\n"
    path.write_bytes(text.encode("cp1252"))
    return path


# The laws' questions as version 0.1 had them, and the rules that draws of them follow.
FIRST_CATALOGUES = Path(__file__).parent.parent / "data" / "catalogues-1.0"


def make_workspace(
    root: Path,
    settings: str = SETTINGS,
    rows: Collection[str] | None = None,
    headings: str = HEADINGS,
    *,
    first_rules: bool = True,
) -> Workspace:
    """Make a workspace with a register; `register_rows` unless others are given.

    With `first_rules` it has catalogues of its own, those of 0.1.
    """
    root.mkdir(parents=True, exist_ok=True)
    if first_rules:
        shutil.copytree(FIRST_CATALOGUES, root / "checklists", dirs_exist_ok=True)
    (root / "tilsyn.toml").write_text(settings, "utf-8")
    write_register(root / "sagsliste.csv", register_rows() if rows is None else rows, headings)
    return Workspace.open(root)


def make_small_workspace(
    root: Path, settings: str = SMALL_SETTINGS, period: Period = Q2, drawn_on: date = date(2018, 7, 2)
) -> tuple[Workspace, Draw]:
    """Make a workspace of two units with a draw of three cases each, their workbooks, and the day of loading."""
    workspace = make_workspace(root, settings, SMALL_ROWS, SMALL_HEADINGS)
    clock.set_today(drawn_on)
    request = DrawRequest(seed="terninger 3. juli 2018: 6 2 5 1", seed_origin="terninger")
    draw = make_draw(workspace, 2, period, request).draw
    make_workbooks(workspace, draw)
    clock.set_today(LOADED_ON)
    return workspace, draw


def copy_small_workspace(made: Path, root: Path) -> tuple[Workspace, Draw]:
    """Copy a workspace that `make_small_workspace` made before."""
    shutil.copytree(made, root, dirs_exist_ok=True)
    clock.set_today(LOADED_ON)
    workspace = Workspace.open(root)
    return workspace, workspace.draws.get(2, Q2)


def workbook_of(workspace: Workspace, unit: str = "nord") -> Path:
    """Return the path of a unit's workbook at level 2."""
    return workspace.checklists_dir(Q2, 2) / f"{unit}.xlsx"


def draw(workspace: Workspace, level: int, period: str = "2018-Q2", **request: Any) -> Draw:
    """Draw a level."""
    return make_draw(workspace, level, Period.parse(period), DrawRequest(**request)).draw


def review(
    workspace: Workspace,
    draw: Draw,
    cases: Collection[str] | None = None,
    *,
    no: Mapping[str, str] | None = None,
    **values: Any,
) -> None:
    """Load reviews of a draw's cases, all or some.

    Every question is answered yes; `no` names, by case (`*`: every case), the question that is answered no.
    """
    no = no or {}
    reviews = []
    for case in draw.cases["case_id"] if cases is None else cases:
        answers = {question.question_id: Given("ja") for question in draw.question_set.questions}
        if question_id := no.get(case, no.get("*")):
            answers[question_id] = Given("nej", remark="mangler")
        said = {"act_date": date(2018, 5, 2), "reviewed_on": date(2018, 7, 20)} | values
        reviews.append(CaseReview(case, answers, **said))
    workspace.ledger(draw).save([Load(draw.draw_id, "answers", "test.csv", cases=tuple(reviews))])
