"""Which workbooks of each draw have not come back, and how far those are that have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.base.which import in_order
from tilsyn.procedure.checklists import dealt, stand_ins, workbooks_there
from tilsyn.reviews import layout
from tilsyn.reviews.dealing import group_name
from tilsyn.reviews.status_files import FileStatus, file_statuses
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import PROBLEMS_FOUND, REVIEWS_RECORDED
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class DrawFiles:
    """The workbooks of a draw, when they are due, and for how many days they have been."""

    draw: Draw
    due: date
    overdue: int
    files: list[FileStatus]

    @property
    def waiting(self) -> bool:
        """Whether any of its files lacks something."""
        return any(file.state != "finished" for file in self.files)


def files_of_draws(workspace: Workspace, today: date) -> list[DrawFiles]:
    """Return the workbooks of every draw in force that has some; the longest overdue first, finished last."""
    found = [
        DrawFiles(draw, draw.reviews_due, max(0, (today - draw.reviews_due).days), files)
        for draw in workspace.draws.in_force()
        if (files := files_of_draw(workspace, draw))
    ]

    def place(row: DrawFiles) -> tuple[object, ...]:
        return not row.waiting, row.due, row.draw.period, in_order(row.draw.level)

    return sorted(found, key=place)


def files_of_draw(workspace: Workspace, draw: Draw) -> list[FileStatus]:
    """Return a draw's workbooks; none where none was ever made."""
    ledger = workspace.ledger(draw)
    loaded = {load.workbook for load in ledger.entries if load.kind == "answers"}
    there = workbooks_there(workspace, draw)
    parts = [*dealt(workspace, draw, _groups(draw, there, loaded)), *stand_ins(workspace, draw)]
    planned = {layout.workbook_id(draw.draw_id, part.name): part for part in parts}
    if not there and not loaded.intersection(planned):
        return []
    complete = {case.drawn.case_id: case.complete for case in ledger.in_force}
    return file_statuses(planned, ledger.entries, complete, _faulty(workspace, draw))


def _groups(draw: Draw, there: Iterable[Path], loaded: set[str]) -> int:
    """Return among how many groups of reviewers the cases were dealt out, by what its workbooks tell."""
    cases = range(1, max(1, len(draw.record.cases)) + 1)
    named = [re.match(r"gruppe-(\d+)", path.name) for path in there]
    numbers = {int(match[1]) for match in named if match}
    numbers |= {n for n in cases if layout.workbook_id(draw.draw_id, group_name(n)) in loaded}
    return max(numbers.intersection(cases), default=min(draw.record.plan.groups, cases[-1]))


def _faulty(workspace: Workspace, draw: Draw) -> set[str]:
    """Return the ids of the workbooks of which something that came has to be corrected still."""
    answers = {load.file: load for load in workspace.ledger(draw).entries if load.kind == "answers"}
    found: set[str] = set()
    for event in workspace.log.events:
        if event["event"] == PROBLEMS_FOUND:
            found |= set(event.get("workbooks", ()))
        elif event["event"] == REVIEWS_RECORDED:
            loads = [answers[file["file"]] for file in event["files"] if file["file"] in answers]
            found |= {load.workbook for load in loads if load.partial}
            found -= {load.workbook for load in loads if not load.partial}
    return found
