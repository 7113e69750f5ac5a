"""What a plan can and cannot show: each of its samples, for questions that apply often and seldom."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tilsyn.statistics.detection import power_of_change, smallest_change
from tilsyn.statistics.precision import expected_half_width, size_to_halve, stratified_size

RELEVANCES = (1.0, 0.4, 0.2)
# How often something happens, as a manager says it: the dictionary's entry and the chance it stands for.
FREQUENCIES = (
    (0.0, "never"), (0.05, "1_of_20"), (0.1, "1_of_10"), (0.2, "1_of_5"), (0.25, "1_of_4"),
    (1 / 3, "1_of_3"), (0.5, "1_of_2"), (2 / 3, "2_of_3"), (0.75, "3_of_4"), (0.8, "4_of_5"),
    (0.9, "9_of_10"), (0.95, "19_of_20"), (1.0, "always"),
)  # fmt: skip


@dataclass(frozen=True)
class PlannedSample:
    """A sample that a plan draws.

    `who` is the unit whose figure it gives, "" for all units together; `sizes` are n_h and `populations` N_h
    of its strata, endless when left out.
    """

    level: int
    who: str
    sizes: tuple[int, ...]
    populations: tuple[int, ...] | None = None


def frequency(chance: float) -> str:
    """Return the name of the frequency nearest to a chance.

    Examples
    --------
    >>> frequency(0.36), frequency(0.83), frequency(0.999)
    ('1_of_3', '4_of_5', 'always')
    """
    return min(FREQUENCIES, key=lambda known: abs(known[0] - chance))[1]


def outlook(
    samples: Sequence[PlannedSample],
    before: float = 0.9,
    after: float = 0.7,
    relevances: Sequence[float] = RELEVANCES,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Return what each sample can show of questions that apply often and seldom.

    Parameters
    ----------
    samples : sequence of PlannedSample
    before, after : float in [0, 1]
        The share compliant, and the one it falls (or rises) to.
    relevances : sequence of float in (0, 1]
        Shares of cases a question applies to.
    confidence : float in (0, 1)

    Returns
    -------
    pandas.DataFrame
        level, who, n (cases read), population (None when unknown), relevance, n_relevant (expected), n_eff (f
        = 0), half_width (expected, at `before`), n_to_halve (cases for half of it; None for several strata
        together, and where all are read), power (of the change), found (its `frequency`), smallest_fall and
        smallest_rise (the later share found four times in five, nan where none is).
        Shares in [0, 1]. Power is of one question looked at alone: a table of many questions asks for more.

    References
    ----------
    Korn & Graubard 1998 (interval); Miettinen & Nurminen 1985 (test); Kish 1965 (n_eff).

    Examples
    --------
    >>> row = outlook([PlannedSample(2, "Amager", (20,), (750,))], relevances=[1.0]).iloc[0]
    >>> round(float(row["half_width"]), 3), row["found"], float(row["smallest_fall"])
    (0.144, '1_of_3', 0.52)
    """
    rows: list[dict[str, Any]] = []
    for sample in samples:
        sizes = np.asarray(sample.sizes, dtype=np.float64)
        n = int(sizes.sum())
        if n == 0:
            continue
        known = None if sample.populations is None else np.asarray(sample.populations, dtype=np.float64)
        practice = float(n) if known is None else stratified_size(known, sizes)
        for relevance in relevances:
            e = practice * relevance
            fall, rise = smallest_change(before, e, alpha=1 - confidence)
            power = power_of_change(before, after, e, alpha=1 - confidence)
            rows.append(
                {
                    "level": sample.level,
                    "who": sample.who,
                    "n": n,
                    "population": None if known is None else int(known.sum()),
                    "relevance": relevance,
                    "n_relevant": n * relevance,
                    "n_eff": e,
                    "half_width": _half_width(sizes, known, before, relevance, confidence),
                    "n_to_halve": _to_halve(sizes, known, before, relevance, confidence),
                    "power": power,
                    "found": frequency(power),
                    "smallest_fall": np.nan if fall is None else fall.share,
                    "smallest_rise": np.nan if rise is None else rise.share,
                }
            )
    table = pd.DataFrame(rows)
    table["n_to_halve"] = pd.Series([row["n_to_halve"] for row in rows], dtype=object)
    return table


def _to_halve(
    sizes: np.ndarray[Any, np.dtype[np.float64]],
    populations: np.ndarray[Any, np.dtype[np.float64]] | None,
    share: float,
    relevance: float,
    confidence: float,
) -> int | None:
    if len(sizes) > 1:
        return None
    population = None if populations is None else int(populations.sum())
    return _halved(int(sizes.sum()), share, population, relevance, confidence)


# Units of one size are many.
_halved = functools.cache(size_to_halve)


def _half_width(
    sizes: np.ndarray[Any, np.dtype[np.float64]],
    populations: np.ndarray[Any, np.dtype[np.float64]] | None,
    share: float,
    relevance: float,
    confidence: float,
) -> float:
    if len(sizes) == 1 or populations is None:
        population = None if populations is None else int(populations.sum())
        return expected_half_width(int(sizes.sum()), share, population, relevance, confidence)
    # Several strata are worth as much as one sample of so many cases from a population without end.
    used = sizes > 0
    n, N = np.minimum(sizes[used], populations[used]), populations[used]
    missing = float(((1 - n / N) * N**2 / n).sum())
    if missing == 0:
        return 0.0
    worth = max(1, round(float(N.sum()) ** 2 / missing))
    return expected_half_width(worth, share, None, relevance, confidence)
