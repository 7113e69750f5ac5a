"""The coverage study (`make coverage`): writes docs/coverage.md and docs/coverage.svg, fails if an interval falls short.

Run from the repository's root: `python -m tests.benchmarks.coverage`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from statistics import fmean
from typing import TypeVar

from tests.benchmarks.designs import LEVEL_2, LEVEL_3, LEVEL_4, N7, OVERALL, TRUTHS
from tests.benchmarks.picture import scatter
from tests.benchmarks.studies import CHOSEN, OTHERS, QUESTIONS, Cell, Study, VerdictRow, everything

SEED, RUNS, TABLES = 20180101, 20_000, 4_000
LIMIT = 0.945
Key = TypeVar("Key", bound=Hashable)
DOCS = Path(__file__).parents[2] / "docs"


def short(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of the chosen interval that lie below the limit by more than three simulation errors."""
    return [cell for cell in cells if cell.method == CHOSEN and cell.coverage < LIMIT - 3 * cell.error]


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; headings that begin with `>` are right-aligned."""
    marks = ["---:" if heading.startswith(">") else "---" for heading in headings]
    lines = [[heading.removeprefix(">") for heading in headings], marks, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


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


def document(result: Study, runs: int, tables: int) -> str:
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
{(0.95 * 0.05 / runs) ** 0.5:.4f}). Written by `make coverage` (seed {SEED}), which fails if a cell of the chosen interval is
below {LIMIT} by more than three simulation errors.

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

## Verdicts

Tables of {len(QUESTIONS)} questions in two rounds, {tables:,} pairs of tables per row (share compliant at relevance: {applies}). At *fall* 0 nothing
changed, and every verdict is false; else four questions fall by that much, and a verdict on another one is false. The family is
the questions with at least 5 relevant answers in both rounds. tilsyn uses Benjamini-Hochberg, Holm by option.

{verdicts_part(result.verdicts)}
"""


def main(arguments: Sequence[str]) -> int:
    """Run the study, write the documents; 1 when a cell falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--tables", type=int, default=TABLES)
    parser.add_argument("--folder", type=Path, default=DOCS)
    options = parser.parse_args(arguments)
    result = everything(SEED, options.runs, options.tables)
    options.folder.mkdir(parents=True, exist_ok=True)
    (options.folder / "coverage.md").write_text(document(result, options.runs, options.tables), "utf-8")
    dots = {
        name: [
            (c.wanted, c.coverage) for c in result.levels if c.method == method and "level" in c.design[:6]
        ]
        for name, method in (
            ("the chosen interval", CHOSEN),
            ("Wald (P ± 1.96 SE); ▾ below 70 %", OTHERS[-1]),
        )
    }
    picture = scatter("Coverage of 95 % intervals, levels 2, 3 and 4 overall", dots, list(TRUTHS))
    (options.folder / "coverage.svg").write_text(picture, "utf-8")
    fallen = short(result.levels)
    for cell in fallen:
        print(f"below {LIMIT}: {cell.coverage:.4f} {where(cell)}", file=sys.stderr)
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
