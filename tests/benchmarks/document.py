"""docs/benchmarks.md: what was measured, as tables."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median

from tests.benchmarks.processes import Comparison, middle
from tests.benchmarks.timings import Timing

# Asked of the Python that has them.
PEERS = ("pandas", "pyarrow", "polars", "svy", "duckdb", "openpyxl", "typer")
_ASKED = (
    f"import json, importlib.metadata as m; print(json.dumps([f'{{p}} {{m.version(p)}}' for p in {PEERS}]))"
)


def span(ratios: Sequence[float]) -> str:
    """Return the median of ratios with the smallest and the largest."""
    return f"{median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def rows_of(comparison: Comparison) -> Iterator[str]:
    """Yield a table row per other contender of a job."""
    ours = comparison.ours
    for other, theirs in comparison.others.items():
        cells = [
            comparison.job,
            other,
            span(comparison.ratios(other, "cpu")),
            span(comparison.ratios(other, "wall")),
            f"{middle(ours, 'cpu'):.2f} / {middle(theirs, 'cpu'):.2f}",
            f"{middle(ours, 'wall'):.2f} / {middle(theirs, 'wall'):.2f}",
            f"{middle(ours, 'memory'):.0f} / {middle(theirs, 'memory'):.0f}",
        ]
        yield f"| {' | '.join(cells)} |"


def machine(peers: Path) -> str:
    """Return the machine, the day, and the versions of what was compared with."""
    versions = json.loads(subprocess.run([peers, "-c", _ASKED], capture_output=True, check=True).stdout)
    information = Path("/proc/cpuinfo")
    lines = information.read_text("utf-8").splitlines() if information.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    processor = f"{os.cpu_count()} cores of {names[0] if names else platform.machine()}"
    here = f"{platform.system()}, {processor}, Python {platform.python_version()}"
    return f"{date.today():%Y-%m-%d}; {here}; {', '.join(versions)}"


def _timing_row(timing: Timing) -> str:
    ours, theirs = median(timing.ours), median(timing.theirs)
    return f"| {timing.job} | {timing.alternative} | {span(timing.ratios)} | {ours:.4f} | {theirs:.4f} |"


def written(measured: Sequence[Comparison], short: Sequence[Timing], told: str, runs: int) -> str:
    """Return the whole document."""
    processes = "\n".join(row for comparison in measured for row in rows_of(comparison))
    inside = "\n".join(map(_timing_row, short))
    return f"""# Benchmarks

What tilsyn takes against a named other that does the same job on the same input. Read the ratios: below 1 tilsyn takes less. A ratio is the
median of {runs} runs, with the smallest and the largest; in each run all take their turn. Seconds and megabytes are of one machine, which had other things to do. Written by
`make bench`; no test rests on a timing.

{told}.

## Whole processes, from start to end

CPU is user and system time of all threads; memory is the peak of one process. Seconds and MB: tilsyn / the other.

| job | the other | CPU, ratio | wall clock, ratio | CPU, s | wall clock, s | memory, MB |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
{processes}

- *draw*: the example export (15 columns) over and over, each row with a number of its own. tilsyn reads it, finds every problem of every row, commits to the frame, makes a ticket per
  case, and writes the draw's folder and the event log. The others read all columns, make dates of four, leave out what is closed, and sample 20 per unit; pandas does it as it comes
  (`read_csv`, `groupby.sample`) in an environment with pyarrow. svy is told how many to draw of each unit.
- *check --commit and draw*: two commands against one reading of pandas.
- *inside PostgreSQL*: CPU and memory are the client's; what the server takes for its part is in [scale.md](scale.md).
- *many years*: four draws a quarter, each reviewed in three parts. The other reads and hashes each file and parses it, and checks nothing.
- *checklists*: openpyxl opens the same workbooks and saves them. *load*: every answer checked and compared with what else is said of the same case, `--dry-run`; the files
  are copies of four workbooks, each a file of its own, so each case is compared with its copies too.

## Inside one process

| job | the other | ratio | tilsyn, s | the other, s |
| --- | --- | ---: | ---: | ---: |
{inside}

- *Estimate*: P, V, n_eff and limits of each row over seven strata. Both give the same figures, to nine digits: checked before timing.
- *Both limits of a row over several questions*: the weighted-gamma interval ([methods.md](methods.md), 5.3b), at most 5 ms a limit. Both give the same limits, to seven digits: checked before timing.
- *40 questions in 8 domains*: from the cases' answers; R's time is without starting and reading. R reckons an interval per question and domain of the same design.
"""
