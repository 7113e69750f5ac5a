"""What a compared row could have shown: the smallest fall that its sizes find, and whether that is enough.

Absence of evidence is not evidence of absence: where the sizes could not have seen a change that anybody
would call large, *no sure change* says nothing.

Symbols: P0 the baseline's share, e1 and e0 the effective sizes
without the finite population, Δ a fall, m the number of questions in the family.

References
----------
Fleiss, J. L., Levin, B. and Paik, M. C. (2003). Statistical Methods for Rates and Proportions, section 4.2.
Benjamini, Y. and Hochberg, Y. (1995). Journal of the Royal Statistical Society B 57:289-300.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from tilsyn.statistics.change import VERDICT_LEVEL
from tilsyn.statistics.intervals import Floats

POWER = 0.8
# A change that has to be seen, or the row says nothing: with a power of at least one half.
LARGE = 0.20
SEEN = 0.5
_GRID = 400
_HALVINGS = 45


def power_of_fall(fall: ArrayLike, before: ArrayLike, e1: ArrayLike, e0: ArrayLike, family: int) -> Floats:
    """The chance that a fall is found by this question alone in its family (normal approximation).

    Parameters
    ----------
    fall : array_like
        Δ in shares; below 0 a rise. P0 - Δ in [0, 1].
    before : array_like
        P0.
    e1, e0 : array_like
        Effective sizes now and in the baseline, at f = 0.
    family : int
        m, at least 1: the test is two-sided at 0.05/m, the first step of Benjamini and Hochberg.

    Returns
    -------
    ndarray
        Φ((|Δ| - z sqrt(V0)) / sqrt(V1)), 0 or 1 where V1 = 0.

    References
    ----------
    Fleiss, Levin and Paik (2003), formula 4.14.

    Examples
    --------
    >>> round(float(power_of_fall(0.2, 0.9, 20, 20, 1)), 4)
    0.3383
    """
    delta, p0, n1, n0 = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (fall, before, e1, e0)))
    after = p0 - delta
    pooled = (n1 * after + n0 * p0) / (n1 + n0)
    null = (n1 + n0) / (n1 + n0 - 1) * pooled * (1 - pooled) * (1 / n1 + 1 / n0)
    spread = np.sqrt(after * (1 - after) / n1 + p0 * (1 - p0) / n0)
    z = float(ndtri(1 - VERDICT_LEVEL / family / 2))
    beyond = np.abs(delta) - z * np.sqrt(np.maximum(null, 0.0))
    standardised = np.divide(beyond, spread, out=np.where(beyond > 0, np.inf, -np.inf), where=spread > 0)
    return np.asarray(ndtr(standardised), dtype=np.float64)


def smallest_fall(before: ArrayLike, e1: ArrayLike, e0: ArrayLike, family: int) -> Floats:
    """The smallest fall that is found with 80 % power; nan where not even a fall to 0 is.

    Parameters
    ----------
    before, e1, e0, family
        As in `power_of_fall`; one dimension.

    Returns
    -------
    ndarray
        Δ in shares, in (0, P0].

    References
    ----------
    Fleiss, Levin and Paik (2003), section 4.2.

    Examples
    --------
    >>> smallest_fall([0.9, 0.1], [118, 20], [118, 20], 15).round(4).tolist()
    [0.1947, nan]
    """
    p0, n1, n0 = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (before, e1, e0)))
    steps = np.linspace(0.0, 1.0, _GRID + 1)[1:, np.newaxis]
    found = power_of_fall(steps * p0, p0, n1, n0, family) >= POWER
    first = np.argmax(found, axis=0)
    high = steps[first, 0] * p0
    low = high - p0 / _GRID
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = power_of_fall(middle, p0, n1, n0, family) >= POWER
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(found.any(axis=0), high, np.nan)


def too_few(before: ArrayLike, e1: ArrayLike, e0: ArrayLike, family: int) -> NDArray[np.bool_]:
    """Whether a fall of 20 points (below a share of .2: a rise) would sooner have been missed than found.

    Parameters
    ----------
    before, e1, e0, family
        As in `power_of_fall`.

    References
    ----------
    Altman, D. G. and Bland, J. M. (1995). BMJ 311:485 (absence of evidence).

    Examples
    --------
    >>> too_few([0.9, 0.9], [20, 118], [20, 118], 15).tolist()
    [True, False]
    """
    p0 = np.asarray(before, dtype=float)
    fall = np.where(p0 < LARGE, -LARGE, LARGE)
    return np.asarray(power_of_fall(fall, p0, e1, e0, family) < SEEN, dtype=np.bool_)
