"""Populations whose cases have several answers each, mild and harsh, and samples of them.

A population is finite and fixed. Which cases fail is drawn once; a sample is drawn without replacement in each unit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.designs import Array


@dataclass(frozen=True)
class Population:
    """Cases in the order of their units: unit, relevant and compliant answers of each."""

    sizes: Array
    relevant: Array
    compliant: Array

    @property
    def unit(self) -> Array:
        """The position of each case's unit."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def truth(self) -> float:
        """The share of relevant answers that are compliant."""
        return float(self.compliant.sum() / self.relevant.sum())


def sample_cases(random: np.random.Generator, population: Population, sizes: Array, runs: int) -> Array:
    """Positions of the cases read, runs x cases, in the order of the units."""
    first = np.cumsum(population.sizes) - population.sizes
    units = [
        start + _distinct(random, int(N), int(n), runs)
        for start, N, n in zip(first, population.sizes, sizes, strict=True)
    ]
    return np.concatenate(units, axis=1)


def _distinct(random: np.random.Generator, N: int, n: int, runs: int) -> Array:
    """n of N without replacement, runs times: with replacement, and drawn again where a case came twice."""
    drawn = random.integers(N, size=(runs, n))
    again = np.arange(runs)
    while again.size:
        ordered = np.sort(drawn[again], axis=1)
        again = again[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
        drawn[again] = random.integers(N, size=(again.size, n))
    return drawn


# Who fails: from each case's unit and relevant answers to its compliant ones.
Failing = Callable[[np.random.Generator, Array, Array], Array]


def _alike(share: float) -> Failing:
    return lambda random, unit, relevant: random.binomial(relevant, share)


def _spread(random: np.random.Generator, unit: Array, relevant: Array) -> Array:
    return random.binomial(relevant, random.beta(1.84, 0.16, len(relevant)))


def _wholly(share: float, others: float = 1.0) -> Failing:
    """Some cases fail every question; the answers of the others are right with a chance."""

    def failing(random: np.random.Generator, unit: Array, relevant: Array) -> Array:
        order = random.permutation(len(relevant))
        return _fail(order, share, random.binomial(relevant, others))

    return failing


def _most_answers(share: float) -> Failing:
    """The cases with most answers fail every question."""

    def failing(random: np.random.Generator, unit: Array, relevant: Array) -> Array:
        order = np.argsort(-(relevant + random.random(len(relevant))))
        return _fail(order, share, relevant)

    return failing


def _one_unit(share: float, largest: bool) -> Failing:
    """Cases of one unit fail every question, as many as the unit has."""

    def failing(random: np.random.Generator, unit: Array, relevant: Array) -> Array:
        sizes = np.bincount(unit)
        chosen = int(sizes.argmax() if largest else sizes.argmin())
        order = random.permutation(np.flatnonzero(unit == chosen))
        compliant = relevant.copy()
        compliant[order[: round(share * len(relevant))]] = 0
        return compliant

    return failing


def _fail(order: Array, share: float, compliant: Array) -> Array:
    fallen = compliant.copy()
    fallen[order[: round(share * len(order))]] = 0
    return fallen


def _by_unit(random: np.random.Generator, unit: Array, relevant: Array) -> Array:
    return random.binomial(relevant, np.where(unit % 2 == 0, 0.99, 0.8))


FAMILIES: dict[str, Failing] = {
    "every answer right": _alike(1.0),
    "cases alike, 99 % of answers right": _alike(0.99),
    "cases alike, 92 %": _alike(0.92),
    "cases alike, 60 %": _alike(0.6),
    "cases spread, 92 %": _spread,
    "units differ, 80 and 99 %": _by_unit,
    "1 % of cases fail wholly": _wholly(0.01),
    "3 % fail wholly": _wholly(0.03),
    "6 % fail wholly": _wholly(0.06),
    "6 % fail wholly, others 97 %": _wholly(0.06, 0.97),
    "30 % fail wholly": _wholly(0.3),
    "the 1 % with most answers fail": _most_answers(0.01),
    "the 3 % with most answers fail": _most_answers(0.03),
    "the 6 % with most answers fail": _most_answers(0.06),
    "6 % fail, all in the largest unit": _one_unit(0.06, largest=True),
    "the duty unit fails wholly": _one_unit(1.0, largest=False),
}
# Here a tenth of the cases have this many times the answers of the rest, and who fails is among those.
SKEWED = {
    f"{share:.0%} of cases fail, of the tenth with {words} the answers": (times, _most_answers(share))
    for times, words in ((2, "twice"), (3, "three times"))
    for share in (0.01, 0.02, 0.04, 0.06)
}
# Beyond what the interval promises.
REPORTED = tuple(family for family, (times, _) in SKEWED.items() if times > 2)
# Those that are about units, and say nothing of one unit alone.
OF_UNITS = ("units differ, 80 and 99 %", "6 % fail, all in the largest unit", "the duty unit fails wholly")


def population(
    random: np.random.Generator, sizes: Array, family: str, questions: int, relevance: float = 1.0
) -> Population:
    """A population of a family: between a third of the questions and all of them apply to a case, or one of both.

    At a `relevance` below 1 the other cases have no relevant answer at all.
    """
    unit = np.repeat(np.arange(len(sizes)), sizes)
    if family in SKEWED:
        times, failing = SKEWED[family]
        relevant = np.where(random.random(len(unit)) < 0.1, questions, -(-questions // times))
    else:
        failing = FAMILIES[family]
        relevant = random.integers(-(-questions // 3), questions + 1, len(unit))
    compliant = failing(random, unit, relevant)
    applies = random.random(len(unit)) < relevance
    return Population(np.asarray(sizes), relevant * applies, compliant * applies)


def few_with_many(
    random: np.random.Generator, sizes: Array, share: float, many: int, usual: int, failing: float
) -> Population:
    """What the interval cannot see: few cases have many more answers than the rest, and a part of those fails."""
    total = int(np.sum(sizes))
    relevant = np.full(total, usual)
    order = random.permutation(total)[: round(share * total)]
    relevant[order] = many
    compliant = relevant.copy()
    compliant[order] = many - round(many * failing)
    return Population(np.asarray(sizes), relevant, compliant)
