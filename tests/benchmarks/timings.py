"""What takes too little time for a process of its own: each pair does the same job on the same input, in turn."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from tests.benchmarks.designs import LEVEL_2, N7
from tests.benchmarks.plain_loop import level
from tests.statistics import plain_gamma
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.levels import levels, share
from tilsyn.statistics.pooled import pooled_limits
from tilsyn.statistics.weighted_gamma import AnsweredCases


@dataclass(frozen=True)
class Timing:
    """Seconds of tilsyn and of the alternative, run by run."""

    job: str
    alternative: str
    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def ratios(self) -> list[float]:
        """How many times as long as the alternative tilsyn takes, run by run, smallest first."""
        return sorted(mine / other for mine, other in zip(self.ours, self.theirs, strict=True))


def seconds(job: Callable[[], object]) -> float:
    """Wall-clock seconds of a job."""
    start = perf_counter()
    job()
    return perf_counter() - start


def in_turn(ours: Callable[[], object], theirs: Callable[[], object], runs: int) -> list[list[float]]:
    """Return the seconds of two jobs that take turns."""
    taken = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return [list(of_one) for of_one in zip(*taken, strict=True)]


def estimation(rows: int, runs: int) -> Timing:
    """A table of questions and domains, against the formulas in a loop."""
    random = np.random.default_rng(1)
    population = np.array([500, 600, 700, 800, 900, 1000, 60])
    reviewed = np.array([20, 20, 20, 20, 20, 20, 5])
    relevant = random.binomial(reviewed, random.uniform(0.1, 1, (rows, 1)))
    compliant = random.binomial(relevant, 0.85)
    plain = [
        [x.tolist() for x in (population, reviewed, m, x)] for m, x in zip(relevant, compliant, strict=True)
    ]
    found = share(population, reviewed, relevant, compliant)
    for row, expected in enumerate(level(*counts) for counts in plain):
        if expected is not None:
            ours = (
                found.estimate[row],
                found.variance[row],
                found.n_eff[row],
                found.low[row],
                found.high[row],
            )
            np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)
    taken = in_turn(
        lambda: share(population, reviewed, relevant, compliant),
        lambda: [level(*counts) for counts in plain],
        runs,
    )
    return Timing(
        f"Estimate {rows:,} rows of a compliance table", "the same formulas in a Python loop", *taken
    )


def pooled_rows(rows: int, runs: int) -> Timing:
    """All questions together, 36 of them, at level 2: both limits of each row; against case by case, on one row."""
    random = np.random.default_rng(2)
    stratum = np.repeat(np.arange(len(N7)), LEVEL_2)
    counts = []
    for _ in range(rows):
        relevant = random.integers(12, 37, len(stratum))
        compliant = random.binomial(relevant, 0.92)
        cases = AnsweredCases.of(stratum, relevant.astype(float), compliant.astype(float))
        counts.append(Counts.of_cases(N7, LEVEL_2, cases))
    answers = list(zip(stratum.tolist(), relevant.tolist(), compliant.tolist(), strict=True))
    plain = [(int(N), [(r, c) for own, r, c in answers if own == unit]) for unit, N in enumerate(N7.tolist())]
    ours = pooled_limits(counts[-1])
    np.testing.assert_allclose([float(limit) for limit in ours], plain_gamma.limits(plain), atol=1e-7)
    job, other = (
        "Both limits of a row over 36 questions, 125 cases",
        "the same equation case by case, by bisection",
    )
    taken, theirs = in_turn(
        lambda: [pooled_limits(row) for row in counts], lambda: plain_gamma.limits(plain), runs
    )
    return Timing(job, other, [each / rows for each in taken], theirs)


# What R is asked: every question by domain with its interval; prints the seconds it took, without reading.
_SVYBY = """
if (!requireNamespace("survey", quietly = TRUE)) quit()
suppressPackageStartupMessages(library(survey))
cases <- read.csv(commandArgs(trailingOnly = TRUE)[1])
questions <- grep("^Q", names(cases), value = TRUE)
took <- system.time(for (question in questions) {
  cases$answer <- cases[[question]]
  design <- svydesign(ids = ~1, strata = ~unit, fpc = ~population_size, data = cases)
  svyby(~answer, ~case_type, subset(design, !is.na(answer)), svyciprop, vartype = "ci", method = "beta")
})
cat(took[["elapsed"]])
"""


def table_against_r(folder: Path, runs: int) -> Timing | None:
    """40 questions and 8 domains, counted from the answers, against R's survey; None where R and its survey are not here."""
    if shutil.which("Rscript") is None:
        return None
    folder.mkdir()
    random = np.random.default_rng(3)
    cases = pd.DataFrame({"unit": np.repeat(np.arange(len(N7)), LEVEL_2)}).astype(str)
    cases["population_size"] = np.repeat(N7, LEVEL_2)
    cases["case_id"] = [f"S{number}" for number in range(len(cases))]
    cases["case_type"] = random.choice([f"type {letter}" for letter in "abcdefgh"], len(cases))
    cases["stratum"] = cases["unit"]
    names = [f"Q{number:02}" for number in range(40)]
    given = random.choice([1.0, 0.0, np.nan], (len(cases), len(names)), p=[0.7, 0.1, 0.2])
    answers = pd.DataFrame(given, columns=names)
    pd.concat([cases, answers], axis=1).to_csv(folder / "cases.csv", index=False)
    said = answers.replace({1.0: "ja", 0.0: "nej"}).fillna("ikke relevant").assign(case_id=cases["case_id"])
    strata = cases[["stratum", "unit", "population_size"]].drop_duplicates()
    sample = ReviewedSample(cases, strata, said.melt("case_id", names, "question", "answer"))
    scheme = Scheme.of(sample)

    def ours() -> None:
        counted = tally(sample, scheme, ["case_type"]).counts
        levels(counted.only(~counted.pooled))

    (folder / "svyby.R").write_text(_SVYBY, "utf-8")
    script = ["Rscript", str(folder / "svyby.R"), str(folder / "cases.csv")]
    taken, theirs = [], []
    for _ in range(runs):
        taken.append(seconds(ours))
        printed = subprocess.run(script, capture_output=True, check=True, text=True).stdout
        if not printed:
            return None
        theirs.append(float(printed))
    return Timing(
        "40 questions in 8 domains, counted and estimated", "R's `svyby(..., svyciprop)`", taken, theirs
    )
