"""Levels: the acceptance values of the method specification (95 %), to six decimals, and the edge cases."""

import numpy as np
import pytest

from tilsyn.statistics.counts import Counts
from tilsyn.statistics.levels import levels, share
from tilsyn.statistics.weighted_gamma import AnsweredCases

N7 = [500, 600, 700, 800, 900, 1000, 60]
n7 = [20, 20, 20, 20, 20, 20, 5]
MONTH = [22, 31, 18, 25, 40, 28, 15, 35]
INF = float("inf")

# name: N, n, m, x; then P, V, n_K, n_W, n_eff, low, high, n_eff at f = 0.
ACCEPTANCE = {
    "E1": ([750], [20], [20], [20], 1, 0, 20.547945, 20.270270, 20.270270, 0.833614, 1, 20),
    "E2": (
        [750],
        [20],
        [20],
        [18],
        0.9,
        4.610526e-03,
        20.547945,
        20.270270,
        20.547945,
        0.686935,
        0.987117,
        20,
    ),
    "E3": (
        [500],
        [20],
        [7],
        [6],
        0.857143,
        1.767685e-02,
        7.291667,
        7.142857,
        7.277121,
        0.431026,
        0.995919,
        7,
    ),
    "E4": ([60], [5], [5], [4], 0.8, 3.666667e-02, 5.454545, 5.217391, 5.454545, 0.305261, 0.993381, 5),
    "E5": ([60], [5], [5], [5], 1, 0, 5.454545, 5.217391, 5.217391, 0.493104, 1, 5),
    "E6": ([500], [20], [1], [0], 0, 0, 1.041667, 1.020408, 1.020408, 0, 0.973086, 1),
    "E8": ([40], [40], [40], [36], 0.9, 0, INF, INF, INF, 0.9, 0.9, 40),
    "E9": (
        N7,
        n7,
        n7,
        [18, 17, 20, 16, 19, 15, 4],
        0.866886,
        9.863561e-04,
        119.737418,
        92.121212,
        117.934373,
        0.792012,
        0.922422,
        115.034655,
    ),
    "E10": (
        N7,
        n7,
        [8, 5, 9, 6, 10, 7, 0],
        [8, 4, 7, 6, 9, 4, 0],
        0.826979,
        3.479372e-03,
        43.932673,
        34.444444,
        42.058259,
        0.679068,
        0.925937,
        41.075753,
    ),
    "E11": (N7, n7, n7, n7, 1, 0, 119.737418, 92.121212, 92.121212, 0.960747, 1, 91.2),
    "E12": (
        N7,
        n7,
        n7,
        [20, 20, 20, 20, 20, 20, 0],
        0.986842,
        0,
        119.737418,
        92.121212,
        92.121212,
        0.937200,
        0.999422,
        91.2,
    ),
    "E13": (
        N7,
        n7,
        n7,
        [20, 20, 20, 20, 20, 19, 5],
        0.989035,
        1.178247e-04,
        119.737418,
        92.121212,
        92.783081,
        0.941096,
        0.999707,
        90.927419,
    ),
    "E14": (
        N7,
        [4, 5, 5, 5, 5, 5, 1],
        [4, 5, 5, 5, 5, 5, 1],
        [4, 4, 5, 3, 5, 4, 0],
        0.846491,
        4.557969e-03,
        28.818361,
        22.857143,
        28.682153,
        0.663313,
        0.952949,
        28.504240,
    ),
    "E15": (
        MONTH,
        [1] * 8,
        [1] * 8,
        [1, 1, 0, 1, 1, 1, 1, 0],
        0.752336,
        2.804669e-02,
        7.614899,
        5.417722,
        7.592496,
        0.340177,
        0.971534,
        7.332352,
    ),
    "E16": (
        MONTH,
        [3, 3, 3, 3, 3, 3, 2, 3],
        [3, 3, 2, 3, 3, 1, 2, 3],
        [3, 2, 2, 3, 2, 1, 2, 3],
        0.875,
        7.324800e-03,
        20.914978,
        14.753247,
        15.718051,
        0.613524,
        0.984923,
        14.406404,
    ),
    "E17": (
        N7,
        [20, 20, 20, 20, 20, 0, 5],
        [20, 20, 20, 20, 20, 0, 5],
        [18, 17, 20, 16, 19, 0, 4],
        0.899719,
        8.552299e-04,
        101.665330,
        80,
        100.679496,
        0.823754,
        0.950653,
        97.961837,
    ),
    "E18": (
        N7,
        [20, 20, 20, 20, 20, 4, 5],
        [20, 20, 20, 20, 20, 4, 5],
        [20, 20, 20, 20, 20, 4, 5],
        1,
        0,
        55.648450,
        18.276553,
        18.276553,
        0.817228,
        1,
        18.24,
    ),
    "E19": (
        N7,
        [20, 20, 20, 20, 20, 4, 5],
        [20, 20, 20, 20, 20, 4, 5],
        [20, 20, 20, 20, 20, 4, 4],
        0.997368,
        6.348107e-06,
        55.648450,
        18.276553,
        23.260435,
        0.817228,
        1,
        23.520234,
    ),
}


