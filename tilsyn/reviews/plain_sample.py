"""A reviewed sample as plain rows: what a percentage rests on, counted without tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from tilsyn.base.canonical import same_name
from tilsyn.questions.answers import NOT_RELEVANT
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.sampling.draw_record import DrawnStratum
from tilsyn.settings.single import SinglePlan


class PlainCase(NamedTuple):
    """A case in force; `regime` is the law of its act."""

    case_id: str
    stratum: str
    regime: str | None = None
    complete: bool = True
    simulated: bool = False


class PlainAnswer(NamedTuple):
    """An answer that counts; `legal` says that it enters a percentage, as the question reads for the case."""

    case_id: str
    question: str
    answer: str | None
    legal: bool = True


class PlainStratum(NamedTuple):
    """A stratum, with the cases of its frame and of its sample."""

    stratum: str
    unit: str
    population_size: int
    sample_size: int = 0


@dataclass(frozen=True, kw_only=True)
class SampleScope:
    """What a sample's figures speak of: see `ReviewedSample`."""

    speaks_of: Literal["register", "reviews"] = "register"
    reviewed_recently: int = 0
    single: SinglePlan | None = None

    @property
    def chosen(self) -> bool:
        """Whether somebody chose the cases: they are no random sample of any others."""
        return self.single is not None and self.single.chosen


@dataclass(frozen=True)
class PlainSample(SampleScope):
    """What a percentage rests on of a `ReviewedSample`, in its order."""

    cases: Sequence[PlainCase]
    strata: Sequence[PlainStratum]
    answers: Sequence[PlainAnswer]
    questions: QuestionSet | Mapping[str, str] | None = None

    @property
    def n_asked(self) -> int:
        """How many cases were drawn."""
        return sum(row.sample_size for row in self.strata)

    @property
    def n_reviewed(self) -> int:
        """How many are reviewed."""
        return sum(case.complete for case in self.cases)

    @property
    def simulated(self) -> bool:
        """Whether any case was answered by the demonstration."""
        return any(case.simulated for case in self.cases)

    @property
    def finished(self) -> PlainSample:
        """The reviewed cases and their answers: those that count."""
        cases = [case for case in self.cases if case.complete]
        counted = {case.case_id for case in cases}
        return replace(self, cases=cases, answers=[one for one in self.answers if one.case_id in counted])

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the strata, as they are compared with another period's."""
        return tuple(sorted({same_name(row.unit) for row in self.strata}))

    @cached_property
    def regimes(self) -> dict[str, set[str]]:
        """Per question, the laws of the cases it was relevant to; of all cases where it was to none."""
        known = {case.case_id: case.regime for case in self.cases if case.regime is not None}
        found: dict[str, set[str]] = {}
        for case_id, question, answer, _ in self.answers:
            laws = found.setdefault(question, set())
            if case_id in known and answer not in (None, NOT_RELEVANT):
                laws.add(known[case_id])
        everywhere = set(known.values())
        return {question: laws or everywhere for question, laws in found.items()}

    def with_later_ids(self, later: Mapping[str, str]) -> PlainSample:
        """The same answers under the ids of the questions that carry theirs on (earlier id to present id)."""
        if not later:
            return self
        answers = [one._replace(question=later.get(one.question, one.question)) for one in self.answers]
        return replace(self, answers=answers)


def plain_in_force(
    cases: Sequence[CaseInForce], strata: Sequence[DrawnStratum], question_set: QuestionSet
) -> PlainSample:
    """Return the sample in force, from the cases in force and the draw's strata."""
    return PlainSample(
        [
            PlainCase(
                case.drawn.case_id, case.drawn.stratum, case.regime, case.complete, case.review.simulated
            )
            for case in cases
        ],
        [PlainStratum(row.stratum, row.unit, row.population_size, row.sample_size) for row in strata],
        [
            PlainAnswer(case.review.case_id, r.question, r.answer, r.legal(question_set))
            for case in cases
            for r in case.resolved
            if r.answer is not None
        ],
        question_set,
    )


def joined_plain(samples: Sequence[PlainSample], strata: Sequence[PlainStratum]) -> PlainSample:
    """Several draws as one, over the strata given: see `joined`."""
    cases: dict[str, PlainCase] = {}
    answers: dict[tuple[str, str], PlainAnswer] = {}
    for sample in samples:
        for case in sample.cases:
            cases.pop(case.case_id, None)
            cases[case.case_id] = case
        for one in sample.answers:
            answers.pop(one[:2], None)
            answers[one[:2]] = one
    return replace(samples[-1], cases=[*cases.values()], answers=[*answers.values()], strata=strata)
