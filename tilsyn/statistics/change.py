"""A change since the baseline: difference, interval, p-value, and the verdict of a family of questions.

Both sides enter with the effective size without the finite population (`Levels.n_eff_practice`), because the
question is whether practice changed, not whether two finished piles of cases differ. Symbols: P1, e1 now; P0,
e0 the baseline; d = P1 - P0; delta a difference that is tried.

References
----------
Miettinen, O. and Nurminen, M. (1985). Statistics in Medicine 4:213-226.
Benjamini, Y. and Hochberg, Y. (1995). Journal of the Royal Statistical Society B 57:289-300.
Holm, S. (1979). Scandinavian Journal of Statistics 6:65-70.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from tilsyn.statistics.intervals import Floats, check_confidence

Adjustment = Literal["benjamini-hochberg", "holm"]

# The verdicts are part of the JSON contract and are never translated.
BETTER = "fremgang"
WORSE = "tilbagegang"
NO_SURE_CHANGE = "ingen sikker ændring"

# A verdict is given when the adjusted p-value is at most this.
VERDICT_LEVEL = 0.05

# Two shares closer than this are the same share, apart from the last digits of the arithmetic.
_SAME = 1e-12
# Halvings of an interval no longer than 2: more than doubles can tell apart.
_HALVINGS = 60


@dataclass(frozen=True)
class Change:
    """A change in shares (-1 to 1), its interval, z and two-sided p; nan where a side is missing.

    z is the change over the root of `null_variance` = `factor` · `pooled` · (1 - `pooled`) · (1/e1 + 1/e0).
    """

    change: Floats
    low: Floats
    high: Floats
    z: Floats
    p_value: Floats
    factor: Floats
    pooled: Floats
    null_variance: Floats


def change(p1: ArrayLike, e1: ArrayLike, p0: ArrayLike, e0: ArrayLike, confidence: float = 0.95) -> Change:
    """Miettinen-Nurminen interval and p-value of a difference of two shares.

    Parameters
    ----------
    p1, p0 : array_like
        Shares in [0, 1], now and in the baseline; nan where there is none.
    e1, e0 : array_like
        Effective sizes without the finite population; of a published table, the number relevant.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    Change
        Arrays broadcast over the input. The interval excludes 0 exactly when p < 1 - confidence.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Miettinen and Nurminen (1985), the score interval of a difference.

    Examples
    --------
    18 of 20 in the baseline, 12 of 20 now:

    >>> fall = change(0.6, 20, 0.9, 20)
    >>> [round(float(v), 6) for v in (fall.change, fall.low, fall.high, fall.p_value)]
    [-0.3, -0.540587, -0.030466, 0.030516]
    """
    check_confidence(confidence)
    P1, E1, P0, E0 = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (p1, e1, p0, e0)))
    known = np.isfinite(P1) & np.isfinite(P0) & (E1 > 0) & (E0 > 0) & (E1 + E0 > 1)
    P1, P0 = np.where(known, P1, 0.5), np.where(known, P0, 0.5)
    E1, E0 = np.where(known, E1, 10.0), np.where(known, E0, 10.0)
    difference = _difference(P1, P0)
    quantile = float(ndtri(0.5 + confidence / 2))

    def excluded(delta: Floats) -> NDArray[np.bool_]:
        return (difference - delta) ** 2 > quantile**2 * variance_under(delta, P1, E1, P0, E0)

    low = _edge(excluded, difference, -1.0)
    high = _edge(excluded, difference, 1.0)
    factor, pooled, null = _null(P1, E1, P0, E0)
    z = _z(difference, null)
    p_value = 2 * ndtr(-np.abs(z))
    missing = np.where(known, 0.0, np.nan)
    return Change(*(v + missing for v in (difference, low, high, z, p_value, factor, pooled, null)))


def difference_p_value(p1: ArrayLike, e1: ArrayLike, p0: ArrayLike, e0: ArrayLike) -> Floats:
    """Two-sided p-value of a difference of two shares, without its interval.

    Parameters
    ----------
    p1, e1, p0, e0 : array_like
        Shares in [0, 1] and effective sizes above 0, now and in the baseline; none missing.

    Returns
    -------
    ndarray
        p = 2 (1 - Phi(|d| / sqrt(Var(0)))); 1 where the shares are the same.

    References
    ----------
    Miettinen and Nurminen (1985), the score test at delta = 0.

    Examples
    --------
    >>> difference_p_value([0.6, 0.9], 20, 0.9, 20).round(6).tolist()
    [0.030516, 1.0]
    """
    P1, E1, P0, E0 = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (p1, e1, p0, e0)))
    difference = _difference(P1, P0)
    p_value: Floats = 2 * ndtr(-np.abs(_z(difference, _null(P1, E1, P0, E0)[2])))
    return p_value


def _difference(p1: Floats, p0: Floats) -> Floats:
    return np.where(np.abs(p1 - p0) < _SAME, 0.0, p1 - p0)


def _null(p1: Floats, e1: Floats, p0: Floats, e0: Floats) -> tuple[Floats, Floats, Floats]:
    # Factor, pooled share and variance at delta = 0, where the constrained maximum is the pooled share.
    factor = (e1 + e0) / (e1 + e0 - 1)
    pooled = (e1 * p1 + e0 * p0) / (e1 + e0)
    return factor, pooled, factor * pooled * (1 - pooled) * (1 / e1 + 1 / e0)


def _z(difference: Floats, null: Floats) -> Floats:
    z: Floats = np.divide(difference, np.sqrt(null), out=np.zeros_like(null), where=null > 0)
    return z


def variance_under(delta: Floats, p1: Floats, e1: Floats, p0: Floats, e0: Floats) -> Floats:
    """Variance of P1 - P0 when the true difference is delta: constrained maximum likelihood.

    Parameters
    ----------
    delta : ndarray
        The difference tried, in [-1, 1].
    p1, e1, p0, e0 : ndarray
        Shares and effective sizes, now and in the baseline; the sizes above 0, their sum above 1.

    Returns
    -------
    ndarray
        Var(delta), with Miettinen and Nurminen's factor (e1 + e0) / (e1 + e0 - 1).

    References
    ----------
    Miettinen and Nurminen (1985), the score variance; Appendix I (the cubic).

    Examples
    --------
    >>> sides = [np.asarray(v, dtype=float) for v in (0.6, 20, 0.9, 20)]
    >>> round(float(variance_under(np.asarray(0.0), *sides)), 6)      # at 0 the pooled share 0.75
    0.019231
    """
    p1_tilde, p0_tilde = constrained_shares(delta, p1, e1, p0, e0)
    factor = (e1 + e0) / (e1 + e0 - 1)
    variance: Floats = factor * (p1_tilde * (1 - p1_tilde) / e1 + p0_tilde * (1 - p0_tilde) / e0)
    return variance


def constrained_shares(
    delta: Floats, p1: Floats, e1: Floats, p0: Floats, e0: Floats
) -> tuple[Floats, Floats]:
    """The two shares that maximise the likelihood among those that differ by delta.

    Parameters
    ----------
    delta, p1, e1, p0, e0 : ndarray
        As in `variance_under`.

    Returns
    -------
    p1_tilde, p0_tilde : ndarray
        Shares in [0, 1].

    References
    ----------
    Miettinen and Nurminen (1985), Appendix I.

    Examples
    --------
    >>> sides = [np.asarray(v, dtype=float) for v in (0.6, 20, 0.9, 20)]
    >>> [round(float(share), 6) for share in constrained_shares(np.asarray(0.0), *sides)]
    [0.75, 0.75]
    """
    x1, x0 = e1 * p1, e0 * p0
    L3 = e1 + e0
    L2 = (e1 + 2 * e0) * delta - L3 - (x1 + x0)
    L1 = (e0 * delta - L3 - 2 * x0) * delta + x1 + x0
    L0 = x0 * delta * (1 - delta)
    q = L2**3 / (3 * L3) ** 3 - L1 * L2 / (6 * L3**2) + L0 / (2 * L3)
    root = np.sqrt(np.maximum(L2**2 / (3 * L3) ** 2 - L1 / (3 * L3), 0.0))
    r = np.where(q < 0, -root, root)
    cosine = np.divide(q, r**3, out=np.zeros_like(q), where=r**3 != 0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1.0, 1.0))) / 3
    base = 2 * r * np.cos(angle) - L2 / (3 * L3)
    return np.clip(base + delta, 0.0, 1.0), np.clip(base, 0.0, 1.0)


def _edge(excluded: Callable[[Floats], NDArray[np.bool_]], inside: Floats, bound: float) -> Floats:
    # Bisection between the estimate, always inside, and the end of the scale, which may be inside too.
    near, far = inside, np.full_like(inside, bound)
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        out = excluded(middle)
        near, far = np.where(out, near, middle), np.where(out, middle, far)
    return near


def adjust(p_values: ArrayLike, method: Adjustment = "benjamini-hochberg") -> Floats:
    """P-values adjusted for a family; nan stays out of the family and stays nan.

    Parameters
    ----------
    p_values : array_like
        P-values of one family, in [0, 1] or nan; one dimension.
    method : {"benjamini-hochberg", "holm"}
        False-discovery rate, or family-wise error.

    Returns
    -------
    ndarray
        Adjusted p-values, never below the plain ones and never above 1.

    Raises
    ------
    ValueError
        When the method is another.

    References
    ----------
    Benjamini and Hochberg (1995), section 3.1; Holm (1979).

    Examples
    --------
    >>> adjust([0.01, 0.04, 0.03, float("nan")]).round(4).tolist()
    [0.03, 0.04, 0.04, nan]
    >>> adjust([0.01, 0.04, 0.03], "holm").round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=float)
    family = np.flatnonzero(np.isfinite(p))
    result = np.full(p.shape, np.nan)
    order = family[np.argsort(p[family])]
    size = order.size
    rank = np.arange(1, size + 1)
    if method == "benjamini-hochberg":
        stepped = np.minimum.accumulate((p[order] * size / rank)[::-1])[::-1]
    elif method == "holm":
        stepped = np.maximum.accumulate(p[order] * (size - rank + 1))
    else:
        raise ValueError(f"unknown adjustment {method!r}: benjamini-hochberg or holm")
    result[order] = np.minimum(stepped, 1.0)
    return result


def verdicts(p_adjusted: ArrayLike, changes: ArrayLike, level: float = VERDICT_LEVEL) -> list[str | None]:
    """Verdict of each row of a family, from the adjusted p-value and the direction of the change.

    Parameters
    ----------
    p_adjusted : array_like
        Adjusted p-values; nan outside the family.
    changes : array_like
        d = P1 - P0 of the same rows.
    level : float
        Largest adjusted p-value that is called a change.

    Returns
    -------
    list of str or None
        `fremgang`, `tilbagegang`, `ingen sikker ændring`, or None outside the family.

    References
    ----------
    Benjamini and Hochberg (1995).

    Examples
    --------
    >>> verdicts([0.01, 0.02, 0.4, float("nan")], [0.2, -0.1, 0.1, 0.3])
    ['fremgang', 'tilbagegang', 'ingen sikker ændring', None]
    """
    result: list[str | None] = []
    for q, d in zip(np.asarray(p_adjusted, dtype=float), np.asarray(changes, dtype=float), strict=True):
        if np.isnan(q) or np.isnan(d):
            result.append(None)
        elif q <= level and d != 0:
            result.append(BETTER if d > 0 else WORSE)
        else:
            result.append(NO_SURE_CHANGE)
    return result
