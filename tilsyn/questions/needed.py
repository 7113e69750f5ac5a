"""When a fact of the case head can still decide something: one that cannot need not be filled in."""

from __future__ import annotations

from tilsyn.questions.conditions import Condition, Term
from tilsyn.questions.question_set import QuestionSet, names


def needed_when(question_set: QuestionSet, fact: str) -> Condition | None:
    """Return when a fact can decide something; None is always.

    A comparison decides nothing where another that must hold beside it is false: the age in
    `barn_alder >= 10 and afgoerelse != ingen` only where there is a decision.
    """
    conditions = [other.asked_when for other in question_set.facts]
    for question in question_set.questions:
        for row in question.versions or (question,):
            conditions.append(row.condition)
            named_by_condition = set(row.condition.names) if row.condition else set()
            if fact in names(row) - named_by_condition:
                return None
    beside: list[tuple[Term, ...]] = []
    for condition in conditions:
        for terms in condition.alternatives if condition else ():
            if fact in {term.name for term in terms}:
                beside.append(tuple(term for term in terms if term.name != fact))
    if () in beside or not beside:
        return None
    return Condition(tuple(dict.fromkeys(beside)))
