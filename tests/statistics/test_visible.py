"""What a row could have shown, against a plain reckoning and against the exact chance."""

import math

import numpy as np
import pytest

from tilsyn.statistics.detection import power_of_change
from tilsyn.statistics.visible import power_of_fall, smallest_fall, too_few


def normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2))


def quantile(p):
    low, high = -40.0, 40.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if normal(middle) < p else (low, middle)
    return low


def power(fall, p0, e1, e0, m):
    """The formula of the specification, one row, in plain Python."""
    p1 = p0 - fall
    c, pooled = (e1 + e0) / (e1 + e0 - 1), (e1 * p1 + e0 * p0) / (e1 + e0)
    v0 = c * pooled * (1 - pooled) * (1 / e1 + 1 / e0)
    v1 = p1 * (1 - p1) / e1 + p0 * (1 - p0) / e0
    return normal((abs(fall) - quantile(1 - 0.05 / m / 2) * math.sqrt(v0)) / math.sqrt(v1))


@pytest.mark.parametrize("p0", [0.05, 0.2, 0.5, 0.9, 0.99, 1.0])
@pytest.mark.parametrize(("e1", "e0"), [(5, 5), (20, 118), (118, 118), (400, 60)])
@pytest.mark.parametrize("m", [1, 15, 36])
def test_equals_the_plain_formula(p0, e1, e0, m):
    fall = -0.2 if p0 < 0.2 else 0.2
    assert float(power_of_fall(fall, p0, e1, e0, m)) == pytest.approx(power(fall, p0, e1, e0, m), abs=1e-12)
    assert too_few(p0, e1, e0, m) == (power(fall, p0, e1, e0, m) < 0.5)
    found = float(smallest_fall(p0, e1, e0, m)[0])
    if math.isnan(found):
        assert power(p0 * 0.9999, p0, e1, e0, m) < 0.8
        return
    assert power(found, p0, e1, e0, m) == pytest.approx(0.8, abs=1e-9)
    assert all(power(found * k / 50, p0, e1, e0, m) < 0.8 for k in range(1, 50))


@pytest.mark.parametrize(("e", "fall"), [(60, 0.2), (118, 0.15), (118, 0.2)])
def test_is_near_the_exact_chance(e, fall):
    assert float(power_of_fall(fall, 0.9, e, e, 1)) == pytest.approx(
        power_of_change(0.9, 0.9 - fall, e), abs=0.03
    )


def test_a_certain_fall_is_found_and_none_where_nothing_was_compliant():
    assert float(power_of_fall(1.0, 1.0, 20, 20, 1)) == 1.0
    assert float(power_of_fall(0.0, 1.0, 20, 20, 1)) == 0.0
    assert np.isnan(smallest_fall(0.0, 20, 20, 1)[0])


def test_one_row_of_many_is_reckoned_as_alone():
    before, e1, e0 = [0.9, 0.1, 0.0, 0.5], [118, 20, 20, 40], [60, 20, 20, 90]
    found = smallest_fall(before, e1, e0, 15)
    alone = [float(smallest_fall(*row, 15)[0]) for row in zip(before, e1, e0, strict=True)]
    assert found == pytest.approx(alone, nan_ok=True)
    assert np.isnan(found).tolist() == [False, True, True, False]
