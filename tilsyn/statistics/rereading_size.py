"""How many cases a second reading of one question takes, to see whether what was done about it helped."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from tilsyn.statistics.detection import power_of_change, size_to_detect, smallest_change
from tilsyn.statistics.precision import expected_half_width, sample_size


@dataclass(frozen=True)
class RereadingSize:
    """Cases to read a second time, of `population`, and what they show.

    `n` is None where not even reading all of them would find the rise so often. Of them `n_relevant` are
    expected to be ones that the question applies to; `half_width` is to be expected at the wanted share.
    `power` is the chance that the rise is found, and `smallest_rise` the share that is found four times in
    five, None where there is none.
    """

    n: int | None
    n_relevant: float
    power: float
    half_width: float
    smallest_rise: float | None


def rereading_size(
    before: float,
    wanted: float,
    e0: float,
    relevance: float,
    population: int,
    power: float = 0.8,
    half_width: float | None = None,
    confidence: float = 0.95,
    least: int = 1,
    given: int | None = None,
) -> RereadingSize:
    """Return how many cases to read a second time.

    Parameters
    ----------
    before, wanted : float in [0, 1]
        The share compliant in the first reading, and the one that is hoped for.
    e0 : float
        Relevant cases of the first reading, or n_eff at f = 0.
    relevance : float in (0, 1]
        Share of cases the question applies to.
    population : int
        Cases there are to read.
    power : float in (0, 1), default 0.8
        How often the rise is to be found.
    half_width : float in (0, 0.5), optional
        Where given, the size is for this uncertainty of the second share, whatever the power.
    confidence : float in (0, 1)
    least : int, default 1
        Relevant cases to expect at least: under so many no share is shown.
    given : int, optional
        Cases to read, where that is settled already: what so many show.

    Returns
    -------
    RereadingSize
        Where no size has the power, its figures are those of reading all.

    Raises
    ------
    ValueError
        Where a number lies outside its range.

    References
    ----------
    Miettinen & Nurminen 1985, Statistics in Medicine 4:213 (the test); Korn & Graubard 1998, Survey
    Methodology 24:193 (the interval).

    Examples
    --------
    >>> found = rereading_size(0.5, 0.9, 20, 0.8, 700)
    >>> found.n, round(found.n_relevant, 1), round(found.power, 2), round(found.half_width, 2)
    (23, 18.4, 0.81, 0.15)
    >>> rereading_size(0.5, 0.7, 20, 1.0, 700).n, rereading_size(0.5, 0.9, 20, 1.0, 700, half_width=0.1).n
    (None, 39)
    >>> round(rereading_size(0.5, 0.9, 20, 0.8, 700, given=15).power, 2)
    0.67
    """
    alpha = 1 - confidence
    fewest = ceil(round(least / relevance, 9))
    n: int | None
    if given is not None:
        n = given
    elif half_width is not None:
        n = sample_size(half_width, wanted, population, relevance, confidence)
    else:
        relevant = size_to_detect(before, wanted, power, alpha, max(1, int(population * relevance)), e0)
        n = None if relevant is None else ceil(round(relevant / relevance, 9))
    n = None if n is None else min(population, n if given is not None else max(n, fewest))
    read = population if n is None else n
    rise = smallest_change(before, e0, read * relevance, alpha=alpha)[1]
    return RereadingSize(
        n=n,
        n_relevant=read * relevance,
        power=power_of_change(before, wanted, e0, read * relevance, alpha),
        half_width=expected_half_width(read, wanted, population, relevance, confidence),
        smallest_rise=None if rise is None else rise.share,
    )
