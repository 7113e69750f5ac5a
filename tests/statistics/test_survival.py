"""The product-limit estimate: by hand, against SciPy's, and what it is without censoring."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tilsyn.statistics.survival import kaplan_meier

# Kaplan and Meier's example (1958, section 2.1): deaths and losses among 8 that are followed.
OBSERVED = [(0.8, True), (1.0, False), (2.7, False), (3.1, True), (5.4, True), (7.0, False), (9.2, True), (12.1, False)]  # fmt: skip

times = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=60)


def test_the_example_of_1958() -> None:
    found = kaplan_meier(*zip(*OBSERVED, strict=True))
    assert found.times.tolist() == [0.8, 3.1, 5.4, 9.2]
    assert found.at_risk.tolist() == [8, 5, 4, 2]
    shares = [7 / 8, 7 / 8 * 4 / 5, 7 / 8 * 4 / 5 * 3 / 4, 7 / 8 * 4 / 5 * 3 / 4 / 2]
    assert found.open_share == pytest.approx(shares)


QUANTILES = [
    # 4 of 4 ended: exactly half are through at the second.
    ([1, 2, 3, 4], [1, 1, 1, 1], 2.0, 4.0),
    # Nine tenths of ten, though a product of ratios is 0.1 + 3e-17.
    (list(range(1, 11)), [1] * 10, 5.0, 9.0),
    ([1, 2, 3, 4], [1, 1, 0, 0], 2.0, None),
    ([1, 2, 3, 4], [1, 0, 0, 0], None, None),
    # One that is still open on the day that another ends counts as open until then.
    ([5, 5], [1, 0], 5.0, None),
    ([0, 0, 3], [1, 1, 1], 0.0, 3.0),
    ([3], [0], None, None),
]


@pytest.mark.parametrize(("took", "ended", "half", "most"), QUANTILES)
def test_the_first_time_by_which_so_many_are_through(
    took: list[float], ended: list[int], half: float | None, most: float | None
) -> None:
    found = kaplan_meier(took, ended)
    assert (found.quantile(0.5), found.quantile(0.9)) == (half, most)


@given(times)
def test_scipy_finds_the_same(observed: list[tuple[int, bool]]) -> None:
    took, ended = zip(*observed, strict=True)
    found = kaplan_meier(took, ended)
    data = stats.CensoredData.right_censored(took, np.logical_not(ended))
    oracle = stats.ecdf(data).sf
    for time, share in zip(found.times, found.open_share, strict=True):
        assert share == pytest.approx(float(oracle.evaluate(time)), abs=1e-12)


@given(times, st.sampled_from([0.1, 0.5, 0.9]))
def test_counted_cases_are_as_many_cases(observed: list[tuple[int, bool]], share: float) -> None:
    took, ended = zip(*observed, strict=True)
    listed = sorted(set(observed))
    counted = kaplan_meier(*zip(*listed, strict=True), [observed.count(one) for one in listed])
    assert counted.quantile(share) == kaplan_meier(took, ended).quantile(share)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.9]))
def test_without_open_cases_it_is_the_quantile_of_what_they_took(took: list[int], share: float) -> None:
    through = [time for time in sorted(took) if np.mean(np.array(took) <= time) >= share - 1e-9]
    assert kaplan_meier(took, [True] * len(took)).quantile(share) == through[0]
