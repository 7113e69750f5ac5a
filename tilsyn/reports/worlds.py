"""The worlds that print the same public report: other counts of withheld domains, all else as it is.

Of domains that are whole strata (the units), the counts of one to three are moved, and the share and interval
of all cases must come out as printed. Which strata a case type's cases lie in is printed nowhere, so case
types say nothing of a unit's count. Of domains across strata (the case types), a case with a fault and one
without are swapped within a stratum and within every other domain: all else that is printed is as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tilsyn.reports.cells import Cells
from tilsyn.statistics.counts import Counts, weights
from tilsyn.statistics.intervals import Floats
from tilsyn.statistics.levels import levels
from tilsyn.statistics.pooled import pooled_limits
from tilsyn.statistics.weighted_gamma import AnsweredCases

# So many whole numbers must be possible for a withheld count.
FEWEST_NUMBERS = 3
# How far counts are moved from what they are, of one, two and three domains; in how many orders the strata of
# a domain are taken, and of how many worlds of one number the interval is reckoned. Worlds that are not tried
# are not counted, which is on the safe side.
_REACH, _ORDERS, _OF_EACH = (12, 12, 6), 4, 4
_TINY = 1e-9


@dataclass(frozen=True)
class Rule:
    """A domain is withheld on fewer than `few` cases, or where 1 to `up_to` of them have a fault or none."""

    few: int = 5
    up_to: int = 2
    confidence: float = 0.95

    def withholds(self, cases: Floats, good: Floats, whole: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which domains are withheld for their own numbers; those read `whole` also where all are alike.

        >>> cases, good = np.array([20.0, 20, 20, 4, 20]), np.array([18.0, 17, 2, 4, 20])
        >>> Rule().withholds(cases, good, np.array([False] * 4 + [True])).tolist()
        [True, False, True, True, True]
        """
        bad = cases - good
        small = ((good > 0) & (good <= self.up_to)) | ((bad > 0) & (bad <= self.up_to))
        alike = whole & ((good == 0) | (bad == 0))
        hidden: NDArray[np.bool_] = (small | alike | (cases < self.few)) & (cases > 0)
        return hidden

    def withholds_whole(self, cases: float, good: float) -> bool:
        """Whether a domain is withheld of which every case is known.

        >>> Rule().withholds_whole(20, 17), Rule().withholds_whole(20, 20)
        (False, True)
        """
        one = np.array([cases], dtype=float), np.array([good], dtype=float)
        return bool(self.withholds(*one, np.ones(1, dtype=bool))[0])


@dataclass(frozen=True)
class Partition:
    """The domains of one column that have relevant cases: `member` (domains, cells), and their numbers."""

    cells: Cells
    labels: tuple[str, ...]
    member: NDArray[np.bool_]
    whole: NDArray[np.bool_]

    @classmethod
    def of(cls, cells: Cells, column: str) -> Partition:
        """The domains of a column."""
        named = np.array([label.startswith(f"{column}=") for label in cells.labels], dtype=np.bool_)
        mine = named & cells.member.any(axis=1)
        labels = tuple(label for label, kept in zip(cells.labels, mine, strict=True) if kept)
        return cls(cells, labels, cells.member[mine], cells.whole[mine])

    @property
    def cases(self) -> Floats:
        """The relevant cases of each domain."""
        cases: Floats = self.member @ self.cells.cases
        return cases

    @property
    def good(self) -> Floats:
        """Those without fault."""
        good: Floats = self.member @ self.cells.good
        return good

    @property
    def of_strata(self) -> bool:
        """Whether every stratum lies in one domain."""
        strata = np.zeros((len(self.labels), self.cells.reviewed.size), dtype=bool)
        for domain, mine in zip(strata, self.member, strict=True):
            domain[self.cells.stratum[mine]] = True
        return bool((strata.sum(axis=0) <= 1).all())


def exposed(partition: Partition, rule: Rule, hidden: NDArray[np.bool_], overall: bool) -> int:
    """How many withheld counts could be worked out where these domains are `hidden`.

    `overall` says that the cases without fault over all cases are printed.
    """
    if not hidden.any():
        return 0
    kind = _Moves if partition.of_strata else _Swaps
    looked_at = kind(partition, rule, np.flatnonzero(hidden), overall)
    needed = np.minimum(FEWEST_NUMBERS, partition.cases + 1)
    return sum(not looked_at.has_numbers(at, int(needed[at])) for at in looked_at.hidden)


