"""Outcomes of cases: the rule on each case by hand, and the shares against the textbook's stratified mean."""

from __future__ import annotations

import pandas as pd
import pytest

from tilsyn.compliance.grades import outcome_table
from tilsyn.compliance.outcomes import outcomes
from tilsyn.questions.outcomes import CaseOutcome
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.scales import USUAL
from tilsyn.reviews.sample import ReviewedSample

BANDS = ((0, "god"), (1, "acceptabel"), (3, "kritisk"))


def rule(name: str, *good: str, graded: bool = False) -> CaseOutcome:
    scale = USUAL if graded else ()
    bands = BANDS if name == "count" else ()
    return CaseOutcome(
        "alt", "Alt", "", name, ("A", "B", "C"), good or ("ja", "nej (lovlig grund)"), bands, scale
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "answers", "outcome"),
    [
        (rule("all"), "ja ja ja", "ja"),
        (rule("all"), "ja lovlig ja", "ja"),
        (rule("all"), "ja nej ja", "nej"),
        (rule("all"), "ja ir ja", "ja"),
        (rule("all"), "ir ir ir", None),
        (rule("all"), "- ja -", "ja"),
        (rule("count"), "ja ja ja", "god"),
        (rule("count"), "nej ja ja", "acceptabel"),
        (rule("count"), "nej nej ja", "acceptabel"),
        (rule("count"), "nej nej nej", "kritisk"),
        (rule("count"), "ir ir nej", "acceptabel"),
        (rule("worst", graded=True), "høj nogen høj", "nogen grad"),
        (rule("worst", graded=True), "høj ir høj", "høj grad"),
        (rule("worst", graded=True), "høj lav nogen", "lav grad"),
        (rule("worst", graded=True), "god ir ir", None),
        (rule("all", "nogen grad", "høj grad", graded=True), "høj nogen ir", "ja"),
        (rule("all", "høj grad", graded=True), "høj nogen ir", "nej"),
        (rule("count", "høj grad", graded=True), "lav nogen lav", "kritisk"),
    ],
)
def test_the_outcome_of_a_case(kind: CaseOutcome, answers: str, outcome: str | None) -> None:
    words = {"lovlig": "nej (lovlig grund)", "ir": "ikke relevant", "-": None}
    words |= {name: f"{name} grad" for name in ("lav", "nogen", "høj")}
    said = [words.get(word, word) for word in answers.split()]
    table = pd.DataFrame({"case_id": "1", "question": ["A", "B", "C"], "answer": said})
    found = outcomes(table, [kind])
    assert found["answer"].tolist() == ([] if outcome is None else [outcome])


def test_the_share_of_an_outcome_is_weighted_by_the_size_of_the_strata() -> None:
    """Cochran (1977) 5.1: the stratified mean, here of 2 in 4 of 90 and 1 in 2 of 10; one case has none."""
    cases = pd.DataFrame({"case_id": list("abcdefg"), "stratum": list("AAAABBB"), "unit": list("AAAABBB")})
    strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [90, 30]})
    said = ["ja", "ja", "nej", "nej", "ja", "nej", "ikke relevant"]
    answers = pd.DataFrame({"case_id": list("abcdefg"), "question": "A", "answer": said})
    question_set = QuestionSet("x", "1", (Question("A", "A?", "s"),), outcomes=(rule("all"),))
    found = outcome_table(ReviewedSample(cases, strata, answers, question_set), ["unit"])
    overall = found[found["domain"] == "all"].set_index("grade")
    assert overall["n"].to_dict() == {"nej": 3, "ja": 3}
    assert overall.loc["ja", "n_relevant"] == 6
    # Ratio estimate: (90·2/4 + 30·1/3) / (90 + 30·2/3).
    assert overall.loc["ja", "share"] == pytest.approx((45 + 10) / (90 + 20))
    assert overall["share"].sum() == pytest.approx(1)
    assert set(found["domain"]) == {"all", "unit=A", "unit=B"}


def test_no_rule_no_outcome() -> None:
    answers = pd.DataFrame({"case_id": ["1"], "question": "A", "answer": "ja"})
    assert outcomes(answers, []).empty
    assert outcome_table(ReviewedSample(pd.DataFrame(), pd.DataFrame(), answers)).empty


def test_a_rule_goes_through_a_draw_record() -> None:
    for one in (rule("all"), rule("count"), rule("worst", graded=True)):
        assert CaseOutcome.from_dict(one.to_dict()) == one


def test_a_core_set_has_the_rule_over_what_it_asks() -> None:
    asked = Question("A", "A?", "s"), Question("B", "B?", "s", scope="extended")
    core = QuestionSet("x", "1", asked, outcomes=(rule("all"),)).of_scope("core")
    assert [outcome.questions for outcome in core.outcomes] == [("A",)]
