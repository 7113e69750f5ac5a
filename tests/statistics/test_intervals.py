"""Intervals of one share: published limits, and what the ends and missing values give."""

import numpy as np
import pytest

from tilsyn.statistics.counts import ratio
from tilsyn.statistics.intervals import beta_interval, beta_limits, jeffreys_interval

NAN, INF = float("nan"), float("inf")


# Brown, Cai and DasGupta (2001), table 5: Jeffreys limits at 95 %, three decimals.
@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (0, 10, 0.000, 0.217),
        (1, 10, 0.011, 0.381),
        (2, 10, 0.044, 0.503),
        (5, 10, 0.224, 0.776),
        (9, 10, 0.619, 0.989),
        (10, 10, 0.783, 1.000),
    ],
)
def test_jeffreys_limits_are_the_published_ones(x, n, low, high):
    assert jeffreys_interval(x / n, n) == pytest.approx((low, high), abs=5.1e-4)


@pytest.mark.parametrize("interval", [beta_interval, jeffreys_interval])
def test_the_interval_is_closed_at_the_ends_of_the_scale(interval):
    assert interval(0.0, 10)[0] == 0
    assert interval(1.0, 10)[1] == 1


@pytest.mark.parametrize(
    ("share", "x", "y", "low", "high"),
    [(0.0, 0, 5, 0, 1 - 0.025 ** (1 / 5)), (1.0, 5, 0, 0.025 ** (1 / 5), 1)],
)
def test_what_the_interval_is_made_of_at_the_ends(share, x, y, low, high):
    found = beta_limits(*(np.asarray(v) for v in (share, 5.0, 4.0)))
    assert (found.x, found.y) == (x, y)
    assert (found.low, found.high) == pytest.approx((low, high))
    # The end itself, to the last digit.
    assert (found.high if share else found.low) == share
    assert found.bound == pytest.approx(0.025 ** (1 / 4))


@pytest.mark.parametrize(
    ("above", "below", "expected"),
    [([1.0, 2.0], 2.0, [0.5, 1.0]), (1.0, [2.0, 0.0], [0.5, 7.0]), ([1.0], [[2.0], [4.0]], [[0.5], [0.25]])],
)
def test_a_ratio_has_the_shape_of_both(above, below, expected):
    assert ratio(np.array(above), np.array(below), empty=7.0).tolist() == expected


@pytest.mark.parametrize("interval", [beta_interval, jeffreys_interval])
@pytest.mark.parametrize(
    ("share", "n_eff", "limits"),
    [
        (0.3, INF, (0.3, 0.3)),
        (0.0, INF, (0.0, 0.0)),
        (1.0, INF, (1.0, 1.0)),
        (NAN, INF, (NAN, NAN)),
        (NAN, 20.0, (NAN, NAN)),
        (0.3, NAN, (NAN, NAN)),
        (0.3, 0.0, (NAN, NAN)),
        (0.3, -1.0, (NAN, NAN)),
    ],
)
def test_what_has_no_size_has_no_limits_and_a_census_is_its_own(interval, share, n_eff, limits):
    assert interval(share, n_eff) == pytest.approx(limits, nan_ok=True)


@pytest.mark.parametrize("interval", [beta_interval, jeffreys_interval])
def test_a_size_below_one_has_limits(interval):
    low, high = interval(0.5, 0.5)
    assert 0 < low < 0.5 < high < 1


@pytest.mark.parametrize("interval", [beta_interval, jeffreys_interval])
def test_confidence_is_95_percent_and_decides_the_width(interval):
    assert interval(0.9, 20) == interval(0.9, 20, confidence=0.95)
    low, high = interval(0.9, 20, confidence=0.99)
    assert low < interval(0.9, 20)[0]
    assert high > interval(0.9, 20)[1]


@pytest.mark.parametrize("interval", [beta_interval, jeffreys_interval])
def test_one_row_of_many_is_reckoned_as_alone(interval):
    low, high = interval([0.2, NAN, 1.0, 0.4], [10, 10, 5, INF])
    for row, (share, n_eff) in enumerate([(0.2, 10), (NAN, 10), (1.0, 5), (0.4, INF)]):
        alone = [float(limit) for limit in interval(share, n_eff)]
        assert [low[row], high[row]] == pytest.approx(alone, nan_ok=True)
