"""The coverage study (`make coverage`): writes docs/coverage.md and docs/coverage.svg, fails if an interval falls short.

Run from the repository's root: `python -m tests.benchmarks.coverage`. All of it takes about an hour of one processor.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.benchmarks.coverage_document import document, where
from tests.benchmarks.designs import TRUTHS
from tests.benchmarks.everything import Study, everything
from tests.benchmarks.picture import scatter
from tests.benchmarks.pooled_study import PooledCell
from tests.benchmarks.studies import CHOSEN, OTHERS, Cell

SEED, RUNS, TABLES = 20180101, 20_000, 4_000
LIMIT = 0.945
DOCS = Path(__file__).parents[2] / "docs"


def short(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of the chosen interval that lie below the limit by more than three simulation errors."""
    return [cell for cell in cells if cell.method == CHOSEN and cell.coverage < LIMIT - 3 * cell.error]


def pooled_short(cells: Sequence[PooledCell]) -> list[PooledCell]:
    """The same of rows over several questions."""
    return [cell for cell in cells if cell.now < LIMIT - 3 * cell.error]


def fallen(result: Study) -> Iterator[str]:
    """What fell short, in words."""
    for cell in short(result.levels):
        yield f"{cell.coverage:.4f} {where(cell)}"
    for pooled in pooled_short(result.pooled):
        yield f"{pooled.now:.4f} {pooled.design}, {pooled.family}, {pooled.questions} questions"


def main(arguments: Sequence[str]) -> int:
    """Run the study, write the documents; 1 when a cell falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--tables", type=int, default=TABLES)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, default=DOCS)
    options = parser.parse_args(arguments)
    result = everything(SEED, options.runs, options.tables, options.workers)
    options.folder.mkdir(parents=True, exist_ok=True)
    text = document(result, options.runs, options.tables, SEED, LIMIT)
    (options.folder / "coverage.md").write_text(text, "utf-8")
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
    found = list(fallen(result))
    for line in found:
        print(f"below {LIMIT}: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