@pytest.mark.parametrize("name", ACCEPTANCE)
def test_acceptance_value(name):
    N, n, m, x, *expected = ACCEPTANCE[name]
    found = share(N, n, m, x)
    values = (
        found.estimate,
        found.variance,
        found.n_kish,
        found.n_heaviest,
        found.n_eff,
        found.low,
        found.high,
        found.n_eff_practice,
    )
    for value, wanted, tolerance in zip(values, expected, [5e-7, None, *[5e-7] * 6], strict=True):
        # V is printed with seven significant digits, everything else with six decimals.
        assert float(value) == pytest.approx(
            wanted, rel=5e-7 if tolerance is None else 0, abs=tolerance or 1e-15
        )


def test_without_relevant_cases_there_is_no_figure():
    found = share([500], [20], [0], [0])  # E7
    assert all(
        np.isnan(float(v)) for v in (found.estimate, found.standard_error, found.low, found.high, found.n_eff)
    )
    assert (found.n_reviewed, found.n_relevant) == (20, 0)


# N, n, m, x of two strata; whether the row is a census, and whether only its relevant cases are one.
ROWS = {
    "sampled": ([500, 60], [20, 5], [20, 5], [18, 4], False, False),
    "one_relevant_stratum": ([500, 60], [20, 5], [8, 0], [8, 0], False, False),
    "one_relevant_case": ([500, 60], [20, 5], [1, 0], [1, 0], False, False),
    "nothing_relevant": ([500, 60], [20, 5], [0, 0], [0, 0], False, False),
    "lonely": ([500, 60], [1, 1], [1, 1], [1, 0], False, False),
    "an_empty_stratum": ([500, 0], [20, 0], [9, 0], [8, 0], False, False),
    "relevant_in_a_census": ([500, 60], [20, 60], [0, 60], [0, 55], False, True),
    "census": ([500, 60], [500, 60], [40, 50], [30, 45], True, False),
    "census_and_an_unread_stratum": ([500, 60], [500, 0], [40, 0], [30, 0], True, False),
    "census_with_one_relevant_case": ([500, 60], [500, 60], [1, 0], [1, 0], True, False),
    "census_with_nothing_relevant": ([500, 60], [500, 60], [0, 0], [0, 0], False, False),
    "census_beside_a_sample": ([500, 60], [20, 60], [9, 60], [8, 55], False, False),
}


@pytest.mark.parametrize("shape", [(12,), (3, 4)])
def test_rows_computed_together_are_the_rows_computed_alone(shape):
    given = [
        np.array(part).reshape(*shape, 2) for part in zip(*(row[:4] for row in ROWS.values()), strict=True)
    ]
    together, alone = share(*given), [share(*row[:4]) for row in ROWS.values()]

    def same(table, rows):
        for name, found in vars(table).items():
            expected = [getattr(row, name) for row in rows]
            if name in {"finite", "practice"}:
                same(found, expected)
            else:
                axes = np.shape(expected[0])
                assert found.shape == (*shape, *axes), name
                assert np.array_equal(found.reshape(12, *axes), expected, equal_nan=True), name

    same(together, alone)


@pytest.mark.parametrize("name", ROWS)
def test_what_is_a_census(name):
    N, n, m, x, census, census_only = ROWS[name]
    found = share(N, n, m, x)
    assert (bool(found.census), bool(found.census_only)) == (census, census_only)
    assert found.finite.fraction.tolist() == [
        part / size if size else 0 for part, size in zip(n, N, strict=True)
    ]
    assert found.practice.fraction.tolist() == [0, 0]
    assert found.finite.weight.tolist() == [
        size / part if part else 0 for part, size in zip(n, N, strict=True)
    ]
    assert found.n_reviewed == sum(n)
    used = found.practice if census_only else found.finite
    for field in ("n_kish", "n_heaviest", "a", "n_eff"):
        assert np.array_equal(getattr(found, field), getattr(used, field), equal_nan=True), field


def test_two_relevant_cases_have_twice_the_size_that_their_spread_says():
    N, n, m, x, *_ = ROWS["lonely"]
    found = share(N, n, m, x)
    P = 500 / 560
    # Both strata lend each other their spread: kappa is 2.
    V = (500 * 499 * 2 * (1 - P) ** 2 + 60 * 59 * 2 * P**2) / 560**2
    assert float(found.variance) == pytest.approx(V, rel=1e-12)
    assert float(found.a) == pytest.approx(P * (1 - P) / V * 2, rel=1e-12)


def test_a_row_without_strata_has_no_figure():
    found = share([], [], [], [])
    assert np.isnan([float(found.estimate), float(found.low), float(found.n_heaviest)]).all()


