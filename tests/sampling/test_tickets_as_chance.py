"""The draw as chance: every case of a stratum alike, every pair alike, later levels independent of earlier ones."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.special import chdtrc

from tilsyn.sampling.tickets import draw, ticket

CASES = [f"2018-{number:04}" for number in range(24)]
SAMPLE = 6
SEEDS = [pytest.param(2_000, id="some"), pytest.param(40_000, marks=pytest.mark.slow, id="many")]


def ranks(seeds, draw_id, cases):
    """Each case's rank by ticket, from 0, one row per seed."""
    tickets = [
        [ticket(f"terninger nr. {number}", draw_id, case) for case in cases] for number in range(seeds)
    ]
    return np.argsort(np.argsort(np.array(tickets), axis=1), axis=1)


def alike(counts, expected, spread):
    """p-value of chi-square for counts that sum to a fixed number, each with its variance."""
    statistic = float(((counts - expected) ** 2).sum() / spread) * (len(counts) - 1) / len(counts)
    return float(chdtrc(len(counts) - 1, statistic))


def test_the_draw_is_the_smallest_tickets():
    frame = pd.DataFrame({"case_id": CASES, "stratum": "Amager"})
    drawn = draw(frame, {"Amager": SAMPLE}, "terninger nr. 7", "bbu/2018-Q2/level-2")
    order = sorted(CASES, key=lambda case: ticket("terninger nr. 7", "bbu/2018-Q2/level-2", case))
    assert [case.case_id for case in drawn] == order[: SAMPLE + 5]


@pytest.mark.parametrize("seeds", SEEDS)
def test_every_case_has_the_same_chance(seeds):
    drawn = ranks(seeds, "bbu/2018-Q2/level-2", CASES) < SAMPLE
    f = SAMPLE / len(CASES)
    assert alike(drawn.sum(axis=0), seeds * f, seeds * f * (1 - f)) > 0.001


@pytest.mark.parametrize("seeds", SEEDS)
def test_every_pair_has_the_same_chance(seeds):
    drawn = (ranks(seeds, "bbu/2018-Q2/level-2", CASES) < SAMPLE).astype(np.int64)
    together = drawn.T @ drawn
    N, n = len(CASES), SAMPLE
    chance = n * (n - 1) / (N * (N - 1))
    pairs = np.array([together[a, b] for a, b in combinations(range(N), 2)])
    z = (pairs - seeds * chance) / np.sqrt(seeds * chance * (1 - chance))
    # 276 pairs: the largest of that many normal deviations is below 4.5 but once in 500 times.
    assert np.abs(z).max() < 4.5
    assert 0.75 < np.mean(z**2) < 1.25


@pytest.mark.parametrize("seeds", SEEDS)
def test_every_rank_is_as_likely(seeds):
    # The reserve is as random as the sample: each place in line is everybody's.
    found = ranks(seeds, "bbu/2018-Q2/level-2", CASES)
    for place in (0, SAMPLE - 1, SAMPLE, len(CASES) - 1):
        counts = (found == place).sum(axis=0)
        expected = seeds / len(CASES)
        assert alike(counts, expected, expected * (1 - 1 / len(CASES))) > 0.0005


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize("seeds", SEEDS)
def test_a_later_level_does_not_follow_the_earlier_one(seeds, level):
    # Same seed on purpose: the draw's own id is what makes the tickets new.
    earlier = ranks(seeds, "bbu/2018-Q2/level-2", CASES)
    later = ranks(seeds, f"bbu/2018-Q2/level-{level}", CASES)
    reviewed = earlier < 12
    behind = np.where(reviewed, later, len(CASES))
    reread = np.argsort(np.argsort(behind, axis=1), axis=1) < SAMPLE
    # Given that it was reviewed, a case is re-read with the same chance whatever its place in line was at level 2.
    counts = np.array([reread[earlier == place].sum() for place in range(12)])
    assert counts.sum() == seeds * SAMPLE
    assert alike(counts, seeds / 2, seeds / 4) > 0.001
    # And the ranks of all cases are uncorrelated.
    correlation = np.corrcoef(earlier.ravel(), later.ravel())[0, 1]
    assert abs(correlation) < 4.5 / np.sqrt(earlier.size)


def test_a_late_case_changes_nobody_elses_ticket():
    one = pd.DataFrame({"case_id": CASES, "stratum": "Amager"})
    other = pd.concat([one, pd.DataFrame({"case_id": ["2018-9999"], "stratum": ["Amager"]})]).sample(
        frac=1, random_state=3
    )
    first, second = (
        draw(frame, {"Amager": SAMPLE}, "terninger nr. 7", "bbu/2018-Q2/level-2") for frame in (one, other)
    )
    kept = {case.case_id for case in first[:SAMPLE]} & {case.case_id for case in second[:SAMPLE]}
    assert len(kept) >= SAMPLE - 1
