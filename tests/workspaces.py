"""Small workspaces for tests: a register as text, and reviews that are all done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace import ledger
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

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

UNITS = {"Amager": 40, "Nørrebro": 30, "Østerbro": 25, "Døgnvagten": 12}


def register_rows() -> list[str]:
    """Return 107 cases: every tenth is closed before the quarter, every fifth has a complaint."""
    rows = []
    for unit, size in UNITS.items():
        for n in range(size):
            closed = "14-02-2018" if n % 10 == 9 else ""
            complaint = "Ja" if n % 5 == 0 else "Nej"
            rows.append(
                f"2018-{unit[:2].upper()}{n:03};{unit};{unit[:3].upper()}{n % 3};03-01-2018;{closed};{complaint}"
            )
    return rows


def write_register(path: Path, rows: Collection[str]) -> Path:
    """Write a register as a Danish case system does."""
    text = "\n".join(["Sagsnr;Enhed;Sagsbehandler;Oprettet;Lukket;Klage", *rows]) + "\n"
    path.write_bytes(text.encode("cp1252"))
    return path


def make_workspace(root: Path, settings: str = SETTINGS, rows: Collection[str] | None = None) -> Workspace:
    """Make a workspace with a register."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "tilsyn.toml").write_text(settings, "utf-8")
    write_register(root / "sagsliste.csv", register_rows() if rows is None else rows)
    return Workspace.find(root)


def review(
    workspace: Workspace, draw: Draw, cases: Collection[str] | None = None, *, urgent: bool = False
) -> None:
    """Load reviews of a draw's cases, all or some, with every question answered yes."""
    done = list(draw.cases["case_id"]) if cases is None else list(cases)
    answers = {question.question_id: Given("ja") for question in draw.question_set.questions}
    reviews = tuple(
        CaseReview(case, answers, act_date=date(2018, 5, 2), reviewed_on=date(2018, 7, 20), urgent=urgent)
        for case in done
    )
    ledger.save(workspace, draw, [Load(draw.draw_id, "answers", "test.csv", cases=reviews)])
