"""Pooled rows: themes of several questions, and all questions together. Cases are their units, not answers.

Which rows pool is decided by the question set, never by the data: a case with one relevant answer of several
questions is still one of a pooled row.

References
----------
Learned-Miller, E. and Thomas, P. S. (2019). arXiv 1905.06208 (the interval; see `weighted_gamma`).
Zou, G. Y. and Donner, A. (2008). Statistics in Medicine 27:1693-1702 (the change).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tilsyn.statistics.counts import Counts
from tilsyn.statistics.intervals import Floats
from tilsyn.statistics.weighted_gamma import AnsweredCases, GammaSum, gamma_sum, pooled_interval

# A row is marked where one case has more than so many times the mean answers: what the interval cannot see.
MANY_ANSWERS = 2.0


@dataclass(frozen=True)
class PooledChange:
    """A change of pooled rows in shares, with its limits; nan where a side is missing. It has no p-value."""

    change: Floats
    low: Floats
    high: Floats


def row_sum(counts: Counts, finite_population: bool = True) -> GammaSum | None:
    """What the interval of one pooled row is made of; None where no case has a relevant answer.

    With relevant cases only in strata read whole, and others sampled, f = 0 is taken throughout.
    """
    n, N = counts.sample_size, counts.population_size
    cases: AnsweredCases = counts.answered.item()
    if cases.cases.size == 0:
        return None
    row = gamma_sum(cases, N, n, finite_population)
    if row.heaviest == 0 and bool(np.any((n > 0) & (n < N))):
        return gamma_sum(cases, N, n, finite_population=False)
    return row


def pooled_limits(
    counts: Counts, confidence: float = 0.95, finite_population: bool = True
) -> tuple[Floats, Floats]:
    """Limits of the pooled rows among some; nan in the other rows.

    Parameters
    ----------
    counts : Counts
    confidence : float
        Confidence level in (0, 1).
    finite_population : bool
        False takes f = 0, a census too: for changes.

    Returns
    -------
    low, high : ndarray
        With the shape of the rows.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Learned-Miller and Thomas (2019).

    Examples
    --------
    >>> cases = AnsweredCases.of(np.zeros(1, dtype=np.intp), np.array([3.0]), np.array([2.0]))
    >>> low, high = pooled_limits(Counts.of_cases([50], [1], cases), finite_population=False)
    >>> round(float(low), 6), round(float(high), 6)
    (0.016667, 0.991667)
    """
    low, high = (np.full(counts.answered.shape, np.nan) for _ in range(2))
    for at in counts.pooled_rows:
        row = row_sum(counts.only(at), finite_population)
        if row is not None:
            low[at], high[at] = pooled_interval(row, confidence)
    return low, high


def many_answers(counts: Counts) -> NDArray[np.bool_]:
    """Which pooled rows have a case with over twice the (weighted) mean answers: their limits may not hold.

    References
    ----------
    docs/methods.md, 5.3b: the populations with most answers in the cases that fail.

    Examples
    --------
    >>> cases = AnsweredCases.of(np.zeros(12, dtype=np.intp), np.array([30.0] + [5.0] * 11), np.ones(12))
    >>> bool(many_answers(Counts.of_cases([500], [12], cases)))
    True
    """
    marked = np.zeros(counts.answered.shape, dtype=np.bool_)
    for at in counts.pooled_rows:
        row = row_sum(counts.only(at))
        if row is not None:
            marked[at] = row.largest > MANY_ANSWERS * row.mean_answers
    return marked


def pooled_change(
    p1: ArrayLike,
    limits1: tuple[ArrayLike, ArrayLike],
    p0: ArrayLike,
    limits0: tuple[ArrayLike, ArrayLike],
) -> PooledChange:
    """Difference of two shares with limits recovered from those of its sides (MOVER).

    Parameters
    ----------
    p1, p0 : array_like
        Shares in [0, 1], now and in the baseline.
    limits1, limits0 : pair of array_like
        Their limits at f = 0.

    Returns
    -------
    PooledChange

    References
    ----------
    Zou and Donner (2008), formula 7.

    Examples
    --------
    >>> found = pooled_change(0.977942, (0.936475, 0.986839), 0.944307, (0.902638, 0.958538))
    >>> [round(float(v), 4) for v in (found.change, found.low, found.high)]
    [0.0336, -0.0102, 0.0762]
    """
    P1, l1, u1, P0, l0, u0 = (np.asarray(v, dtype=float) for v in (p1, *limits1, p0, *limits0))
    d = P1 - P0
    low = d - np.sqrt((P1 - l1) ** 2 + (u0 - P0) ** 2)
    high = d + np.sqrt((u1 - P1) ** 2 + (P0 - l0) ** 2)
    # Without a limit there is no change to speak of.
    return PooledChange(np.where(np.isnan(low), np.nan, d), low, high)
