"""The interval of pooled rows: acceptance values, a second implementation, and what it promises."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betainc, betaincinv
from scipy.stats import gamma

from tests.statistics import plain_gamma
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.gamma_sums import probability_below_zero
from tilsyn.statistics.levels import levels, practice_limits
from tilsyn.statistics.pooled import many_answers, pooled_change, pooled_limits, row_sum
from tilsyn.statistics.weighted_gamma import AnsweredCases, gamma_sum, pooled_interval

N7, n7 = [500, 600, 700, 800, 900, 1000, 60], [20, 20, 20, 20, 20, 20, 5]
ONE = [(10, 9), (12, 12), (8, 8), (9, 7)]
TWO = [(11, 11), (7, 7), (10, 8)]


def counts(strata):
    """Counts of one pooled row; `strata` is N and a list of (relevant, compliant) per case read."""
    at = np.array([h for h, (_, cases) in enumerate(strata) for _ in cases], dtype=np.intp)
    r, c = np.array([case for _, cases in strata for case in cases], dtype=float).reshape(-1, 2).T
    sizes = [N for N, _ in strata], [len(cases) for _, cases in strata]
    return Counts.of_cases(*sizes, AnsweredCases.of(at, r, c))


def test_the_same_row_on_some_of_its_strata():
    row, first = counts([(500, ONE), (1000, TWO)]), counts([(500, ONE), (1000, [])])
    found = row.within(np.array([True, False]))
    for name in vars(first).keys() - {"answered"}:
        assert getattr(found, name).tolist() == getattr(first, name).tolist(), name
    assert [values.tolist() for values in vars(found.answered.item()).values()] == [
        values.tolist() for values in vars(first.answered.item()).values()
    ]
    # The row itself stays as it was.
    assert row.answered.item().cases.sum() == len(ONE) + len(TWO)
    question = Counts.of_question([[5, 6], [7, 8]], [4, 4], [3, 3], [2, 1])
    some = question.within(np.array([[True, False], [False, True]]))
    assert some.population_size.tolist() == [[5, 6], [7, 8]]
    assert some.pooled.tolist() == [False, False]
    assert (some.sample_size.tolist(), some.compliant.tolist()) == ([[4, 0], [0, 4]], [[2, 0], [0, 1]])


def test_missing_cases_are_added_to_the_strata_that_lack_them():
    found = AnsweredCases.of(np.array([0, 1]), np.array([3.0, 4.0]), np.array([2.0, 4.0]))
    found = found.with_missing(np.array([0.0, 2.0, 1.0]), 3.5, 0.0)
    assert [values.tolist() for values in vars(found).values()] == [
        [0, 1, 1, 2],
        [3, 4, 3.5, 3.5],
        [2, 4, 0, 0],
        [1, 1, 2, 1],
    ]


def test_a_side_without_limits_gives_no_pooled_change():
    found = pooled_change([0.9, 0.9], ([np.nan, 0.8], [np.nan, 0.95]), [0.8, 0.8], (0.7, 0.9))
    assert np.isnan([found.change[0], found.low[0], found.high[0]]).all()
    assert found.change[1] == pytest.approx(0.1)


def test_limits_of_a_pooled_row_are_narrower_with_less_confidence():
    row = counts(X["X1"])
    (less, more) = (levels(row, level) for level in (0.8, 0.95))
    assert more.low < less.low < less.high < more.high


def test_practice_limits_of_a_pooled_row_are_narrower_with_less_confidence():
    row = counts(X["X1"])
    (low, high), (lower, higher) = (practice_limits(row, levels(row), level) for level in (0.8, 0.95))
    assert lower < low < high < higher
    assert practice_limits(row, levels(row)) == (lower, higher)


@pytest.mark.parametrize("confidence", [0.95, 0.9])
@pytest.mark.parametrize(
    ("sizes", "read"),
    [
        ([500, 60], [[[20, 5]] * 3, [[20, 5], [9, 2], [20, 5]], [[20, 5], [6, 0], [20, 4]]]),
        # The one relevant case of the second unit is the heaviest, and its unit has no spread.
        ([90, 90], [[[10, 3]], [[10, 1]], [[9, 1]]]),
    ],
)
def test_practice_limits_of_a_question_are_those_of_a_frame_without_end(sizes, read, confidence):
    row, endless = Counts.of_question(sizes, *read), Counts.of_question([N * 1e9 for N in sizes], *read)
    expected = levels(endless, confidence)
    low, high = practice_limits(row, levels(row, confidence), confidence)
    assert low == pytest.approx(expected.low, rel=1e-7)
    assert high == pytest.approx(expected.high, rel=1e-7)


def seven(more=False):
    units = []
    for h, (N, n) in enumerate(zip(N7, n7, strict=True)):
        cases = []
        for i in range(n):
            a = 10 + (7 * i + 3 * h) % 11
            failed = 1 + (i + h) % 3 if (5 * i + h) % 6 == 0 else 0
            failed += 2 if more and (i + 2 * h) % 4 == 0 else 0
            cases.append((a, a - failed))
        units.append((N, cases))
    return units


X = {
    "X1": [(500, ONE), (1000, TWO)],
    "X2": [(500, [(r, r) for r, _ in ONE]), (1000, [(r, r) for r, _ in TWO])],
    "X3": [(500, [*ONE, (0, 0)]), (1000, TWO)],
    "X4": [(4, ONE), (1000, TWO)],
    "X5": seven(),
    "X6": [(500, [(r, 0) for r, _ in ONE]), (1000, [(r, 0) for r, _ in TWO])],
    "X7": [(50, [(3, 2)])],
    "X8": seven(more=True),
    "X9": [(1000, [(10, 9)] * 900)],
    "X10": [(60, [(10, 9)] * 59)],
    "X11": [(1000, [(10, 9)] * 900 + [(10, 10)] * 100), (20, [(10, 9)])],
    "X12": [(60, [(1, 1)] * 55)],
}


@pytest.mark.parametrize(
    ("name", "P", "low", "high", "low_practice", "high_practice"),
    [
        ("X1", 0.926686, 0.425881, 0.987678, 0.425212, 0.987745),
        ("X2", 1.000000, 0.461541, 1.000000, 0.460820, 1.000000),
        ("X3", 0.926952, 0.405106, 0.988713, 0.404416, 0.988781),
        ("X4", 0.928549, 0.265681, 0.997844, 0.264975, 0.997865),
        ("X5", 0.977942, 0.936896, 0.986741, 0.936475, 0.986839),
        ("X6", 0.000000, 0.000000, 0.538459, 0.000000, 0.539180),
        ("X7", 0.666667, 0.017766, 0.991117, 0.016667, 0.991667),
        ("X8", 0.944307, 0.903071, 0.958369, 0.902638, 0.958538),
        ("X9", 0.900000, 0.897975, 0.900225, None, None),
        ("X10", 0.900000, 0.872263, 0.903082, None, None),
        ("X11", 0.909804, 0.849843, 0.915769, None, None),
        ("X12", 1.000000, 0.964849, 1.000000, None, None),
    ],
)
def test_acceptance_values(name, P, low, high, low_practice, high_practice):
    row = counts(X[name])
    level = levels(row)
    assert [float(v) for v in (level.estimate, level.low, level.high)] == pytest.approx(
        [P, low, high], abs=6e-7
    )
    if low_practice is not None:
        found = [float(limit) for limit in practice_limits(row, level)]
        assert found == pytest.approx([low_practice, high_practice], abs=6e-7)


def test_the_change_of_x8_to_x5():
    sides = [(levels(row), row) for row in (counts(X["X5"]), counts(X["X8"]))]
    (now, before) = [(level.estimate, practice_limits(row, level)) for level, row in sides]
    found = pooled_change(*now, *before)
    assert [float(v) for v in (found.change, found.low, found.high)] == pytest.approx(
        [0.033635, -0.010206, 0.076243], abs=6e-7
    )


def a_design(seed):
    chance = random.Random(seed)
    most = chance.choice([1, 2, 3, 12, 36])
    share = chance.choice([0.3, 0.8, 0.95, 1.0])
    strata = []
    for _ in range(chance.randint(1, 7)):
        n = chance.choice([1, 2, 5, 20])
        N = n if chance.random() < 0.15 else n + chance.choice([1, 3, 40, 900])
        cases = []
        for _ in range(n):
            r = chance.randint(0, most)
            whole = chance.random() < 0.3
            right = (
                (0 if chance.random() < 0.1 else r)
                if whole
                else sum(chance.random() < share for _ in range(r))
            )
            cases.append((r, right))
        strata.append((N, cases))
    return strata


@pytest.mark.parametrize("seed", range(40))
def test_equals_the_second_implementation(seed):
    strata = a_design(seed)
    row = counts(strata)
    for finite in (True, False):
        used = None if float(row.relevant.sum()) == 0 else row_sum(row, finite)
        if used is None or used.heaviest == 0:
            continue
        low, high = (float(limit) for limit in pooled_limits(row, finite_population=finite))
        plain = used.finite_population
        for limit, side in ((low, strata), (1 - high, plain_gamma.failures(strata))):
            if limit == 0:
                assert not any(c for _, cases in side for _, c in cases)
                continue
            # The limit is where the chance passes alpha/2: to either side of it lie more and less.
            below, above = (plain_gamma.chance(side, limit + e, plain) for e in (-1e-7, 1e-7))
            assert below < 0.025 < above


@pytest.mark.parametrize("name", ["X1", "X5", "X7"])
@pytest.mark.parametrize("confidence", [0.8, 0.95, 1 - 0.0027])
def test_equals_the_bisection_of_the_second_implementation(name, confidence):
    found = [float(limit) for limit in pooled_limits(counts(X[name]), confidence)]
    assert found == pytest.approx(plain_gamma.limits(X[name], (1 - confidence) / 2), abs=1e-8)


@pytest.mark.parametrize(("n", "x"), [(1, 1), (5, 4), (20, 18), (20, 20), (125, 117), (60, 1)])
def test_one_question_one_unit_and_no_end_is_clopper_pearson(n, x):
    row = counts([(n, [(1, 1)] * x + [(1, 0)] * (n - x))])
    low, high = (float(limit) for limit in pooled_limits(row, finite_population=False))
    assert low == pytest.approx(float(betaincinv(x, n - x + 1, 0.025)), abs=1e-8)
    assert high == pytest.approx(1.0 if x == n else float(betaincinv(x + 1, n - x, 0.975)), abs=1e-8)


# From the plain to the fast that is followed on a ray turned to either side, and to what is followed on none.
@pytest.mark.parametrize("shape", [0.5, 1.0, 2.5, 40.0, 300.0])
@pytest.mark.parametrize("other", [0.25, 1.0, 300.0])
@pytest.mark.parametrize("ratio", [0.001, 0.01, 0.5, 1.0, 3.0, 200.0, 4000.0])
def test_the_chance_of_two_gammas_is_that_of_a_beta(shape, other, ratio):
    # Pr(G_k <= r G_m): G_k / (G_k + G_m) is beta distributed.
    found = probability_below_zero(np.array([1.0, -ratio]), np.array([shape, other]))
    assert found == pytest.approx(betainc(shape, other, ratio / (1 + ratio)), abs=1e-10)


# The last ones lie as far off as a trial may that is far from the limit.
@pytest.mark.parametrize("offset", [0.1, 1.0, 30.0, 1e3, 1e6])
def test_the_chance_of_one_gamma_and_an_offset_is_exponential(offset):
    assert probability_below_zero(np.array([-1.0]), np.array([1.0]), offset) == pytest.approx(
        np.exp(-offset), abs=1e-10
    )
    above = probability_below_zero(np.array([1.0]), np.array([1.0]), -offset)
    assert above == pytest.approx(1 - np.exp(-offset), abs=1e-10)


def chance_of_one_kind(row, limit):
    """Pr(a G_k - b G_1 + o <= 0), integrated over G_k itself."""
    a = float(row.weight[0] * (row.compliant[0] - limit * row.relevant[0]))
    b = limit * row.heaviest * row.mean_answers
    o = row.offset_compliant - limit * row.offset_relevant
    kink = max(0.0, -o / a)

    def density(x):
        return gamma.pdf(x, row.shape[0]) * np.exp(-max(0.0, (a * x + o) / b))

    return sum(quad(density, *ends, epsabs=1e-13, limit=200)[0] for ends in ((0, kink), (kink, np.inf)))


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.9973])
@pytest.mark.parametrize(
    "strata",
    [
        [(5, [(10, 9)] * 5), (1000, [(2, 0)])],
        [(5, [(5, 4)] * 5), (8, [(5, 0)])],
        [(125, [(5, 5)] * 125), (500, [(1, 0)])],
        [(5, [(25, 24)] * 5), (1000, [(5, 5)] * 2)],
        [(3000, [(5, 5)] * 3000), (3000, [(2, 0)])],
    ],
)
def test_a_case_or_two_beside_a_stratum_read_whole(strata, confidence):
    # What was read whole hardly moves, and a trial is soon thousands of standard deviations off.
    row = row_sum(counts(strata))
    low, high = pooled_interval(row, confidence)
    for side, limit in ((row, low), (row.failures, 1 - high)):
        assert chance_of_one_kind(side, limit) == pytest.approx((1 - confidence) / 2, abs=1e-7)


def test_what_a_limit_is_made_of():
    cases = AnsweredCases.of(np.array([0, 0, 1]), np.array([10.0, 12, 6]), np.array([9.0, 12, 0]))
    found = gamma_sum(cases, np.array([500.0, 1]), np.array([2.0, 1]))
    # N/n is 250, of which 1 - f is random; the second stratum was read whole.
    assert (found.weight.tolist(), found.shape.tolist()) == ([249, 249], pytest.approx([1 / 0.996] * 2))
    assert (found.relevant.tolist(), found.compliant.tolist()) == ([10, 12], [9, 12])
    assert (found.offset_relevant, found.offset_compliant) == (6, 0)
    assert (found.total_relevant, found.largest) == (250 * 22 + 6, 12)
    assert found.heaviest == pytest.approx(250 * 0.998)
    assert found.mean_answers == pytest.approx((250 * (10**2 + 12**2) + 6**2) / 5506)
    assert found.estimate == pytest.approx(250 * 21 / 5506)
    assert pooled_interval(found) == pooled_interval(found, 0.95)


def test_many_shapes_near_a_census_act_like_an_offset():
    # 999 of 1,000 read, all alike: Pr(A G_k <= B G_1) is (1 + A/B)^-k. A fixed step, however fine, misses it.
    row = row_sum(counts([(1000, [(10, 9)] * 999)]))
    assert row.shape == pytest.approx([999_000])
    for limit in (0.8995, 0.8999, 0.89999):
        A, B = float(row.weight[0]) * (9 - limit * 10), limit * row.heaviest * row.mean_answers
        assert row.probability(limit) == pytest.approx((1 + A / B) ** -float(row.shape[0]), abs=1e-9)


def test_a_census_is_what_it_is():
    row = counts([(4, ONE), (3, TWO)])
    level = levels(row)
    assert float(level.low) == float(level.high) == float(level.estimate)
    assert bool(level.census)
    assert [float(limit) for limit in pooled_limits(row)] == pytest.approx([float(level.estimate)] * 2)
    # A stratum of which nobody read a case makes no sample of it.
    assert pooled_limits(counts([(4, ONE), (3, TWO), (60, [])])) == pooled_limits(row)


@pytest.mark.parametrize("irrelevant", [1, 3])
def test_relevant_cases_in_a_census_alone_are_read_as_if_there_were_more(irrelevant):
    strata = [(4, ONE), (1000, [(0, 0)] * irrelevant)]
    level = levels(counts(strata))
    assert bool(level.census_only)
    assert [float(level.low), float(level.high)] == pytest.approx(
        plain_gamma.limits(strata, finite=False), abs=1e-8
    )


def test_nothing_relevant_has_no_limits():
    level = levels(counts([(500, [(0, 0)] * 5)]))
    assert np.isnan([float(level.estimate), float(level.low), float(level.high)]).all()


cases = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 12)), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None)
@given(first=cases, second=cases, which=st.integers(0, 15))
def test_one_more_error_never_raises_a_limit(first, second, which):
    strata = [(40, [(r, min(r, c)) for r, c in first]), (900, [(r, min(r, c)) for r, c in second])]
    before = pooled_limits(counts(strata))
    _, chosen = strata[which % 2]
    at = which % len(chosen)
    r, c = chosen[at]
    chosen[at] = (r, max(0, c - 1))
    after = pooled_limits(counts(strata))
    assert float(after[0]) <= float(before[0]) + 1e-8
    assert float(after[1]) <= float(before[1]) + 1e-8


@settings(max_examples=40, deadline=None)
@given(first=cases, second=cases, scale=st.integers(2, 5))
def test_limits_hold_the_estimate_and_know_no_order_and_no_unit(first, second, scale):
    strata = [(40, [(r, min(r, c)) for r, c in first]), (900, [(r, min(r, c)) for r, c in second])]
    level = levels(counts(strata))
    assert 0 <= float(level.low) <= float(level.estimate) <= float(level.high) <= 1
    turned = [(N, [(scale * r, scale * c) for r, c in reversed(chosen)]) for N, chosen in reversed(strata)]
    again = levels(counts(turned))
    assert [float(again.low), float(again.high)] == pytest.approx(
        [float(level.low), float(level.high)], abs=1e-8
    )


@pytest.mark.parametrize(
    ("answers", "marked"),
    [
        # r̄ weighs a case by its answers: a case of twice r̄ has far over twice the plain mean.
        ([5] * 40 + [25], True),
        ([5] * 40 + [9], False),
        ([4] * 60 + [36], True),
        # Exactly twice r̄ is not over it: r̄ = (36 + 9) / (6 + 9) = 3.
        ([6] + [1] * 9, False),
    ],
)
def test_a_case_with_many_more_answers_is_marked(answers, marked):
    assert bool(many_answers(counts([(500, [(r, r) for r in answers])]))) is marked
