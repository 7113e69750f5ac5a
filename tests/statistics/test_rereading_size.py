"""The size of a second reading: the smallest that does, held against the test and the interval themselves."""

from __future__ import annotations

import pytest

from tests.statistics.test_precision import precision
from tilsyn.statistics.detection import power_of_change
from tilsyn.statistics.rereading_size import rereading_size


@pytest.mark.parametrize(
    ("before", "wanted", "e0", "relevance", "population"),
    [(0.5, 0.9, 20, 1.0, 700), (0.5, 0.9, 20, 0.8, 700), (0.2, 0.7, 12.4, 0.5, 90), (0.6, 0.95, 60, 1.0, 61)],
)
def test_no_smaller_size_in_its_run_has_the_power(
    before: float, wanted: float, e0: float, relevance: float, population: int
) -> None:
    found = rereading_size(before, wanted, e0, relevance, population)
    assert found.n is not None
    assert found.n <= population
    assert found.power >= 0.8
    fewer = round(found.n_relevant) - 1
    assert power_of_change(before, wanted, e0, fewer) < 0.8
    assert found.smallest_rise is not None
    assert found.smallest_rise <= wanted + 0.005


def test_a_small_first_reading_can_make_it_impossible() -> None:
    found = rereading_size(0.5, 0.7, 20, 1.0, 700)
    assert (found.n, found.n_relevant, found.half_width) == (None, 700, 0.0)
    assert found.power == power_of_change(0.5, 0.7, 20, 700) < 0.8
    assert found.smallest_rise is not None
    assert found.smallest_rise > 0.7


def test_a_size_for_an_uncertainty_is_the_smallest() -> None:
    found = rereading_size(0.5, 0.9, 20, 0.5, 200, half_width=0.1)
    assert found.n is not None
    widths = [precision.expected_half_width(n, 0.9, 200, 0.5) for n in (found.n, found.n - 1)]
    assert widths[0] <= 0.1 < widths[1]
    assert found.half_width == widths[0]


def test_there_are_enough_cases_for_a_share_to_be_shown() -> None:
    assert rereading_size(0.0, 0.9, 6, 0.5, 100).n == 2
    found = rereading_size(0.0, 0.9, 6, 0.5, 100, least=5)
    assert (found.n, found.n_relevant) == (10, 5.0)
    assert rereading_size(0.0, 0.9, 6, 0.5, 8, least=5).n == 8


def test_a_small_population_is_read_whole() -> None:
    found = rereading_size(0.2, 0.9, 30, 0.5, 12, power=0.5)
    assert (found.n, found.half_width) == (12, 0.0) or found.n < 12  # type: ignore[operator]
