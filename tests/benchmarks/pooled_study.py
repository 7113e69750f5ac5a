"""Rows over several questions: how often the weighted-gamma interval holds, beside the one used until 0.1."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tests.benchmarks.designs import N7, OVERALL, Array
from tests.benchmarks.pooled_populations import (
    FAMILIES,
    OF_UNITS,
    REPORTED,
    SKEWED,
    Population,
    few_with_many,
    population,
    sample_cases,
)
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.intervals import beta_interval
from tilsyn.statistics.levels import NO_VARIANCE, effective_sizes
from tilsyn.statistics.pooled import pooled_change
from tilsyn.statistics.weighted_gamma import AnsweredCases, GammaSum, gamma_sum, pooled_interval

TAIL = 0.025
# A sum of gamma variables of shape at least 1 has a log-concave density: so near its mean (in standard
# deviations) much more than `TAIL` lies beyond 0, and the equation need not be asked.
_NEAR = 0.9
# Samples whose equation is asked at once, and the logarithms of t in units of their standard deviation.
_AT_ONCE = 1_000
_LOWEST, _HIGHEST, _STEP = -15.0, 12.0, 0.1
# Limits are solved for in so many samples of a cell only: a mean width needs no more.
WIDTHS = 100
# A pair of rounds takes eight limits.
_RUNS_PER_PAIR = 20
QUESTIONS = (2, 3, 36)


@dataclass(frozen=True)
class PooledDesign:
    """What is read of which population."""

    name: str
    population: Array
    sizes: Array
    questions: tuple[int, ...] = QUESTIONS
    relevance: float = 1.0


DESIGNS = (
    *(PooledDesign(design.name, design.population, design.sizes) for design in OVERALL),
    PooledDesign("level 2 (125), relevance 0.3", N7, OVERALL[0].sizes, (3, 12), 0.3),
    PooledDesign("one unit, 20 of 750", np.array([750]), np.array([20]), (3, 36)),
    PooledDesign("duty unit, 5 of 60", np.array([60]), np.array([5]), (3, 36)),
)
# Few cases with many answers: share of cases, their answers, those of the rest, the part that fails.
LIMIT_FAMILIES = (
    (0.01, 25, 5, 0.5),
    (0.01, 25, 5, 1.0),
    (0.02, 25, 5, 0.5),
    (0.02, 25, 5, 1.0),
    (0.01, 36, 4, 0.5),
    (0.01, 36, 4, 1.0),
    (0.02, 36, 4, 0.5),
    (0.02, 36, 4, 1.0),
)
CHANGED = ("cases alike, 92 %", "6 % fail wholly", "the 3 % with most answers fail")


@dataclass(frozen=True)
class PooledCell:
    """One population in one design: coverage and mean width of both intervals."""

    design: str
    family: str
    questions: int
    truth: float
    before: float
    width_before: float
    now: float
    width: float
    runs: int

    @property
    def error(self) -> float:
        """Standard error of the coverage, at its nominal .95."""
        return float(np.sqrt(0.95 * 0.05 / self.runs))


@dataclass(frozen=True)
class Task:
    """One cell to be run, with a seed of its own."""

    seed: tuple[int, ...]
    design: PooledDesign
    family: str | tuple[float, int, int, float]
    questions: int
    runs: int


def tasks(seed: int, runs: int) -> list[Task]:
    """The cells of the required families; each has a seed of its own."""
    found = []
    for number, design in enumerate(DESIGNS):
        for place, family in enumerate((*FAMILIES, *SKEWED)):
            about_units = len(design.population) == 1 and family in OF_UNITS
            if about_units or family in REPORTED:
                continue
            for questions in design.questions:
                own = (seed, number, place, questions)
                found.append(Task(own, design, family, questions, runs))
    return found


def limit_tasks(seed: int, runs: int) -> list[Task]:
    """The cells of the families that are reported and not required."""
    few = [
        Task((seed, 100 + 10 * number, place), DESIGNS[number], family, 0, runs)
        for number in (0, 1)
        for place, family in enumerate(LIMIT_FAMILIES)
    ]
    skewed = [
        Task((seed, 101 + number, place, questions), DESIGNS[number], family, questions, runs)
        for number in (0, 1)
        for place, family in enumerate(REPORTED)
        for questions in (3, 36)
    ]
    return few + skewed


def run_all(found: list[Task], workers: int) -> list[PooledCell]:
    """All cells, on so many processors: the figures do not depend on how many."""
    if workers == 1:
        return [run(task) for task in found]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(run, found))


def drawn(task: Task) -> tuple[Population, Array]:
    """The population of a cell, and its samples: those with a relevant answer."""
    random = np.random.default_rng(task.seed)
    design = task.design
    if isinstance(task.family, str):
        people = population(random, design.population, task.family, task.questions, design.relevance)
    else:
        people = few_with_many(random, design.population, *task.family)
    read = sample_cases(random, people, design.sizes, task.runs)
    return people, read[people.relevant[read].sum(axis=1) > 0]


def name_of(task: Task) -> str:
    """The population in words."""
    if isinstance(task.family, str):
        return task.family
    share, many, usual, failing = task.family
    return f"{share:.0%} of cases have {many} answers, {failing:.0%} of them wrong; the rest {usual}"


def run(task: Task) -> PooledCell:
    """One cell."""
    design = task.design
    people, read = drawn(task)
    low, high = beta_of_cases(people, design.sizes, read)
    limits = np.array([pooled_interval(row) for row in rows_of(people, design.sizes, read[:WIDTHS])])
    truth = people.truth
    return PooledCell(
        design=design.name,
        family=name_of(task),
        questions=task.questions,
        truth=truth,
        before=float(np.mean((low <= truth + 1e-12) & (truth <= high + 1e-12))),
        width_before=float(np.mean(high - low)),
        now=float(np.mean(held(people, design.sizes, read))),
        width=float(np.mean(limits[:, 1] - limits[:, 0])),
        runs=len(read),
    )


def rows_of(people: Population, sizes: Array, read: Array, finite: bool = True) -> Iterator[GammaSum]:
    """What the interval of each sample is made of."""
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    N, n = people.sizes.astype(float), sizes.astype(float)
    for cases in read:
        answered = AnsweredCases.of(
            stratum, people.relevant[cases].astype(float), people.compliant[cases].astype(float)
        )
        yield gamma_sum(answered, N, n, finite)


def held(people: Population, sizes: Array, read: Array) -> Array:
    """Whether each sample's interval holds the truth: asked of its equation there, without solving for the limit.

    The estimate lies inside, so only the limit on its own side of the truth can miss.
    """
    truth = people.truth
    w, f = np.repeat(people.sizes / sizes, sizes), np.repeat(sizes / people.sizes, sizes)
    r, c = people.relevant[read].astype(float), people.compliant[read].astype(float)
    estimate = (w * c).sum(axis=1) / (w * r).sum(axis=1)
    if truth in (0.0, 1.0):
        return np.asarray(np.abs(estimate - truth) < 1e-12)
    above = estimate >= truth
    heaviest = np.where(r > 0, w * (1 - f / 2), 0.0).max(axis=1)
    answers = (w * r**2).sum(axis=1) / (w * r).sum(axis=1)
    extra = -np.where(above, truth, 1 - truth) * heaviest * answers
    # The share of failures less its truth is the share compliant less its own with the other sign.
    sign = np.where(above, 1.0, -1.0)
    mean = sign * (w * (c - truth * r)).sum(axis=1) + extra
    spread = np.sqrt((w**2 * (1 - f) * (c - truth * r) ** 2).sum(axis=1) + extra**2)
    holding: Array = mean <= _NEAR * spread
    far = np.flatnonzero(~holding)
    for some in np.array_split(far, max(1, len(far) // _AT_ONCE)):
        if len(some):
            chances = _chances(people, sizes, read[some], sign[some], extra[some], mean[some], spread[some])
            holding[some] = chances >= TAIL
    return holding


def _chances(
    people: Population, sizes: Array, read: Array, sign: Array, extra: Array, mean: Array, spread: Array
) -> Array:
    """Imhof's integral of many samples at once: their cases are few kinds, whose terms are reckoned once."""
    unread = 1 - sizes / people.sizes
    kinds, kind = np.unique(
        np.stack((people.unit, people.relevant, people.compliant)), axis=1, return_inverse=True
    )
    unit, r, c = kinds
    a = (people.sizes / sizes * unread)[unit] * (c - people.truth * r)
    shape = np.where(r > 0, 1 / unread[unit], 0.0)
    t = np.exp(np.arange(_LOWEST, _HIGHEST, _STEP)) / np.median(spread)
    at = np.multiply.outer(a, t)
    ends = np.arange(len(read) + 1) * read.shape[1]
    counted = csr_array((np.ones(read.size), kind.ravel()[read.ravel()], ends), (len(read), len(a)))
    own = np.multiply.outer(extra, t)
    phase = sign[:, np.newaxis] * (counted @ (shape[:, np.newaxis] * np.arctan(at))) + np.arctan(own)
    modulus = counted @ (shape[:, np.newaxis] / 2 * np.log1p(at**2)) + np.log1p(own**2) / 2
    total = (np.exp(-modulus) * np.sin(phase)).sum(axis=1)
    below = mean * t[0] / np.expm1(_STEP)
    chances: Array = 0.5 - _STEP * (total + below) / np.pi
    return chances


