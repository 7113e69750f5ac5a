"""Which errors become actions: critical ones case by case, others where they repeat."""

from __future__ import annotations

import pytest

from tilsyn.questions.answers import LAWFUL_NO, NOT_RELEVANT
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.action_proposals import count_of, proposed
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.reviews.records import CaseReview
from tilsyn.reviews.resolving import Resolved
from tilsyn.sampling.draw_record import DrawnCase

ASKED = QuestionSet(
    "prøve",
    "1",
    (
        Question("Q1", "Er der en plan?", "plan"),
        Question("Q2", "Er barnet hørt?", "plan", critical=True),
        Question("Q3", "Er det noteret?", "plan", kind="local"),
    ),
)


def cases(question: str, answers: str) -> list[CaseInForce]:
    """Return cases with one answer each, as `Nord ja nej; Syd nej`."""
    found = []
    for part in answers.split(";"):
        unit, *given = part.split()
        for number, answer in enumerate(given, start=1):
            case_id = f"{unit}-{number}"
            text = {"ir": NOT_RELEVANT, "l": LAWFUL_NO, "-": None}.get(answer, answer)
            found.append(
                CaseInForce(
                    DrawnCase(case_id=case_id, stratum=unit, ticket="", order=number, unit=unit),
                    CaseReview(case_id),
                    None,
                    (Resolved(question, text),),
                )
            )
    return found


@pytest.mark.parametrize(
    ("question", "answers", "at_least", "under", "expected"),
    [
        ("Q1", "Nord nej nej ja", 3, None, []),
        ("Q1", "Nord nej nej nej ja", 3, None, ["Q1 Nord 3/4"]),
        ("Q1", "Nord nej nej nej ir l -", 3, None, ["Q1 Nord 3/4"]),
        ("Q1", "Nord nej nej ja; Syd nej ja", 3, None, ["Q1 all 3/5"]),
        ("Q1", "Nord nej nej nej; Syd nej ja", 3, None, ["Q1 Nord 3/3"]),
        ("Q1", "Nord nej nej nej; Syd nej nej nej", 3, None, ["Q1 Nord 3/3", "Q1 Syd 3/3"]),
        ("Q1", "Nord nej ja ja ja", 3, 0.8, ["Q1 Nord 1/4"]),
        ("Q1", "Nord nej ja ja ja ja", 3, 0.8, []),
        ("Q1", "Nord ja ja", 3, 1.0, []),
        ("Q1", "Nord nej", 1, None, ["Q1 Nord 1/1"]),
        ("Q2", "Nord nej ja", 3, None, ["Q2 Nord Nord-1 1/1"]),
        ("Q2", "Nord nej nej nej", 3, None, [
            "Q2 Nord 3/3", "Q2 Nord Nord-1 1/1", "Q2 Nord Nord-2 1/1", "Q2 Nord Nord-3 1/1",
        ]),
        ("Q3", "Nord nej nej nej", 3, None, []),
        ("Q4", "Nord nej nej nej", 3, None, []),
    ],
)  # fmt: skip
def test_what_is_proposed(
    question: str, answers: str, at_least: int, under: float | None, expected: list[str]
) -> None:
    found = proposed(cases(question, answers), ASKED, at_least, under)
    told = [
        " ".join(filter(None, (one.question, one.unit or "all", one.case_id, f"{one.wrong}/{one.relevant}")))
        for one in found
    ]
    assert told == expected


def test_a_count_is_of_a_unit_or_of_all() -> None:
    read = cases("Q1", "Nord nej ja; Syd nej ir")
    assert [count_of(read, "Q1", unit) for unit in ("Nord", "Syd", "")] == [(1, 2), (1, 1), (2, 3)]
