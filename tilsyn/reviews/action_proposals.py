"""Which errors should become actions: of a case at a critical question, of a question where they repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tilsyn.questions.answers import LAWFUL_NO, NO, YES
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.reviews.resolving import Resolved

_RELEVANT = (YES, NO, LAWFUL_NO)
# Of how many cases that were read and asked, how many had a *nej*.
_Count = tuple[int, int]


@dataclass(frozen=True)
class ProposedAction:
    """An error that should become an action, as in `Action`: `wrong` of `relevant` cases of the unit."""

    question: str
    unit: str
    case_id: str
    wrong: int
    relevant: int


def proposed(
    cases: Sequence[CaseInForce], question_set: QuestionSet, at_least: int, share_under: float | None
) -> list[ProposedAction]:
    """Return the errors of reviewed cases that should become actions, in the questions' order.

    Each *nej* at a critical question is one. A legal question is one for each unit where its errors repeat,
    or for all units together where they do there alone.
    """
    asked = set(question_set.ids)
    answers = [
        (case, answer)
        for case in cases
        for answer in case.resolved
        if answer.answer in _RELEVANT and answer.question in asked
    ]
    found = list(_of_cases(answers, question_set))
    for question in question_set.ids:
        counts: dict[str, _Count] = {}
        for case, answer in answers:
            if answer.question == question and answer.legal(question_set):
                wrong, relevant = counts.get(case.drawn.unit, (0, 0))
                counts[case.drawn.unit] = wrong + (answer.answer == NO), relevant + 1
        found += _repeated(question, counts, at_least, share_under)
    place = {question: number for number, question in enumerate(question_set.ids)}
    return sorted(found, key=lambda one: (place[one.question], one.case_id != "", one.unit, one.case_id))


def count_of(cases: Sequence[CaseInForce], question: str, unit: str) -> _Count:
    """Return how many of a unit's cases had a *nej* at a question, and how many it was relevant to.

    Without a unit of all of them.
    """
    answers = [
        answer.answer
        for case in cases
        for answer in case.resolved
        if answer.question == question and answer.answer in _RELEVANT and unit in ("", case.drawn.unit)
    ]
    return answers.count(NO), len(answers)


def _of_cases(
    answers: Sequence[tuple[CaseInForce, Resolved]], question_set: QuestionSet
) -> Iterator[ProposedAction]:
    for case, answer in answers:
        row = answer.outcome.row if answer.outcome is not None else None
        if answer.answer == NO and (row or question_set.question(answer.question)).critical:
            yield ProposedAction(answer.question, case.drawn.unit, case.drawn.case_id, 1, 1)


def _repeated(
    question: str, counts: Mapping[str, _Count], at_least: int, share_under: float | None
) -> list[ProposedAction]:
    def repeats(count: _Count) -> bool:
        wrong, relevant = count
        low = wrong > 0 and share_under is not None and 1 - wrong / relevant < share_under
        return low or wrong >= at_least

    units = {unit: count for unit, count in sorted(counts.items()) if repeats(count)}
    if not units:
        together = sum(wrong for wrong, _ in counts.values()), sum(n for _, n in counts.values())
        units = {"": together} if repeats(together) else {}
    return [ProposedAction(question, unit, "", *count) for unit, count in units.items()]
