"""Agreement: the acceptance values of the formulas, published examples, and what must hold for any table."""

import json
import re
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.statistics import agreement, agreement_over_cases
from tilsyn.statistics.intervals import beta_interval

PUBLISHED = {
    case["name"]: case
    for case in json.loads(
        (Path(__file__).parent.parent / "data" / "agreement-published.json").read_text("utf-8")
    )
}


def readers(both_yes, second_yes, first_yes, both_no):
    """A table from the order in which the formulas name the cells a, b, c, d."""
    return [[both_yes, first_yes], [second_yes, both_no]]


@pytest.mark.parametrize(
    ("cells", "raw", "ac1", "kappa"),
    [
        (
            (50, 2, 3, 5),
            (0.916667, 0.816142, 0.972387),
            (0.893333, 0.767466, 0.978998),
            (0.619289, 0.293782, 0.888636),
        ),
        ((57, 1, 2, 0), (0.950000, 0.860757, 0.989568), (0.947438, 0.858959, 1), (-0.022727, None, None)),
        ((60, 0, 0, 0), (1, 0.940371, 1), (1, 0.950168, 1), (None, None, None)),
    ],
)
def test_acceptance_values(cells, raw, ac1, kappa):
    table = readers(*cells)
    for found, wanted in (
        (agreement.raw_agreement(table), raw),
        (agreement.ac1(table), ac1),
        (agreement.kappa(table), kappa),
    ):
        for value, expected in zip((found.estimate, found.low, found.high), wanted, strict=True):
            if expected is not None:
                assert value == pytest.approx(expected, abs=5e-7)


def test_acceptance_of_the_other_measures():
    table = readers(50, 2, 3, 5)
    assert agreement.pabak(table) == pytest.approx(0.833333, abs=5e-7)
    assert agreement.specific_agreement(table) == pytest.approx((0.952381, 0.666667), abs=5e-7)
    assert agreement.specific_agreement(readers(57, 1, 2, 0))[1] == 0


def test_less_confidence_is_a_narrower_interval():
    for measure in (agreement.raw_agreement, agreement.ac1, agreement.kappa):
        usual, narrow = measure(readers(50, 2, 3, 5)), measure(readers(50, 2, 3, 5), 0.8)
        assert usual.low < narrow.low < narrow.high < usual.high


def test_one_pair_has_figures_and_no_limit_is_below_minus_one():
    assert agreement.ac1(readers(1, 0, 0, 0)).estimate == 1
    assert agreement.ac1(readers(0, 1, 1, 0)).low == -1


@pytest.mark.parametrize("measure", [agreement.ac1, agreement.kappa])
def test_pairs_of_few_cases_are_read_at_what_they_are_worth(measure):
    table = np.array(readers(50, 2, 3, 5))
    # Worth half: the interval of half as many pairs. Never worth more than they are.
    assert measure(table, n_eff=30) == measure(table / 2)
    assert measure(table, n_eff=61) == measure(table)
    assert measure(table, 0.9, 30).low > measure(table, n_eff=30).low


def test_an_answer_that_one_reader_gave_once_was_never_agreed_on():
    assert agreement.specific_agreement(readers(0, 0, 1, 0)) == (0, 0)
    assert agreement.specific_agreement(readers(1, 0, 0, 0)) == pytest.approx((1, np.nan), nan_ok=True)


def test_kappa_is_undefined_when_both_used_one_answer():
    found = agreement.kappa(readers(60, 0, 0, 0))
    assert np.isnan([found.estimate, found.low, found.high]).all()


def test_published_textbook_kappa():
    case = PUBLISHED["kappa_2x2_wikipedia_style"]
    table = case["input"]["table"]
    assert agreement.raw_agreement(table).estimate == pytest.approx(case["expected"]["po"])
    assert agreement.kappa(table).estimate == pytest.approx(case["expected"]["kappa"])


def test_published_paradox_of_kappa():
    case = PUBLISHED["gwet_paradox_118_5_2_0"]
    table = case["input"]["table"]
    assert agreement.raw_agreement(table).estimate == pytest.approx(case["expected"]["po"], abs=5e-5)
    assert agreement.kappa(table).estimate == pytest.approx(case["expected"]["kappa"], abs=5e-5)
    assert agreement.ac1(table).estimate == pytest.approx(case["expected"]["ac1"], abs=5e-5)


def test_published_three_by_three():
    case = PUBLISHED["gwet_irrcac_cont3x3"]
    table, expected = np.array(case["input"]["table"]), case["expected"]
    assert agreement.raw_agreement(table).estimate == pytest.approx(expected["po"])
    assert agreement.kappa(table).estimate == pytest.approx(expected["kappa"], abs=5e-8)
    assert agreement.ac1(table).estimate == pytest.approx(expected["ac1"], abs=5e-8)
    assert agreement._kappa(table.astype(float))[1] == pytest.approx(expected["kappa_se"], abs=5e-9)
    # irrCAC divides AC1's variance by n for a table, by n - 1 for raw ratings; ours is the latter (Gwet 2008).
    n = table.sum()
    ours = agreement._ac1(table.astype(float))[1]
    assert ours * np.sqrt((n - 1) / n) == pytest.approx(expected["ac1_se"], abs=5e-9)
    # Its kappa interval is kappa +- t(n-1) SE of the raw counts; ours adds 1/2 to each count and uses z, so that it has
    # a width at perfect agreement too.
    found = agreement.kappa(table)
    assert found.low < expected["kappa_ci"][0]
    assert found.high == pytest.approx(expected["kappa_ci"][1], abs=0.04)


