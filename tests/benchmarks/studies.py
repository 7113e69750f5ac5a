"""The three simulations: intervals of a level, intervals of a change, verdicts of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtri

from tests.benchmarks.designs import (
    N7,
    OVERALL,
    PATTERNS,
    RELEVANCES,
    TRUTHS,
    Array,
    Design,
    compliant_cases,
    relevant_cases,
    sample,
)
from tilsyn.statistics.change import adjust, change
from tilsyn.statistics.levels import Levels, share

Z = float(ndtri(0.975))


@dataclass(frozen=True)
class Cell:
    """One method in one design: how often the interval held the truth, and how wide it was.

    `wanted` is the truth asked for; whole cases bring the population's own truth as near to it as they can.
    """

    design: str
    pattern: str
    wanted: float
    relevance: float
    method: str
    coverage: float
    width: float
    runs: int

    @property
    def error(self) -> float:
        """Standard error of the coverage, at its nominal .95 (an observed 1 has no error of its own)."""
        return float(np.sqrt(0.95 * 0.05 / max(self.runs, 1)))


CHOSEN = "chosen: beta on n_eff, n_W"
OTHERS = (
    "Wilson on n_eff",
    "Jeffreys on n_eff",
    "Clopper-Pearson, unweighted counts",
    "Wald (P ± 1.96 SE)",
)


def _limits(level: Levels) -> Iterator[tuple[str, Array, Array]]:
    """Every method's limits for the same samples."""
    p, n = level.estimate, np.where(np.isfinite(level.n_eff), level.n_eff, 1e12)
    centre, half = p + Z**2 / (2 * n), Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    m, x = level.n_relevant, level.n_compliant
    yield CHOSEN, level.low, level.high
    yield OTHERS[0], (centre - half) / (1 + Z**2 / n), (centre + half) / (1 + Z**2 / n)
    a, b = n * p + 0.5, n * (1 - p) + 0.5
    low = np.where(p <= 0, 0, betaincinv(a, b, 0.025))
    yield OTHERS[1], low, np.where(p >= 1, 1, betaincinv(a, b, 0.975))
    low = np.where(x > 0, betaincinv(np.maximum(x, 0.5), m - x + 1, 0.025), 0.0)
    yield OTHERS[2], low, np.where(x < m, betaincinv(x + 1, np.maximum(m - x, 0.5), 0.975), 1.0)
    yield OTHERS[3], p - Z * level.standard_error, p + Z * level.standard_error


def level_cells(
    random: np.random.Generator,
    runs: int,
    designs: Sequence[Design],
    truths: Sequence[float] = TRUTHS,
    relevances: Sequence[float] = RELEVANCES,
    patterns: Sequence[str] = PATTERNS,
) -> Iterator[Cell]:
    """Coverage of the fixed finite truth, cell by cell; samples without a relevant case have no interval."""
    for design in designs:
        for pattern in patterns if len(design.population) > 1 else patterns[:1]:
            for relevance in relevances:
                seen = set()
                for wanted in truths:
                    relevant = relevant_cases(design.population, relevance)
                    compliant = compliant_cases(relevant, wanted, pattern)
                    if tuple(compliant) in seen:
                        continue
                    seen.add(tuple(compliant))
                    truth = compliant.sum() / relevant.sum()
                    m, x = sample(random, design, relevant, compliant, runs)
                    some = m.sum(axis=1) > 0
                    level = share(design.population, design.sizes, m[some], x[some])
                    for method, low, high in _limits(level):
                        held = (low <= truth + 1e-12) & (truth <= high + 1e-12)
                        width = float(np.mean(np.clip(high, 0, 1) - np.clip(low, 0, 1)))
                        yield Cell(
                            design.name,
                            pattern,
                            wanted,
                            relevance,
                            method,
                            float(held.mean()),
                            width,
                            int(some.sum()),
                        )


CHANGES = (
    (0.4, 0.4),
    (0.6, 0.6),
    (0.8, 0.8),
    (0.9, 0.9),
    (0.95, 0.95),
    (0.99, 0.99),
    (1.0, 1.0),
    (0.9, 0.8),
    (0.9, 0.7),
    (0.8, 0.9),
    (0.95, 0.85),
    (0.6, 0.8),
    (0.99, 0.9),
)


