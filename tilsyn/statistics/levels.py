"""A level of compliance: the weighted percentage, its standard error, its effective size and its interval.

A percentage is a ratio in a domain of a stratified simple random sample without replacement: compliant over
relevant, each case weighted by N_h / n_h. A row of a table is one such ratio. Rows are arrays whose last axis
is the strata, so that a table of questions and domains is one call.

Symbols (last axis h): N_h `population_size`, n_h `sample_size` (reviewed), m_h `relevant`, x_h `compliant`,
w_h = N_h / n_h, f_h = n_h / N_h, P `estimate`, V `variance`, n_K `n_kish`, n_W `n_heaviest`.

References
----------
Särndal, C.-E., Swensson, B. and Wretman, J. (1992). Model Assisted Survey Sampling, section 5.8.
Korn, E. L. and Graubard, B. I. (1998). Survey Methodology 24:193-201.
Parker, J. D. et al. (2017). NCHS Vital and Health Statistics 2(175).
Fay, M. P. and Feuer, E. J. (1997). Statistics in Medicine 16:791-801.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tilsyn.statistics.counts import Counts, ratio, residual_variance, weights
from tilsyn.statistics.intervals import Floats, beta_interval
from tilsyn.statistics.pooled import pooled_limits

# A variance this small is no variance: every unit is pure, and n_W speaks instead.
NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class Effective:
    """V, n_K, n_W, a and n_eff of each row, and the sums they are made of.

    With the finite population or with f_h = 0. `weight` (w_h), `fraction` (f_h), `spread` (S²_h) and `parts`
    (N_h w_h (1 - f_h) S²_h) have a last axis of strata; all else has the shape of the rows. V is the sum of
    `parts` over the square of `weighted_relevant`, the sum of w_h m_h; n_K is the square of `weighted_cases`
    (cases with a relevant answer) over `weighted_squares`; n_W is `weighted_cases` over `heaviest`, at most
    n_K. `lonely` counts the strata with a single reading.
    """

    variance: Floats
    n_kish: Floats
    n_heaviest: Floats
    a: Floats
    n_eff: Floats
    kappa: Floats
    lonely: Floats
    weight: Floats
    fraction: Floats
    spread: Floats
    parts: Floats
    weighted_relevant: Floats
    weighted_cases: Floats
    weighted_squares: Floats
    heaviest: Floats


@dataclass(frozen=True)
class Levels:
    """The level of each row; every field has the shape of the rows.

    `n_relevant` and `n_compliant` count answers, `n_cases` the cases with a relevant one. A pooled row has no
    effective size (nan): its limits rest on its cases (`pooled`). `n_eff_practice` is n_eff with f_h =
    0: the size with which a row enters a comparison, where the question is whether practice changed. `finite`
    and `practice` are what the two rest on, and `weighted_compliant` over the former's `weighted_relevant` is
    the estimate. `census`: every stratum of the row was read whole.
    `census_only`: all its relevant cases lie in strata read whole while others were sampled; the interval
    then rests on f_h = 0.
    """

    n_reviewed: Floats
    n_relevant: Floats
    n_cases: Floats
    n_compliant: Floats
    estimate: Floats
    unweighted: Floats
    variance: Floats
    standard_error: Floats
    n_kish: Floats
    n_heaviest: Floats
    a: Floats
    n_eff: Floats
    kappa: Floats
    low: Floats
    high: Floats
    n_eff_practice: Floats
    census: NDArray[np.bool_]
    census_only: NDArray[np.bool_]
    weighted_compliant: Floats
    finite: Effective
    practice: Effective


def levels(counts: Counts, confidence: float = 0.95) -> Levels:
    """Estimate, standard error, effective size and interval of each row.

    Parameters
    ----------
    counts : Counts
        Cases and answers per row and stratum.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    Levels
        Arrays with the shape of the rows; estimate, variance and limits are nan where nothing was relevant.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Särndal, Swensson and Wretman (1992), section 5.8; Korn and Graubard (1998).

    Examples
    --------
    Three units, 20 cases of each read, a question that applies to some of them:

    >>> counts = Counts.of_question([500, 600, 700], [20, 20, 20], [8, 5, 9], [8, 4, 7])
    >>> level = levels(counts)
    >>> round(float(level.estimate), 6), round(float(level.standard_error), 6)
    (0.849624, 0.079432)
    >>> round(float(level.low), 6), round(float(level.high), 6)
    (0.628968, 0.965661)
    """
    n, m, x = counts.sample_size, counts.relevant, counts.compliant
    n_relevant, n_compliant = m.sum(axis=-1), x.sum(axis=-1)
    weight = weights(counts)
    weighted_compliant = (weight * x).sum(axis=-1)
    estimate = ratio(weighted_compliant, (weight * m).sum(axis=-1))
    finite = effective_sizes(counts, estimate)
    practice = effective_sizes(counts, estimate, finite_population=False)
    relevant = n_relevant > 0
    census = relevant & np.all((n == 0) | (n == counts.population_size), axis=-1)
    census_only = relevant & ~census & np.isposinf(finite.n_kish)
    n_kish = np.where(census_only, practice.n_kish, finite.n_kish)
    n_heaviest = np.where(census_only, practice.n_heaviest, finite.n_heaviest)
    n_eff = np.where(census_only, practice.n_eff, finite.n_eff)
    low, high = beta_interval(estimate, n_eff, n_heaviest, confidence)
    of_pooled = pooled_limits(counts, confidence)
    # A row read whole is what it is, to the last digit.
    low, high = (
        np.where(counts.pooled, np.where(census, estimate, mine), its)
        for mine, its in zip(of_pooled, (low, high), strict=True)
    )
    return Levels(
        n_reviewed=n.sum(axis=-1),
        n_relevant=n_relevant,
        n_cases=counts.relevant_cases.sum(axis=-1),
        n_compliant=n_compliant,
        estimate=estimate,
        unweighted=ratio(n_compliant, n_relevant),
        variance=finite.variance,
        standard_error=np.sqrt(finite.variance),
        n_kish=n_kish,
        n_heaviest=n_heaviest,
        a=np.where(census_only, practice.a, finite.a),
        n_eff=n_eff,
        kappa=finite.kappa,
        low=low,
        high=high,
        n_eff_practice=practice.n_eff,
        census=census,
        census_only=census_only,
        weighted_compliant=weighted_compliant,
        finite=finite,
        practice=practice,
    )


def share(
    population_size: ArrayLike,
    sample_size: ArrayLike,
    relevant: ArrayLike,
    compliant: ArrayLike,
    confidence: float = 0.95,
) -> Levels:
    """Level of a question from its counts per stratum: `levels` of `Counts.of_question`.

    Parameters
    ----------
    population_size, sample_size, relevant, compliant : array_like
        N_h, n_h, m_h, x_h in cases; last axis the strata, leading axes rows.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    Levels

    Raises
    ------
    ValueError
        Unless 0 <= x_h <= m_h <= n_h <= N_h in every stratum.

    References
    ----------
    Korn and Graubard (1998).

    Examples
    --------
    >>> level = share([750], [20], [20], [20])        # 20 of 20, of 750 cases
    >>> round(float(level.low), 6), float(level.high)
    (0.833614, 1.0)
    """
    return levels(Counts.of_question(population_size, sample_size, relevant, compliant), confidence)


def practice_limits(counts: Counts, level: Levels, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Limits of each row at f = 0, as they enter a change of pooled rows.

    Parameters
    ----------
    counts : Counts
    level : Levels
        What `levels` gave for them.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : ndarray
        Of a pooled row by `pooled_limits`, of another by the beta interval.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Zou and Donner (2008).

    Examples
    --------
    >>> counts = Counts.of_question([500], [20], [20], [18])
    >>> [round(float(limit), 6) for limit in practice_limits(counts, levels(counts))]
    [0.683017, 0.987651]
    """
    low, high = beta_interval(level.estimate, level.practice.n_eff, level.practice.n_heaviest, confidence)
    of_pooled = pooled_limits(counts, confidence, finite_population=False)
    return (
        np.where(counts.pooled, of_pooled[0], low),
        np.where(counts.pooled, of_pooled[1], high),
    )


