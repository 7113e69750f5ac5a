"""The feedback on the reviewed cases of a level and period, in a workbook for each who leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tilsyn.base.canonical import file_stems
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.base.steps import counted
from tilsyn.base.which import Which, folder_name
from tilsyn.formats import files
from tilsyn.formats.feedback import feedback_bytes
from tilsyn.procedure.drawn_periods import none_reviewed
from tilsyn.reports.feedback import FeedbackOn, FeedbackPage
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

# Unit and, at level 1, caseworker.
Reader = tuple[str, str]


@dataclass(frozen=True)
class FeedbackFile:
    """A workbook of feedback: where, whose cases, how many, and how many answers were right and not."""

    path: Path
    unit: str
    caseworker: str
    cases: int
    right: int
    wrong: int


def write_feedback(workspace: Workspace, level: Which, period: Period) -> tuple[list[FeedbackFile], int]:
    """Write the workbooks, and return them and how many cases are not reviewed yet.

    Earlier ones of the level and period make way. Refused where nothing is drawn or reviewed.
    """
    draws = workspace.draws.within(level, period) or [workspace.draws.get(level, period)]
    pages: dict[Reader, list[FeedbackPage]] = {}
    for draw in draws:
        for reader, page in _pages(workspace, draw):
            pages.setdefault(reader, []).append(page)
    if not pages:
        raise none_reviewed(level, period)
    missing = sum(workspace.ledger(draw).reviews.n_missing for draw in draws)
    folder = workspace.reports_dir(period) / "feedback" / folder_name(level)
    anchor = workspace.log.state.anchor()
    known = {text for draw in draws for text in draw.judged}
    names = _names(draws)
    content: dict[str, bytes] = {}
    written = []
    for reader, listed in counted(sorted(pages.items()), "steps.workbooks"):
        unit, caseworker = reader
        title = say("feedback.title", level=level, period=period.label(), unit=unit)
        content[names[reader]] = feedback_bytes(title, listed, anchor, known)
        right, wrong = (sum(len(getattr(page, name)) for page in listed) for name in ("right", "wrong"))
        path = folder / names[reader]
        written.append(FeedbackFile(path, unit, caseworker, len(listed), right, wrong))
    with workspace.locked():
        for path in files.strangers(folder, names.values()):
            listed_draws = ", ".join(draw.draw_id for draw in draws)
            found = say("feedback.strange_file", file=path, draws=listed_draws)
            raise Refused(found, say("dossier.strange_file_remedy"))
        _write(folder, content)
    return written, missing


def _names(draws: Sequence[Draw]) -> dict[Reader, str]:
    """Return the file of each who can get one: the same however many cases are reviewed."""
    tables = [table for draw in draws for table in (draw.cases, draw.reserve)]
    per_person = draws[0].record.plan.split == "caseworker"
    readers = sorted({reader for table in tables for reader in _readers(table, per_person)})
    return {reader: f"{stem}.xlsx" for reader, stem in zip(readers, file_stems(readers), strict=True)}


def _readers(cases: pd.DataFrame, per_person: bool) -> list[Reader]:
    """Return whose each case is: a unit's, or a caseworker's where they are the strata."""
    people = cases["stratum"] if per_person else [""] * len(cases)
    return list(zip(cases["unit"], people, strict=True))


def _pages(workspace: Workspace, draw: Draw) -> list[tuple[Reader, FeedbackPage]]:
    """Return the page of each reviewed case of a draw, and whose it is."""
    ledger = workspace.ledger(draw)
    on = FeedbackOn(draw.question_set, workspace.level_words(draw).label, draw.period, draw.judged)
    readers = _readers(ledger.reviews.finished.cases, draw.record.plan.split == "caseworker")
    return [(reader, on.page(case, reader[0])) for reader, case in zip(readers, ledger.reviewed, strict=True)]


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write the workbooks for the owner alone, all of them or none."""
    with files.new_folder(folder, overwrite=True, private=True) as new:
        for name, data in content.items():
            (new / name).write_bytes(data)
