"""The designs, the fixed truths and the sampling of the coverage study.

A population is finite and fixed: each unit has N_h cases, R_h of them relevant, C_h of those compliant. A sample is
drawn without replacement in each unit, so relevant and compliant are hypergeometric; levels 3 and 4 are drawn from
what the level before read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tilsyn.sampling.sizes import allocate

Array = NDArray[Any]
N7 = np.array([500, 600, 700, 800, 900, 1000, 60])
N7.flags.writeable = False
LEVEL_2 = np.array([20, 20, 20, 20, 20, 20, 5])


def _next_level(reviewed: Array, total: int) -> Array:
    names = {f"{number}": int(size) for number, size in enumerate(reviewed)}
    split = allocate(names, total)
    return np.array([split[name] for name in names])


LEVEL_3 = _next_level(LEVEL_2, 60)
LEVEL_4 = _next_level(LEVEL_3, 30)


@dataclass(frozen=True)
class Design:
    """Units' sizes and, level by level, how many are read: the last phase is the one estimated from."""

    name: str
    population: Array
    phases: tuple[Array, ...]

    @property
    def sizes(self) -> Array:
        return self.phases[-1]


OVERALL = (
    Design("level 2 (125)", N7, (LEVEL_2,)),
    Design("level 3 (60)", N7, (LEVEL_2, LEVEL_3)),
    Design("level 4 (30)", N7, (LEVEL_2, LEVEL_3, LEVEL_4)),
)
UNITS = (
    Design("one unit, 20 of 500", np.array([500]), (np.array([20]),)),
    Design("one unit, 20 of 1,000", np.array([1000]), (np.array([20]),)),
    Design("duty unit, 5 of 60", np.array([60]), (np.array([5]),)),
    Design("one unit at level 3, 10 of 750", np.array([750]), (np.array([20]), np.array([10]))),
)
HARDLY_READ = tuple(
    Design(f"level 2, {read} of 20 read in one unit", N7, (np.array([20, 20, 20, 20, 20, read, 5]),))
    for read in (4, 2)
)
TRUTHS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1.0)
RELEVANCES = (1.0, 0.4, 0.2)
PATTERNS = ("the same in all units", "different between units", "one large unit first", "duty unit first")


def relevant_cases(population: Array, relevance: float) -> Array:
    """R_h: the relevant cases of each unit."""
    return np.maximum(1, np.rint(population * relevance)).astype(np.int64)


def compliant_cases(relevant: Array, truth: float, pattern: str) -> Array:
    """C_h: spread the failures that give the truth over the units."""
    failures = int(np.rint(relevant.sum() * (1 - truth)))
    if pattern == "the same in all units":
        share = relevant / relevant.sum()
    elif pattern == "different between units":
        # Odds of failing from a quarter to four times as large, largest in every other unit.
        share = relevant * np.resize([4.0, 0.25, 1.0, 2.0, 0.5], len(relevant))
        share = share / share.sum()
    else:
        order = np.argsort(relevant if pattern == "duty unit first" else -relevant, kind="stable")
        room = np.cumsum(relevant[order])
        taken = np.diff(np.minimum(room, failures), prepend=0)
        result = relevant.copy()
        result[order] -= taken
        return result
    fallen = np.zeros_like(relevant)
    while (left := failures - fallen.sum()) > 0:
        room = relevant - fallen
        weight = np.where(room > 0, share, 0.0)
        more = np.minimum(room, np.floor(left * weight / weight.sum()).astype(np.int64))
        if not more.any():
            more[np.argmax(np.where(room > 0, weight, -1.0))] = 1
        fallen += more
    return relevant - fallen


def sample(
    random: np.random.Generator, design: Design, relevant: Array, compliant: Array, runs: int
) -> tuple[Array, Array]:
    """Draw samples without replacement, phase after phase; return m_h and x_h, each runs x units."""
    size, R, C = (np.broadcast_to(a, (runs, len(a))) for a in (design.population, relevant, compliant))
    for n in design.phases:
        m = hypergeometric(random, R, size - R, n)
        x = hypergeometric(random, C, R - C, m)
        size, R, C = np.broadcast_to(n, m.shape), m, x
    return R, C


def hypergeometric(random: np.random.Generator, good: Array, bad: Array, drawn: Array) -> Array:
    """Like the generator's own, which refuses an empty urn."""
    empty = good + bad == 0
    return np.where(empty, 0, random.hypergeometric(good, np.where(empty, 1, bad), np.where(empty, 0, drawn)))
