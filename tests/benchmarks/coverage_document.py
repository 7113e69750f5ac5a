"""docs/coverage.md from what the simulations found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from statistics import fmean
from typing import TypeVar

from tests.benchmarks.coverage_parts import (
    clusters_part,
    monotone_part,
    pooled_changes_part,
    pooled_designs_part,
    pooled_families_part,
    pooled_grid_part,
    pooled_limit_part,
    pooled_result,
    series_part,
    table,
)
from tests.benchmarks.designs import LEVEL_2, LEVEL_3, LEVEL_4, N7, OVERALL, TRUTHS
from tests.benchmarks.everything import Study
from tests.benchmarks.pooled_study import WIDTHS
from tests.benchmarks.studies import CHOSEN, OTHERS, QUESTIONS, Cell, VerdictRow

Key = TypeVar("Key", bound=Hashable)


def grouped(cells: Sequence[Cell], key: Callable[[Cell], Key]) -> dict[Key, list[Cell]]:
    """Cells by key, in the order of their first appearance."""
    groups = defaultdict(list)
    for cell in cells:
        groups[key(cell)].append(cell)
    return groups


def summary(cells: Sequence[Cell]) -> tuple[list[str], Cell]:
    """Number of cells, mean and lowest coverage, mean width."""
    lowest = min(cells, key=lambda cell: cell.coverage)
    mean, width = fmean(c.coverage for c in cells), fmean(c.width for c in cells)
    return [str(len(cells)), f"{mean:.3f}", f"{lowest.coverage:.3f}", f"{width:.3f}"], lowest


def where(cell: Cell, truth: bool = True) -> str:
    """A cell in words."""
    words = f"{cell.design}, {cell.pattern}, relevance {cell.relevance:g}"
    return f"{words}, truth {cell.wanted:g}" if truth else words


def methods_part(cells: Sequence[Cell]) -> str:
    rows = []
    for method in (CHOSEN, *OTHERS):
        figures, lowest = summary([cell for cell in cells if cell.method == method])
        rows.append([method, *figures, where(lowest)])
    return table(["method", ">cells", ">mean", ">lowest", ">mean width", "where lowest"], rows)


def designs_part(cells: Sequence[Cell]) -> str:
    rows = []
    for (design, relevance), group in grouped(cells, lambda c: (c.design, c.relevance)).items():
        figures, lowest = summary(group)
        rows.append([design, f"{relevance:g}", *figures, f"{lowest.pattern}, truth {lowest.wanted:g}"])
    return table(["design", ">relevance", ">cells", ">mean", ">lowest", ">mean width", "where lowest"], rows)


def grid_part(cells: Sequence[Cell]) -> str:
    rows = []
    for (design, pattern, relevance), group in grouped(
        cells, lambda c: (c.design, c.pattern, c.relevance)
    ).items():
        found = {cell.wanted: f"{cell.coverage:.3f}" for cell in group}
        rows.append([design, pattern, f"{relevance:g}", *(found.get(truth, "") for truth in TRUTHS)])
    return table(["design", "failures", ">relevance", *(f">{truth:g}" for truth in TRUTHS)], rows)


def changes_part(cells: Sequence[Cell]) -> str:
    rows = []
    for (design, method), group in grouped(cells, lambda c: (c.design, c.method)).items():
        figures, lowest = summary(group)
        rows.append([design, method, *figures[1:], f"{lowest.pattern}, relevance {lowest.relevance:g}"])
    return table(["design", "truth", ">mean", ">lowest", ">mean width", "where lowest"], rows)


def verdicts_part(rows: Sequence[VerdictRow]) -> str:
    said = [
        [
            row.design,
            f"{row.fall:.0%}",
            row.rule,
            f"{row.any_false:.3f}",
            "" if row.fall == 0 else f"{row.found:.3f}",
        ]
        for row in rows
    ]
    return table(["design", ">fall", "adjustment", ">tables with a false verdict", ">falls found"], said)


def document(result: Study, runs: int, tables: int, seed: int, limit: float) -> str:
    """docs/coverage.md."""
    chosen = [cell for cell in result.levels if cell.method == CHOSEN]
    overall_names = {design.name for design in OVERALL}
    overall = [cell for cell in result.levels if cell.design in overall_names]
    figures, lowest = summary(chosen)
    hard = [cell for cell in result.hardly_read if cell.method == CHOSEN]
    applies = ", ".join(f"{share:.0%} at {relevance:.0%}" for relevance, share in QUESTIONS)
    return f"""# Coverage: do the intervals hold what they promise?

A 95 % interval should hold the truth in at least 95 of 100 samples. Here is how often tilsyn's do, in the designs they are made
for: finite populations with a fixed, known truth, sampled without replacement {runs:,} times per cell (simulation error
{(0.95 * 0.05 / runs) ** 0.5:.4f}). Written by `make coverage` (seed {seed}), which fails if a cell of the chosen interval is
below {limit} by more than three simulation errors.