class _Worlds:
    """The worlds of a partition with some domains hidden."""

    def __init__(self, partition: Partition, rule: Rule, hidden: NDArray[np.intp], overall: bool) -> None:
        self.partition, self.rule, self.overall = partition, rule, overall
        self.hidden: list[int] = hidden.tolist()

    def has_numbers(self, target: int, needed: int) -> bool:
        """Whether as many numbers are possible for a domain's count."""
        found: set[float] = set()
        for numbers in self._numbers(target):
            found |= numbers
            if len(found) >= needed:
                return True
        return False

    def _numbers(self, target: int) -> Iterator[set[float]]:
        raise NotImplementedError

    def believable(self, good: Floats) -> NDArray[np.bool_]:
        """In which worlds, by counts per domain, one is withheld for its own numbers, as one must be."""
        cases, whole = self.partition.cases, self.partition.whole
        withheld = self.rule.withholds(cases, good, whole)[:, self.hidden]
        return np.asarray(withheld.any(axis=1), dtype=np.bool_)


class _Moves(_Worlds):
    """Domains that are whole strata: their counts are moved, and all cases must come out as printed."""

    def __init__(self, partition: Partition, rule: Rule, hidden: NDArray[np.intp], overall: bool) -> None:
        super().__init__(partition, rule, hidden, overall)
        cells = partition.cells
        self.of_stratum = np.zeros((cells.cases.size, cells.reviewed.size))
        self.of_stratum[np.arange(cells.cases.size), cells.stratum] = 1.0
        self.cases, self.good = cells.cases @ self.of_stratum, cells.good @ self.of_stratum
        self.strata = [np.unique(cells.stratum[mine]) for mine in partition.member]
        self.member = np.zeros((len(partition.labels), cells.reviewed.size))
        for domain, at in zip(self.member, self.strata, strict=True):
            domain[at] = 1.0
        self.printed = None
        if overall and self.cases.sum() >= rule.few:
            self.printed = _Printed(cells, self.cases, self.good, rule.confidence)

    def _numbers(self, target: int) -> Iterator[set[float]]:
        others = [at for at in self.hidden if at != target]
        # Three domains take long, and are tried where no other is left to be withheld.
        most = 2 if len(self.hidden) == len(self.partition.labels) else 1
        # Where another is moved too, the target alone is among the worlds.
        for n in range(min(1, len(others)), most + 1):
            for chosen in combinations(others, n):
                moving = (target, *chosen)
                orders = max(self.strata[at].size for at in moving)
                for order in range(min(_ORDERS, orders)):
                    yield self._of_moving(moving, order)

    def _of_moving(self, moving: tuple[int, ...], order: int) -> set[float]:
        """The numbers of the first of some domains where they alone have other counts."""
        reach = _REACH[len(moving) - 1]
        worlds = self.good[np.newaxis]
        for at in moving:
            worlds = (worlds[:, np.newaxis] + self._changes(at, order, reach)).reshape(-1, self.good.size)
        worlds = worlds[self.believable(worlds @ self.member.T)]
        if self.printed is not None:
            worlds = worlds[self.printed.share_is_same(worlds)]
            # The interval takes longer: it is reckoned for a few worlds of each number.
            worlds = worlds[_first_of_each(worlds @ self.member[moving[0]])]
            if len(worlds) > 1:
                worlds = worlds[self.printed.limits_are_same(worlds)]
        found: set[float] = set()
        for world, number in zip(worlds, (worlds @ self.member[moving[0]]).tolist(), strict=True):
            if len(found) == FEWEST_NUMBERS:
                break
            if number not in found and (self.printed is None or self.printed.together_is_same(world)):
                found.add(number)
        return found

    def _changes(self, at: int, order: int, reach: int) -> Floats:
        """A domain's cases without fault made fewer and more, one by one, its strata taken in an order."""
        mine = np.roll(self.strata[at], -order)
        moved = []
        for room, sign in ((self.good[mine], -1.0), (self.cases[mine] - self.good[mine], 1.0)):
            steps = np.arange(1.0, min(reach, room.sum()) + 1)
            before = np.cumsum(room) - room
            moved.append(sign * np.clip(steps[:, np.newaxis] - before, 0.0, room))
        changes = np.zeros((1 + sum(map(len, moved)), self.good.size))
        changes[1:, mine] = np.concatenate(moved)
        return changes


