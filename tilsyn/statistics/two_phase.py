"""The corrected percentage of levels 3 and 4: the first reading of many cases, corrected by re-reading a few.

Level 2 read all sampled cases and errs; level 3 or 4 re-read a random part of them, and its answer counts as
the right one. The share of right answers among level 2's *ja* (PPV) and of wrong ones among its *nej* (FOM)
turn level 2's percentage into one for what the re-readers would have found: P = FOM + pi (PPV - FOM).

References
----------
Tenenbein, A. (1970). Journal of the American Statistical Association 65:1350-1361.
Zou, G. Y. and Donner, A. (2008). Statistics in Medicine 27:1693-1702 (limits of a sum from
limits of its parts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tilsyn.statistics.counts import ratio
from tilsyn.statistics.intervals import jeffreys_interval

Condition = Literal["not_blind", "no_yes", "no_no", "relevance_differs", "not_random", "no_first_level"]


@dataclass(frozen=True)
class WeightedShare:
    """A share from weights v_h: sums over the cases `found` compliant and over all, and of their squares."""

    found: float
    total: float
    squares: float

    @property
    def share(self) -> float:
        """The weighted share."""
        return self.found / self.total

    @property
    def n_eff(self) -> float:
        """Kish's size of the cases in the denominator."""
        return self.total**2 / self.squares


@dataclass(frozen=True)
class Corrected:
    """The corrected percentage with its parts, or why it is not shown.

    `failed` names the conditions that do not hold; then every figure is nan. `omission` is FOM, the share
    that the re-reading found compliant among the first reading's *nej*. `of_yes` and `of_no` are what `ppv`
    and `omission` are made of.
    """

    estimate: float
    low: float
    high: float
    first_estimate: float
    first_n_eff: float
    ppv: float
    omission: float
    n_yes: int
    n_no: int
    failed: tuple[Condition, ...] = ()
    of_yes: WeightedShare | None = None
    of_no: WeightedShare | None = None


def corrected_share(
    cells: ArrayLike,
    population_size: ArrayLike,
    reread: ArrayLike,
    first_estimate: float,
    first_n_eff: float,
    confidence: float = 0.95,
    *,
    blind: bool = True,
    random: bool = True,
    relevance_differs: int = 0,
) -> Corrected:
    """Tenenbein's corrected percentage of one question.

    Parameters
    ----------
    cells : array_like, shape (strata, 4)
        Re-read cases that both found relevant: both *ja*; first *nej*, re-read *ja*; first *ja*, re-read
        *nej*; both *nej*.
    population_size, reread : array_like, shape (strata,)
        N_h of the register frame, and k_h, the cases re-read in the stratum (relevant or not).
    first_estimate, first_n_eff : float
        pi and e_pi: P and n_eff (with the finite population) of the first reading, all its cases.
    confidence : float
        Confidence level in (0, 1).
    blind, random : bool
        Whether the re-readers did not see the first answers, and whether chance alone chose the cases.
    relevance_differs : int
        Re-read cases where the two readings disagree on whether the question applies.

    Returns
    -------
    Corrected
        With `failed` filled in and no figure when a condition does not hold.

    Raises
    ------
    ValueError
        When `cells` does not have four columns, or a stratum more answers than cases re-read.

    References
    ----------
    Tenenbein (1970); Zou and Donner (2008).

    Examples
    --------
    >>> result = corrected_share([[30, 1, 2, 7]], [750], [40], 0.80, 100)
    >>> round(result.estimate, 6), round(result.low, 6), round(result.high, 6)
    (0.775, 0.652013, 0.870074)
    >>> corrected_share([[38, 0, 2, 0]], [750], [40], 0.98, 100).failed
    ('no_no',)
    """
    table = np.asarray(cells, dtype=float)
    k = np.asarray(reread, dtype=float)
    if table.ndim != 2 or table.shape[1] != 4:
        raise ValueError("cells must have a row per stratum and four columns")
    if bool(np.any(table.sum(axis=1) > k)):
        raise ValueError("a stratum has more answers than cases re-read")
    n_yes, n_no = int(table[:, [0, 2]].sum()), int(table[:, [1, 3]].sum())
    holds: dict[Condition, bool] = {
        "not_blind": blind,
        "not_random": random,
        "no_first_level": bool(np.isfinite(first_estimate)),
        "relevance_differs": relevance_differs == 0,
        "no_yes": n_yes > 0,
        "no_no": n_no > 0,
    }
    failed = tuple(condition for condition, held in holds.items() if not held)
    if failed:
        nan = np.nan
        return Corrected(nan, nan, nan, first_estimate, first_n_eff, nan, nan, n_yes, n_no, failed)

    v = ratio(np.asarray(population_size, dtype=float), k, empty=0.0)
    of_yes = _weighted(v, table[:, 0], table[:, 0] + table[:, 2])
    of_no = _weighted(v, table[:, 1], table[:, 1] + table[:, 3])
    ppv, fom = of_yes.share, of_no.share
    pi = first_estimate
    D = ppv - fom
    estimate = fom + pi * D
    shares = np.array([pi, ppv, fom])
    low, high = jeffreys_interval(shares, np.array([first_n_eff, of_yes.n_eff, of_no.n_eff]), confidence)
    below, above = shares - low, high - shares
    # With PPV below FOM, a higher first percentage means a lower corrected one.
    if D < 0:
        below[0], above[0] = above[0], below[0]
    effect = np.array([D, pi, 1 - pi])
    return Corrected(
        estimate=estimate,
        low=max(0.0, estimate - float(np.sqrt(((effect * below) ** 2).sum()))),
        high=min(1.0, estimate + float(np.sqrt(((effect * above) ** 2).sum()))),
        first_estimate=pi,
        first_n_eff=first_n_eff,
        ppv=ppv,
        omission=fom,
        n_yes=n_yes,
        n_no=n_no,
        of_yes=of_yes,
        of_no=of_no,
    )


def _weighted(v: NDArray[np.float64], found: NDArray[np.float64], of: NDArray[np.float64]) -> WeightedShare:
    return WeightedShare(float((v * found).sum()), float((v * of).sum()), float((v**2 * of).sum()))
