"""The timing benchmarks (`make bench`): writes docs/benchmarks.md.

Run from the repository's root: `python -m tests.benchmarks.run`.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import timings

TARGET = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def document(found: Sequence[timings.Timing], runs: int) -> str:
    """docs/benchmarks.md."""
    rows = "\n".join(
        f"| {t.job} | {t.alternative} | {t.ours:.4f} s | {t.theirs:.4f} s | {t.ratio:.1f} |" for t in found
    )
    versions = f"Python {platform.python_version()}, {platform.machine()}"
    return f"""# Benchmarks

How long tilsyn takes, against a named alternative on the same input. Read the ratio: seconds are of one machine ({versions}),
the median of {runs} runs. Written by `make bench`; no test rests on a timing.

| job | alternative | tilsyn | alternative | times as long |
| --- | --- | ---: | ---: | ---: |
{rows}

- *Estimate*: P, V, n_eff and limits of each row over seven strata. Both give the same figures, to nine digits: checked before timing.
- *Both limits of a row over several questions*: the weighted-gamma interval ([methods.md](methods.md), 5.3b), at most 5 ms a limit. Both give the same limits, to seven digits: checked before timing.
- *40 questions in 8 domains*: from the cases' answers; R's time is without starting and reading, and left out where R is not. R reckons an interval per question and domain of the same design.
- *Check and draw*: the example export (15 columns) over and over; `tilsyn check`, then `tilsyn draw`: reading twice, finding every problem of every row, the frame's commitment,
  a ticket per case, the draw's folder and the event log. pandas reads once, parses the date columns, filters and samples.
- *Load workbooks*: read, every answer checked, compared with what else is said of the same case, against openpyxl's reading alone. The files are copies
  of four workbooks, so each case is compared with its copies too.
"""


def main(arguments: Sequence[str]) -> int:
    """Time everything and write the document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=2_400)
    parser.add_argument("--pooled-rows", type=int, default=40)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--per-unit", type=int, default=20)
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        found = [
            timings.estimation(options.rows, options.runs),
            timings.pooled_rows(options.pooled_rows, options.runs),
            timings.table_against_r(Path(folder) / "r", options.runs),
            timings.register_and_draw(Path(folder) / "register", options.cases, options.runs),
            timings.workbooks(Path(folder) / "workbooks", options.per_unit, options.copies, options.runs),
        ]
    known = [timing for timing in found if timing is not None]
    options.target.write_text(document(known, options.runs), "utf-8")
    for timing in known:
        print(f"{timing.job}: {timing.ours:.3f} s; {timing.alternative}: {timing.theirs:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