class _Swaps(_Worlds):
    """Domains across strata: a case with a fault and one without change places, and all else is as it was."""

    def _numbers(self, target: int) -> Iterator[set[float]]:
        good = self.partition.good
        for other in self.hidden:
            if other == target:
                continue
            more, fewer = self._room(other, target), self._room(target, other)
            steps = np.arange(-fewer, more + 1)
            worlds = np.tile(good, (steps.size, 1))
            worlds[:, target] += steps
            worlds[:, other] -= steps
            yield set(worlds[self.believable(worlds), target].tolist())

    def _room(self, giver: int, taker: int) -> float:
        """How many cases without fault one domain can give another, each within its stratum and domains."""
        cells = self.partition.cells
        rest = np.delete(cells.member, self._own(), axis=0)
        key = np.column_stack((cells.stratum, rest.T))
        _, places = np.unique(key, axis=0, return_inverse=True)
        places = places.reshape(-1)
        given, wanted = self.partition.member[giver], self.partition.member[taker]
        there = np.bincount(places[given], cells.good[given], places.max() + 1)
        faulty = (cells.cases - cells.good)[wanted]
        return float(np.minimum(there, np.bincount(places[wanted], faulty, places.max() + 1)).sum())

    def _own(self) -> list[int]:
        """Positions of the partition's domains among all."""
        return [self.partition.cells.labels.index(label) for label in self.partition.labels]


class _Printed:
    """The row of cases without fault over all cases, as it is printed."""

    def __init__(self, cells: Cells, cases: Floats, good: Floats, confidence: float) -> None:
        self.cells, self.cases, self.good = cells, cases, good
        self.confidence = confidence
        counts = Counts.of_question(cells.population_size, cells.reviewed, cases, good)
        self.weight = weights(counts)
        self.weighted = float(cases @ self.weight)
        of_cell = self.weight[cells.stratum]
        answers, faults = float(cells.answers @ of_cell), float(cells.faults @ of_cell)
        # All answers together are printed too: a case with a fault has at least one, and at most `most`.
        shown = float(whole(np.array(1 - faults / answers)))
        self.fewest_faults, self.most_faults = (answers * (1 - (shown + end) / 100) for end in (0.5, -0.5))
        self.share = self._share(good[np.newaxis])
        self.limits = self._limits(good[np.newaxis])

    def share_is_same(self, worlds: Floats) -> NDArray[np.bool_]:
        """In which worlds the share is as printed, and fits that of all answers together."""
        faulty = self.weighted - worlds @ self.weight
        fits = (faulty < self.most_faults + _TINY) & (faulty * self.cells.most > self.fewest_faults - _TINY)
        same: NDArray[np.bool_] = (self._share(worlds) == self.share) & fits
        return same

    def limits_are_same(self, worlds: Floats) -> NDArray[np.bool_]:
        """In which worlds the interval is as printed."""
        same: NDArray[np.bool_] = (self._limits(worlds) == self.limits).all(axis=1)
        return same

    def _share(self, good: Floats) -> Floats:
        return whole(good @ self.weight / self.weighted)

    def _limits(self, good: Floats) -> Floats:
        cells = self.cells
        counts = Counts.of_question(cells.population_size, cells.reviewed, self.cases, good)
        found = levels(counts, self.confidence)
        return whole(np.column_stack((found.low, found.high)))

    def together_is_same(self, good: Floats) -> bool:
        """Whether the interval of all answers together is as printed, where every case has one answer.

        They then are the same cases, with an interval of their own, which takes long to reckon.
        """
        if self.cells.most > 1 or (good == self.good).all():
            return True
        return bool((self._together(good) == self.together).all())

    @cached_property
    def together(self) -> Floats:
        return self._together(self.good)

    def _together(self, good: Floats) -> Floats:
        at = np.arange(good.size)
        right = np.repeat([1.0, 0.0], good.size)
        cases = np.concatenate((good, self.cases - good))
        there = cases > 0
        answered = AnsweredCases(
            np.concatenate((at, at))[there], np.ones(int(there.sum())), right[there], cases[there]
        )
        counts = Counts.of_cases(self.cells.population_size, self.cells.reviewed, answered)
        return whole(np.array(pooled_limits(counts, self.confidence)))


def whole(share: Floats) -> Floats:
    """Shares in whole per cent, halves away from zero.

    >>> whole(np.array([0.125, 0.9949, 0.005])).tolist()
    [13.0, 99.0, 1.0]
    """
    per_cent: Floats = np.floor(np.round(share * 100, 9) + 0.5)
    return per_cent


def _first_of_each(numbers: Floats) -> NDArray[np.intp]:
    """Return the positions of the first few of each number."""
    order = np.argsort(numbers, kind="stable")
    first = np.searchsorted(numbers[order], numbers[order])
    return order[np.arange(order.size) - first < _OF_EACH]
