"""What a plan can show: the same figures as drawing its samples over and over would give."""

import math

import numpy as np
import pytest

from tilsyn.statistics.change import change
from tilsyn.statistics.levels import share
from tilsyn.statistics.outlook import FREQUENCIES, PlannedSample, frequency, outlook

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
