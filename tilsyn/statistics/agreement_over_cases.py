"""Agreement over several questions: pairs of one case are not independent, so cases are the units."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tilsyn.statistics.agreement import Measure
from tilsyn.statistics.levels import NO_VARIANCE
from tilsyn.statistics.weighted_gamma import AnsweredCases, gamma_sum, pooled_interval


def share_over_cases(hits: ArrayLike, sizes: ArrayLike, confidence: float = 0.95) -> Measure:
    """Return the share of pooled answers that count, with the weighted-gamma interval over their cases.

    Parameters
    ----------
    hits, sizes : array_like, shape (cases,)
        Per case the answers counted (for instance those agreed on) and all its answers; cases without an
        answer are left out.
    confidence : float in (0, 1)

    Returns
    -------
    Measure
        Unweighted and at f = 0: it is about the readers, not about the casework.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Learned-Miller and Thomas 2019, arXiv 1905.06208 (see `weighted_gamma`).

    Examples
    --------
    >>> m = share_over_cases([2, 2, 1, 2], [2, 2, 2, 2])
    >>> round(m.estimate, 4), round(m.low, 4), round(m.high, 4)
    (0.875, 0.3344, 0.9968)
    """
    y, x = np.asarray(hits, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    cases = AnsweredCases.of(np.zeros(x.size, dtype=np.intp), x, y)
    if cases.cases.size == 0:
        return Measure(np.nan, np.nan, np.nan)
    n = np.array([cases.cases.sum()])
    row = gamma_sum(cases, n, n, finite_population=False)
    low, high = pooled_interval(row, confidence)
    return Measure(row.estimate, low, high)


def clustered_n_eff(hits: ArrayLike, sizes: ArrayLike) -> float:
    """Return what pooled answers are worth when several come from one case.

    Parameters
    ----------
    hits, sizes : array_like, shape (cases,)
        Per case the answers counted (for instance those agreed on) and all its answers; cases without an
        answer are left out.

    Returns
    -------
    float
        min(P(1-P)/V, number of cases), the number of cases where V = 0; unweighted and without the finite
        population. AC1 and kappa are read at it.

    References
    ----------
    Särndal, Swensson & Wretman 1992, §5.8 (ratio); Korn & Graubard 1998, Survey Methodology 24:193.

    Examples
    --------
    >>> clustered_n_eff([2, 2, 1, 2], [2, 2, 2, 2])
    4.0
    """
    y, x = np.asarray(hits, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    y, x = y[x > 0], x[x > 0]
    cases = len(x)
    if cases < 2:
        return float(cases)
    share = y.sum() / x.sum()
    variance = cases * np.var(y - share * x, ddof=1) / x.sum() ** 2
    if variance <= NO_VARIANCE:
        return float(cases)
    return float(min(share * (1 - share) / variance, cases))
