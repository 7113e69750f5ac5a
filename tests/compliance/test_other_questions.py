"""Documentation and local questions: a table of their own, by the estimator of the compliance table."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.compliance.test_only_legal import DOCUMENTED, IDS, sample
from tests.compliance.test_table import round_
from tilsyn.compliance.other_questions import table
from tilsyn.compliance.table import compliance_table
from tilsyn.questions.answers import Kind
from tilsyn.questions.question_set import Question, QuestionSet
from tilsyn.reviews.sample import ReviewedSample

SAID = {
    "A": {"Q1": "jjjjn", "D1": "jnj--"},
    "B": {"Q1": "jjjnn", "D1": "j--nn"},
    "D": {"Q1": "jj", "D1": "-j"},
}
SHARED = ["n_relevant", "estimate", "standard_error", "low", "high"]


def with_kinds(side: ReviewedSample, *others: str) -> ReviewedSample:
    """Return a sample whose answers to some questions are no legal ones."""
    return replace(side, answers=side.answers.assign(legal=~side.answers["question"].isin(others)))


def test_the_figures_are_those_that_a_legal_question_with_the_same_answers_has() -> None:
    side = round_(SAID)
    mine = table(with_kinds(side, "D1"), ["unit"]).set_index(["question", "domain"])
    legal = compliance_table(side, ["unit"]).set_index(["question", "domain"])
    same = legal.loc[["D1"]]
    pd.testing.assert_frame_equal(mine[SHARED], same[SHARED])
    assert mine["n_yes"].tolist() == same["n_compliant"].tolist() == [4, 2, 1, 1]


def test_no_figure_of_the_legal_questions_rests_on_them() -> None:
    side = with_kinds(round_(SAID), "D1")
    other = side.answers.assign(answer=side.answers["answer"].where(side.answers["legal"], "nej"))
    rows = [compliance_table(replace(side, answers=answers)) for answers in (side.answers, other)]
    pd.testing.assert_frame_equal(*rows)
    assert table(replace(side, answers=other))["n_yes"].tolist() == [0]


@pytest.mark.parametrize(("answer", "yes"), [("ja", 1), ("nej", 0), ("nej (lovlig grund)", 0)])
def test_only_yes_counts_as_yes(answer: str, yes: int) -> None:
    (row,) = table(sample(IDS[:1], "", answer)).to_dict("records")
    assert (row["n_yes"], row["n_relevant"]) == (yes, 1)


def test_a_question_that_is_legal_for_some_cases_counts_the_others_here() -> None:
    (row,) = table(sample(IDS, "nej", "ja")).to_dict("records")
    assert (row["n_relevant"], row["n_yes"]) == (len(DOCUMENTED), len(DOCUMENTED))


@pytest.mark.parametrize("others", [(), ("Q1",)])
def test_there_is_none_without_such_questions(others: tuple[str, ...]) -> None:
    side = round_({"A": {"Q1": "jjn"}})
    assert len(table(side)) == 0
    assert len(table(with_kinds(side, *others))) == len(others)


def test_grades_stand_in_their_own_table() -> None:
    side = with_kinds(round_({"A": {"G1": "133", "L1": "jjn"}}), "G1", "L1")
    assert table(side)["question"].tolist() == ["L1"]


def test_they_stand_in_the_order_of_the_question_set_and_say_what_they_are() -> None:
    kinds: dict[str, Kind] = {"L1": "local", "Q1": "legal", "D1": "documentation"}
    listed = [Question(name, "?", "t", kind=kind) for name, kind in kinds.items()]
    asked = QuestionSet("s", "1", tuple(listed))
    side = round_({"A": {"D1": "jn", "Q1": "jj", "L1": "j-"}}, questions=asked)
    found = table(with_kinds(side, "D1", "L1"), few=2)
    assert found[["question", "kind", "few"]].values.tolist() == [
        ["L1", "local", True],
        ["D1", "documentation", False],
    ]
