"""Planning: the acceptance values, and agreement with estimation, comparison and allocation."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.plain_loop import level
from tilsyn.statistics import detection, precision
from tilsyn.statistics.change import change
from tilsyn.statistics.intervals import beta_interval
from tilsyn.statistics.levels import share
from tilsyn.statistics.precision import (
    allocate,
    binomial,
    expected_half_width,
    sample_size,
    size_to_halve,
    stratified_size,
)

N7 = [500, 600, 700, 800, 900, 1000, 60]
NAMES = list("abcdefg")


@pytest.mark.parametrize(
    ("truth", "half_width", "population", "expected"),
    [
        (0.90, 0.05, None, 155),
        (0.90, 0.05, 750, 128),
        (0.80, 0.10, None, 68),
        (0.80, 0.10, 750, 63),
        (0.95, 0.05, None, 90),
        (0.95, 0.05, 750, 80),
    ],
)
def test_acceptance_of_sizes(truth, half_width, population, expected):
    assert sample_size(half_width, truth, population) == expected


def test_acceptance_of_the_allocation():
    assert allocate(125, N7, NAMES, floor=5) == [13, 16, 19, 21, 24, 27, 5]


@pytest.mark.parametrize(
    ("n", "points"),
    [
        (5, 30),
        (20, 15),
        (30, 12),
        (60, 8),
        (125, 5.6),
    ],
)
def test_what_the_four_level_plan_gives(n, points):
    digits = 1 if points != int(points) else 0
    assert round(100 * expected_half_width(n, 0.9), digits) == points


def test_expected_half_width_is_the_mean_over_samples():
    random = np.random.default_rng(1)
    m = random.binomial(20, 0.4, 200_000)
    x = random.binomial(m, 0.8)[m > 0]
    m = m[m > 0]
    level = share([750], [20], m[:, None], x[:, None])
    simulated = float(np.mean(level.high - level.low)) / 2
    assert expected_half_width(20, 0.8, 750, 0.4) == pytest.approx(simulated, abs=0.001)


def test_a_census_has_no_width_and_a_size_never_exceeds_the_population():
    assert expected_half_width(40, 0.9, 40) == 0
    assert sample_size(0.01, 0.5, 60) <= 60
    assert sample_size(0.05, 0.9, 750, relevance=0.1) == 504


@pytest.mark.parametrize(
    ("half_width", "truth", "population", "relevance", "expected"),
    [
        (0.05, 0.95, 750, 0.4, 173),
        (0.03, 0.99, 1000, 1.0, 78),
        (0.10, 0.80, 60, 0.7, None),
        (0.15, 0.90, None, 0.3, None),
    ],
)
def test_a_size_is_the_first_whose_expected_half_width_does(
    half_width, truth, population, relevance, expected
):
    found = sample_size(half_width, truth, population, relevance)
    if expected is not None:
        assert found == expected
    widths = [
        expected_half_width(n, truth, population, relevance) for n in range(max(1, found - 25), found + 1)
    ]
    assert [width <= half_width for width in widths] == [False] * (len(widths) - 1) + [True]


def _plain_half_width(n, share, population, relevance, confidence):
    """Section 6 outcome by outcome, with the interval of a plain loop over strata."""
    if population is not None and n >= population:
        return 0.0
    N = population or 10**12
    total = chances = 0.0
    for m in range(1, n + 1):
        for x in range(m + 1):
            chance = _bin(m, n, relevance) * _bin(x, m, share)
            if chance > 1e-12:
                *_, low, high = level([N], [n], [m], [x], confidence)
                total, chances = total + chance * (high - low), chances + chance
    return total / chances / 2


def _bin(k, n, p):
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


@settings(max_examples=12)
@given(
    st.sampled_from([0.12, 0.2, 0.31]),
    st.sampled_from([0.0, 0.3, 0.8, 0.95, 1.0]),
    st.one_of(st.none(), st.integers(1, 40)),
    st.sampled_from([0.5, 1.0]),
    st.sampled_from([0.8, 0.95]),
)
def test_no_smaller_size_does_by_brute_force(half_width, share, population, relevance, confidence):
    n = 1
    while _plain_half_width(n, share, population, relevance, confidence) > half_width:
        n += 1
    assert sample_size(half_width, share, population, relevance, confidence) == n


@pytest.mark.parametrize(
    ("asked", "size", "most"),
    [
        ((0.05, 0.9), 155, 4),
        ((0.05, 0.9, 750), 128, 4),
        ((0.1, 0.8, 750, 0.4), 139, 4),
        ((0.03, 0.5), 1097, 4),
        ((0.03, 0.95, 5000), 223, 4),
        ((0.2, 0.9, 40), 9, 3),
        ((0.05, 0.9, None, 0.2), 777, 8),
        ((0.01, 0.9, 2000), 1280, 20),
    ],
)
def test_a_size_is_found_in_few_trials(asked, size, most, monkeypatch):
    # Each trial is a sum over all samples: the guess is there to save them.
    trials = []
    monkeypatch.setattr(
        precision, "expected_half_width", lambda *of: trials.append(0) or expected_half_width(*of)
    )
    assert sample_size(*asked) == size
    assert len(trials) <= most


@pytest.mark.parametrize("n", [2, 37, 100, 155, 311])
@pytest.mark.parametrize("population", [None, 1000])
def test_a_size_that_just_does_is_found(n, population):
    assert sample_size(expected_half_width(n, 0.9, population), 0.9, population) == n


@pytest.mark.parametrize("n", [1, 2, 5, 8])
@pytest.mark.parametrize("population", [None, 9])
@pytest.mark.parametrize("relevance", [1.0, 0.3])
def test_the_half_width_of_few_cases_by_brute_force(n, population, relevance):
    expected = _plain_half_width(n, 0.9, population, relevance, 0.95)
    assert expected_half_width(n, 0.9, population, relevance) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(("p", "chances"), [(0.0, [1, 0, 0, 0]), (1.0, [0, 0, 0, 1])])
def test_what_is_certain_has_chance_one(p, chances):
    assert binomial(3, p).tolist() == chances


@pytest.mark.parametrize("relevance", [1.0, 0.3])
@pytest.mark.parametrize("population", [None, 80])
@pytest.mark.parametrize("truth", [0.0, 0.5, 0.95, 1.0])
def test_every_case_more_narrows_the_interval_so_a_search_may_halve(truth, population, relevance):
    widths = [expected_half_width(n, truth, population, relevance) for n in range(1, 81)]
    assert np.all(np.diff(widths) < 0)


def test_the_size_that_halves_an_interval():
    assert size_to_halve(20, 0.9, 750) == 70
    assert size_to_halve(80, 0.9, 80) is None
    asked = (0.9, 750, 0.4, 0.8)
    assert size_to_halve(20, *asked) == sample_size(expected_half_width(20, *asked) / 2, *asked)
    half = expected_half_width(20, 0.9, 750, 0.4) / 2
    n = size_to_halve(20, 0.9, 750, 0.4)
    assert expected_half_width(n, 0.9, 750, 0.4) <= half < expected_half_width(n - 1, 0.9, 750, 0.4)


def test_relevance_raises_the_size():
    assert sample_size(0.05, 0.9, relevance=0.5) == 311
    assert sample_size(0.10, 0.8, 750, relevance=0.4) == 139


def test_the_size_is_the_smallest_that_does():
    width = [expected_half_width(n, 0.9) for n in range(1, 156)]
    assert width[154] <= 0.05
    assert min(width[:154]) > 0.05


def test_half_width_in_an_endless_population_is_clopper_and_pearson():
    x = np.arange(21)
    low, high = beta_interval(x / 20, 20)
    weight = binomial(20, 0.9)
    assert expected_half_width(20, 0.9) == pytest.approx(float(weight @ (high - low)) / 2, abs=1e-8)


@pytest.mark.parametrize(
    ("n", "power", "floor", "expected"),
    [
        (125, 0.5, 5, [16, 18, 19, 21, 22, 23, 6]),
        (70, 0.0, 0, [10] * 7),
        (35, 1.0, 5, [5] * 7),
        (4560, 1.0, 5, N7),
    ],
)
def test_allocations(n, power, floor, expected):
    assert allocate(n, N7, NAMES, power, floor=floor) == expected


def test_neyman_puts_cases_where_answers_differ():
    shares = np.array([0.5, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98])
    split = allocate(125, N7, NAMES, spreads=np.sqrt(shares * (1 - shares)), floor=5)
    assert split[0] == max(split)
    assert sum(split) == 125


def test_what_strata_without_spread_leave_goes_on():
    assert allocate(30, [10, 100], ["a", "b"], spreads=[1, 0]) == [10, 20]


@pytest.mark.parametrize(
    ("n", "message"),
    [
        (34, "34 cases are fewer than the floors' sum, 35"),
        (4561, "4561 cases are more than there are, 4560"),
    ],
)
def test_a_budget_that_cannot_be_split_is_refused(n, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        allocate(n, N7, NAMES, floor=5)


@settings(max_examples=50)
@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=8),
    st.integers(0, 100),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(0, 6),
)
def test_an_allocation_adds_up_between_floor_and_cap(sizes, percent, power, floor):
    least = [min(floor, size) for size in sizes]
    n = sum(least) + (sum(sizes) - sum(least)) * percent // 100
    split = allocate(n, sizes, [str(number) for number in range(len(sizes))], power, floor=floor)
    assert sum(split) == n
    assert all(low <= part <= high for low, part, high in zip(least, split, sizes, strict=True))


def test_power_is_exact():
    random = np.random.default_rng(2)
    x0, x1 = random.binomial(20, 0.9, 50_000), random.binomial(20, 0.7, 50_000)
    found = change(x1 / 20, 20, x0 / 20, 20)
    simulated = float(np.mean((found.p_value < 0.05) & (found.change < 0)))
    assert detection.power_of_change(0.9, 0.7, 20) == pytest.approx(simulated, abs=0.008)


@pytest.mark.parametrize(
    ("e0", "e1", "alpha", "power"),
    [
        (1, None, 0.2, 0),
        (0.2, None, 0.2, 0),
        (2, None, 0.2, 1),
        (2, 2, 0.1, 1),
        (2, 1, 0.1, 0),
        (1, 2, 0.1, 0),
    ],
)
def test_the_power_of_the_fewest_cases(e0, e1, alpha, power):
    # From all to none: z is 1 with one case on each side, 1.73 with two and 1.41 with two and one.
    assert detection.power_of_change(1.0, 0.0, e0, e1, alpha) == power


def test_a_manager_can_be_told_one_in_three():
    assert 1 / 3 - 0.04 < detection.power_of_change(0.9, 0.7, 20) < 1 / 3 + 0.04


def test_no_change_is_found_only_by_accident():
    for truth in (0.5, 0.8, 0.9, 1.0):
        assert detection.power_of_change(truth, truth, 60) <= 0.05


def test_the_smallest_change_has_the_power_and_the_next_smaller_has_not():
    fall, rise = detection.smallest_change(0.8, 120)
    assert fall.power >= 0.8
    assert detection.power_of_change(0.8, fall.share + 0.005, 120) < 0.8
    assert rise.power >= 0.8
    assert detection.power_of_change(0.8, rise.share - 0.005, 120) < 0.8
    assert detection.smallest_change(0.8, 120, alpha=0.05) == (fall, rise)


@pytest.mark.parametrize(
    ("before", "e0", "e1", "power", "alpha", "fall", "rise"),
    [
        (0.9, 60, 60, 0.8, 0.05, 0.695, 1.0),
        (0.9, 60, 20, 0.8, 0.05, 0.605, None),
        (0.9, 40, 40, 0.8, 0.05, 0.645, None),
        (0.9, 40, 40, 0.8, 0.2, 0.715, 0.995),
        (0.95, 20, 200, 0.5, 0.05, 0.765, 0.995),
        (0.95, 200, 20, 0.5, 0.05, 0.84, None),
        (0.2, 12, None, 0.5, 0.05, None, 0.57),
        (0.2, 12, 40, 0.5, 0.05, 0.025, 0.52),
        (0.2, 40, 12, 0.5, 0.05, None, 0.48),
        # Steps of half a point or a little less, so that the last is the end itself.
        (0.123456, 80, 80, 0.7, 0.1, 0.034568, 0.257926),
        # The first step is enough; and where it is the only one, it goes to the end.
        (0.01, 6000, None, 0.8, 0.05, 0.005, 0.02),
        (0.004, 9000, None, 0.5, 0.05, 0.0, 0.00898),
    ],
)
def test_the_smallest_change_that_is_found(before, e0, e1, power, alpha, fall, rise):
    found = detection.smallest_change(before, e0, e1, power, alpha)
    assert [side and side.share for side in found] == [fall, rise]
    for side in filter(None, found):
        assert side.power == detection.power_of_change(before, side.share, e0, e1, alpha)
        assert side.power >= power


@pytest.mark.parametrize(("before", "share", "e"), [(0.9, 0.0, 20), (0.9, 0.52, 20), (0.5, 0.25, 40)])
def test_a_change_that_has_just_the_power_is_found(before, share, e):
    power = detection.power_of_change(before, share, e)
    fall, _ = detection.smallest_change(before, e, power=power)
    assert fall == detection.Detection(share, power)


def test_the_smallest_change_is_between_rounds_of_their_own_sizes():
    for found in detection.smallest_change(0.8, 120, 60):
        assert found.power == detection.power_of_change(0.8, found.share, 120, 60)


def test_the_size_a_change_needs_is_found():
    needed = detection.size_to_detect(0.9, 0.8)
    assert detection.power_of_change(0.9, 0.8, needed) >= 0.8
    assert detection.power_of_change(0.9, 0.8, needed - 1) < 0.8


@pytest.mark.parametrize(
    ("before", "after", "asked", "n"),
    [
        (0.9, 0.7, {}, 61),
        (0.9, 0.8, {"alpha": 0.01}, 294),
        (0.5, 0.9, {"e0": 20}, 18),
        (0.5, 0.9, {"e0": 20, "alpha": 0.2}, 8),
        # Up to what it may be.
        (0.9, 0.7, {"most": 64}, 61),
        (0.9, 0.7, {"most": 61}, 61),
        (0.9, 0.7, {"most": 60}, None),
        (0.9, 0.89, {"most": 1000}, None),
        (0.5, 0.7, {"e0": 20, "most": 1000}, None),
        (0.9, 0.9, {}, None),
        # The steps of counts: the power is 0.9 of 1 and 0.81 of 2; 0.972 of 3, 0.948 of 4 and 0.991 of 5.
        (0.0, 0.9, {"e0": 5, "power": 0.85}, 1),
        (0.0, 0.9, {"e0": 5, "power": 0.95}, 5),
    ],
)
def test_sizes_that_changes_need(before, after, asked, n):
    assert detection.size_to_detect(before, after, **asked) == n


def test_a_rise_that_cannot_be_found():
    assert detection.smallest_change(0.95, 20)[1] is None
    assert detection.smallest_change(1.0, 20)[1] is None


def test_the_size_of_a_stratified_plan_is_kish():
    level = share(N7, [20] * 6 + [5], [20] * 6 + [5], [18] * 6 + [4])
    assert stratified_size(N7, [20] * 6 + [5]) == pytest.approx(116.7, abs=0.05)
    assert stratified_size(N7, [20] * 6 + [5]) == pytest.approx(float(level.n_eff_practice), rel=0.05)
    assert stratified_size([750, 0], [20, 0]) == 20
    # Strata without cases or without reviews are left out, one of a single case is not.
    assert stratified_size([750, 60], [20, 0]) == stratified_size([750, 0], [20, 5]) == 20
    assert stratified_size([1, 9], [1, 3], 0.5) == pytest.approx(0.5 * 10**2 / (1 + 9**2 / 3))
    assert stratified_size([0], [0]) == 0


@pytest.mark.parametrize(
    ("reckon", "arguments", "message"),
    [
        (expected_half_width, (0, 0.9), "at least one case has to be reviewed"),
        (expected_half_width, (5, 1.2), "a share lies in [0, 1]"),
        (expected_half_width, (5, 0.9, 0), "a population has at least one case"),
        (expected_half_width, (5, 0.9, 10, 0.0), "relevance lies in (0, 1]"),
        (expected_half_width, (5, 0.9, 10, 1.5), "relevance lies in (0, 1]"),
        (sample_size, (0.05, 1.2), "a share lies in [0, 1]"),
        (sample_size, (0.05, 0.9, 0), "a population has at least one case"),
        (sample_size, (0.05, 0.9, 10, 0.0), "relevance lies in (0, 1]"),
        (sample_size, (0, 0.9), "a half-width lies between 0 and 0.5"),
        (sample_size, (0.5, 0.9), "a half-width lies between 0 and 0.5"),
        (sample_size, (-0.1, 0.9), "a half-width lies between 0 and 0.5"),
    ],
)
def test_numbers_out_of_range_are_refused(reckon, arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        reckon(*arguments)


def test_confidence_and_level_reach_the_search():
    assert sample_size(0.05, 0.9, confidence=0.99) > sample_size(0.05, 0.9)
    assert detection.size_to_detect(0.9, 0.8, alpha=0.01) > detection.size_to_detect(0.9, 0.8)


def test_a_search_may_end_at_its_first_size():
    assert sample_size(0.49, 0.5, population=1) == 1
    assert detection.size_to_detect(1.0, 0.0, power=0.1) >= 1


@pytest.mark.parametrize(
    ("populations", "names", "spreads"),
    [
        ([-1, 10], ["a", "b"], None),
        ([10, 10], ["a", "b"], [1.0, -0.5]),
        ([10, 10], ["a", "a"], None),
        ([10, 10], ["a"], None),
    ],
)
def test_strata_that_are_none_are_refused(populations, names, spreads):
    message = r"^every stratum has a name of its own, a population and a spread, none below 0$"
    with pytest.raises(ValueError, match=message):
        allocate(5, populations, names, spreads=spreads)


def test_an_empty_stratum_gets_nothing_and_a_floor_must_be_asked_for():
    assert allocate(5, [0, 10, 1000], ["a", "b", "c"], power=0.0) == [0, 3, 2]
    assert allocate(4, [1, 1000], ["a", "b"], power=1.0) == [0, 4]