def _practice(truth: float, pattern: str) -> Array:
    """Each unit's chance of following the law, so that the population's share is the truth."""
    relevant = relevant_cases(N7, 1.0) * 1000
    chances: Array = compliant_cases(relevant, truth, pattern) / relevant
    return chances


def change_cells(
    random: np.random.Generator,
    runs: int,
    designs: Sequence[Design] = OVERALL,
    changes: Sequence[tuple[float, float]] = CHANGES,
    relevances: Sequence[float] = RELEVANCES,
    patterns: Sequence[str] = PATTERNS,
) -> Iterator[Cell]:
    """Coverage of a true change of practice: cases of both rounds are new, so answers are independent."""
    for design in designs:
        whole = len(design.population) > 1
        for pattern in patterns if whole else patterns[:1]:
            for relevance in relevances:
                for before, after in changes:
                    sides = []
                    for truth in (before, after):
                        p = _practice(truth, pattern) if whole else np.array([truth])
                        m = random.binomial(design.sizes, relevance, (runs, len(p)))
                        sides.append(share(design.population, design.sizes, m, random.binomial(m, p)))
                    old, new = sides
                    d = change(new.estimate, new.n_eff_practice, old.estimate, old.n_eff_practice)
                    known = np.isfinite(d.change)
                    delta = after - before
                    held = (d.low <= delta + 1e-9) & (delta <= d.high + 1e-9)
                    yield Cell(
                        design.name,
                        pattern,
                        delta,
                        relevance,
                        f"{before:g} to {after:g}",
                        float(held[known].mean()),
                        float(np.mean((d.high - d.low)[known])),
                        int(known.sum()),
                    )


@dataclass(frozen=True)
class VerdictRow:
    """What one rule does with a table of 15 questions: false verdicts, and found falls, as shares."""

    design: str
    fall: float
    rule: str
    any_false: float
    found: float


# The questions of a table: how often each applies, and how often the law is followed.
QUESTIONS = (
    (1.0, 0.9),
    (1.0, 0.8),
    (0.4, 0.9),
    (0.4, 0.95),
    (0.2, 0.8),
    (1.0, 0.95),
    (0.7, 0.85),
    (0.2, 0.9),
    (1.0, 0.7),
    (0.5, 0.99),
    (0.4, 0.6),
    (1.0, 1.0),
    (0.3, 0.85),
    (0.6, 0.9),
    (1.0, 0.85),
)
FALLING = (0, 1, 6, 13)


def verdict_rows(
    random: np.random.Generator,
    tables: int,
    designs: Sequence[Design] = OVERALL,
    falls: Sequence[float] = (0.0, 0.15, 0.20, 0.25),
) -> Iterator[VerdictRow]:
    """False verdicts and power per table; the falling questions are four that apply in at least 60 % of cases."""
    relevance, truth = np.array(QUESTIONS).T
    for design in designs:
        for fall in falls:
            later = truth.copy()
            later[list(FALLING)] -= fall
            sides = []
            for shares in (truth, later):
                m = random.binomial(
                    design.sizes, relevance[:, None], (tables, len(truth), len(design.population))
                )
                sides.append(share(design.population, design.sizes, m, random.binomial(m, shares[:, None])))
            old, new = sides
            family = (old.n_relevant >= 5) & (new.n_relevant >= 5)
            p = change(new.estimate, new.n_eff_practice, old.estimate, old.n_eff_practice).p_value
            p = np.where(family, p, np.nan)
            fallen = np.zeros(len(truth), dtype=bool)
            fallen[list(FALLING)] = fall > 0
            adjusted = {
                "none": p,
                "benjamini-hochberg": np.array([adjust(row, "benjamini-hochberg") for row in p]),
                "holm": np.array([adjust(row, "holm") for row in p]),
            }
            for rule, q in adjusted.items():
                said = q <= 0.05
                yield VerdictRow(
                    design.name,
                    fall,
                    rule,
                    float(said[:, ~fallen].any(axis=1).mean()),
                    float(said[:, fallen].mean()) if fallen.any() else float("nan"),
                )
