"""The jobs that are measured as whole processes, and the named others that do the same."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl

from tests.benchmarks.processes import Comparison, Contender, compare
from tests.builders import database_registers
from tests.builders.case_sheets import case_sheets
from tests.builders.many_years import LATER, make_years
from tests.builders.workspaces import Q2, SETTINGS, make_workspace
from tilsyn.base import clock
from tilsyn.cli.app import run as run_command
from tilsyn.formats.checklists.reader import read_workbook
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import make_draw

HERE = Path(__file__).parent
EXAMPLE = HERE.parent / "data" / "sagsliste-2018K2.csv"
TILSYN = [sys.executable, "-m", "tilsyn"]
SUMMER, AFTER = "2018-07-03", date(2018, 7, 20)
SAMPLES = ("pandas_sample", "polars_sample", "svy_sample", "duckdb_sample")
SAMPLE_NAMES = {
    "pandas_sample": "pandas, with pyarrow",
    "polars_sample": "polars",
    "svy_sample": "svy",
    "duckdb_sample": "DuckDB, one query",
}


@dataclass(frozen=True)
class Sizes:
    """How much of everything."""

    runs: int
    cases: Sequence[int]
    copies: int
    quarters: Sequence[int]


@dataclass(frozen=True)
class Bench:
    """Where the benchmarks stand, how large they are, and the Python that has the peers."""

    folder: Path
    sizes: Sizes
    peers: Path

    def compare(self, job: str, ours: Contender, *others: Contender) -> Comparison:
        """Let all do a job in turn."""
        return compare(job, ours, others, self.sizes.runs)

    def peer(self, name: str, job: str, *arguments: object, folder: Path | None = None) -> Contender:
        """Return a job of `peers.py`."""
        command = [str(self.peers), str(HERE / "peers.py"), job, *map(str, arguments)]
        return Contender(name, [command], folder or self.folder)


def _tilsyn(folder: Path, *commands: str, before: Callable[[], None] = lambda: None) -> Contender:
    return Contender("tilsyn", [[*TILSYN, *command.split()] for command in commands], folder, before)


def start_up(bench: Bench) -> Iterator[Comparison]:
    """`--help`, `--version`, and a word completed, against a program that is Typer and nothing else."""
    bare = [sys.executable, str(HERE / "bare_typer.py")]
    for option in ("--help", "--version"):
        other = Contender("a bare Typer program", [[*bare, option]], bench.folder)
        yield bench.compare(f"`tilsyn {option}`", _tilsyn(bench.folder, option), other)
    completed = {"_TYPER_COMPLETE_ARGS": "PROG dr", "COMP_WORDS": "PROG dr", "COMP_CWORD": "1"}

    def asked(program: str) -> list[str]:
        named = f"_{program.upper()}_COMPLETE=complete_bash"
        return [
            "env",
            *(f"{key}={value.replace('PROG', program)}" for key, value in completed.items()),
            named,
        ]

    yield bench.compare(
        "A word completed with Tab",
        Contender("tilsyn", [[*asked("tilsyn"), str(Path(sys.executable).parent / "tilsyn")]], bench.folder),
        Contender("a bare Typer program", [[*asked("bare"), *bare]], bench.folder),
    )


def write_big_register(path: Path, cases: int, encoding: str) -> None:
    """The example export over and over, each row with a case number of its own."""
    heading, *rows = EXAMPLE.read_text("cp1252").splitlines()
    texts = [row.split(";", 1)[1] for row in rows]
    with path.open("w", encoding=encoding, newline="\r\n") as file:
        print(heading, file=file)
        for number in range(cases):
            print(f"2018-{number:08};{texts[number % len(texts)]}", file=file)


def _undrawn(folder: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(folder / "samples", ignore_errors=True)


def registers(bench: Bench) -> Iterator[Comparison]:
    """`check --commit` and `draw 2`, and `draw 2` alone, against reading, filtering and sampling."""
    for cases in bench.sizes.cases:
        for encoding in ("cp1252", "utf-8"):
            folder = bench.folder / f"{cases}-{encoding}"
            folder.mkdir()
            register = folder / "sagsliste.csv"
            write_big_register(register, cases, encoding)
            quietly("init", str(folder), "--register", str(register), "--name", "Måling", "--slug", "maaling")
            undrawn = _undrawn(folder)
            day = f"--period 2018-Q2 --today {SUMMER}"
            others = [
                bench.peer(SAMPLE_NAMES[job], job, register, encoding, folder=folder) for job in SAMPLES
            ]
            size = f"{cases:,} cases, {encoding}"
            draw, check = f"draw 2 {day}", f"check --commit {day}"
            yield bench.compare(f"`draw 2`, {size}", _tilsyn(folder, draw, before=undrawn), *others)
            both = _tilsyn(folder, check, draw, before=undrawn)
            yield bench.compare(f"`check --commit` and `draw 2`, {size}", both, others[0])


def databases(bench: Bench) -> Iterator[Comparison]:
    """`draw 2` inside PostgreSQL, against pandas reading the rows; the server's own CPU is nobody's here."""
    address = os.environ.get("TILSYN_POSTGRES")
    if address is None:
        return
    import psycopg

    folder = bench.folder / "database"
    source = 'url = "$TILSYN_POSTGRES"\nquery = "SELECT * FROM maaling.sager"'
    settings = database_registers.SETTINGS.format(source=source).replace("per_unit = 6", "per_unit = 20")
    make_workspace(folder, settings, [], first_rules=False)
    with psycopg.connect(address, autocommit=True) as server:
        for cases in bench.sizes.cases:
            database_registers.make_register(server, "maaling", cases)
            ours = _tilsyn(folder, f"draw 2 --period 2018-Q2 --today {SUMMER}", before=_undrawn(folder))
            other = bench.peer("pandas reads the rows and samples", "pandas_database", folder=folder)
            yield bench.compare(f"`draw 2` inside PostgreSQL, {cases:,} cases", ours, other)
        server.execute("DROP SCHEMA maaling CASCADE")


def many_years(bench: Bench) -> Iterator[Comparison]:
    """What a workspace of many years costs, against reading and hashing its files and no more."""
    for quarters in bench.sizes.quarters:
        folder = make_years(bench.folder / f"quarters-{quarters}", quarters)
        plain = bench.peer("every file read, hashed and parsed", "plain_reading", folder)
        nothing = Contender("`tilsyn --version`", [[*TILSYN, "--version"]], folder)
        for command in ("status", "verify --all", "trend --level 2"):
            ours = _tilsyn(folder, f"{command} --today {LATER}")
            yield bench.compare(f"`{command}`, {4 * quarters} draws", ours, plain, nothing)
        last = f"{Q2.start.year + quarters // 4}-Q{quarters % 4 + 1}"
        report = _tilsyn(folder, f"report --level 2 --period {last} --today {LATER}")
        yield bench.compare(f"`report` over {quarters} quarters", report, nothing)


def workbooks(bench: Bench) -> Iterator[Comparison]:
    """The checklists of a draw written, and filled ones loaded, against openpyxl."""
    folder = bench.folder / "workbooks"
    clock.set_today(date.fromisoformat(SUMMER))
    workspace = make_workspace(folder, SETTINGS.replace("per_unit = 6", "per_unit = 20"))
    make_workbooks(workspace, make_draw(workspace, 2, Q2).draw)
    made = workspace.checklists_dir(Q2, 2)
    again, copied = folder / "again", folder / "retur"
    shutil.copytree(made, again)

    def unmade() -> None:
        for path in made.glob("*.xlsx"):
            path.unlink()

    ours = _tilsyn(folder, f"checklists 2 --period 2018-Q2 --today {SUMMER}", before=unmade)
    opened = bench.peer("openpyxl opens each and saves it", "openpyxl_write", again)
    yield bench.compare("`checklists`, a workbook per unit, 65 cases", ours, opened)
    cases = _filled_copies(made, copied, bench.sizes.copies)
    ours = _tilsyn(folder, f"load {copied} --dry-run --today {AFTER}")
    read = bench.peer("openpyxl reads every cell", "openpyxl_read", copied)
    yield bench.compare(f"`load`, {bench.sizes.copies} filled workbooks with {cases:,} cases", ours, read)


def _filled_copies(made: Path, target: Path, copies: int) -> int:
    """Fill the workbooks in, copy them over and over, and return how many cases they hold.

    No two copies are the same file: what was read of a small one is kept for another that is.
    """
    target.mkdir()
    paths = sorted(made.glob("*.xlsx"))
    for path in paths:
        book = openpyxl.load_workbook(path)
        for form in case_sheets(book):
            form.fill()
        book.save(path)
    for number in range(copies):
        copy = shutil.copy(paths[number % len(paths)], target / f"retur-{number}.xlsx")
        with zipfile.ZipFile(copy, "a") as archive:
            archive.comment = str(number).encode()
    held = {path: len(read_workbook(path, path.read_bytes()).cases) for path in paths}
    return sum(held[paths[number % len(paths)]] for number in range(copies))


def demonstration(bench: Bench) -> Iterator[Comparison]:
    """`tilsyn demo`, which no other program does: against starting tilsyn."""
    target = bench.folder / "demo"

    def gone() -> None:
        shutil.rmtree(target, ignore_errors=True)

    ours = _tilsyn(bench.folder, f"demo {target}", before=gone)
    yield bench.compare(
        "`demo`", ours, Contender("`tilsyn --version`", [[*TILSYN, "--version"]], bench.folder)
    )


def quietly(*arguments: str) -> None:
    """Run a command that lays something ready, its output unread."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        assert run_command([*arguments, "--today", SUMMER]) == 0
    clock.set_today(None)
