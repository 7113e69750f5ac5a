"""What is timed, and against what: each pair does the same job on the same input."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import openpyxl
import pandas as pd

from tests.benchmarks.designs import LEVEL_2, N7
from tests.benchmarks.plain_loop import level
from tests.builders.case_sheets import case_sheets
from tests.builders.workspaces import SETTINGS, make_workspace
from tests.statistics import plain_gamma
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.formats.checklists.reader import read_workbook
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import make_draw
from tilsyn.procedure.load import load_files
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.levels import levels, share
from tilsyn.statistics.pooled import pooled_limits
from tilsyn.statistics.weighted_gamma import AnsweredCases

EXAMPLE = Path(__file__).parents[1] / "data" / "sagsliste-2018K2.csv"
Q2 = Period.parse("2018-Q2")


@dataclass(frozen=True)
class Timing:
    """Seconds of tilsyn and of the alternative, the median of the runs."""

    job: str
    alternative: str
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        """How many times as long the alternative takes."""
        return self.theirs / self.ours


def seconds(job: Callable[[], object], runs: int) -> float:
    """Median wall-clock seconds of a job."""
    times = []
    for _ in range(runs):
        start = perf_counter()
        job()
        times.append(perf_counter() - start)
    return float(np.median(times))


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
    return Timing(
        f"Estimate {rows:,} rows of a compliance table",
        "the same formulas in a Python loop",
        seconds(lambda: share(population, reviewed, relevant, compliant), runs),
        seconds(lambda: [level(*counts) for counts in plain], runs),
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
    one = seconds(lambda: [pooled_limits(row) for row in counts], runs) / rows
    return Timing(
        "Both limits of a row over 36 questions, 125 cases",
        "the same equation case by case, by bisection",
        one,
        seconds(lambda: plain_gamma.limits(plain), 1),
    )


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
    took = [subprocess.run(script, capture_output=True, check=True, text=True).stdout for _ in range(runs)]
    if not all(took):
        return None
    return Timing(
        "40 questions in 8 domains, counted and estimated",
        "R's `svyby(..., svyciprop)`",
        seconds(ours, runs),
        float(np.median([float(each) for each in took])),
    )


def write_big_register(path: Path, cases: int) -> None:
    """The example export over and over, each row with a case number of its own."""
    heading, *rows = EXAMPLE.read_text("cp1252").splitlines()
    texts = [row.split(";", 1)[1] for row in rows]
    with path.open("w", encoding="cp1252", newline="\r\n") as file:
        print(heading, file=file)
        for number in range(cases):
            print(f"2018-{number:07};{texts[number % len(texts)]}", file=file)


def quiet(*arguments: str) -> None:
    """Run a command, its output unread."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert run([*arguments, "--today", "2018-07-03"]) == 0


def register_and_draw(folder: Path, cases: int, runs: int) -> Timing:
    """`tilsyn check` and `tilsyn draw 2`, against pandas reading the file and sampling."""
    folder.mkdir()
    register = folder / "sagsliste.csv"
    write_big_register(register, cases)
    quiet("init", str(folder), "--register", str(register), "--name", "Måling", "--slug", "maaling")
    attempt = iter(range(10**6))

    def ours() -> None:
        again = ["--replace", "--reason", "måling"] if next(attempt) else []
        quiet("check")
        quiet("draw", "2", "--period", "2018-Q2", *again)

    def theirs() -> None:
        table = pd.read_csv(register, sep=";", encoding="cp1252")
        for column in ("Oprettet", "Afgørelsesdato", "Sidste aktivitet", "Lukket dato"):
            table[column] = pd.to_datetime(table[column], format="%d-%m-%Y")
        table = table[~(table["Lukket dato"] < "2018-04-01")]
        table.groupby("Enhed").sample(20, random_state=1, replace=True)

    with _inside(folder):
        return Timing(
            f"Check a register of {cases:,} cases (CSV) and draw from it",
            "pandas reads the file, filters, and samples",
            seconds(ours, runs),
            seconds(theirs, runs),
        )


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        clock.set_today(None)


def workbooks(folder: Path, per_unit: int, copies: int, runs: int) -> Timing:
    """Load filled workbooks, against openpyxl reading every cell of the same files."""
    clock.set_today(date(2018, 7, 20))
    workspace = make_workspace(folder, SETTINGS.replace("per_unit = 6", f"per_unit = {per_unit}"))
    make_workbooks(workspace, make_draw(workspace, 2, Q2).draw)
    made = sorted(workspace.checklists_dir(Q2, 2).glob("*.xlsx"))
    files = [folder / f"retur-{number}.xlsx" for number in range(copies)]
    n_cases = 0
    for path in made:
        book = openpyxl.load_workbook(path)
        for form in case_sheets(book):
            form.fill()
        book.save(path)
    for number, path in enumerate(files):
        shutil.copy(made[number % len(made)], path)
        n_cases += len(read_workbook(path, path.read_bytes()).cases)

    def ours() -> None:
        outcome = load_files(workspace, files, today=clock.today(), dry_run=True)
        assert outcome.loaded
        assert not [p for p in outcome.problems if p.kind == "error"]

    def theirs() -> None:
        for path in files:
            for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
                for row in sheet.iter_rows(values_only=True):
                    assert len(row)

    timing = Timing(
        f"Load {len(files):,} filled workbooks with {n_cases:,} cases",
        "openpyxl reads every cell of them",
        seconds(ours, runs),
        seconds(theirs, runs),
    )
    clock.set_today(None)
    return timing