def effective_sizes(counts: Counts, estimate: Floats, finite_population: bool = True) -> Effective:
    """V, n_K, n_W, a and n_eff of each row.

    Parameters
    ----------
    counts : Counts
        Cases and answers per row and stratum.
    estimate : ndarray
        P of each row.
    finite_population : bool
        False recomputes everything with f_h = 0, as if the frame had no end.

    Returns
    -------
    Effective
        Arrays with the shape of the rows; nan where nothing was relevant, inf where everything was read. A
        pooled row has no `a` and no `n_eff`.

    References
    ----------
    Kish, L. (1965). Survey Sampling (n_K); Fay and Feuer (1997) (n_W); Korn and Graubard (1998)
    (a).

    Examples
    --------
    >>> counts = Counts.of_question([500], [20], [7], [6])
    >>> sizes = effective_sizes(counts, np.asarray(6 / 7))
    >>> [round(float(v), 6) for v in (sizes.n_kish, sizes.n_heaviest, sizes.n_eff)]
    [7.291667, 7.142857, 7.277121]
    """
    N, n = counts.population_size, counts.sample_size
    w = weights(counts)
    f = ratio(n, N, empty=0.0) if finite_population else np.zeros_like(w)
    P = np.nan_to_num(estimate)[..., np.newaxis]
    # Strata with a single reading borrow their spread from each other, whatever was relevant there.
    lonely = ((n == 1) & (N > 1)).sum(axis=-1).astype(float)
    kappa = np.maximum(lonely, 1.0) / np.maximum(lonely - 1, 1.0)
    spread = residual_variance(counts, P, kappa[..., np.newaxis])
    parts = N * w * (1 - f) * spread
    R = (w * counts.relevant).sum(axis=-1)
    V = ratio(parts.sum(axis=-1), R**2)

    cases = counts.relevant_cases
    R_cases = (w * cases).sum(axis=-1)
    squares = ((1 - f) * w**2 * cases).sum(axis=-1)
    n_kish = ratio(R_cases**2, squares, empty=np.inf)
    sampled = (cases > 0) & (f < 1)
    heaviest = np.where(sampled, (1 - f / 2) * w, 0.0).max(axis=-1, initial=0.0)
    n_heaviest = np.minimum(n_kish, ratio(R_cases, heaviest, empty=np.inf))

    M = counts.relevant.sum(axis=-1)
    varied = np.where(V > NO_VARIANCE, V, np.nan)
    p = P[..., 0]
    a = p * (1 - p) / varied * (M / np.maximum(M - 1, 1))
    between = np.subtract(n_kish, n_heaviest, out=np.zeros_like(n_kish), where=np.isfinite(n_kish))
    beyond = n_heaviest + between * np.where(between > 0, n_kish, 0.0) / a
    n_eff = np.where(np.isnan(a), n_heaviest, np.where(a <= n_kish, a, beyond))
    unknown = np.where(M > 0, 0.0, np.nan)
    return Effective(
        variance=V,
        n_kish=n_kish + unknown,
        n_heaviest=n_heaviest + unknown,
        a=np.where(counts.pooled, np.nan, a),
        n_eff=np.where(counts.pooled, np.nan, n_eff + unknown),
        kappa=kappa,
        lonely=lonely,
        weight=w,
        fraction=f,
        spread=spread,
        parts=parts,
        weighted_relevant=R,
        weighted_cases=R_cases,
        weighted_squares=squares,
        heaviest=heaviest,
    )