def beta_of_cases(people: Population, sizes: Array, read: Array) -> tuple[Array, Array]:
    """The interval of these rows until 0.1: Korn and Graubard's, with the cases as its size at most."""
    ends = np.cumsum(sizes)[:-1]
    r, c = people.relevant[read].astype(float), people.compliant[read].astype(float)

    def per_unit(values: Array) -> Array:
        return np.stack([part.sum(axis=1) for part in np.split(values, ends, axis=1)], axis=1)

    m, x, cases, rr, rc, cc = (per_unit(v) for v in (r, c, r > 0, r * r, r * c, c * c))
    N, n = (np.broadcast_to(a.astype(float), m.shape) for a in (people.sizes, sizes))
    counts = Counts(N, n, m, x, cases.astype(float), rr, rc, cc, np.full(len(read), None, dtype=object))
    w = N / n
    P = (w * x).sum(axis=1) / (w * m).sum(axis=1)
    size = effective_sizes(counts, P)
    varied = size.variance > NO_VARIANCE
    a = P * (1 - P) / np.where(varied, size.variance, 1.0)
    n_eff = np.where(varied, np.minimum(a, size.n_kish), size.n_heaviest)
    return beta_interval(P, n_eff, size.n_heaviest)


def pooled_changes(seed: int, runs: int) -> list[PooledCell]:
    """No change of practice, two rounds from the same large population: how often MOVER's interval holds 0.

    `before` has the difference's interval on both sides' old limits at f = 0.
    """
    design = DESIGNS[0]
    cells = []
    for place, family in enumerate(CHANGED):
        for questions in (3, 36):
            random = np.random.default_rng((seed, 200, place, questions))
            people = population(random, design.population * 50, family, questions)
            sides, old = [], []
            for _ in range(2):
                read = sample_cases(random, people, design.sizes, max(runs // _RUNS_PER_PAIR, 20))
                rows = list(rows_of(people, design.sizes, read, finite=False))
                limits = np.array([pooled_interval(row) for row in rows]).T
                P = np.array([row.estimate for row in rows])
                sides.append((P, (limits[0], limits[1])))
                old.append((P, beta_of_cases(people, design.sizes, read)))
            (p1, l1), (p0, l0) = sides
            found = pooled_change(p1, l1, p0, l0)
            earlier = pooled_change(p1, old[0][1], p0, old[1][1])
            cells.append(
                PooledCell(
                    design.name,
                    family,
                    questions,
                    people.truth,
                    float(np.mean((earlier.low <= 0) & (earlier.high >= 0))),
                    float(np.mean(earlier.high - earlier.low)),
                    float(np.mean((found.low <= 0) & (found.high >= 0))),
                    float(np.mean(found.high - found.low)),
                    len(p1),
                )
            )
    return cells
