"""The weighted-gamma interval of a pooled row: several answers of one case.

Every case read stands for w_h cases with a random weight, and one more case, the heaviest, is reckoned wholly
wrong (for the lower limit) or wholly right (for the upper). With one question, one unit and f = 0 it is
Clopper and Pearson's interval, exactly.

Symbols (docs/methods.md, 5.3b): r_i `relevant` and c_i `compliant` answers of case i, w_h `weight`, f_h
`fraction`, g `heaviest`, r̄ `mean_answers`, L a limit that is tried.

References
----------
Gaffke, N. (2005). Three test statistics for a nonparametric one-sided hypothesis on the mean of a
nonnegative variable. Mathematical Methods of Statistics 14:451-467.
Learned-Miller, E. and Thomas, P. S. (2019). A new confidence interval for the mean of a bounded random
variable. arXiv 1905.06208.
Imhof, J. P. (1961). Biometrika 48:419-426.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tilsyn.statistics.gamma_sums import probability_below_zero
from tilsyn.statistics.intervals import Floats, check_confidence

# Limits are solved for to this many shares.
_CLOSE = 1e-9
_MOST_STEPS = 200


@dataclass(frozen=True)
class AnsweredCases:
    """The cases of one pooled row with a relevant answer: one entry for those of a stratum that are alike.

    `stratum` is a position among the strata; `relevant` and `compliant` are answers per case; `cases` is how
    many cases are alike.
    """

    stratum: NDArray[np.intp]
    relevant: Floats
    compliant: Floats
    cases: Floats

    @classmethod
    def of(cls, stratum: NDArray[np.intp], relevant: Floats, compliant: Floats) -> AnsweredCases:
        """Group cases that are alike; those without a relevant answer are left out."""
        there = relevant > 0
        rows = np.column_stack((stratum[there], relevant[there], compliant[there]))
        kinds, cases = np.unique(rows.astype(np.float64), axis=0, return_counts=True)
        return cls(kinds[:, 0].astype(np.intp), kinds[:, 1], kinds[:, 2], cases.astype(np.float64))

    def within(self, strata: NDArray[np.bool_]) -> AnsweredCases:
        """The cases of some of the strata; their positions stay."""
        keep = strata[self.stratum]
        return AnsweredCases(*(values[keep] for values in vars(self).values()))

    def with_missing(self, missing: Floats, relevant: float, compliant: float) -> AnsweredCases:
        """The same, and in each stratum so many cases more with these answers each."""
        at = np.flatnonzero(missing > 0)
        more = (at, np.full(at.size, relevant), np.full(at.size, compliant), missing[at])
        joined = (np.concatenate(pair) for pair in zip(vars(self).values(), more, strict=True))
        return AnsweredCases(*joined)


@dataclass(frozen=True)
class GammaSum:
    """What the equation of the lower limit is made of, before a limit L is tried.

    Sampled kinds of cases (f_h < 1) have a `weight` w_h (1 - f_h), a `shape` (cases / (1 - f_h)) and their
    answers; `offset_relevant` and `offset_compliant` are the weighted answers of strata read whole.
    `heaviest` is g, `mean_answers` r̄, `total_relevant` Σ w r; `largest` is the largest r_i.
    """

    weight: Floats
    shape: Floats
    relevant: Floats
    compliant: Floats
    offset_relevant: float
    offset_compliant: float
    heaviest: float
    mean_answers: float
    total_relevant: float
    largest: float
    finite_population: bool

    @property
    def failures(self) -> GammaSum:
        """The same with failures counted in place of compliant answers."""
        compliant, offset = self.relevant - self.compliant, self.offset_relevant - self.offset_compliant
        return GammaSum(**(vars(self) | {"compliant": compliant, "offset_compliant": offset}))

    @property
    def estimate(self) -> float:
        """P, the weighted share of compliant answers."""
        mass = self.weight * self.shape
        right = float(mass @ self.compliant) + self.offset_compliant
        return right / (float(mass @ self.relevant) + self.offset_relevant)

    def probability(self, limit: float) -> float:
        """The chance of samples no better than this one, were the share `limit`."""
        coefficients = np.append(
            self.weight * (self.compliant - limit * self.relevant),
            -limit * self.heaviest * self.mean_answers,
        )
        offset = self.offset_compliant - limit * self.offset_relevant
        return probability_below_zero(coefficients, np.append(self.shape, 1.0), offset)


def gamma_sum(
    cases: AnsweredCases,
    population_size: Floats,
    sample_size: Floats,
    finite_population: bool = True,
) -> GammaSum:
    """Weights, shapes, the extra case and the offset of one pooled row.

    Parameters
    ----------
    cases : AnsweredCases
        At least one.
    population_size, sample_size : ndarray
        N_h and n_h of the row's strata.
    finite_population : bool
        False takes f_h = 0 everywhere, a census too: for changes.

    Returns
    -------
    GammaSum
        `heaviest` is 0 where every relevant case lies in a stratum read whole.

    References
    ----------
    Gaffke (2005); Learned-Miller and Thomas (2019).

    Examples
    --------
    >>> cases = AnsweredCases.of(np.array([0, 0]), np.array([10.0, 12.0]), np.array([9.0, 12.0]))
    >>> found = gamma_sum(cases, np.array([500.0]), np.array([2.0]))
    >>> found.heaviest, round(found.mean_answers, 4), round(found.estimate, 6)
    (249.5, 11.0909, 0.954545)
    """
    N, n = population_size[cases.stratum], sample_size[cases.stratum]
    w = N / n
    f = n / N if finite_population else np.zeros_like(w)
    weighted = w * cases.cases * cases.relevant
    sampled = f < 1
    whole = ~sampled
    unread = np.where(sampled, 1 - f, 1.0)
    return GammaSum(
        weight=(w * unread)[sampled],
        shape=(cases.cases / unread)[sampled],
        relevant=cases.relevant[sampled],
        compliant=cases.compliant[sampled],
        offset_relevant=float(weighted[whole].sum()),
        offset_compliant=float((w * cases.cases * cases.compliant)[whole].sum()),
        heaviest=float((w * (1 - f / 2))[sampled].max(initial=0.0)),
        mean_answers=float((weighted * cases.relevant).sum() / weighted.sum()),
        total_relevant=float(weighted.sum()),
        largest=float(cases.relevant.max()),
        finite_population=finite_population,
    )


def lower_limit(row: GammaSum, tail: float) -> float:
    """The share at which samples no better than this one have the chance `tail`.

    Parameters
    ----------
    row : GammaSum
        With a heaviest case.
    tail : float in (0, 0.5)
        alpha / 2.

    Returns
    -------
    float
        In [0, 1]; 0 when nothing is compliant.

    Raises
    ------
    ArithmeticError
        When the probability leaves [0, 1], which the quadrature never lets it.

    References
    ----------
    Learned-Miller and Thomas (2019).

    Examples
    --------
    Clopper and Pearson's limit of 18 of 20:

    >>> cases = AnsweredCases.of(np.zeros(20, dtype=np.intp), np.ones(20), np.arange(20.0).clip(1, 2) - 1)
    >>> row = gamma_sum(cases, np.array([20.0]), np.array([20.0]), finite_population=False)
    >>> round(lower_limit(row, 0.025), 6)
    0.683017
    """
    if row.offset_compliant == 0 and not np.any(row.compliant > 0):
        return 0.0
    goal = float(ndtri(tail))

    def missed(limit: float) -> float:
        # On the scale of the normal quantile the probability is nearly straight.
        return float(ndtri(np.clip(row.probability(limit), 1e-15, 1 - 1e-15))) - goal

    low, high = 0.0, 1.0
    at = _start(row, goal)
    before: tuple[float, float] | None = None
    for _ in range(_MOST_STEPS):
        value = missed(at)
        low, high = (at, high) if value < 0 else (low, at)
        if before is None:
            # At the estimate itself the quantile is about 0.
            new = at - value * abs(row.estimate - at) / -goal
        else:
            slope = (value - before[1]) / (at - before[0])
            new = at - value / slope if slope > 0 else np.nan
        # A step out of the bracket, or one that does not get on, halves it.
        new = new if low < new < high else (low + high) / 2
        if abs(new - at) < _CLOSE or high - low < _CLOSE:
            return float(new)
        before, at = (at, value), new
    raise ArithmeticError("the limit of a pooled row was not found")


def _start(row: GammaSum, goal: float) -> float:
    # Where the sum's mean is so many standard deviations above 0 as a normal sum's would be, then as a skew
    # one's (Cornish and Fisher's first term).
    near = _mean_above(row, -goal)
    a = np.append(row.weight * (row.compliant - near * row.relevant), -near * row.heaviest * row.mean_answers)
    shape = np.append(row.shape, 1.0)
    skewness = float(2 * (shape @ a**3) / (shape @ a**2) ** 1.5)
    return _mean_above(row, max(-goal - skewness * (goal**2 - 1) / 6, 0.5))


def _mean_above(row: GammaSum, z: float) -> float:
    # The limit at which the sum's mean is z standard deviations above 0: a quadratic equation.
    mass, squares = row.weight * row.shape, row.weight**2 * row.shape
    extra = row.heaviest * row.mean_answers
    right = float(mass @ row.compliant) + row.offset_compliant
    whole = float(mass @ row.relevant) + row.offset_relevant + extra
    a = whole**2 - z**2 * (float(squares @ row.relevant**2) + extra**2)
    b = right * whole - z**2 * float(squares @ (row.relevant * row.compliant))
    c = right**2 - z**2 * float(squares @ row.compliant**2)
    root = b**2 - a * c
    found = (b - root**0.5) / a if root >= 0 and a > 0 else right / whole / 2
    return float(np.clip(found, 0.02 * right / whole, 0.999))


def pooled_interval(row: GammaSum, confidence: float = 0.95) -> tuple[float, float]:
    """Both limits of one pooled row.

    Parameters
    ----------
    row : GammaSum
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    low, high : float
        In [0, 1]; both the estimate where every stratum with a relevant case was read whole.

    Raises
    ------
    ValueError
        When `confidence` is not strictly between 0 and 1.

    References
    ----------
    Gaffke (2005); Learned-Miller and Thomas (2019).

    Examples
    --------
    >>> cases = AnsweredCases.of(np.zeros(1, dtype=np.intp), np.array([3.0]), np.array([2.0]))
    >>> row = gamma_sum(cases, np.array([50.0]), np.array([1.0]))
    >>> [round(limit, 6) for limit in pooled_interval(row)]
    [0.017766, 0.991117]
    """
    check_confidence(confidence)
    tail = (1 - confidence) / 2
    if row.heaviest == 0:
        return row.estimate, row.estimate
    return lower_limit(row, tail), 1 - lower_limit(row.failures, tail)
