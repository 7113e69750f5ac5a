"""The corrected percentage: the acceptance values of the two-phase examples to six decimals."""

import numpy as np
import pandas as pd
import pytest

from tests.statistics.test_levels import N7, n7
from tilsyn.compliance import corrections
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import share
from tilsyn.statistics.two_phase import corrected_share

E9 = share(N7, n7, n7, [18, 17, 20, 16, 19, 15, 4])
K = [9, 9, 9, 10, 10, 10, 3]
T1 = [
    (7, 1, 1, 0),
    (7, 0, 1, 1),
    (9, 0, 0, 0),
    (7, 1, 1, 1),
    (9, 0, 1, 0),
    (7, 0, 1, 2),
    (2, 0, 0, 1),
]
T2 = [
    (8, 0, 0, 1),
    (8, 0, 0, 1),
    (9, 0, 0, 0),
    (8, 0, 0, 2),
    (9, 0, 0, 1),
    (8, 0, 0, 2),
    (2, 0, 0, 1),
]
T3 = [
    (9, 0, 0, 0),
    (8, 0, 1, 0),
    (9, 0, 0, 0),
    (10, 0, 0, 0),
    (10, 0, 0, 0),
    (9, 0, 1, 0),
    (3, 0, 0, 0),
]


def corrected(cells, **settings):
    return corrected_share(cells, N7, K, float(E9.estimate), float(E9.n_eff), **settings)


def alone(cells):
    return share(N7, K, K, [both + only_second for both, only_second, _, _ in cells])


def test_t1():
    found = corrected(T1)
    assert (found.ppv, found.omission) == pytest.approx((0.903341, 0.269912), abs=6e-7)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.819022, 0.714414, 0.898746), abs=6e-7)
    official = alone(T1)
    figures = (official.estimate, official.n_eff, official.low, official.high)
    assert [float(v) for v in figures] == pytest.approx([0.833577, 54.916669, 0.708611, 0.920409], abs=6e-7)


def test_t2_perfect_agreement_gives_the_first_figure():
    found = corrected(T2)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.866886, 0.784844, 0.931536), abs=6e-7)
    official = alone(T2)
    figures = (official.estimate, official.n_eff, official.low, official.high)
    assert [float(v) for v in figures] == pytest.approx([0.870127, 53.538173, 0.750053, 0.946353], abs=6e-7)


def test_t3_without_a_first_no_among_the_reread_it_is_not_shown():
    assert corrected(T3).failed == ("no_no",)
    official = share(N7, K, K, [9, 8, 9, 10, 10, 9, 3])
    figures = (official.estimate, official.n_eff, official.low, official.high)
    assert [float(v) for v in figures] == pytest.approx([0.963450, 52.153268, 0.870895, 0.995875], abs=6e-7)


def test_every_condition_that_fails_is_named():
    found = corrected(T1, blind=False, relevance_differs=2)
    assert found.failed == ("not_blind", "relevance_differs")
    assert corrected_share(T1, N7, K, float("nan"), float("nan")).failed == ("no_first_level",)
    assert corrected_share([[0, 2, 0, 2]], [100], [4], 0.5, 20).failed == ("no_yes",)


def test_when_the_first_no_is_more_often_right_than_its_yes_the_distances_change_sides():
    # D < 0: a higher first figure means a lower corrected one.
    found = corrected_share([[1, 9, 9, 1]], [200], [20], 0.7, 30)
    mirrored = corrected_share([[9, 1, 1, 9]], [200], [20], 0.3, 30)
    assert (found.low, found.estimate, found.high) == pytest.approx(
        (mirrored.low, mirrored.estimate, mirrored.high)
    )


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match=r"^cells must have a row per stratum and four columns$"):
        corrected_share([[1, 2, 3]], [100], [6], 0.5, 20)
    with pytest.raises(ValueError, match=r"^a stratum has more answers than cases re-read$"):
        corrected_share([[3, 2, 1, 1]], [100], [6], 0.5, 20)


