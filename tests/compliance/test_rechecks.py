"""A second reading against the first: the same test as a table's changes, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tilsyn.base.periods import Period
from tilsyn.compliance.method import USUAL
from tilsyn.compliance.rechecks import rechecked
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import change

ASKED = QuestionSet("prøve", "1", (Question("Q1", "Er der en plan?", "plan"),))


def sample(period: str, units: dict[str, tuple[int, int, int]]) -> ReviewedSample:
    """Return a sample: per unit its cases in all, those read, and those in order."""
    cases = [
        {"case_id": f"{unit}-{n}", "stratum": unit, "unit": unit, "answer": "ja" if n < good else "nej"}
        for unit, (_, read, good) in units.items()
        for n in range(read)
    ]
    strata = pd.DataFrame(
        [{"stratum": unit, "unit": unit, "population_size": size} for unit, (size, _, _) in units.items()]
    )
    table = pd.DataFrame(cases)
    answers = table[["case_id", "answer"]].assign(question="Q1")
    return ReviewedSample(table.drop(columns="answer"), strata, answers, ASKED, period=Period.parse(period))


FIRST = sample("2018-Q1", {"Nord": (100, 20, 8), "Syd": (300, 20, 16)})
SECOND = sample("2018-Q3", {"Nord": (110, 30, 27)})


def test_a_unit_is_held_against_itself() -> None:
    found = rechecked("Q1", "Nord", FIRST, SECOND, USUAL)
    assert found is not None
    assert (found.before.share, found.before.n_relevant, found.before.n_compliant) == (0.4, 20, 8)
    assert (found.after.share, found.after.n_relevant, found.after.whole) == (0.9, 30, False)
    by_hand = change(np.array([0.9]), np.array([30.0]), np.array([0.4]), np.array([20.0]))
    assert found.difference == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx((float(by_hand.low[0]), float(by_hand.high[0])))
    assert found.text == "Er der en plan?"


def test_all_units_are_weighted_by_their_size() -> None:
    found = rechecked("Q1", "", FIRST, sample("2018-Q3", {"Nord": (40, 40, 30)}), USUAL)
    assert found is not None
    assert found.before.share == pytest.approx((100 * 0.4 + 300 * 0.8) / 400)
    assert found.after.whole


def test_another_text_in_the_same_law_is_partly_comparable_and_what_was_not_asked_is_none() -> None:
    other = QuestionSet("prøve", "2", (Question("Q1", "Er planen fulgt?", "plan", regimes=("lov",)),))
    first = replace(
        FIRST,
        questions=QuestionSet("prøve", "1", (Question("Q1", "Er der en plan?", "plan", regimes=("lov",)),)),
    )
    found = rechecked("Q1", "Nord", first, replace(SECOND, questions=other), USUAL)
    assert found is not None
    assert found.comparable == "partly"
    assert found.difference is not None
    assert rechecked("Q1", "Vest", FIRST, SECOND, USUAL) is None
    assert rechecked("Q2", "Nord", FIRST, SECOND, USUAL) is None
