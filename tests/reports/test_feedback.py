"""The page of one case: right, not right and grades, each answer in its place and in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tilsyn.base.language import using
from tilsyn.base.periods import Period
from tilsyn.questions.answers import HIGH, LAWFUL_NO, LOW, NO, NOT_RELEVANT, SOME, YES, answer_text
from tilsyn.questions.evaluation import Outcome, Why
from tilsyn.questions.facts import AskedDate, LawfulReason
from tilsyn.questions.question import Deadline, Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.reckoning import State, Verdict
from tilsyn.reports.feedback import FeedbackOn, FeedbackPage
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.reviews.records import CaseReview
from tilsyn.reviews.resolving import Resolved
from tilsyn.sampling.draw_record import DrawnCase

PERIOD = Period.parse("2018-Q2")
QUESTIONS = QuestionSet(
    "prøve",
    "prøve 1.0",
    (
        Question(
            "UND-01",
            "Blev faren vurderet inden et døgn?",
            "underretning",
            text_en="Was the risk assessed within a day?",
            short_da="Faren vurderet i tide?",
            law={"serviceloven": "serviceloven § 155", "barnets lov": "barnets lov § 136"},
            deadline=Deadline("24 timer", "24 hours"),
            critical=True,
        ),
    ),
    reasons=(LawfulReason("travel", "Barnet var ude at rejse.", "The child was travelling."),),
    dates=(AskedDate("opened", "Sag åbnet?"),),
)


def page(*answers: Resolved, regime: str | None = "serviceloven", **said: object) -> FeedbackPage:
    """Return the page of a case with the answers that count."""
    drawn = DrawnCase(case_id="2018-0001", stratum="Nord", ticket="", order=1)
    case = CaseInForce(drawn, CaseReview(drawn.case_id, **said), regime, answers)
    return FeedbackOn(QUESTIONS, "Niveau 2: Lokalt ledelsestilsyn", PERIOD, {"1203746598"}).page(case, "Nord")


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (YES, "right"),
        (LAWFUL_NO, "right"),
        (NO, "wrong"),
        (LOW, "graded"),
        (SOME, "graded"),
        (HIGH, "graded"),
        ("delvist", "graded"),
        (NOT_RELEVANT, ""),
    ],
)
def test_an_answer_stands_in_its_place_alone(answer: str, place: str) -> None:
    made = page(Resolved("UND-01", answer))
    lines = {name: len(getattr(made, name)) for name in ("right", "wrong", "graded")}
    assert lines == {name: int(name == place) for name in lines}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Resolved("UND-01", YES), ()),
        (Resolved("UND-01", YES, remark="Flot arbejde."), ("Flot arbejde.",)),
        (Resolved("UND-01", YES, True, "dates"), ()),
        (Resolved("UND-01", NO, remark="For sent."), ("For sent.",)),
        (Resolved("UND-01", NO, True, "dates", "For sent."), ("For sent.", "Afgjort af: 24 timer")),
        (Resolved("UND-01", LAWFUL_NO), ("Ikke gjort, lovlig grund.",)),
        (
            Resolved("UND-01", LAWFUL_NO, reason="travel", remark="I maj."),
            ("Ikke gjort, lovlig grund: Barnet var ude at rejse.", "I maj."),
        ),
        (Resolved("UND-01", LAWFUL_NO, reason="unknown"), ("Ikke gjort, lovlig grund.",)),
        (Resolved("UND-01", HIGH, remark="Godt."), (answer_text(HIGH), "Godt.")),
    ],
)
def test_what_is_told_of_an_answer(answer: Resolved, told: tuple[str, ...]) -> None:
    made = page(answer)
    (line,) = (*made.right, *made.wrong, *made.graded)
    assert line.told == told
    assert (line.question, line.text, line.critical) == ("UND-01", "Faren vurderet i tide?", True)


@pytest.mark.parametrize(
    ("regime", "law"),
    [
        ("serviceloven", "serviceloven § 155"),
        ("barnets lov", "barnets lov § 136"),
        (None, "serviceloven § 155; barnets lov § 136"),
    ],
)
def test_the_law_is_the_cases_own(regime: str | None, law: str) -> None:
    assert page(Resolved("UND-01", NO), regime=regime).wrong[0].law == law


def test_head_and_end_of_the_page() -> None:
    made = page(reviewed_on=date(2018, 7, 20), reviewer="leder", criticism="kritisabelt", simulated=True)
    assert made.case_id == "2018-0001"
    assert made.facts == (
        ("Niveau", "Niveau 2: Lokalt ledelsestilsyn"),
        ("Periode", "2. kvartal 2018"),
        ("Enhed", "Nord"),
        ("Gennemgået den", "20. juli 2018"),
        ("Gennemgået af (rolle)", "leder"),
    )
    assert made.closing == (
        ("Konklusion", "ikke oplyst"),
        ("Læringspunkt", "ikke oplyst"),
        ("Kritik", "kritisabelt"),
    )
    assert made.simulated
    assert [heading for heading, _ in page().closing] == ["Konklusion", "Læringspunkt"]
    assert not page().simulated


def test_a_number_that_slipped_into_the_ledger_is_masked_and_a_case_number_is_not() -> None:
    made = page(
        Resolved("UND-01", NO, remark="om 120374-6598"),
        reviewer="120374 6598",
        head={"conclusion": "se 1203746598", "learning": "se 120374-6598"},
    )
    assert "6598" not in str((made.wrong, made.facts, made.closing[1]))
    assert made.closing[0] == ("Konklusion", "se 1203746598")


def test_english_words() -> None:
    with using("en"):
        made = page(Resolved("UND-01", LAWFUL_NO, reason="travel"))
    assert made.right[0].told == ("Not done, lawful reason: The child was travelling.",)
    assert made.facts[0] == ("Level", "Niveau 2: Lokalt ledelsestilsyn")


@pytest.mark.parametrize(
    ("state", "why", "told"),
    [
        ("broken", "dates", ("Afgjort af: sidste lovlige dag 2. juni 2024, regnet fra: Sag åbnet",)),
        (
            "passed",
            "dates",
            ("Afgjort af: intet er sket, og sidste lovlige dag 2. juni 2024, regnet fra: Sag åbnet",),
        ),
        ("broken", "", ()),
    ],
)
def test_what_decided_a_nej_is_told_in_words_and_as_the_question_reads_for_the_case(
    state: State, why: Why, told: tuple[str, ...]
) -> None:
    row = replace(QUESTIONS.questions[0], short_da="Ordlyden i sagens lov")
    verdict = Verdict(state, date(2024, 6, 2), by="opened")
    outcome = Outcome("UND-01", row, True, NO, why=why, verdict=verdict)
    (line,) = page(Resolved("UND-01", NO, True, why, outcome=outcome)).wrong
    assert (line.text, line.told) == ("Ordlyden i sagens lov", told)
