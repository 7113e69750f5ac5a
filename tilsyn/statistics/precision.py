"""Planning: what a sample of a given size can show, and what size a question needs.

All of it is the arithmetic of `levels`, `intervals` and `change` turned round: the same interval and
the same test, averaged over what a sample may bring.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from tilsyn.sampling.sizes import largest_remainder
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.intervals import beta_interval
from tilsyn.statistics.levels import effective_sizes

# Outcomes rarer than this change no printed digit.
NEGLIGIBLE = 1e-10
# A guess at a size is mended so often before the search begins.
_MENDED = 2


def binomial(n: int, p: float) -> NDArray[np.float64]:
    """Return the chances of 0 … n successes.

    Parameters
    ----------
    n : int
        Trials, at least 0.
    p : float in [0, 1]
        Chance of a success.

    Returns
    -------
    ndarray, shape (n + 1,)

    Examples
    --------
    >>> binomial(2, 0.5).round(6).tolist()
    [0.25, 0.5, 0.25]
    """
    if p <= 0 or p >= 1:
        mass = np.zeros(n + 1)
        mass[n if p >= 1 else 0] = 1.0
        return mass
    k = np.arange(n + 1, dtype=np.float64)
    choose = gammaln(n + 1.0) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(np.exp(choose + k * np.log(p) + (n - k) * np.log1p(-p)))


def check_shares(share: float, population: int | None, relevance: float) -> None:
    """Refuse a share, a population or a relevance that is none, with a ValueError."""
    if not 0 <= share <= 1:
        raise ValueError("a share lies in [0, 1]")
    if not 0 < relevance <= 1:
        raise ValueError("relevance lies in (0, 1]")
    if population is not None and population < 1:
        raise ValueError("a population has at least one case")


def first_that_holds(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Return by bisection the first number above `low` that holds, as `high` does."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def expected_half_width(
    n: int, share: float, population: int | None = None, relevance: float = 1.0, confidence: float = 0.95
) -> float:
    """Return the half-width to expect of the interval for one stratum, or for a whole drawn as one.

    Parameters
    ----------
    n : int
        Cases reviewed.
    share : float in [0, 1]
        The true share compliant.
    population : int, optional
        Cases in the frame, N; endless when left out.
    relevance : float in (0, 1]
        Share of cases the question applies to.
    confidence : float in (0, 1)

    Returns
    -------
    float
        In shares; the mean over relevant ~ Bin(n, relevance) and compliant ~ Bin(relevant, share), given at
        least one relevant case. A census gives 0.

    Raises
    ------
    ValueError
        Where a number lies outside its range.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24:193 (the interval).

    Examples
    --------
    >>> round(expected_half_width(20, 0.9, 750), 3)
    0.144
    """
    check_shares(share, population, relevance)
    if n < 1:
        raise ValueError("at least one case has to be reviewed")
    if population is not None and n >= population:
        return 0.0
    chances = binomial(n, relevance)
    chances[0] = 0.0
    outcomes = []
    for m in np.flatnonzero(chances > NEGLIGIBLE):
        mass = binomial(int(m), share)
        x = np.flatnonzero(mass > NEGLIGIBLE)
        outcomes.append(np.column_stack((np.full(len(x), float(m)), x, chances[m] * mass[x])))
    relevant, compliant, weight = np.concatenate(outcomes).T
    frame = float(n) if population is None else float(population)
    counts = Counts.of_question(frame, float(n), relevant[:, None], compliant[:, None])
    estimate = compliant / relevant
    size = effective_sizes(counts, estimate, finite_population=population is not None)
    low, high = beta_interval(estimate, size.n_eff, size.n_heaviest, confidence)
    return float((weight * (high - low)).sum() / weight.sum() / 2)


def sample_size(
    half_width: float,
    share: float,
    population: int | None = None,
    relevance: float = 1.0,
    confidence: float = 0.95,
) -> int:
    """Return the cases to review for an interval of a given half-width.

    Parameters
    ----------
    half_width : float in (0, 0.5)
    share, population, relevance, confidence
        As in `expected_half_width`.

    Returns
    -------
    int
        The smallest n whose expected half-width is at most `half_width`, found by search with the population
        and the relevance as they are; the whole population where nothing less does.

    Raises
    ------
    ValueError
        Where a number lies outside its range.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24:193 (the interval).

    Examples
    --------
    >>> sample_size(0.05, 0.9), sample_size(0.05, 0.95, 750, relevance=0.4)
    (155, 173)
    """
    if not 0 < half_width < 0.5:
        raise ValueError("a half-width lies between 0 and 0.5")
    check_shares(share, population, relevance)
    most = np.inf if population is None else float(population)

    @functools.cache
    def width(n: int) -> float:
        return expected_half_width(n, share, population, relevance, confidence)

    # Squared widths run like 1/n - 1/N: from any size that is measured, a guess at the one that does.
    guess = _whole(0.25 / half_width**2, most)
    for _ in range(_MENDED):
        unread = 1 / guess - 1 / most
        if unread == 0:
            break
        guess = _whole(1 / (unread * (half_width / width(guess)) ** 2 + 1 / most), most)
    # The width falls with every case more, so the first size that does is between one that does and one that
    # does not.
    step = 1
    if width(guess) <= half_width:
        high, low = guess, guess - 1
        while low > 0 and width(low) <= half_width:
            step *= 2
            high, low = low, max(0, low - step)
    else:
        low, high = guess, _whole(guess + 1, most)
        while width(high) > half_width:
            step *= 2
            low, high = high, _whole(high + step, most)
    return first_that_holds(lambda n: width(n) <= half_width, low, high)


def _whole(n: float, most: float) -> int:
    return int(min(max(1.0, round(n)), most))


def size_to_halve(
    n: int, share: float, population: int | None = None, relevance: float = 1.0, confidence: float = 0.95
) -> int | None:
    """Return the cases to review for an interval half as wide as that of n cases.

    Parameters
    ----------
    n : int
        Cases reviewed now.
    share, population, relevance, confidence
        As in `expected_half_width`.

    Returns
    -------
    int or None
        The smallest size whose expected half-width is at most half of that of n; None where all cases are
        read already.

    Raises
    ------
    ValueError
        Where a number lies outside its range.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24:193 (the interval).

    Examples
    --------
    >>> size_to_halve(20, 0.9, 750), size_to_halve(60, 0.9, 60)
    (70, None)
    """
    width = expected_half_width(n, share, population, relevance, confidence)
    return sample_size(width / 2, share, population, relevance, confidence) if width else None


def allocate(
    n: int,
    populations: ArrayLike,
    names: Sequence[str],
    power: float = 1.0,
    spreads: ArrayLike | None = None,
    floor: int = 0,
) -> list[int]:
    """Split a budget over strata: a_h ∝ N_h^γ S_h, between a floor and all there are.

    Parameters
    ----------
    n : int
        Cases to review in all.
    populations : array_like of int, shape (H,)
        N_h.
    names : sequence of str, length H
        Ties in the rounding go to the first by UTF-8 bytes.
    power : float, default 1
        γ: 1 proportional, 1/2 square root, 0 equal.
    spreads : array_like, shape (H,), optional
        S_h; sqrt(p(1-p)) gives Neyman's allocation. All 1 when left out.
    floor : int, default 0
        At least this many in each stratum, or all its cases where it has fewer.

    Returns
    -------
    list of int, length H
        Cases to review, n_h.

    Raises
    ------
    ValueError
        When `n` is below the sum of the floors or above the sum of the populations.

    References
    ----------
    Neyman 1934, JRSS 97:558; Bankier 1988, American Statistician 42:174 (the power γ).

    Examples
    --------
    >>> allocate(125, [500, 600, 700, 800, 900, 1000, 60], list("abcdefg"), floor=5)
    [13, 16, 19, 21, 24, 27, 5]
    """
    size = np.asarray(populations, dtype=np.int64)
    spread = np.ones(len(size)) if spreads is None else np.asarray(spreads, dtype=np.float64)
    if np.any(size < 0) or np.any(spread < 0) or len(names) != len(size) or len(set(names)) != len(names):
        raise ValueError("every stratum has a name of its own, a population and a spread, none below 0")
    least = np.minimum(floor, size)
    if n < least.sum():
        raise ValueError(f"{n} cases are fewer than the floors' sum, {least.sum()}")
    if n > size.sum():
        raise ValueError(f"{n} cases are more than there are, {size.sum()}")
    target = size.astype(np.float64) ** power * spread
    floors, caps = (dict(zip(names, limit.tolist(), strict=True)) for limit in (least, size))
    weights = {name: Fraction(float(weight)) for name, weight in zip(names, target, strict=True)}
    split = largest_remainder(weights, n, floors, caps)
    left = n - sum(split.values())
    if left:
        # Only strata of spread 0 have room left: in proportion to it.
        room = {name: caps[name] - split[name] for name in names}
        more = largest_remainder(room, left)
        split = {name: split[name] + more[name] for name in names}
    return [split[name] for name in names]


def stratified_size(populations: ArrayLike, sizes: ArrayLike, relevance: float = 1.0) -> float:
    """Return the n_eff (f = 0) that a stratified plan gives overall: (Σ N_h)² / Σ N_h²/n_h, times relevance.

    Parameters
    ----------
    populations, sizes : array_like, shape (H,)
        N_h and n_h; strata without cases or without reviews are left out.
    relevance : float in (0, 1]

    Returns
    -------
    float
        Relevant cases' worth; 0 when nothing is read.

    References
    ----------
    Kish 1965, Survey Sampling.

    Examples
    --------
    >>> round(stratified_size([500, 600, 700, 800, 900, 1000, 60], [20] * 6 + [5]), 1)
    116.7
    """
    population, size = np.asarray(populations, dtype=np.float64), np.asarray(sizes, dtype=np.float64)
    used = (population > 0) & (size > 0)
    if not used.any():
        return 0.0
    population, size = population[used], np.minimum(size[used], population[used])
    return float(relevance * population.sum() ** 2 / (population**2 / size).sum())
