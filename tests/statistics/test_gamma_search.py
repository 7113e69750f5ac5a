"""How the limits of a pooled row are searched for: from a start that is near, in few trials."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtri

from tests.statistics.test_weighted_gamma import X, counts
from tilsyn.statistics.pooled import pooled_limits, row_sum
from tilsyn.statistics.weighted_gamma import GammaSum, lower_limit


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The limits that are tried, each of which is an integral."""
    tried: list[float] = []
    probability = GammaSum.probability
    monkeypatch.setattr(
        GammaSum, "probability", lambda row, limit: tried.append(limit) or probability(row, limit)
    )
    return tried


@pytest.mark.parametrize(
    ("name", "most"),
    [
        # With a confidence of 0.8, 0.95 and 0.9973.
        ("X1", (11, 11, 14)),
        ("X2", (5, 5, 6)),
        ("X3", (11, 11, 15)),
        ("X4", (15, 15, 20)),
        ("X5", (9, 8, 9)),
        ("X6", (5, 5, 6)),
        ("X7", (20, 18, 24)),
        ("X8", (9, 8, 9)),
        ("X9", (8, 8, 8)),
        ("X10", (9, 9, 8)),
        ("X11", (10, 9, 8)),
        ("X12", (5, 5, 5)),
    ],
)
def test_both_limits_are_found_in_few_trials(name: str, most: tuple[int, ...], trials: list[float]) -> None:
    # The start and the slope are there to save them.
    row = counts(X[name])
    for confidence, trials_at_most in zip((0.8, 0.95, 0.9973), most, strict=True):
        trials.clear()
        pooled_limits(row, confidence)
        assert len(trials) <= trials_at_most


def moments(row: GammaSum, limit: float) -> tuple[float, float]:
    """How many standard deviations the mean of the sum lies above 0 at a limit, and how skew it is."""
    a = [w * (c - limit * r) for w, r, c in zip(row.weight, row.relevant, row.compliant, strict=True)]
    terms = [*zip(a, row.shape, strict=True), (-limit * row.heaviest * row.mean_answers, 1.0)]
    mean = sum(k * a for a, k in terms) + row.offset_compliant - limit * row.offset_relevant
    squares, cubes = (sum(k * a**power for a, k in terms) for power in (2, 3))
    return mean / squares**0.5, 2 * cubes / squares**1.5


def limit_at(row: GammaSum, deviations: float) -> float:
    """Where the mean lies so many standard deviations above 0, between a fiftieth of the share and 0.999."""
    mass = row.weight * row.shape
    relevant = mass @ row.relevant + row.offset_relevant + row.heaviest * row.mean_answers
    share = float((mass @ row.compliant + row.offset_compliant) / relevant)
    if -moments(row, 1e9)[0] <= deviations:
        return share / 2
    if moments(row, 0.0)[0] <= deviations:
        return share / 50
    found = brentq(lambda limit: moments(row, limit)[0] - deviations, 0, share, xtol=1e-15, rtol=1e-14)
    return min(max(found, share / 50), 0.999)


@pytest.mark.parametrize("tail", [0.2, 0.1, 0.025, 0.00135])
@pytest.mark.parametrize("name", X)
def test_the_first_trial_is_where_a_skew_sum_would_have_its_limit(
    name: str, tail: float, trials: list[float]
) -> None:
    wanted = -float(ndtri(tail))
    compliant = row_sum(counts(X[name]))
    for row in (compliant, compliant.failures):
        trials.clear()
        if not np.any(row.compliant > 0):
            continue
        lower_limit(row, tail)
        # Cornish and Fisher's first term, with the skewness where a normal sum would have it.
        skewness = moments(row, limit_at(row, wanted))[1]
        assert trials[0] == pytest.approx(
            limit_at(row, max(wanted - skewness * (wanted**2 - 1) / 6, 0.5)), rel=1e-7
        )