@given(st.integers(0, 200), st.integers(0, 200))
def test_mcnemar_is_the_exact_binomial(b, c):
    found = agreement.shift([[3, b], [c, 4]])
    tail = sum(comb(b + c, k) for k in range(min(b, c) + 1)) / 2 ** (b + c)
    assert found.p_value == pytest.approx(min(1.0, 2 * tail), rel=1e-9)
    assert (found.stricter, found.milder, found.net) == (b, c, c - b)


def test_mcnemar_without_disagreement():
    assert agreement.shift([[60, 0], [0, 3]]).p_value == 1


cells = st.lists(st.integers(0, 60), min_size=4, max_size=4).filter(lambda counts: sum(counts) > 1)


@given(cells)
def test_every_interval_holds_its_estimate(counts):
    table = np.reshape(counts, (2, 2))
    for measure, floor in ((agreement.raw_agreement, 0), (agreement.ac1, -1), (agreement.kappa, -1)):
        found = measure(table)
        if not np.isnan(found.estimate):
            assert floor <= found.low <= found.estimate + 1e-12
            assert found.estimate - 1e-12 <= found.high <= 1


@given(cells)
def test_which_reader_is_first_and_which_answer_is_ja_change_no_agreement(counts):
    table = np.reshape(counts, (2, 2))
    for measure in (agreement.raw_agreement, agreement.ac1, agreement.kappa):
        found = measure(table)
        for other in (table.T, table[::-1, ::-1]):
            again = measure(other)
            assert [again.estimate, again.low, again.high] == pytest.approx(
                [found.estimate, found.low, found.high], abs=1e-9, nan_ok=True
            )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=2, max_size=30))
def test_pooled_answers_are_never_worth_more_than_their_cases(cases):
    hits, sizes = [min(hit, size) for hit, size in cases], [size for _, size in cases]
    assert 0 < agreement_over_cases.clustered_n_eff(hits, sizes) <= len(cases)


@pytest.mark.parametrize(
    ("hits", "sizes"),
    [
        ([3, 0, 3, 3], [3, 3, 3, 3]),
        ([6, 0, 5, 0, 1], [6, 6, 6, 1, 2]),
        ([1, 0], [1, 4]),
        # Cases without an answer are left out.
        ([6, 0, 0, 5, 0, 1, 0], [6, 0, 6, 6, 1, 2, 0]),
    ],
)
def test_the_worth_of_pairs_is_the_index_rule(hits, sizes):
    # Särndal, Swensson and Wretman (1992), section 5.8: the variance of a ratio over the cases with an answer.
    cases = [(y, x) for y, x in zip(hits, sizes, strict=True) if x]
    share = sum(y for y, _ in cases) / sum(x for _, x in cases)
    squares = sum((y - share * x) ** 2 for y, x in cases) / (len(cases) - 1)
    variance = len(cases) * squares / sum(x for _, x in cases) ** 2
    worth = agreement_over_cases.clustered_n_eff(hits, sizes)
    assert worth == pytest.approx(min(share * (1 - share) / variance, len(cases)))
    assert worth < len(cases)


@pytest.mark.parametrize(("hits", "sizes", "worth"), [([], [], 0), ([1], [3], 1), ([3, 2], [3, 2], 2)])
def test_answers_that_are_all_alike_or_of_one_case_are_worth_their_cases(hits, sizes, worth):
    assert agreement_over_cases.clustered_n_eff(hits, sizes) == worth


def test_a_share_over_cases_with_one_answer_each_has_clopper_and_pearsons_limits():
    hits, sizes = [1] * 18 + [0] * 5, [1] * 20 + [0] * 3
    for confidence in (0.95, 0.9):
        found = agreement_over_cases.share_over_cases(hits, sizes, confidence)
        low, high = beta_interval(0.9, 20, confidence=confidence)
        assert (found.estimate, found.low, found.high) == pytest.approx(
            (0.9, float(low), float(high)), abs=1e-7
        )
    assert agreement_over_cases.share_over_cases(hits, sizes) == agreement_over_cases.share_over_cases(
        hits, sizes, 0.95
    )


def test_a_share_over_cases_with_several_answers_counts_answers():
    found = agreement_over_cases.share_over_cases([3, 0, 2, 0], [3, 2, 3, 0])
    assert found.estimate == 5 / 8
    assert found.low < 5 / 8 < found.high


def test_a_share_of_no_answer_is_none():
    found = agreement_over_cases.share_over_cases([0, 0], [0, 0])
    assert np.isnan([found.estimate, found.low, found.high]).all()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ([[1, 2]], "a table of two readers is square, at least 2 x 2; this one is (1, 2)"),
        ([[1]], "a table of two readers is square, at least 2 x 2; this one is (1, 1)"),
        ([1, 2], "a table of two readers is square, at least 2 x 2; this one is (2,)"),
        ([[1, 2], [3, 4], [5, 6]], "a table of two readers is square, at least 2 x 2; this one is (3, 2)"),
        ([[1, -1], [0, 2]], "counts are finite and not negative"),
        ([[1, np.nan], [0, 2]], "counts are finite and not negative"),
    ],
)
def test_what_is_no_table_is_refused(table, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        agreement.raw_agreement(table)


def test_an_empty_table_has_no_figures():
    table = [[0, 0], [0, 0]]
    for measure in (agreement.raw_agreement, agreement.ac1, agreement.kappa):
        found = measure(table)
        assert np.isnan([found.estimate, found.low, found.high]).all()
    assert np.isnan(agreement.pabak(table))
    assert np.isnan(agreement.specific_agreement(table)).all()
