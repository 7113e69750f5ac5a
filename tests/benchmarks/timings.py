"""What is timed, and against what: each pair does the same job on the same input."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np
import openpyxl
import pandas as pd

from tests.benchmarks.plain_loop import level
from tests.builders.case_sheets import case_sheets
from tests.builders.workspaces import SETTINGS, make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.formats.checklists.reader import read_workbook
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import make_draw
from tilsyn.procedure.load import load_files
from tilsyn.statistics.levels import share

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