- Units: N = {", ".join(map(str, N7))}. Read: level 2 {", ".join(map(str, LEVEL_2))}; level 3 {", ".join(map(str, LEVEL_3))} of
  those; level 4 {", ".join(map(str, LEVEL_4))} of those again.
- Truth {", ".join(f"{truth:g}" for truth in TRUTHS)}; relevance 1, 0.4 and 0.2.
- Failures: the same share in all units; different between units (odds of failing from a quarter to four times); *one large unit
  first* (all failures in the largest unit, in the next when it is full); *duty unit first* (the same from the smallest).

**Result: {figures[0]} cells, mean coverage {figures[1]}, lowest {figures[2]}** ({where(lowest)}).

![Coverage against truth](coverage.svg)

## The chosen interval and others, overall figures of levels 2, 3 and 4

{methods_part(overall)}

*Unweighted counts* answer another question when units differ, and Wald's interval has no width where all or none comply. Both
fail exactly where a ledelsestilsyn lives: small units, most cases compliant, questions that seldom apply.

## The chosen interval by design

{designs_part(chosen)}

## Every cell

{grid_part(chosen)}

Empty: the same population as the cell to its left.

## Rows over several questions

`*` and themes of several questions ([methods.md](methods.md), 5.3b). The populations run from mild to harsh: cases alike or spread, few cases that
fail every question, also those with most answers, all failures in one unit. Between a third of the questions and all of them apply to a case; in
the last families a tenth of the cases has twice the answers of the rest, and who fails is among those. *Before* is the interval used until 0.1,
Korn and Graubard's with the cases as its size. Widths in points; *now* is the mean of {min(WIDTHS, runs)} samples.

{pooled_result(result.pooled)}

{pooled_designs_part(result.pooled)}

{pooled_families_part(result.pooled)}

The old interval held in these populations too, but for `*` and themes of many questions it was two to three times as wide where cases are alike or
spread, which is what most practice looks like. Where it fell short (0.89, level 3), the new one comes nearer: see below.

### Every cell: coverage before, now

{pooled_grid_part(result.pooled)}

### Where it does not hold

Few cases with many more answers than the rest, and those fail: no sample of this size sees them. Reported; `make coverage` does not require it. A row whose
largest number of answers is over twice the weighted mean is marked; where a tenth of the cases has three times the answers of the rest, the
largest is just that twice and the row is not.

{pooled_limit_part(result.pooled_limit)}

### Changes of these rows

Two rounds from the same practice (a population fifty times as large): how often the interval of the change holds 0. *Before* here is the difference
recovered from the old limits.

{pooled_changes_part(result.pooled_changes)}

## One more failure

One more failure never raises a limit of a row over several questions. The beta interval's size follows the variance, so that in rare designs it can: all
samples of each design, all cases relevant, in pairs that differ by one failure in one unit.

{monotone_part(result.monotone)}

## Units that were hardly read

No interval can speak for what was not read. Where one unit has 4 or 2 of its 20 cases reviewed, and the failures sit in that
unit, the overall interval falls short; tilsyn flags very uneven reviewing for this reason. These cells do not decide whether
`make coverage` passes.

{designs_part(hard)}

## Changes

The interval of a change is about practice, so each round's cases are new here: answers are independent, with each unit's own
chance. Miettinen and Nurminen's interval is a score interval: it aims at 95 % on average, not in every cell. {max(runs // 4, 100):,}
pairs of samples per cell.

{changes_part(result.changes)}

## Cases of one caseworker

A level speaks of a fixed list, so that cases that are alike do not touch its coverage. A change speaks of practice and takes cases as independent. Here
each caseworker has a share of their own, drawn anew each round, with an intra-class correlation (ICC); nothing changes on average. Level 2, {runs:,} pairs per row; the test's nominal error is 0.05.

{clusters_part(result.clusters)}

## Verdicts

Tables of {len(QUESTIONS)} questions in two rounds, {tables:,} pairs of tables per row (share compliant at relevance: {applies}). At *fall* 0 nothing
changed, and every verdict is false; else four questions fall by that much, and a verdict on another one is false. The family is
the questions with at least 5 relevant answers in both rounds. tilsyn uses Benjamini-Hochberg, Holm by option.

{verdicts_part(result.verdicts)}

## Verdicts through twelve rounds

The same tables against one fixed baseline, twelve rounds on end, {tables:,} series per row. A verdict is *bekræftet* when the round before had the same one against
the same baseline. Without a change every verdict is false; after a fall of four questions before the first round, the figures are the shares of those four that are found.

{series_part(result.series)}
"""
