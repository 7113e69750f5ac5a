"""Confidence limits of one percentage: the beta interval on an effective size.

The one interval of tilsyn is Korn and Graubard's: Clopper and Pearson's exact limits, read at an effective
number of cases instead of the number counted. How that number is found stands in `levels`.

References
----------
Clopper, C. J. and Pearson, E. S. (1934). Biometrika 26:404-413.
Korn, E. L. and Graubard, B. I. (1998). Survey Methodology 24:193-201.
Fay, M. P. and Feuer, E. J. (1997). Statistics in Medicine 16:791-801.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]

# Below this the beta distribution has no mass on one side and the limit is exactly 0 or 1.
_NOTHING = 1e-9


@dataclass(frozen=True)
class BetaLimits:
    """What the beta interval is made of: x = n_eff P, y = n_eff - x, the exact limits at them, and the bound.

    The interval is from min(`low`, `bound`) to max(`high`, 1 - `bound`), where `bound` is (alpha/2)^(1/n_W).
    """

    x: Floats
    y: Floats
    low: Floats
    high: Floats
    bound: Floats


def beta_limits(estimate: Floats, n_eff: Floats, n_heaviest: Floats, confidence: float = 0.95) -> BetaLimits:
    """Limits of shares in [0, 1] at finite effective sizes above 0, before the bound by n_W is applied.

    Parameters
    ----------
    estimate, n_eff, n_heaviest, confidence
        As in `beta_interval`, arrays of one shape.

    Returns
    -------
    BetaLimits

    Examples
    --------
    >>> found = beta_limits(*(np.asarray(v) for v in (1.0, 5.0, 5.0)))
    >>> float(found.low.round(4)), float(found.high), float(found.bound.round(4))
    (0.4782, 1.0, 0.4782)
    """
    tail = _tail(confidence)
    x = n_eff * estimate
    y = n_eff - x
    low = np.where(x < _NOTHING, 0.0, betaincinv(np.maximum(x, _NOTHING), y + 1, tail))
    high = np.where(y < _NOTHING, 1.0, betaincinv(x + 1, np.maximum(y, _NOTHING), 1 - tail))
    return BetaLimits(x, y, low, high, np.asarray(tail ** (1 / n_heaviest)))


def beta_interval(
    estimate: ArrayLike,
    n_eff: ArrayLike,
    n_heaviest: ArrayLike | None = None,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """Korn-Graubard limits of a share at an effective size, no better than the heaviest case allows.

    Parameters
    ----------
    estimate : array_like
        P, the estimated share in [0, 1]; nan where there is none.
    n_eff : array_like
        Effective number of relevant cases, above 0; `inf` when every case was read.
    n_heaviest : array_like, optional
        n_W, the effective size when a single heaviest case decides; `n_eff` when left out.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : ndarray
        Limits in [0, 1], broadcast over the input; nan where the estimate is, and equal to it at an `n_eff`
        of inf.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Korn and Graubard (1998); Fay and Feuer (1997) for the idea behind the bound by n_W.

    Examples
    --------
    >>> low, high = beta_interval(0.9, 20)          # Clopper-Pearson for 18 of 20
    >>> round(float(low), 4), round(float(high), 4)
    (0.683, 0.9877)
    >>> low, high = beta_interval([1.0, 0.5], [5, float("inf")])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.4782, 0.5], [1.0, 0.5])
    """
    p, n, heaviest = np.broadcast_arrays(
        np.asarray(estimate, dtype=float),
        np.asarray(n_eff, dtype=float),
        np.asarray(n_eff if n_heaviest is None else n_heaviest, dtype=float),
    )
    finite = np.isfinite(p) & np.isfinite(n) & (n > 0)
    share = np.where(finite, p, 0.5)
    found = beta_limits(share, np.where(finite, n, 1.0), np.where(finite, heaviest, 1.0), confidence)
    low = np.minimum(np.minimum(found.low, found.bound), share)
    high = np.maximum(np.maximum(found.high, 1 - found.bound), share)
    everything_read = np.isfinite(p) & np.isposinf(n)
    low = np.where(finite, low, np.where(everything_read, p, np.nan))
    high = np.where(finite, high, np.where(everything_read, p, np.nan))
    return low, high


def jeffreys_interval(
    estimate: ArrayLike, n_eff: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Jeffreys limits of a share at an effective size, closed at 0 and at 1.

    Parameters
    ----------
    estimate : array_like
        P, the estimated share in [0, 1].
    n_eff : array_like
        Effective number of cases, above 0; `inf` gives the estimate itself.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : ndarray
        Quantiles of the beta distribution with parameters e P + 1/2 and e (1 - P) + 1/2; the lower limit is 0
        when P = 0 and the upper is 1 when P = 1.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Statistical Science 16:101-133.

    Examples
    --------
    >>> low, high = jeffreys_interval(0.9, 20)
    >>> round(float(low), 4), round(float(high), 4)
    (0.7161, 0.9786)
    """
    tail = _tail(confidence)
    p, n = np.broadcast_arrays(np.asarray(estimate, dtype=float), np.asarray(n_eff, dtype=float))
    finite = np.isfinite(p) & np.isfinite(n) & (n > 0)
    size = np.where(finite, n, 1.0)
    share = np.where(finite, p, 0.5)
    a, b = size * share + 0.5, size * (1 - share) + 0.5
    low = np.where(share <= 0, 0.0, betaincinv(a, b, tail))
    high = np.where(share >= 1, 1.0, betaincinv(a, b, 1 - tail))
    known = np.where(np.isposinf(n), p, np.nan)
    return np.where(finite, low, known), np.where(finite, high, known)


def check_confidence(confidence: float) -> None:
    """Refuse a level that no interval can have, with a ValueError."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie strictly between 0 and 1, not {confidence}")


def _tail(confidence: float) -> float:
    check_confidence(confidence)
    return (1 - confidence) / 2
