"""Two readings of the same cases: two levels of a workspace, or two files from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from tilsyn.base.language import named, say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.base.which import Which
from tilsyn.compliance.tally import Scheme
from tilsyn.formats.outside_reviews import read_answers
from tilsyn.procedure.samples import from_workspace
from tilsyn.questions.answers import LAWFUL_NO
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.dealing import readers_of
from tilsyn.reviews.layout import workbook_id
from tilsyn.reviews.sample import ReviewedSample, joined
from tilsyn.workspace.catalogues import packaged, read_catalogue
from tilsyn.workspace.workspace import Workspace

# So many cases or questions are named in a note.
NAMED = 10


@dataclass(frozen=True)
class TwoReadings:
    """The earlier reading and the later, each answer with who gave it (`group`), and what is to be told.

    `questions` are in order, where that is known; `critical` those where one error outweighs the rest;
    `lawful_apart` tells that both choose lawful reasons, so that such an answer is one of its own; `beside`
    are the questions that are neither legal nor graded; `scales` the grades of the graded ones.
    """

    first: ReviewedSample
    second: ReviewedSample
    questions: tuple[str, ...] | None = None
    critical: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    lawful_apart: bool = False
    beside: frozenset[str] = frozenset()
    scales: Mapping[str, tuple[str, ...]] | None = None

    @property
    def simulated(self) -> bool:
        """Whether any case was answered by the demonstration."""
        return self.first.simulated or self.second.simulated


def from_levels(workspace: Workspace, period: Period, levels: tuple[Which, Which]) -> TwoReadings:
    """What two levels, the earlier first, answered in a period, finished cases only.

    Groups are units, or the groups of reviewers where there are any. The questions are those of
    the second level, and earlier ids of them are renamed in the first.
    """
    samples = [_sample(workspace, level, period) for level in levels]
    scheme = Scheme.of(samples[1])
    first, second = (
        _grouped(sample.with_later_ids(scheme.earlier), workspace, level, period)
        for level, sample in zip(levels, samples, strict=True)
    )
    apart = all(getattr(side.questions, "rules", 1) > 1 for side in (first, second))
    return _asked_of(first, second, second.questions, scheme, apart)


def from_outside(workspace: Workspace, level: Which, period: Period, path: Path) -> TwoReadings:
    """What a level or single draw answered, and what a reader outside answered of the same cases in a file.

    Cases of the file that were not read here, and questions that were not asked, are counted in notes.
    """
    sample = _sample(workspace, level, period)
    answers, problems = read_answers(path)
    scheme = Scheme.of(sample)
    ours = _grouped(sample, workspace, level, period)
    cases = answers[["case_id", "unit"]].drop_duplicates("case_id")
    said = answers.rename(columns={"unit": "group"}).assign(remark="")
    theirs = ReviewedSample(cases, pd.DataFrame(), said, name=path.name).with_later_ids(scheme.earlier)
    for column, name in (("case_id", "cases"), ("question", "questions")):
        unknown = sorted(set(theirs.answers[column]) - set(ours.answers[column]))
        if unknown:
            found = say(f"agreement.other_{name}", n=len(unknown), named=", ".join(unknown[:NAMED]))
            remedy = say(f"agreement.other_{name}_remedy")
            problems = [*problems, Problem(found, remedy, file=path.name, kind="note")]
    apart = bool((theirs.answers["answer"] == LAWFUL_NO).any())
    found_both = _asked_of(ours, theirs, ours.questions, scheme, apart)
    return replace(found_both, problems=tuple(problems))


def _asked_of(
    first: ReviewedSample,
    second: ReviewedSample,
    questions: QuestionSet | Mapping[str, str] | None,
    scheme: Scheme,
    apart: bool,
) -> TwoReadings:
    """Two readings of the questions of a question set."""
    grave, beside = frozenset[str](), list[str]()
    if isinstance(questions, QuestionSet):
        grave = frozenset(q.question_id for q in questions.questions if q.critical)
        beside = [name for name in questions.ids if name not in (*scheme.legal, *scheme.graded)]
    return TwoReadings(
        first,
        second,
        (*scheme.legal, *beside, *scheme.graded),
        grave,
        lawful_apart=apart,
        beside=frozenset(beside),
        scales=scheme.scales,
    )


def _sample(workspace: Workspace, level: Which, period: Period) -> ReviewedSample:
    """The finished cases of a level and period, or of the shorter periods within it."""
    draws = workspace.draws.within(level, period)
    if len(draws) < 2 or draws[0].record.plan.read_by_quarter:
        return from_workspace(workspace, level, period)
    parts = [from_workspace(workspace, level, draw.period) for draw in draws]
    strata = pd.concat([part.strata for part in parts], ignore_index=True)
    return replace(joined(parts, strata), period=period)


def _grouped(sample: ReviewedSample, workspace: Workspace, level: Which, period: Period) -> ReviewedSample:
    cases = sample.cases.set_index("case_id")
    group = cases["unit"]
    if workspace.draws.within(level, period)[-1].record.plan.in_groups:
        # By the workbook a case was reviewed in, else by the reviewer named in it.
        group = cases["workbook"].map(_groups(workspace, level, period)).fillna(cases["reviewer"])
    answers = sample.answers.assign(group=sample.answers["case_id"].map(group).fillna("").astype(str))
    return replace(sample, name=named(level)["level"], answers=answers)


def _groups(workspace: Workspace, level: Which, period: Period) -> Mapping[str, str]:
    """The group of reviewers that each workbook was made for."""
    return {
        workbook_id(draw.draw_id, stem): title
        for draw in workspace.draws.within(level, period)
        for stem, title in readers_of(len(draw.cases), draw.record.plan.readers)
    }


def from_files(first: Path, second: Path) -> TwoReadings:
    """Two readings from CSV files; groups are units where the files have them.

    Which questions are critical is what the packaged catalogues say.
    """
    sides = []
    problems = []
    for path in (first, second):
        answers, notes = read_answers(path)
        cases = answers[["case_id", "unit"]].drop_duplicates("case_id")
        sample = ReviewedSample(
            cases, pd.DataFrame(), answers.rename(columns={"unit": "group"}), name=path.name
        )
        sides.append(sample)
        problems += notes
    known = [q for path in packaged() for q in read_catalogue(path).questions if q.critical]
    grave = frozenset(q.question_id for q in known)
    return TwoReadings(sides[0], sides[1], critical=grave, problems=tuple(problems))
