"""Verdicts through time, and cases that are not independent: what the method text says of both, reckoned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.designs import N7, OVERALL, Array, Design
from tests.benchmarks.studies import QUESTIONS
from tilsyn.statistics.change import VERDICT_LEVEL, adjust, change, difference_p_value
from tilsyn.statistics.levels import Levels, share

ROUNDS = 12


@dataclass(frozen=True)
class SeriesRow:
    """What a table of 15 questions says through twelve rounds against one fixed baseline.

    Without a change every verdict is false: `one` and `one_confirmed` are the shares of tables with a verdict, and with
    a confirmed one, in a round (from the second on), `any` and `any_confirmed` those of series with at least one. After
    a fall `one` and `one_confirmed` are the shares of the fallen questions that are found, and the others are nan.
    """

    design: str
    fall: float
    one: float
    one_confirmed: float
    any: float
    any_confirmed: float


def series_rows(
    random: np.random.Generator,
    series: int,
    designs: Sequence[Design] = OVERALL,
    falls: Sequence[float] = (0.0, 0.2),
) -> Iterator[SeriesRow]:
    """The practice of all rounds is that of the baseline, or four questions fall before the first round."""
    relevance, truth = np.array(QUESTIONS).T
    fallen = np.zeros(len(truth), dtype=bool)
    fallen[[0, 1, 6, 13]] = True
    for design in designs:
        for fall in falls:
            later = truth - fall * fallen
            baseline = _round(random, design, relevance, truth, series)
            said = np.stack(
                [
                    _verdicts(_round(random, design, relevance, later, series), baseline)
                    for _ in range(ROUNDS)
                ],
                axis=1,
            )
            verdict = said != 0
            confirmed = verdict[:, 1:] & (said[:, 1:] == said[:, :-1])
            if fall:
                found = verdict[:, 1:, fallen], confirmed[:, :, fallen]
                yield SeriesRow(design.name, fall, _mean(found[0]), _mean(found[1]), np.nan, np.nan)
                continue
            yield SeriesRow(
                design.name,
                fall,
                _mean(verdict[:, 1:].any(axis=2)),
                _mean(confirmed.any(axis=2)),
                _mean(verdict.any(axis=(1, 2))),
                _mean(confirmed.any(axis=(1, 2))),
            )


def _mean(held: Array) -> float:
    return float(held.mean())


def _round(
    random: np.random.Generator, design: Design, relevance: Array, shares: Array, tables: int
) -> Levels:
    m = random.binomial(design.sizes, relevance[:, None], (tables, len(shares), len(design.population)))
    return share(design.population, design.sizes, m, random.binomial(m, shares[:, None]))


def _verdicts(new: Levels, old: Levels) -> Array:
    """1, -1 or 0 (no verdict) per table and question."""
    family = (old.n_relevant >= 5) & (new.n_relevant >= 5)
    sides = [
        np.where(family, v, 1.0) for v in (new.estimate, new.n_eff_practice, old.estimate, old.n_eff_practice)
    ]
    p = np.where(family, difference_p_value(*sides), np.nan)
    q = np.array([adjust(row) for row in p])
    return np.where(q <= VERDICT_LEVEL, np.sign(sides[0] - sides[2]), 0).astype(int)


@dataclass(frozen=True)
class ClusterRow:
    """Cases of one caseworker are alike: the error of a comparison, and the coverage of a level."""

    icc: float
    cases_each: int
    share: float
    error: float
    coverage: float


ICCS = (0.0, 0.1, 0.3, 0.5)
CASES_EACH = (20, 60)


def cluster_rows(
    random: np.random.Generator, runs: int, shares: Sequence[float] = (0.8, 0.9)
) -> Iterator[ClusterRow]:
    """Level 2, a caseworker's own share from a beta distribution, anew in each round; nothing changed on average."""
    design = OVERALL[0]
    for each in CASES_EACH:
        for icc in ICCS:
            for truth in shares:
                sides = [_clustered(random, design, truth, icc, each, runs) for _ in range(2)]
                (new, held), (old, _) = sides
                found = change(new.estimate, new.n_eff_practice, old.estimate, old.n_eff_practice)
                error = float(np.mean(found.p_value < 0.05))
                yield ClusterRow(icc, each, truth, error, float(held.mean()))


def _clustered(
    random: np.random.Generator, design: Design, truth: float, icc: float, each: int, runs: int
) -> tuple[Levels, Array]:
    """A round of each run: its sample's level, and whether the interval held the share of that run's frame."""
    compliant, in_frame = np.zeros((runs, len(N7))), np.zeros(runs)
    for unit, (N, n) in enumerate(zip(design.population, design.sizes, strict=True)):
        workers = -(-int(N) // each)
        if icc:
            spread = (1 - icc) / icc
            chance = random.beta(truth * spread, (1 - truth) * spread, (runs, workers))
        else:
            chance = np.full((runs, workers), truth)
        has = np.full(workers, each)
        has[-1] = N - each * (workers - 1)
        right = random.binomial(has, chance)
        in_frame += right.sum(axis=1)
        compliant[:, unit] = random.hypergeometric(right.sum(axis=1), N - right.sum(axis=1), n)
    level = share(design.population, design.sizes, design.sizes, compliant)
    shares = in_frame / N7.sum()
    return level, (level.low <= shares + 1e-12) & (shares <= level.high + 1e-12)


@dataclass(frozen=True)
class MonotoneRow:
    """Pairs of samples that differ by one failure: in how many the one with more has the higher lower limit."""

    design: str
    pairs: int
    raised: int
    most: float


RARE = (
    ("two units, one reading each", [500, 600], [1, 1]),
    ("seven units, one reading each", [500, 600, 700, 800, 900, 1000, 60], [1] * 7),
    ("seven units, two readings each", [500, 600, 700, 800, 900, 1000, 60], [2] * 7),
    ("four units, one or two readings", [60, 500, 800, 1000], [1, 2, 1, 2]),
    ("level 1, a month: eight caseworkers, one each", [22, 31, 18, 25, 40, 28, 15, 35], [1] * 8),
    ("level 1, a quarter: eight caseworkers, three each", [22, 31, 18, 25, 40, 28, 15, 35], [3] * 8),
    ("level 4 (30)", [500, 600, 700, 800, 900, 1000, 60], [5, 5, 5, 5, 5, 4, 1]),
    (
        "level 3 (60), at most 3 failures a unit",
        [500, 600, 700, 800, 900, 1000, 60],
        [10, 10, 10, 10, 9, 9, 2],
    ),
    ("level 2 (125), at most 3 failures a unit", [500, 600, 700, 800, 900, 1000, 60], [20] * 6 + [5]),
)


def monotone_rows(designs: Sequence[tuple[str, list[int], list[int]]] = RARE) -> Iterator[MonotoneRow]:
    """Every pair of samples of a design, all cases relevant; one failure more never ought to raise a limit."""
    for name, population, sizes in designs:
        most = [min(n, 3) if "at most" in name else n for n in sizes]
        failures = np.stack(np.meshgrid(*(np.arange(k + 1) for k in most), indexing="ij"), axis=-1)
        low = np.asarray(share(population, sizes, sizes, np.asarray(sizes) - failures).low)
        rises = np.concatenate([np.diff(low, axis=unit).ravel() for unit in range(len(sizes))])
        raised = rises > 1e-9
        yield MonotoneRow(name, len(rises), int(raised.sum()), float(rises.max(initial=0.0)))
