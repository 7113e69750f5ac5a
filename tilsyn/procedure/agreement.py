"""Two readings of the same cases: two levels of a workspace, or two files from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.compliance.tally import Scheme
from tilsyn.formats.outside_reviews import read_answers
from tilsyn.procedure.samples import from_workspace
from tilsyn.reviews.checklist import group_name
from tilsyn.reviews.layout import workbook_id
from tilsyn.workspace.catalogues import packaged, read_catalogue
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Reading:
    """Who read, and the answers: case_id, question, answer, group, and derived and remark where known."""

    name: str
    answers: pd.DataFrame


@dataclass(frozen=True)
class Readings:
    """Two readings, the questions in order with those that are critical, and what is to be told."""

    first: Reading
    second: Reading
    questions: tuple[str, ...] | None = None
    critical: frozenset[str] = frozenset()
    simulated: bool = False
    problems: tuple[Problem, ...] = ()


def from_levels(workspace: Workspace, period: Period, levels: tuple[int, int]) -> Readings:
    """Return what two levels answered in a period, finished cases only.

    Parameters
    ----------
    workspace : Workspace
    period : Period
    levels : tuple of int
        The earlier first. Groups are units at levels 1 and 2, the groups of reviewers at levels 3 and 4.

    Returns
    -------
    Readings
        The questions are those of the second level; earlier ids of them are renamed in the first.

    Raises
    ------
    Refused
        A level is not drawn, or has no finished case.
    """
    first, second = (from_workspace(workspace, level, period) for level in levels)
    scheme = Scheme.of(second.round.questions, second.round.answers)
    readings = []
    for level, side in zip(levels, (first, second), strict=True):
        cases = side.round.cases.set_index("case_id")
        group = cases["unit"] if level <= 2 else _groups(workspace, level, cases)
        answers = side.round.answers.assign(
            question=side.round.answers["question"].replace(dict(scheme.earlier)),
            group=side.round.answers["case_id"].map(group).fillna("").astype(str),
        )
        readings.append(Reading(say("agreement.level", n=level), answers))
    questions = second.round.questions
    grave: frozenset[str] = frozenset()
    if not isinstance(questions, Mapping) and questions is not None:
        grave = frozenset(q.question_id for q in questions.questions if q.critical)
    simulated = first.simulated or second.simulated
    return Readings(readings[0], readings[1], (*scheme.legal, *scheme.graded), grave, simulated)


def _groups(workspace: Workspace, level: int, cases: pd.DataFrame) -> pd.Series:
    """Return the group that read each case: by its workbook, else by the reviewer named in it."""
    names = {
        workbook_id(draw.draw_id, group_name(number)): say("checklist.group", number=number)
        for draw in workspace.draws.in_force()
        if draw.level == level
        for number in range(1, len(draw.cases) + 1)
    }
    return cases["workbook"].map(names).fillna(cases["reviewer"])


def from_files(first: Path, second: Path) -> Readings:
    """Return two readings from CSV files; groups are units where the files have them.

    Which questions are critical is what the packaged catalogues say.

    Parameters
    ----------
    first, second : Path
        As `outside.read_answers` reads them.

    Returns
    -------
    Readings

    Raises
    ------
    UsageError, InputError
        As `outside.read_answers`.
    """
    sides, problems = [], []
    for path in (first, second):
        answers, notes = read_answers(path)
        sides.append(Reading(path.name, answers.rename(columns={"unit": "group"})))
        problems += notes
    known = [q for path in packaged() for q in read_catalogue(path).questions if q.critical]
    grave = frozenset(q.question_id for q in known)
    return Readings(sides[0], sides[1], critical=grave, problems=tuple(problems))
