"""Which further figures a public report withholds, so that no withheld count can be worked out.

A count is worked out where all that is published leaves fewer than three whole numbers for it. Our totals are
weighted ratios in whole per cent and no sums, so programs for additive tables do not fit; but the problem is
small and is solved by trying. For each withheld domain worlds are sought that look the same from outside:
some withheld domains have other counts, all else is as it is, and what is printed comes out the same
(`worlds`). Who reads the report knows less than that all else is as it is, so no world is counted that a
reader could rule out.

References
----------
Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, section 4.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tilsyn.compliance.naming import WITHOUT_FAULT
from tilsyn.reports.cells import Cells
from tilsyn.reports.worlds import Partition, Rule, exposed
from tilsyn.reviews.sample import ReviewedSample


@dataclass(frozen=True)
class Restraint:
    """What a public report leaves out beside single rows on few answers.

    `domains` have rows without figures; `alone` have no rows, for they are all the cases there are. `overall`
    are rows over all cases without figures: where nothing else is left, the cases without fault; and every
    row where no case has more than one relevant answer, for then all of them tell the same.
    """

    domains: frozenset[str] = frozenset()
    alone: frozenset[str] = frozenset()
    overall: Literal["", "without_fault", "every"] = ""

    def leaves_out(self, question: str) -> bool:
        """Whether a row over all cases has no figure."""
        return self.overall == "every" or (self.overall == "without_fault" and question == WITHOUT_FAULT)


def restraint(sample: ReviewedSample, by: Sequence[str], rule: Rule) -> Restraint:
    """What is withheld of a sample of finished cases whose domains are those of the columns `by`."""
    cells = Cells.of(sample, by)
    domains: set[str] = set()
    alone: set[str] = set()
    printed = True
    for column in by:
        partition = Partition.of(cells, column)
        if len(partition.labels) < 2:
            alone.update(partition.labels)
            continue
        hidden, printed = _protected(partition, rule, printed)
        domains.update(label for label, gone in zip(partition.labels, hidden, strict=True) if gone)
    return Restraint(
        frozenset(domains),
        frozenset(alone),
        "" if printed else "every" if cells.most == 1 else "without_fault",
    )


def _protected(partition: Partition, rule: Rule, printed: bool) -> tuple[NDArray[np.bool_], bool]:
    """Withhold more domains until no count can be worked out; at last all cases are `printed` no longer."""
    hidden = rule.withholds(partition.cases, partition.good, partition.whole)
    while exposed(partition, rule, hidden, printed):
        # Which is taken first must tell nothing of faults: the smallest, whatever its cases came to.
        left = sorted(np.flatnonzero(~hidden).tolist(), key=lambda at: (partition.cases[at], at))
        if not left:
            return hidden, False
        tried = [hidden | (np.arange(hidden.size) == at) for at in left]
        hidden = _best(partition, rule, tried, printed)
    return hidden, printed


def _best(
    partition: Partition, rule: Rule, tried: Sequence[NDArray[np.bool_]], printed: bool
) -> NDArray[np.bool_]:
    """The first that leaves nothing to be worked out, else the first that leaves fewest."""
    fewest, best = np.inf, tried[0]
    for hidden in tried:
        found = exposed(partition, rule, hidden, printed)
        if found < fewest:
            fewest, best = found, hidden
        if found == 0:
            break
    return best
