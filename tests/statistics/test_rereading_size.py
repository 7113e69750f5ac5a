"""The size of a second reading: the smallest that does, held against the test and the interval themselves."""

from __future__ import annotations

import pytest

from tests.statistics.test_precision import precision
from tilsyn.statistics.detection import power_of_change, smallest_change
from tilsyn.statistics.rereading_size import RereadingSize, rereading_size


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
    found = rereading_size(0.2, 0.9, 30, 0.5, 12, half_width=0.01)
    assert (found.n, found.half_width) == (12, 0.0)


@pytest.mark.parametrize(
    ("before", "wanted", "e0", "relevance", "population", "least", "n"),
    [
        # 18 relevant cases are needed, which so many cases bring, rounded up.
        (0.5, 0.9, 20, 0.35, 700, 1, 52),
        (0.5, 0.9, 20, 0.3, 700, 1, 60),
        # Of all there are, too few are relevant; 2 are needed of the last.
        (0.5, 0.9, 20, 0.5, 30, 1, None),
        (0.0, 1.0, 3, 0.4, 3, 1, None),
        (0.0, 1.0, 3, 0.4, 5, 1, 5),
        # 12.5 cases bring the 5 that a share is shown of.
        (0.0, 1.0, 5, 0.4, 100, 5, 13),
    ],
)
def test_enough_cases_are_read_for_the_relevant_ones_that_are_needed(
    before: float, wanted: float, e0: float, relevance: float, population: int, least: int, n: int | None
) -> None:
    assert rereading_size(before, wanted, e0, relevance, population, least=least).n == n


# Whatever says how many are read, the figures are those of reading so many with this confidence.
@pytest.mark.parametrize(
    ("before", "asked", "n"),
    [
        (0.5, {"given": 15}, 15),
        # Settled is settled: fewer than a share is shown of, and no rise that is found.
        (0.8, {"given": 2, "least": 5}, 2),
        (0.5, {"half_width": 0.1}, precision.sample_size(0.1, 0.9, 700, 0.4, 0.8)),
        (0.5, {}, 20),
    ],
)
def test_the_figures_are_those_of_reading_so_many(before: float, asked: dict[str, float], n: int) -> None:
    found = rereading_size(before, 0.9, 20, 0.4, 700, confidence=0.8, **asked)  # type: ignore[arg-type]
    rise = smallest_change(before, 20, n * 0.4, alpha=1 - 0.8)[1]
    assert found == RereadingSize(
        n=n,
        n_relevant=n * 0.4,
        power=power_of_change(before, 0.9, 20, n * 0.4, 1 - 0.8),
        half_width=precision.expected_half_width(n, 0.9, 700, 0.4, 0.8),
        smallest_rise=rise.share if rise else None,
    )
