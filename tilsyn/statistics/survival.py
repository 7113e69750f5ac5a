"""How long it takes, where some have not come to an end yet: the product-limit estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

# What is lost of a product of ratios; survfit takes two shares so close for one, too.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Survival:
    """The share that is still open after each of the times at which any case came to its end.

    `at_risk` are the cases that were open until then, `ended` those that came to their end just then.
    """

    times: Floats
    at_risk: Floats
    ended: Floats
    open_share: Floats

    def quantile(self, share: float) -> float | None:
        """Return the first time by which a share of the cases has come to its end; None where none has.

        >>> kaplan_meier([1, 2, 3, 4], [True, True, True, False]).quantile(0.5)
        2.0
        >>> kaplan_meier([1, 2, 3, 4], [True, True, True, False]).quantile(0.9) is None
        True
        """
        reached = np.flatnonzero(self.open_share <= 1 - share + _ROUNDING)
        return float(self.times[reached[0]]) if reached.size else None


def kaplan_meier(durations: ArrayLike, ended: ArrayLike, n: ArrayLike | None = None) -> Survival:
    """Estimate how many are still open after a time, from cases that ended and cases that are still open.

    Parameters
    ----------
    durations : array_like
        How long each case took, or has been open so far.
    ended : array_like of bool
        Whether it came to its end; a case that is still open is known to take longer than it has.
    n : array_like, optional
        How many cases each stands for; one each by default.

    Returns
    -------
    Survival
        The estimate at each time at which a case ended.

    Notes
    -----
    S(t) is the product, over the times up to t at which cases ended, of 1 - d / r, where d cases ended of r
    that were open until then. A case that was last seen open at a time counts as open at it. The quantile is
    the smallest t with S(t) <= 1 - p. It takes cases that are still open for like those that ended: where the
    old ones lie longer than the new, it says too little.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations. Journal of the
    American Statistical Association 53, 457-481.

    Examples
    --------
    >>> found = kaplan_meier([6, 6, 6, 6, 7, 9, 10], [True, True, True, False, True, False, True])
    >>> found.times.tolist(), found.open_share.round(4).tolist()
    ([6.0, 7.0, 10.0], [0.5714, 0.381, 0.0])
    """
    times = np.asarray(durations, dtype=float)
    over = np.asarray(ended, dtype=bool)
    weights = np.ones_like(times) if n is None else np.asarray(n, dtype=float)
    at, place = np.unique(times, return_inverse=True)
    gone = np.bincount(place, weights).astype(float)
    events = np.bincount(place, weights * over).astype(float)
    at_risk = gone[::-1].cumsum()[::-1]
    there = events > 0
    return Survival(at[there], at_risk[there], events[there], np.cumprod(1 - events[there] / at_risk[there]))
