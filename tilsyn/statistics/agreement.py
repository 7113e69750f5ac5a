"""Agreement of two readers who judged the same cases: how often, in what direction, and how sure that is.

The table of counts has the first reader (the earlier level) in its rows and the second (the re-reading) in
its columns. Everything is unweighted: it is about the readers, not about the casework.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import bdtr, ndtri

from tilsyn.statistics.intervals import beta_interval

# Pairs by the first reader's answer (rows) and the second's (columns), shape (k, k).
ContingencyTable = NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """An estimate with its interval; nan where the data do not define it."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Shift:
    """The direction of the disagreements of a 2 x 2 table.

    `stricter` and `milder` count the pairs where the second reader said *nej* to the first's *ja*, and the
    reverse; `net` is milder - stricter, the second reader's *ja* minus the first's; `p_value` is McNemar's,
    exact.
    """

    stricter: int
    milder: int
    net: int
    p_value: float


def _square(counts: ArrayLike) -> ContingencyTable:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or table.shape[0] < 2:
        raise ValueError(f"a table of two readers is square, at least 2 x 2; this one is {table.shape}")
    if not np.all(np.isfinite(table)) or np.any(table < 0):
        raise ValueError("counts are finite and not negative")
    return table


def raw_agreement(counts: ArrayLike, confidence: float = 0.95) -> Measure:
    """Return the share of pairs on which two readers gave the same answer.

    Parameters
    ----------
    counts : array_like, shape (k, k)
        Pairs by the first reader's answer (rows) and the second's (columns).
    confidence : float in (0, 1)

    Returns
    -------
    Measure
        With Clopper and Pearson's interval.

    Raises
    ------
    ValueError
        When the table is not square with counts of 0 and above.

    References
    ----------
    Clopper and Pearson 1934, Biometrika 26:404.

    Examples
    --------
    >>> m = raw_agreement([[50, 3], [2, 5]])
    >>> round(m.estimate, 6), round(m.low, 6), round(m.high, 6)
    (0.916667, 0.816142, 0.972387)
    """
    table = _square(counts)
    n = table.sum()
    if n == 0:
        return Measure(np.nan, np.nan, np.nan)
    share = float(np.trace(table) / n)
    low, high = beta_interval(share, float(n), confidence=confidence)
    return Measure(share, float(low), float(high))


def _ac1(table: ContingencyTable) -> tuple[float, float]:
    """Return AC1 and its standard error (Gwet 2008, BJMSP 61:29), the latter from its influence function."""
    n, k = table.sum(), len(table)
    pi = (table.sum(axis=0) + table.sum(axis=1)) / (2 * n)
    pe = float(pi @ (1 - pi) / (k - 1))
    agree = np.eye(k)
    ac1 = (float(np.trace(table) / n) - pe) / (1 - pe)
    # pe_i: the pair's own share of each answer, against the chance of the others.
    pe_pair = ((1 - pi)[:, None] + (1 - pi)[None, :]) / (2 * (k - 1))
    influence = (agree - pe) / (1 - pe) - 2 * (1 - ac1) * (pe_pair - pe) / (1 - pe)
    variance = float((table * (influence - ac1) ** 2).sum() / (n * (n - 1))) if n > 1 else np.nan
    return ac1, float(np.sqrt(variance))


def _kappa(table: ContingencyTable) -> tuple[float, float]:
    """Return Cohen's kappa and its standard error (Fleiss, Cohen & Everitt 1969)."""
    n = table.sum()
    p = table / n
    first, second = p.sum(axis=1), p.sum(axis=0)
    po, pe = float(np.trace(p)), float(first @ second)
    if pe >= 1 - 1e-12:
        return np.nan, np.nan
    same = np.eye(len(p), dtype=bool)
    on = ((1 - pe) - (first[:, None] + second[None, :]) * (1 - po)) ** 2
    off = (1 - po) ** 2 * (second[:, None] + first[None, :]) ** 2
    variance = float((p * np.where(same, on, off)).sum()) - (po * pe - 2 * pe + po) ** 2
    return (po - pe) / (1 - pe), float(np.sqrt(max(variance, 0.0) / n)) / (1 - pe) ** 2


def _widened(estimate: float, centre: float, half: float) -> Measure:
    # Around the smoothed counts' centre, the interval may not hold the estimate of the raw ones.
    low, high = max(-1.0, centre - half), min(1.0, centre + half)
    return Measure(estimate, min(estimate, low), max(estimate, high))


def ac1(counts: ArrayLike, confidence: float = 0.95, n_eff: float | None = None) -> Measure:
    """Return Gwet's AC1: agreement corrected for chance, steady when nearly all answers are the same.

    Parameters
    ----------
    counts : array_like, shape (k, k)
    confidence : float in (0, 1)
    n_eff : float, optional
        What the pairs are worth when several come from one case, their number when left out; the interval is
        taken from the table scaled down to it.

    Returns
    -------
    Measure
        The estimate of the raw counts; the interval is centred on the counts + 1/2 each, clipped to [-1, 1]
        and widened to hold the estimate.

    Raises
    ------
    ValueError
        When the table is not square with counts of 0 and above.

    References
    ----------
    Gwet 2008, British Journal of Mathematical and Statistical Psychology 61:29.

    Examples
    --------
    >>> m = ac1([[50, 3], [2, 5]])
    >>> round(m.estimate, 6), round(m.low, 6), round(m.high, 6)
    (0.893333, 0.767466, 0.978998)
    """
    table = _square(counts)
    n = table.sum()
    if n == 0:
        return Measure(np.nan, np.nan, np.nan)
    estimate, _ = _ac1(table)
    centre, se = _ac1(table * _scale(table, n_eff) + 0.5)
    return _widened(estimate, centre, float(ndtri((1 + confidence) / 2)) * se)