def test_a_stratum_without_relevant_cases_adds_nothing_but_stays():
    with_it = share([500, 600], [20, 20], [9, 0], [8, 0])
    without = share([500], [20], [9], [8])
    assert with_it.estimate == without.estimate
    assert float(with_it.variance) == pytest.approx(float(without.variance), rel=1e-12)
    assert with_it.n_reviewed == 40


def test_an_unread_stratum_is_left_out_and_never_imputed():
    assert share([500, 600], [20, 0], [9, 0], [8, 0]).low == share([500], [20], [9], [8]).low


def test_relevant_cases_only_in_a_census_stratum_rest_on_an_endless_population():
    found = share([30, 500], [30, 20], [30, 0], [27, 0])
    alone = share([30], [30], [30], [27])
    assert bool(found.census_only)
    assert not bool(found.census)
    assert found.standard_error == 0
    assert found.n_eff == found.n_eff_practice == alone.n_eff_practice
    assert found.low < 0.9 < found.high


def test_a_census_stratum_among_sampled_ones_is_not_the_heaviest_case():
    found = share([1000, 10], [1000, 2], [1000, 2], [900, 2])
    # w = 5 (f = .2) in the only sampled stratum; the census stratum would weigh 1.
    assert float(found.n_heaviest) == pytest.approx(min(1010 / 4.5, float(found.n_kish)))


def test_kappa_counts_lonely_strata_whatever_was_relevant_there():
    found = share([22, 31, 18], [1, 1, 1], [1, 0, 0], [0, 0, 0])
    assert found.kappa == pytest.approx(3 / 2)
    assert share([22, 31], [1, 5], [1, 5], [1, 4]).kappa == 1
    # A stratum of one case that was read is no lonely one: it was read whole.
    assert share([1, 31, 22], [1, 1, 5], [1, 1, 5], [1, 1, 4]).kappa == 1
    assert share([2, 31, 22], [1, 1, 5], [1, 1, 5], [1, 1, 4]).kappa == 2


def test_two_cases_read_are_no_lonely_one():
    # (0.25 + 0.25) / (2 - 1) is their spread.
    assert float(share([500], [2], [2], [1]).variance) == pytest.approx((1 - 2 / 500) / 2 * 0.5, rel=1e-12)


def test_lonely_strata_use_kappa_times_the_spread_about_p():
    N, x = np.array(MONTH, dtype=float), np.array([1, 1, 0, 1, 1, 1, 1, 0])
    P = (N * x).sum() / N.sum()
    by_hand = (N**2 * (1 - 1 / N) * 8 / 7 * (x - P) ** 2).sum() / N.sum() ** 2
    assert float(share(MONTH, [1] * 8, [1] * 8, x).variance) == pytest.approx(by_hand, rel=1e-12)


def test_an_index_takes_the_case_as_its_unit():
    # Two questions answered alike in every case tell no more than one of them.
    m, x = np.array(n7, dtype=float), np.array([18, 17, 20, 16, 19, 15, 4], dtype=float)
    right = np.concatenate([np.arange(int(n)) < k for n, k in zip(m, x, strict=True)])
    both = AnsweredCases.of(np.repeat(np.arange(7), n7), np.full(right.size, 2.0), 2.0 * right)
    index, question = levels(Counts.of_cases(N7, n7, both)), share(N7, n7, m, x)
    assert float(index.estimate) == pytest.approx(float(question.estimate))
    assert float(index.variance) == pytest.approx(float(question.variance))
    assert float(index.n_kish) == pytest.approx(float(question.n_kish))
    assert np.isnan([index.a, index.n_eff]).all()
    assert (index.n_relevant, index.n_cases) == (250, 125)


@pytest.mark.parametrize(
    "counts",
    [
        ([10], [20], [5], [5]),
        ([100], [20], [21], [5]),
        ([100], [20], [5], [6]),
        ([100], [20], [5], [-1]),
    ],
)
def test_impossible_counts_are_refused(counts):
    message = r"^each stratum needs 0 <= compliant <= relevant <= sample_size <= population_size$"
    with pytest.raises(ValueError, match=message):
        share(*counts)


@pytest.mark.parametrize("confidence", [-0.1, 0, 1, 1.5, 95])
def test_confidence_must_be_a_share(confidence):
    with pytest.raises(ValueError, match=f"^confidence must lie strictly between 0 and 1, not {confidence}$"):
        share([500], [20], [9], [8], confidence=confidence)


def test_what_cancels_leaves_no_standard_error():
    # One case read in each stratum, seven of every nine answers compliant: no case departs from P.
    cases = AnsweredCases.of(np.arange(3), np.array([9.0, 18.0, 27.0]), np.array([7.0, 14.0, 21.0]))
    counts = Counts.of_cases([18, 22, 40], [1, 1, 1], cases)
    assert float(levels(counts).standard_error) == 0
