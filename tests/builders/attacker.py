"""Somebody who has all public reports of a place, and tries to work out what is withheld in them.

It reads what is printed and nothing else: sheets as text and numbers. It knows how the figures are reckoned
and what is withheld by itself, and looks for every whole number that a withheld count can have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tilsyn.reports.parts import Sheet
from tilsyn.statistics.levels import share

Counts = NDArray[np.float64]
# More worlds than these are not all tried: so many of them, by lot.
MOST_WORLDS, LOTS = 200_000, 40_000


@dataclass(frozen=True)
class Printed:
    """A percentage as it is printed, with its interval where it has one."""

    per_cent: int
    low: int | None
    high: int | None


def printed(per_cent: object, between: object) -> Printed | None:
    """Read two cells; None where the figure is withheld or cannot be."""
    if not isinstance(per_cent, float):
        return None
    limits = re.fullmatch(r"(\d+)\D+(\d+)\D*", str(between))
    low, high = map(int, limits.groups()) if limits else (None, None)
    return Printed(round(per_cent * 100), low, high)


@dataclass(frozen=True)
class Reader:
    """What is read in one report.

    `sizes`: each unit's cases in the register, and those reviewed. Of the cases without fault: `units` those
    of each unit that has a row, `all_cases`, and `rounds` those of each round by its name. `years`: all
    questions together over each unit's year.
    """

    sizes: Mapping[str, tuple[int, int]]
    units: Mapping[str, Printed | None]
    all_cases: Printed | None
    rounds: Mapping[str, Printed | None] = field(default_factory=dict)
    years: Mapping[str, Printed | None] = field(default_factory=dict)

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Reader:
        """Read a report's sheets."""
        rows = {one.key: one.rows for one in sheets}
        units = rows.get("units", [])
        return cls(
            sizes={str(row[0]): (int(str(row[1])), int(str(row[3]))) for row in rows["reviewing"][:-1]},
            units={str(row[0]): printed(row[4], row[5]) for row in units},
            all_cases=printed(rows["steps"][-1][2], rows["steps"][-1][3]),
            rounds={str(row[0]): printed(row[3], row[4]) for row in rows.get("rounds", [])},
            years={str(row[0]): printed(row[6], row[7]) for row in units if len(row) >= 9},
        )


def is_small(good: Counts, cases: Counts, whole: NDArray[np.bool_], up_to: int = 2) -> NDArray[np.bool_]:
    """Which units are withheld for their own numbers: what the report's page of methods says."""
    bad = cases - good
    small = ((good > 0) & (good <= up_to)) | ((bad > 0) & (bad <= up_to)) | (cases < 5)
    found: NDArray[np.bool_] = small | (whole & ((good == 0) | (bad == 0)))
    return found


def whole_per_cent(shares: Counts) -> Counts:
    found: Counts = np.floor(np.round(shares * 100, 9) + 0.5)
    return found


def possible(reader: Reader, of_all: Sequence[Printed]) -> dict[str, set[float]]:
    """The numbers of cases without fault that each withheld unit can have.

    `of_all` is every print of the cases without fault over all, in this report and in later ones.
    """
    names = [name for name, (_, reviewed) in reader.sizes.items() if reviewed and name in reader.units]
    N, n = (np.array([reader.sizes[name][at] for name in names], dtype=float) for at in (0, 1))
    hidden = [at for at, name in enumerate(names) if reader.units[name] is None]
    if not hidden:
        return {}
    choices = []
    for at, name in enumerate(names):
        numbers = np.arange(n[at] + 1)
        there = reader.units[name]
        if there is not None:
            numbers = numbers[whole_per_cent(numbers / n[at]) == there.per_cent]
        choices.append(numbers)
    worlds = _worlds(choices, N / N.sum(), n, of_all)
    worlds = worlds[is_small(worlds[:, hidden], n[hidden], (n == N)[hidden]).any(axis=1)]
    for all_cases in of_all:
        estimate = worlds @ (N / n) / N.sum()
        worlds = worlds[whole_per_cent(estimate) == all_cases.per_cent]
        if all_cases.low is not None:
            found = share(N, n, n, worlds)
            same = whole_per_cent(found.low) == all_cases.low
            worlds = worlds[same & (whole_per_cent(found.high) == all_cases.high)]
    return {names[at]: set(worlds[:, at].tolist()) for at in hidden}


def _worlds(choices: Sequence[Counts], weight: Counts, sizes: Counts, of_all: Sequence[Printed]) -> Counts:
    """Every combination; where these are too many, some by lot whose share over all is about as printed."""
    if np.prod([float(len(numbers)) for numbers in choices]) <= MOST_WORLDS:
        return np.stack(np.meshgrid(*choices, indexing="ij"), axis=-1).reshape(-1, len(choices))
    free = np.flatnonzero([len(x) > 1 for x in choices])
    target = of_all[0].per_cent / 100 if of_all else 0.5
    fixed = sum(weight[at] * x[0] / sizes[at] for at, x in enumerate(choices) if len(x) == 1)
    about = (target - fixed) / weight[free].sum()
    lot = np.random.default_rng(len(choices))
    chances = np.clip(about + lot.normal(0, 0.2, (LOTS, len(choices))), 0.01, 0.99)
    drawn = lot.binomial([len(x) - 1 for x in choices], chances)
    worlds = np.column_stack([x[drawn[:, at]] for at, x in enumerate(choices)])
    # One unit of each world makes up for the others.
    rows, last = np.arange(LOTS), lot.choice(free, LOTS)
    lacking = target - worlds @ (weight / sizes)
    moved = worlds[rows, last] + np.round(lacking * sizes[last] / weight[last])
    worlds[rows, last] = np.clip(moved, 0, sizes[last])
    return worlds


def worked_out(readers: Mapping[str, Reader]) -> list[tuple[str, str, set[float]]]:
    """What is found in a level's reports, by the name of their round and in time order: fewer than three."""
    found = []
    for at, (name, reader) in enumerate(readers.items()):
        later = list(readers.values())[at:]
        prints = {reader.all_cases, *(one.rounds.get(name) for one in later)} - {None}
        numbers = possible(reader, [one for one in prints if one is not None])
        for unit, left in numbers.items():
            if len(left) < min(3, reader.sizes[unit][1] + 1):
                found.append((name, unit, left))
        # A year with the quarter in it tells what the other quarters leave.
        for then in later:
            found += [(name, unit, set()) for unit in numbers if then.years.get(unit) is not None]
    return found
