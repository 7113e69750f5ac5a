"""Checklist workbooks for tests: the packaged questions, a few cases, and what a workbook says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tests.builders.workspaces import FIRST_CATALOGUES
from tilsyn.base.periods import Period
from tilsyn.formats import files
from tilsyn.formats.checklists.about import About
from tilsyn.formats.checklists.writer import Press, workbook_bytes
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import QuestionSet, merged
from tilsyn.reviews.checklist import Case, Part, checklist
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue

LAWS = ("serviceloven", "barnets-lov")
FACTS = {"case_type": "Sagstype: Anbringelse", "decided": "Afgørelsesdato: 08-07-2015"}


ROLES = ("områdechef", "områdejurist", "begge")


def questions(*names: str) -> QuestionSet:
    """Return the set of catalogues; both laws, as 0.1 had them, unless others are named."""
    folders = {name: FIRST_CATALOGUES if name in LAWS else packaged_folder() for name in names or LAWS}
    return merged([read_catalogue(folder / f"{name}.toml") for name, folder in folders.items()])


def about(question_set: QuestionSet, period: str = "2018-Q2", level: int = 2, **changes: Any) -> About:
    """Return what a workbook says of itself."""
    at = Period.parse(period)
    values: dict[str, Any] = {
        "checklist": checklist(question_set, ROLES, at.end),
        "draw_id": f"bbu/{period}/level-{level}",
        "organisation": "Borgercenter Børn og Unge",
        "period": at,
        "level": level,
        "level_label": "Niveau 2: Lokalt ledelsestilsyn",
        "working_days": WorkingDays(),
        "made_on": date(2018, 7, 3),
        "simulated": False,
        "blind": True,
        "anchor": "3:0123456789abcdef",
    }
    return About(**values | changes)


def cases(*case_ids: str, **values: Any) -> tuple[Case, ...]:
    """Return cases of one unit."""
    return tuple(Case(case_id, "Amager", **{"facts": FACTS, **values}) for case_id in case_ids)


def written(path: Path, about_it: About, made: Iterable[Case]) -> Workbook:
    """Write a workbook and read it back."""
    files.write_bytes(path, workbook_bytes(about_it, Part(path.stem, "Amager", tuple(made)), Press()))
    return load_workbook(path)
