"""The feedback on the reviewed cases of a level and period, in a workbook for each who leads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.canonical import file_stems
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, TilsynError
from tilsyn.formats import files
from tilsyn.formats.feedback import feedback_bytes
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


def write_feedback(workspace: Workspace, level: int, period: Period) -> tuple[list[FeedbackFile], int]:
    """Write the workbooks, and return them and how many cases are not reviewed yet.

    Earlier ones are written anew. Refused where nothing is drawn or reviewed.
    """
    draws = _draws(workspace, level, period)
    pages: dict[Reader, list[FeedbackPage]] = {}
    for draw in draws:
        for reader, page in _pages(workspace, draw):
            pages.setdefault(reader, []).append(page)
    if not pages:
        remedy = say("compliance.none_reviewed_remedy", level=level, period=period.canonical)
        raise Refused(say("compliance.none_reviewed", level=level, period=period.label()), remedy)
    folder = workspace.reports_dir(period) / "feedback"
    anchor = workspace.log.state.anchor()
    known = {text for draw in draws for text in draw.judged}
    readers = sorted(pages)
    made: list[tuple[Path, bytes]] = []
    written = []
    for reader, stem in zip(readers, file_stems(readers), strict=True):
        unit, caseworker = reader
        listed = pages[reader]
        title = say("feedback.title", level=level, period=period.label(), unit=unit)
        path = folder / f"level-{level}-{stem}.xlsx"
        made.append((path, feedback_bytes(title, listed, anchor, known)))
        right, wrong = (sum(len(getattr(page, name)) for page in listed) for name in ("right", "wrong"))
        written.append(FeedbackFile(path, unit, caseworker, len(listed), right, wrong))
    _write(workspace, made)
    return written, sum(workspace.ledger(draw).reviews.n_missing for draw in draws)


def _draws(workspace: Workspace, level: int, period: Period) -> list[Draw]:
    """Return the draw of a level and period, or those of the shorter periods within it."""
    if workspace.draws.find(level, period) is None:
        span = period.start, period.end
        within = [
            draw
            for draw in workspace.draws.in_force()
            if draw.level == level and span[0] <= draw.period.start and draw.period.end <= span[1]
        ]
        if within:
            return within
    return [workspace.draws.get(level, period)]


def _pages(workspace: Workspace, draw: Draw) -> list[tuple[Reader, FeedbackPage]]:
    """Return the page of each reviewed case of a draw, and whose it is."""
    ledger = workspace.ledger(draw)
    on = FeedbackOn(draw.question_set, draw.level, draw.period, draw.judged)
    cases = ledger.reviews.finished.cases
    # At level 1 a stratum is a caseworker.
    people = cases["stratum"] if draw.level == 1 else [""] * len(cases)
    readers = list(zip(cases["unit"], people, strict=True))
    return [
        (reader, on.page(case, reader[0]))
        for reader, case in zip(readers, ledger.cases_in_force(), strict=True)
    ]


def _write(workspace: Workspace, made: list[tuple[Path, bytes]]) -> None:
    """Write the workbooks for the owner alone, all of them or none."""
    prepared: list[files.Prepared] = []
    with workspace.locked():
        try:
            for path, data in made:
                prepared.append(files.prepare(path, data, overwrite=True, private=True))
            for file in prepared:
                file.put()
        except (OSError, TilsynError):
            files.discard(prepared)
            raise