def reading(rows, questions=None):
    table = pd.DataFrame(rows, columns=["case_id", "unit", "question", "answer"])
    cases = table[["case_id", "unit"]].drop_duplicates().assign(stratum=lambda t: t["unit"])
    strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [100, 300]})
    return ReviewedSample(cases, strata, table[["case_id", "question", "answer"]], questions)


def test_the_table_pairs_the_two_readings_by_case():
    first = reading(
        [(f"a{i}", "A", "Q", "ja" if i else "nej") for i in range(6)]
        + [(f"b{i}", "B", "Q", "nej" if i < 2 else "nej (lovlig grund)") for i in range(6)]
    )
    again = {"a0": "ja", "a1": "ja", "a2": "nej", "b0": "nej", "b3": "ja", "b4": "ja", "b5": "ja"}
    second = reading([(case, case[0].upper(), "Q", answer) for case, answer in again.items()])
    row = corrections.table(first, second).iloc[0]
    level = share([100, 300], [6, 6], [6, 6], [5, 4])
    by_hand = corrected_share(
        [[1, 1, 1, 0], [3, 0, 0, 1]], [100, 300], [3, 4], float(level.estimate), float(level.n_eff)
    )
    assert row["failed"] == ()
    assert (row["estimate"], row["low"], row["high"]) == (by_hand.estimate, by_hand.low, by_hand.high)


def test_disagreement_on_relevance_is_counted_and_hides_the_figure():
    first = reading(
        [("a0", "A", "Q", "ja"), ("a1", "A", "Q", "nej"), ("b0", "B", "Q", "ja"), ("b1", "B", "Q", "ja")]
    )
    second = reading([("a0", "A", "Q", "ja"), ("a1", "A", "Q", "nej"), ("b0", "B", "Q", "ikke relevant")])
    row = corrections.table(first, second).iloc[0]
    assert row["failed"] == ("relevance_differs",)
    assert row["relevance_differs"] == 1


def test_what_is_not_shown_keeps_what_it_was_to_be_made_of():
    found = corrected(T1, random=False)
    assert found.failed == ("not_random",)
    assert (found.first_estimate, found.first_n_eff) == (float(E9.estimate), float(E9.n_eff))
    assert (found.n_yes, found.n_no) == (53, 7)
    assert np.isnan([found.estimate, found.low, found.high, found.ppv, found.omission]).all()
    assert (found.of_yes, found.of_no) == (None, None)


def test_what_is_shown_says_what_it_is_made_of():
    found = corrected(T1)
    assert (found.first_estimate, found.first_n_eff) == (float(E9.estimate), float(E9.n_eff))
    assert (found.n_yes, found.n_no) == (53, 7)
    assert (found.of_yes.share, found.of_no.share) == (found.ppv, found.omission)


def test_a_stratum_that_was_not_reread_adds_nothing():
    with_it = corrected_share([[7, 1, 1, 1], [0, 0, 0, 0]], [500, 60], [10, 0], 0.8, 100)
    without = corrected_share([[7, 1, 1, 1]], [500], [10], 0.8, 100)
    assert (with_it.low, with_it.estimate, with_it.high) == (without.low, without.estimate, without.high)


def test_a_stratum_of_which_one_case_was_reread_adds_its_weight():
    found = corrected_share([[7, 1, 1, 1], [0, 0, 1, 0]], [500, 60], [10, 1], 0.8, 100)
    assert found.ppv == pytest.approx(50 * 7 / (50 * 8 + 60 * 1))


def test_more_confidence_is_a_wider_interval():
    usual, wide = corrected(T1), corrected(T1, confidence=0.99)
    assert wide.low < usual.low < usual.high < wide.high


def test_limits_stay_between_0_and_1():
    high = corrected_share([[40, 1, 0, 0]], [1000], [41], 1.0, 5)
    low = corrected_share([[0, 0, 40, 1]], [1000], [41], 0.5, 5)
    beyond = corrected_share([[20, 10, 0, 2]], [1000], [32], 0.9, 5)
    assert beyond.ppv + beyond.omission > 1.8
    assert (high.high, beyond.high) == (1, 1)
    assert low.low == 0
