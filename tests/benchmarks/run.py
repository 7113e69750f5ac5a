"""The benchmarks (`make bench`): writes docs/benchmarks.md.

Run from the repository's root: `python -m tests.benchmarks.run --peers PYTHON`, the Python that has the others.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import document, jobs, timings
from tests.benchmarks.processes import Comparison

TARGET = Path(__file__).parents[2] / "docs" / "benchmarks.md"
FULL = jobs.Sizes(runs=5, cases=(5_000, 1_000_000), copies=100, quarters=(15, 30, 60))
# Enough to see that all of them run.
SMALL = jobs.Sizes(runs=1, cases=(5_000,), copies=5, quarters=(2,))
GROUPS = {
    job.__name__: job
    for job in (
        jobs.start_up,
        jobs.registers,
        jobs.databases,
        jobs.many_years,
        jobs.workbooks,
        jobs.demonstration,
    )
}


def short_jobs(folder: Path, rows: int, runs: int) -> Iterator[timings.Timing]:
    """Time what is timed inside one process; R's where R and its survey are."""
    yield timings.estimation(rows, runs)
    yield timings.pooled_rows(rows // 60, runs)
    if (of_r := timings.table_against_r(folder, runs)) is not None:
        yield of_r


def whole_processes(bench: jobs.Bench, groups: Sequence[str]) -> Iterator[Comparison]:
    """Measure the named groups, each told when it is done."""
    for name in groups:
        for comparison in GROUPS[name](bench):
            print("\n".join(document.rows_of(comparison)), flush=True)
            yield comparison


def main(arguments: Sequence[str]) -> int:
    """Measure everything and write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, default=Path(sys.executable))
    parser.add_argument("--small", action="store_true", help="only see that everything runs; write nothing")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--cases", type=int, nargs="+")
    parser.add_argument(
        "--only", nargs="+", choices=GROUPS, help="measure these and print them; write nothing"
    )
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    sizes = SMALL if options.small else FULL
    sizes = replace(sizes, runs=options.runs or sizes.runs, cases=options.cases or sizes.cases)
    with tempfile.TemporaryDirectory() as name:
        bench = jobs.Bench(Path(name), sizes, options.peers.absolute())
        measured = list(whole_processes(bench, options.only or list(GROUPS)))
        if options.only:
            return 0
        short = list(short_jobs(bench.folder / "r", 60 if options.small else 2_400, sizes.runs))
    text = document.written(measured, short, document.machine(options.peers.absolute()), sizes.runs)
    if not options.small:
        options.target.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
