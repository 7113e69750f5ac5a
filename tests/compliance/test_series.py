"""Series: periods in a row, and where they break."""

import numpy as np
import pandas as pd
import pytest

from tilsyn.base.periods import Period
from tilsyn.compliance.series import points, summaries
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample

SHARES = [0.82, 0.84, 0.80, 0.86, 0.83, 0.88, 0.90, 0.89, 0.92, 0.91, 0.93, 0.90]


def sample_of(share, regime="serviceloven", n=100, question="Q", questions=None, relevant=None):
    """A stratum of endless cases in which a share complied."""
    yes = round(share * n)
    aside = 0 if relevant is None else n - relevant
    given = ["ja"] * (yes - aside) + ["nej"] * (n - yes) + ["ikke relevant"] * aside
    cases = pd.DataFrame(
        {
            "case_id": [str(number) for number in range(n)],
            "stratum": "Amager",
            "unit": "Amager",
            "regime": regime,
        }
    )
    strata = pd.DataFrame({"stratum": ["Amager"], "unit": ["Amager"], "population_size": [10**9]})
    answers = pd.DataFrame({"case_id": cases["case_id"], "question": question, "answer": given})
    return ReviewedSample(cases, strata, answers, questions)


def quarters(samples):
    return {
        Period.parse(f"{2018 + number // 4}-Q{number % 4 + 1}"): one for number, one in enumerate(samples)
    }


def question_set(comparable, ids=("Q",), same_as=()):
    """A set of legal questions, from the catalogues' own form."""
    return QuestionSet.from_dict(
        {
            "name": "prøve",
            "version": "1",
            "regimes": [],
            "steps": [{"name": "plan", "title_da": "Plan", "title_en": "Plan"}],
            "facts": [],
            "questions": [
                {
                    "question_id": one,
                    "text_da": "?",
                    "text_en": "?",
                    "law": {},
                    "step": "plan",
                    "comparable": comparable,
                    "same_as": list(same_as),
                }
                for one in ids
            ],
        }
    )


def test_a_rising_series_is_found():
    found = points(quarters([sample_of(share) for share in SHARES]))
    q = found[found["question"] == "Q"]
    assert q["estimate"].tolist() == pytest.approx(SHARES)
    assert q["n_eff"].tolist() == pytest.approx([100] * 12)
    assert np.diff(q["time"]).tolist() == pytest.approx([1] * 11)
    row = summaries(q).iloc[0]
    assert (row["first"], row["last"], row["n_periods"]) == ("2018-Q1", "2020-Q4", 12)
    assert row["slope"] == pytest.approx(0.0103, abs=0.0001)
    assert row["p_value"] < 0.001
    assert row["shift"]
    assert (row["longest"], row["crossings"], row["crossings_limit"]) == (6, 1, 3)


def test_a_period_that_stands_out_signals():
    found = points(quarters([sample_of(share) for share in (0.9, 0.9, 0.6, 0.9, 0.9)]))
    assert summaries(found).set_index("question").loc["Q", "signals"] == ["2018-Q3"]


def test_the_baseline_can_be_the_centre():
    found = points(quarters([sample_of(share) for share in (0.6, 0.9, 0.9)]))
    q = found[found["question"] == "Q"]
    row = summaries(q, {"Q": 0.6}).iloc[0]
    assert row["centre"] == 0.6
    assert row["signals"] == ["2018-Q2", "2018-Q3"]


def test_one_period_says_nothing_of_development():
    row = summaries(points(quarters([sample_of(0.9)]))).iloc[0]
    assert row["signals"] == []
    assert np.isnan(row["slope"])
    assert row["shift"] is None


def test_the_series_breaks_where_the_law_is_not_comparable():
    questions = question_set("no")
    samples = [
        sample_of(0.9, law, questions=questions) for law in ("serviceloven", "serviceloven", "barnets-lov")
    ]
    q = points(quarters(samples)).query("question == 'Q'")
    assert q["series"].tolist() == [1, 1, 2]
    assert q["begins"].tolist() == [None, None, "law"]
    assert summaries(q)["n_periods"].tolist() == [2, 1]


def test_a_partly_comparable_question_is_marked_and_continues():
    questions = question_set("partly")
    samples = [sample_of(0.9, law, questions=questions) for law in ("serviceloven", "barnets-lov")]
    q = points(quarters(samples)).query("question == 'Q'")
    assert q["series"].tolist() == [1, 1]
    assert q["comparable"].tolist() == ["yes", "partly"]


def test_the_series_breaks_where_the_plan_is_another():
    one = quarters([sample_of(0.9), sample_of(0.9)])
    other = {Period.parse("2018-H2"): sample_of(0.9)}
    q = points(one | other).query("question == 'Q'")
    assert q["begins"].tolist() == [None, None, "plan"]


def test_a_question_carries_on_an_earlier_one():
    old, new = question_set("yes", ("Q-OLD",)), question_set("yes", ("Q",), ["Q-OLD"])
    samples = [sample_of(0.8, question="Q-OLD", questions=old), sample_of(0.9, questions=new)]
    q = points(quarters(samples)).query("question == 'Q'")
    assert q["estimate"].tolist() == pytest.approx([0.8, 0.9])
    assert q["series"].tolist() == [1, 1]


def test_a_pooled_row_over_other_questions_is_only_partly_comparable():
    first, second = sample_of(0.8, question="A"), sample_of(0.9)
    found = points(quarters([first, second])).query("question == '*'")
    assert found["comparable"].tolist() == ["yes", "partly"]


def test_a_period_without_a_relevant_answer_leaves_a_gap():
    samples = [sample_of(0.9), sample_of(1.0, relevant=0), sample_of(0.9)]
    q = points(quarters(samples)).query("question == 'Q'")
    assert q["period"].tolist() == ["2018-Q1", "2018-Q3"]
    assert np.diff(q["time"]).tolist() == pytest.approx([2])


def test_the_order_of_periods_does_not_matter():
    samples = quarters([sample_of(share) for share in SHARES])
    backwards = dict(reversed(samples.items()))
    pd.testing.assert_frame_equal(points(samples), points(backwards))


def test_nothing_gives_nothing():
    assert points({}).empty


def test_weeks_of_one_month_are_apart():
    weeks = {Period.parse(f"2026-W{n}"): sample_of(share) for n, share in ((25, 0.8), (26, 0.9))}
    found = points(weeks).query("question == 'Q'")
    assert np.diff(found["time"]).round(4).tolist() == [round(7 / 30 / 3, 4)]
    (row,) = summaries(found).to_dict("records")
    assert row["slope"] == pytest.approx(0.1 / (7 / 30 / 3))
