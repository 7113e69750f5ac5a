"""Detection: how often a change is found, and how large a change or a sample that takes.

The chance is exact, over both rounds' binomials, with the test that gives the verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.special import ndtri

from tilsyn.statistics.change import variance_under
from tilsyn.statistics.precision import NEGLIGIBLE, binomial, check_shares, first_that_holds


@dataclass(frozen=True)
class Detection:
    """A change that is found with the power asked for: the later share and the exact power there."""

    share: float
    power: float


def power_of_change(
    before: float, after: float, e0: float, e1: float | None = None, alpha: float = 0.05
) -> float:
    """Return the chance that a change is found: that its interval excludes 0.

    Parameters
    ----------
    before, after : float in [0, 1]
        The true shares of the two rounds.
    e0, e1 : float
        Relevant cases (or n_eff at f = 0) of the rounds, rounded to whole cases; e1 as e0 when left out.
    alpha : float, default 0.05

    Returns
    -------
    float
        Exact, over both binomials, with the test of `change`; a change found the wrong way round does not
        count.

    Raises
    ------
    ValueError
        When a share lies outside [0, 1].

    References
    ----------
    Miettinen & Nurminen 1985, Statistics in Medicine 4:213 (the test).

    Examples
    --------
    >>> round(power_of_change(0.9, 0.7, 20), 2)
    0.36
    """
    check_shares(before, None, 1.0)
    check_shares(after, None, 1.0)
    n0 = max(1, round(e0))
    n1 = n0 if e1 is None else max(1, round(e1))
    first, second = binomial(n0, before), binomial(n1, after)
    x0, x1 = np.flatnonzero(first > NEGLIGIBLE), np.flatnonzero(second > NEGLIGIBLE)
    p0, p1 = np.meshgrid(x0 / n0, x1 / n1, indexing="ij")
    d = p1 - p0
    sizes = np.full_like(d, n1), np.full_like(d, n0)
    limit = float(ndtri(1 - alpha / 2)) ** 2 * variance_under(np.zeros_like(d), p1, sizes[0], p0, sizes[1])
    found = (d**2 > limit) & (d * (after - before) > 0)
    return float(np.outer(first[x0], second[x1])[found].sum())


def smallest_change(
    before: float, e0: float, e1: float | None = None, power: float = 0.8, alpha: float = 0.05
) -> tuple[Detection | None, Detection | None]:
    """Return the smallest fall and the smallest rise that are found with a given power.

    Parameters
    ----------
    before : float in [0, 1]
    e0, e1, alpha
        As in `power_of_change`.
    power : float in (0, 1), default 0.8

    Returns
    -------
    tuple of (Detection or None, Detection or None)
        The fall and the rise, to half a percentage point; None where not even a change to 0 or to 1 is found
        so often.

    Raises
    ------
    ValueError
        When a share lies outside [0, 1].

    Examples
    --------
    >>> fall, rise = smallest_change(0.9, 20)
    >>> fall.share, rise
    (0.52, None)
    """
    return _first_found(before, 0.0, e0, e1, power, alpha), _first_found(before, 1.0, e0, e1, power, alpha)


def _first_found(
    before: float, end: float, e0: float, e1: float | None, power: float, alpha: float
) -> Detection | None:
    steps = max(1, ceil(abs(end - before) / 0.005 - 1e-9))
    grid = [round(before + (end - before) * step / steps, 6) for step in range(steps + 1)]
    if end == before or power_of_change(before, end, e0, e1, alpha) < power:
        return None
    first = first_that_holds(
        lambda step: power_of_change(before, grid[step], e0, e1, alpha) >= power, 0, steps
    )
    return Detection(grid[first], power_of_change(before, grid[first], e0, e1, alpha))


def size_to_detect(
    before: float,
    after: float,
    power: float = 0.8,
    alpha: float = 0.05,
    most: int = 100_000,
    e0: float | None = None,
) -> int | None:
    """Return the relevant cases each round, or the second, needs for a change to be found.

    Parameters
    ----------
    before, after, alpha
        As in `power_of_change`.
    power : float in (0, 1), default 0.8
    most : int
        Where to give up.
    e0 : float, optional
        Relevant cases (or n_eff at f = 0) of a first round that is read already; as many as the second's when
        left out.

    Returns
    -------
    int or None
        Cases; None above `most`, which a small first round can make of any size.

    Raises
    ------
    ValueError
        When a share lies outside [0, 1].

    Examples
    --------
    >>> size_to_detect(0.9, 0.7), size_to_detect(0.9, 0.9)
    (61, None)
    >>> size_to_detect(0.5, 0.9, e0=20), size_to_detect(0.5, 0.7, e0=20, most=5000)
    (18, None)
    """

    def found(n: int) -> bool:
        first = n if e0 is None else e0
        return power_of_change(before, after, first, n, alpha) >= power

    low, high = 0, 1
    while not found(high):
        if high >= most or before == after:
            return None
        low, high = high, min(high * 2, most)
    # Power rises with n, but for the steps of counts.
    return first_that_holds(found, low, high)
