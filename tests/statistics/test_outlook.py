"""What a plan can show: the same figures as drawing its samples over and over would give."""

import math

import numpy as np
import pytest

from tilsyn.statistics.change import change
from tilsyn.statistics.detection import power_of_change, smallest_change
from tilsyn.statistics.levels import share
from tilsyn.statistics.outlook import FREQUENCIES, PlannedSample, frequency, outlook
from tilsyn.statistics.precision import expected_half_width, size_to_halve

N7 = (500, 600, 700, 800, 900, 1000, 60)
PLAN = {
    "level 2": (20, 20, 20, 20, 20, 20, 5),
    "level 3": (10, 10, 10, 10, 9, 9, 2),
    "level 4": (5, 5, 5, 5, 5, 4, 1),
}


@pytest.mark.parametrize("sizes", PLAN.values(), ids=PLAN)
@pytest.mark.parametrize("relevance", [1.0, 0.4])
def test_all_units_together(sizes, relevance):
    random = np.random.default_rng(11)
    row = outlook([PlannedSample(2, "", sizes, N7)], relevances=[relevance]).iloc[0]
    sides = []
    for truth in (0.9, 0.7):
        m = random.binomial(sizes, relevance, (4_000, 7))
        sides.append(share(N7, sizes, m, random.binomial(m, truth)))
    before, after = sides
    width = float(np.nanmean(before.high - before.low)) / 2
    assert row["half_width"] == pytest.approx(width, rel=0.12)
    found = change(after.estimate, after.n_eff_practice, before.estimate, before.n_eff_practice)
    power = float(np.mean((found.p_value < 0.05) & (found.change < 0)))
    # A whole number of cases stands for n_eff, and n_eff varies: near enough for a plan.
    assert row["power"] == pytest.approx(power, abs=0.08)


def test_one_unit_is_exact():
    random = np.random.default_rng(12)
    row = outlook([PlannedSample(2, "Amager", (20,), (750,))], relevances=[1.0]).iloc[0]
    level = share([750], [20], np.full((50_000, 1), 20), random.binomial(20, 0.9, (50_000, 1)))
    assert row["half_width"] == pytest.approx(float(np.mean(level.high - level.low)) / 2, abs=0.001)
    assert row["found"] == "1_of_3"


def test_a_census_has_no_uncertainty_and_an_empty_sample_no_row():
    table = outlook([PlannedSample(2, "", (40, 10), (40, 10)), PlannedSample(3, "", (0,))], relevances=[1.0])
    assert table["level"].tolist() == [2]
    assert table["half_width"].tolist() == [0.0]


def test_a_size_to_halve_is_a_number_of_cases_or_none():
    together, read, unit = (
        PlannedSample(2, "", (20, 5), (500, 60)),
        PlannedSample(3, "Nord", (60,), (60,)),
        PlannedSample(2, "Amager", (20,), (750,)),
    )
    sizes = outlook([together, read, unit], relevances=[1.0])["n_to_halve"].tolist()
    assert [(size, type(size)) for size in sizes] == [(None, type(None)), (None, type(None)), (70, int)]


def test_seldom_relevant_questions_show_less():
    table = outlook([PlannedSample(2, "", PLAN["level 2"], N7)])
    assert table["relevance"].tolist() == [1.0, 0.4, 0.2]
    assert table["half_width"].is_monotonic_increasing
    assert table["power"].is_monotonic_decreasing
    assert math.isclose(table["n_relevant"].iloc[1], 50)


def test_frequencies_are_the_nearest_words():
    for chance, name in FREQUENCIES:
        assert frequency(chance) == name
    assert frequency(0.02) == "never"
    assert frequency(0.97) == "19_of_20"


def test_a_row_says_all_of_its_sample():
    nobody, few = PlannedSample(3, "", (0,)), PlannedSample(4, "Nord", (2,), (60,))
    unit, endless = PlannedSample(2, "Amager", (20,), (750,)), PlannedSample(2, "Valby", (200,))
    table = outlook([nobody, few, unit, endless], relevances=[0.5], confidence=0.8)
    expected = []
    for sample, N, e in ((few, 60, 1), (unit, 750, 10), (endless, None, 100)):
        fall, rise = smallest_change(0.9, e, alpha=0.2)
        power = power_of_change(0.9, 0.7, e, alpha=0.2)
        expected.append(
            {
                "level": sample.level,
                "who": sample.who,
                "n": 2 * e,
                "population": np.nan if N is None else N,
                "relevance": 0.5,
                "n_relevant": e,
                "n_eff": e,
                "half_width": expected_half_width(2 * e, 0.9, N, 0.5, 0.8),
                "n_to_halve": size_to_halve(2 * e, 0.9, N, 0.5, 0.8),
                "power": power,
                "found": frequency(power),
                "smallest_fall": fall.share if fall else np.nan,
                "smallest_rise": rise.share if rise else np.nan,
            }
        )
    found = table.to_dict("records")
    assert [list(row) for row in found] == [list(row) for row in expected]
    assert found == [pytest.approx(row, nan_ok=True) for row in expected]
    assert table["smallest_fall"].isna().tolist() == [True, False, False]
    assert table["smallest_rise"].isna().tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("sizes", "populations", "worth"),
    [
        # (Σ N)² / Σ (1 - n/N) N²/n, of the strata that are read.
        ((20, 1), (500, 60), 560**2 / (480 * 500 / 20 + 59 * 60)),
        ((20, 20, 0), (500, 600, 700), 1100**2 / (480 * 500 / 20 + 580 * 600 / 20)),
        ((1, 1), (1000, 10), 1),
    ],
)
@pytest.mark.parametrize("confidence", [0.95, 0.8])
def test_several_strata_are_worth_one_sample_of_an_endless_population(sizes, populations, worth, confidence):
    table = outlook([PlannedSample(2, "", sizes, populations)], relevances=[1.0], confidence=confidence)
    expected = expected_half_width(round(worth), 0.9, confidence=confidence)
    assert table["half_width"].tolist() == pytest.approx([expected])
    assert table["n_to_halve"].tolist() == [None]
