"""Counts per row and stratum, their weights, and the spread of their residuals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tilsyn.statistics.intervals import Floats
from tilsyn.statistics.weighted_gamma import AnsweredCases

# Sums of squares that cancel to less than this part of what they are made of.
_CANCELLED = 1e-14


_PER_STRATUM = (
    "sample_size", "relevant", "compliant", "relevant_cases", "relevant_squared", "relevant_compliant",
    "compliant_squared",
)  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """What was counted per row and stratum; the last axis is the strata.

    `relevant` and `compliant` count answers. A question has one answer per case, and then `answered` is None.
    A theme of several questions, or all questions together, pools several: there `answered` has the cases,
    which its interval rests on, and the second moments over cases carry what the variance needs. A stratum
    outside the row, or with no reviewed case, has `sample_size` 0 and takes no part.
    """

    population_size: Floats
    sample_size: Floats
    relevant: Floats
    compliant: Floats
    relevant_cases: Floats
    relevant_squared: Floats
    relevant_compliant: Floats
    compliant_squared: Floats
    answered: NDArray[np.object_]

    @classmethod
    def of_question(
        cls, population_size: ArrayLike, sample_size: ArrayLike, relevant: ArrayLike, compliant: ArrayLike
    ) -> Counts:
        """Counts of rows with one answer per case: all moments follow from m_h and x_h.

        Parameters
        ----------
        population_size, sample_size, relevant, compliant : array_like
            N_h, n_h, m_h and x_h, broadcast against each other; last axis the strata; cases.

        Raises
        ------
        ValueError
            Unless 0 <= x_h <= m_h <= n_h <= N_h in every stratum.

        Examples
        --------
        >>> Counts.of_question([750], [20], [20], [18]).compliant.tolist()
        [18.0]
        """
        N, n, m, x = np.broadcast_arrays(
            *(np.asarray(a, dtype=float) for a in (population_size, sample_size, relevant, compliant))
        )
        if not bool(np.all((x >= 0) & (x <= m) & (m <= n) & (n <= N))):
            raise ValueError(
                "each stratum needs 0 <= compliant <= relevant <= sample_size <= population_size"
            )
        return cls(N, n, m, x, m, m, x, x, np.full(N.shape[:-1], None, dtype=object))

    @classmethod
    def of_cases(cls, population_size: ArrayLike, sample_size: ArrayLike, answered: AnsweredCases) -> Counts:
        """Counts of one pooled row from the answers of its cases.

        Parameters
        ----------
        population_size, sample_size : array_like
            N_h and n_h; cases, also those without a relevant answer.
        answered : AnsweredCases

        Examples
        --------
        >>> cases = AnsweredCases.of(np.array([0, 0]), np.array([10.0, 12.0]), np.array([9.0, 12.0]))
        >>> counts = Counts.of_cases([500], [2], cases)
        >>> counts.relevant.tolist(), counts.relevant_compliant.tolist(), bool(counts.pooled)
        ([22.0], [234.0], True)
        """
        N, n = (np.asarray(size, dtype=float) for size in (population_size, sample_size))
        r, c = answered.relevant, answered.compliant
        m, x, cases, rr, rc, cc = (
            np.bincount(answered.stratum, answered.cases * moment, N.size).astype(np.float64)
            for moment in (r, c, np.ones_like(r), r * r, r * c, c * c)
        )
        cell = np.empty((), dtype=object)
        cell[()] = answered
        return cls(N, n, m, x, cases, rr, rc, cc, cell)

    @property
    def pooled_rows(self) -> list[tuple[int, ...]]:
        """The positions of the rows that pool several answers of a case."""
        return [tuple(int(i) for i in at) for at in np.argwhere(self.pooled)]

    @property
    def pooled(self) -> NDArray[np.bool_]:
        """Which rows pool several answers of a case."""
        there = [cases is not None for cases in self.answered.ravel()]
        return np.asarray(there, dtype=np.bool_).reshape(self.answered.shape)

    def within(self, strata: NDArray[np.bool_]) -> Counts:
        """The same rows on some of their strata only; `strata` has the shape of the counts."""
        kept = {name: np.where(strata, getattr(self, name), 0.0) for name in _PER_STRATUM}
        answered = self.answered.copy()
        for at in self.pooled_rows:
            answered[at] = answered[at].within(strata[at])
        return replace(self, **kept, answered=answered)

    def only(self, rows: NDArray[np.bool_] | int | tuple[int, ...]) -> Counts:
        """Some of the rows, or one."""
        return Counts(*(np.asarray(getattr(self, name)[rows]) for name in self.__dataclass_fields__))


def weights(counts: Counts) -> Floats:
    """Design weights w_h = N_h / n_h; 0 in a stratum without reviewed cases.

    Returns
    -------
    ndarray
        Same shape as the counts; cases of the frame per reviewed case.

    References
    ----------
    Horvitz, D. G. and Thompson, D. J. (1952). JASA 47:663-685.

    Examples
    --------
    >>> weights(Counts.of_question([500, 60], [20, 0], [0, 0], [0, 0])).tolist()
    [25.0, 0.0]
    """
    return ratio(counts.population_size, counts.sample_size, empty=0.0)


def residual_variance(counts: Counts, P: Floats, kappa: Floats) -> Floats:
    """S²_h of the residuals z_i = c_i - P r_i in each stratum.

    Parameters
    ----------
    P, kappa : ndarray
        Of each row, with a last axis of length 1.

    Returns
    -------
    ndarray
        (s2_h - s1_h²/n_h)/(n_h - 1), kappa s2_h with a single reading, 0 without.

    References
    ----------
    Särndal, Swensson and Wretman (1992), section 5.8.

    Examples
    --------
    >>> counts = Counts.of_question([500], [20], [7], [6])
    >>> residual_variance(counts, np.array([6 / 7]), np.array([1.0])).round(6).tolist()
    [0.045113]
    """
    n, r, c = counts.sample_size, counts.relevant, counts.compliant
    # Centred sums of the counts are exact: a stratum where all cases are alike has exactly no variance. With
    # a single reading the squares are not centred.
    several = n >= 2
    by = np.where(several, n, np.inf)
    cc = counts.compliant_squared - c**2 / by
    rc = counts.relevant_compliant - r * c / by
    rr = counts.relevant_squared - r**2 / by
    squares = cc - 2 * P * rc + P**2 * rr
    # What cancels to the last digits of its parts is nothing: else SE would show a square root of them, 1e-8.
    made_of = counts.compliant_squared + P**2 * counts.relevant_squared
    squares = np.where(squares > _CANCELLED * made_of, squares, 0.0)
    result: Floats = squares * np.where(several, 1 / np.maximum(n - 1, 1), kappa)
    return result


def ratio(above: Floats, below: Floats, empty: float = np.nan) -> Floats:
    """Quotient of arrays; `empty` where the divisor is 0.

    Examples
    --------
    >>> ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0]), empty=0.0).tolist()
    [0.5, 0.0]
    """
    shape = np.broadcast_shapes(np.shape(above), np.shape(below))
    result: Floats = np.divide(above, below, out=np.full(shape, empty), where=np.asarray(below) > 0)
    return result
