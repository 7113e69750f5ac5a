"""Trend: the acceptance values, and what must hold for any series."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tilsyn.compliance.series import Setting, breaks
from tilsyn.statistics import trend
from tilsyn.statistics.intervals import beta_interval

RISING = [0.82, 0.84, 0.80, 0.86, 0.83, 0.88, 0.90, 0.89, 0.92, 0.91, 0.93, 0.90]
SIZES = [118, 120, 116, 121, 119, 118, 122, 117, 120, 119, 121, 118]
RESTLESS = [0.70, 0.90, 0.75, 0.95, 0.80, 0.97, 0.78, 0.96]


@pytest.mark.parametrize(
    ("shares", "sizes", "expected"),
    [
        (RISING, SIZES, (0.010341, 4.056885, 0.531761, 5.563325, 0.000240)),
        (RISING[:8], SIZES[:8], (0.011898, 2.368900, 0.461777, 3.486025, 0.013046)),
        (RESTLESS, [118] * 8, (None, 4.074510, 10.191866, 1.276288, 0.249028)),
    ],
)
def test_acceptance_of_the_slope(shares, sizes, expected):
    found = trend.slope(shares, sizes)
    for value, wanted in zip(
        (found.slope, found.z, found.dispersion, found.t, found.p_value), expected, strict=True
    ):
        if wanted is not None:
            assert value == pytest.approx(wanted, abs=5e-7)


def test_the_centre_weighs_each_quarter_by_its_size():
    assert trend.centre([0.8, 0.9, 0.5], [100, 300, 50]) == pytest.approx((80 + 270 + 25) / 450)
    assert trend.centre([0, 1], [1, 0.5]) == pytest.approx(1 / 3)


def test_acceptance_of_the_runs():
    found = trend.runs(RISING)
    assert found.median == pytest.approx(0.885)
    assert (found.useful, found.longest, found.longest_limit) == (12, 6, 7)
    assert (found.crossings, found.crossings_limit, found.signal) == (1, 3, True)


def test_acceptance_of_the_signal():
    low, high = beta_interval(0.75, 118, confidence=1 - trend.SIGNAL_ALPHA)
    assert (float(low), float(high)) == pytest.approx((0.614795, 0.857829), abs=5e-7)
    assert trend.outside(0.86, low, high).all()
    assert not trend.outside(0.85, low, high).any()


def test_no_slope_is_tested_before_eight_quarters_or_at_a_centre_of_one():
    short, flat = trend.slope(RISING[:7], SIZES[:7]), trend.slope([1.0] * 9, [100] * 9)
    assert short.slope > 0
    assert np.isnan(short.p_value)
    assert np.isnan(flat.p_value)
    assert np.isnan(trend.slope([0.0] * 9, [100] * 9).p_value)


def test_a_series_of_one_has_no_slope():
    assert np.isnan(trend.slope([0.9], [100]).slope)


def test_a_series_on_its_line_is_no_accident():
    line = [0.50 + 0.02 * quarter for quarter in range(10)]
    assert trend.slope(line, [100] * 10).p_value < 1e-6
    assert trend.slope([0.7] * 10, [100] * 10).p_value == 1
    slight = trend.slope([0.5 + 0.0001 * quarter for quarter in range(10)], [100] * 10)
    assert abs(slight.z) < 1
    assert slight.p_value == 0


def test_points_on_the_median_do_not_count():
    shares = [0.8, 0.9] * 5
    assert trend.runs(shares).useful == 10
    assert trend.runs([*shares, 0.85]).useful == 10
    assert trend.runs([0.8] * 20) is None
    assert trend.runs(RISING[:9]) is None


def test_a_missing_quarter_leaves_a_gap():
    with_gap = trend.slope(RISING[:8], SIZES[:8], times=[0, 1, 2, 3, 5, 6, 7, 8])
    assert with_gap.slope < trend.slope(RISING[:8], SIZES[:8]).slope


OUTSIDE = "estimates are shares in [0, 1] and sizes are above 0; leave out periods without an estimate"


@pytest.mark.parametrize(
    ("shares", "sizes", "message"),
    [
        ([0.9, 1.1], [5, 5], OUTSIDE),
        ([0.9], [0], OUTSIDE),
        ([0.9], [np.inf], OUTSIDE),
        ([-0.1], [5], OUTSIDE),
        ([np.nan], [5], OUTSIDE),
        ([0.5], [5, 5], "a series has one estimate and one size per period"),
        ([[0.5]], [[5]], "a series has one estimate and one size per period"),
    ],
)
def test_what_is_no_series_is_refused(shares, sizes, message):
    for reckon in (trend.slope, trend.centre):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            reckon(shares, sizes)


shares = st.lists(st.integers(5, 95).map(lambda percent: percent / 100), min_size=8, max_size=20)


@given(shares)
def test_time_reversed_turns_the_slope(values):
    assume(np.ptp(values) > 0.05)
    sizes = [100 + number for number in range(len(values))]
    there, back = trend.slope(values, sizes), trend.slope(values[::-1], sizes[::-1])
    assert back.slope == pytest.approx(-there.slope, abs=1e-12)
    assert back.p_value == pytest.approx(there.p_value, abs=1e-9)


@given(shares)
def test_ja_and_nej_swapped_turns_the_slope_and_keeps_the_runs(values):
    mirrored = [round(1 - value, 12) for value in values]
    there, back = trend.slope(values, [80] * len(values)), trend.slope(mirrored, [80] * len(values))
    assert back.slope == pytest.approx(-there.slope, abs=1e-12)
    one, other = trend.runs(values), trend.runs(mirrored)
    assert (one is None) == (other is None)
    if one is not None:
        assert (one.longest, one.crossings, one.signal) == (other.longest, other.crossings, other.signal)


@given(shares, st.integers(2, 50))
def test_doubling_every_size_does_not_make_a_trend(values, times):
    # φ grows with the sizes, so the test rests on how the quarters vary, not on how much was read.
    assume(np.ptp(values) > 0.05)
    few, many = trend.slope(values, [50] * len(values)), trend.slope(values, [50 * times] * len(values))
    assert many.p_value == pytest.approx(few.p_value, abs=1e-9)


def test_series_break_where_they_are_not_comparable():
    old, new = ("serviceloven",), ("barnets-lov",)
    plan, other = ("quarter", "Amager"), ("half", "Amager")
    assert breaks([Setting("Q", old, "no", plan), Setting("Q", new, "no", plan)]) == [None, "law"]
    assert breaks([Setting("Q", old, "partly", plan), Setting("Q", new, "partly", plan)]) == [
        None,
        None,
    ]
    assert breaks([Setting("Q", old, "yes", plan), Setting("Q", old, "yes", other)]) == [None, "plan"]
    assert breaks([Setting("Q"), Setting("R"), Setting("R")]) == [None, "question", None]
    assert breaks([]) == []


def test_two_quarters_have_a_slope_and_no_test():
    found = trend.slope([0.8, 0.9], [100, 100])
    assert found.slope == pytest.approx(0.1)
    assert np.isnan([found.z, found.dispersion, found.t, found.p_value]).all()


def test_one_quarter_has_nothing():
    found = trend.slope([0.8], [100])
    assert np.isnan([found.slope, found.z, found.dispersion, found.t, found.p_value]).all()


def test_a_series_on_its_line_has_no_dispersion_and_no_ratio():
    found = trend.slope([0.7] * 10, [100] * 10)
    assert (found.z, found.dispersion) == pytest.approx((0, 0), abs=1e-9)
    assert np.isnan(found.t)


def test_a_line_that_leaves_the_scale_is_cut_at_its_ends():
    # The fitted line is above 1 in the last quarters; without the cut its variance would be negative there.
    rising = [0.2, 0.3, 0.5, 0.7, 0.9, 1.0, 1.0, 1.0]
    for values in (rising, [1 - value for value in rising]):
        found = trend.slope(values, [50] * 8)
        fit = [sum(values) / 8 + found.slope * (quarter - 3.5) for quarter in range(8)]
        assert min(fit) < 0 or max(fit) > 1
        fit = [min(max(value, 1e-6), 1 - 1e-6) for value in fit]
        squares = [50 * (p - f) ** 2 / (f * (1 - f)) for p, f in zip(values, fit, strict=True)]
        assert found.dispersion == pytest.approx(sum(squares) / 6)
        assert 0 < found.p_value < 0.05


def test_a_limit_on_the_centre_is_no_signal():
    assert not trend.outside(0.9, [0.9], [0.95]).any()
    assert not trend.outside(0.9, [0.85], [0.9]).any()
    assert not trend.outside(0.9, [np.nan], [np.nan]).any()


# The longest run and the crossings of ten to twenty points, counted by hand.
@pytest.mark.parametrize(
    ("sides", "longest", "crossings", "signal"),
    [
        ("+-+-+-+-+-", 1, 9, False),
        ("+++++-----", 5, 1, True),
        ("-+++++----", 5, 2, False),
        ("++--++--++--", 2, 5, False),
        ("-++++++-----", 6, 2, True),
        ("++++-+--+---", 4, 5, False),
        ("---+--+-++++", 4, 5, False),
        # Twenty points may have a run of seven.
        ("+++++++-+-+-+-------", 7, 7, False),
        ("-++++++++-+-+-------", 8, 6, True),
    ],
)
def test_runs_counted_by_hand(sides, longest, crossings, signal):
    found = trend.runs([0.9 if side == "+" else 0.8 for side in sides])
    assert (found.useful, found.longest, found.crossings) == (len(sides), longest, crossings)
    assert found.signal is signal


def test_no_series_has_no_runs():
    assert trend.runs([]) is None