def kappa(counts: ArrayLike, confidence: float = 0.95, n_eff: float | None = None) -> Measure:
    """Return Cohen's kappa, which two readers at 90 % *ja* can hold anywhere from .41 to 1.00: a footnote.

    Parameters
    ----------
    counts : array_like, shape (k, k)
    confidence : float in (0, 1)
    n_eff : float, optional
        As in `ac1`.

    Returns
    -------
    Measure
        Undefined (nan) where both readers used one answer only; the interval as that of AC1, with the
        standard error of Fleiss, Cohen and Everitt times sqrt(n'/(n'-1)), n' the counts + 1/2 each.

    Raises
    ------
    ValueError
        When the table is not square with counts of 0 and above.

    References
    ----------
    Cohen 1960, Educational and Psychological Measurement 20:37; Fleiss, Cohen & Everitt 1969, Psychological
    Bulletin 72:323.

    Examples
    --------
    >>> m = kappa([[50, 3], [2, 5]])
    >>> round(m.estimate, 6), round(m.low, 6), round(m.high, 6)
    (0.619289, 0.293782, 0.888636)
    """
    table = _square(counts)
    if table.sum() == 0:
        return Measure(np.nan, np.nan, np.nan)
    estimate, _ = _kappa(table)
    if np.isnan(estimate):
        return Measure(np.nan, np.nan, np.nan)
    smooth = table * _scale(table, n_eff) + 0.5
    centre, se = _kappa(smooth)
    half = float(ndtri((1 + confidence) / 2)) * se * float(np.sqrt(smooth.sum() / (smooth.sum() - 1)))
    return _widened(estimate, centre, half)


def _scale(table: ContingencyTable, n_eff: float | None) -> float:
    return 1.0 if n_eff is None else min(1.0, n_eff / float(table.sum()))


def pabak(counts: ArrayLike) -> float:
    """Return the prevalence- and bias-adjusted kappa 2 po - 1 of a 2 x 2 table.

    Parameters
    ----------
    counts : array_like, shape (2, 2)

    Returns
    -------
    float
        From -1 to 1; nan for an empty table.

    Raises
    ------
    ValueError
        When the table is not square with counts of 0 and above.

    References
    ----------
    Byrt, Bishop & Carlin 1993, Journal of Clinical Epidemiology 46:423.

    Examples
    --------
    >>> round(pabak([[50, 3], [2, 5]]), 6)
    0.833333
    """
    table = _square(counts)
    return float(2 * np.trace(table) / table.sum() - 1) if table.sum() else np.nan


def specific_agreement(counts: ArrayLike) -> tuple[float, float]:
    """Return the agreement on each answer of a 2 x 2 table: 2a/(2a+b+c) on *ja* and 2d/(2d+b+c) on *nej*.

    Parameters
    ----------
    counts : array_like, shape (2, 2)
        With *ja* first.

    Returns
    -------
    tuple of (float, float)
        Shares in [0, 1]; nan for an answer that neither reader gave.

    Raises
    ------
    ValueError
        When the table is not square with counts of 0 and above.

    References
    ----------
    Cicchetti & Feinstein 1990, Journal of Clinical Epidemiology 43:551.

    Examples
    --------
    >>> [round(share, 6) for share in specific_agreement([[50, 3], [2, 5]])]
    [0.952381, 0.666667]
    """
    table = _square(counts)
    used = table.sum(axis=0) + table.sum(axis=1)
    shares = np.divide(2 * np.diag(table), used, out=np.full(len(table), np.nan), where=used > 0)
    return float(shares[0]), float(shares[1])


def shift(counts: ArrayLike) -> Shift:
    """Return who is stricter in a 2 x 2 table whose first answer is *ja*, with McNemar's exact p.

    Parameters
    ----------
    counts : array_like of int, shape (2, 2)

    Returns
    -------
    Shift
        p = min(1, 2 Bin(min(b, c); b + c, 1/2)), 1 without disagreements.

    Raises
    ------
    ValueError
        When the table is not square with counts of 0 and above.

    References
    ----------
    McNemar 1947, Psychometrika 12:153, in its exact form.

    Examples
    --------
    >>> shift([[50, 7], [1, 2]])
    Shift(stricter=7, milder=1, net=-6, p_value=0.0703125)
    """
    table = _square(counts)
    stricter, milder = int(table[0, 1]), int(table[1, 0])
    both = stricter + milder
    p = min(1.0, 2 * float(bdtr(min(stricter, milder), both, 0.5)))
    return Shift(stricter, milder, milder - stricter, p)
