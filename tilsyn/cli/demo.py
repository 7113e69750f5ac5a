"""`tilsyn demo`: the whole procedure on an invented municipality, through the commands themselves."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from tilsyn.base import clock
from tilsyn.base.language import language, say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import CheckFailed, Refused, UsageError
from tilsyn.base.steps import counted
from tilsyn.cli.app import run
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, console
from tilsyn.cli.demo_after import Afterwards

SCHEMA = "tilsyn/demo/1"
MARK = ".tilsyn-demo"
# Days from the quarter's end to: the draw of levels 1 and 2, their loading, and the same for levels 3 and 4.
DAYS = {1: (2, 27), 2: (2, 27), 3: (32, 57), 4: (63, 87)}


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "demo")
    def demo(
        folder: Annotated[Path, typer.Argument(help=say("demo.arg_folder"))],
        seed: Annotated[str, typer.Option(help=say("demo.opt_seed"))] = "tilsyn",
        cases: Annotated[int, typer.Option(help=say("demo.opt_cases"))] = 4000,
    ) -> Result:
        from tilsyn.procedure.simulation import FEWEST

        if cases < FEWEST:
            raise UsageError(say("demo.few_cases", n=FEWEST), say("demo.few_cases_remedy"))
        began = time.monotonic()
        day = clock.today()
        try:
            return Demonstration(_emptied(folder), seed, cases).show(began)
        finally:
            clock.set_today(day)


def _without_marks(block: re.Match[str]) -> str:
    """Return lines that stood as comments."""
    return re.sub(r"(?m)^# ", "", block[0])


def _emptied(folder: Path) -> Path:
    """Return the folder, empty but for the mark; only an earlier demonstration is ever removed."""
    folder = folder.resolve()
    if folder.is_dir() and (folder / MARK).is_file():
        shutil.rmtree(folder)
    elif folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(say("demo.not_a_demo", folder=folder), say("demo.not_a_demo_remedy"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("tilsyn demo\n", encoding="utf-8")
    return folder


class Demonstration:
    """Carries out the commands one by one, each on its day.

    Parameters
    ----------
    folder : Path
        Empty.
    seed : str
    cases : int
    """

    def __init__(self, folder: Path, seed: str, cases: int) -> None:
        self.folder, self.seed, self.cases = folder, seed, cases
        self.filled: list[Path] = []
        self.reviewed = 0

    def show(self, began: float) -> Result:
        """Do it all and return what it came to."""
        from tilsyn.procedure.simulated_complaints import write_complaints
        from tilsyn.procedure.simulation import BASELINE, LATER, write_registers

        console().note(say("demo.step_register", cases=number(self.cases)))
        for period, path in write_registers(self.folder / "register", self.seed, self.cases).items():
            write_complaints(path, self.seed, period)
        self._set_up()
        for quarter in (BASELINE, LATER):
            self._draw(quarter, 1)
            month = self._period(quarter, 1).canonical
            with self._meanwhile(self._days(quarter, 1)[0], ("checklists", "1", "--period", month)):
                self._draw(quarter, 2)
                self._write(quarter, 2)
                self._replace(quarter)
                self._review(quarter, 2)
            self._review(quarter, 1)
            for level in (3, 4):
                self._draw(quarter, level)
                self._write(quarter, level)
                self._review(quarter, level)
        console().note(say("demo.step", period=LATER.label(), what=say("demo.reporting")))
        return self._result(BASELINE, LATER, began)

    def _run(self, day: date, *words: str) -> str:
        """Carry out a command in the demonstration's folder and return what it printed."""
        printed, told = io.StringIO(), io.StringIO()
        line = [*words, "--lang", language(), "--today", day.isoformat()]
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(told),
        ):
            code = run(line)
        console().detail(f"tilsyn {' '.join(line)}\n{told.getvalue()}")
        if code:
            raise CheckFailed(say("demo.step_failed", step=" ".join(words), told=told.getvalue().strip()))
        return printed.getvalue()

    @contextlib.contextmanager
    def _meanwhile(self, day: date, *lines: tuple[str, ...]) -> Iterator[None]:
        """Carry out commands in processes of their own while the block goes on: there are two cores."""
        shared = ("--lang", language(), "--today", day.isoformat(), "--quiet")
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "tilsyn", *words, *shared],
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
            for words in lines
        ]
        try:
            yield
        finally:
            told = [process.communicate()[1] for process in running]
        for words, process, text in zip(lines, running, told, strict=True):
            if process.returncode == Refused.exit_code:
                # On a slow machine the block may have been writing for longer than others wait.
                self._run(day, *words)
            elif process.returncode:
                raise CheckFailed(say("demo.step_failed", step=" ".join(words), told=text.strip()))

    def _json(self, day: date, *words: str) -> Any:
        return json.loads(self._run(day, *words, "--format", "json"))

    def _set_up(self) -> None:
        """Make the workspace as a user would, and say in its settings what only a demonstration needs."""
        from tilsyn.procedure.simulated_complaints import COMPLAINTS
        from tilsyn.procedure.simulation import BASELINE, REGISTER

        first = Path("register") / REGISTER.format(period=BASELINE.canonical)
        named = ("--name", say("demo.organisation"), "--slug", "demo")
        self._run(BASELINE.end, "init", ".", "--register", str(first), *named)
        path = self.folder / "tilsyn.toml"
        settings = path.read_text(encoding="utf-8")
        settings = re.sub(r"(?m)^path = .*$", f'path = "register/{REGISTER}"', settings, count=1)
        head = [f'language = "{language()}"', "simulated = true"]
        head.append(f"recipients = [{json.dumps(say('demo.recipient'), ensure_ascii=False)}]")
        settings = re.sub(r"(?m)^(language|recipients|simulated) = .*\n", "", settings)
        # The demonstration is of the organisation that the examples are of.
        settings = re.sub(r"(?m)^# (judged_by = .*\n)# (roles = )", r"\1\2", settings)
        # Its time limit holds for all cases, whatever they are called.
        settings = re.sub(r"(?m)^# \[\[deadline\]\]\n(# (?!where).*\n)+", _without_marks, settings)
        complaints = f'path = "register/{COMPLAINTS}"'
        settings = re.sub(r'(?m)^# path = "(klager|complaints)\.csv"$', complaints, settings)
        settings = re.sub(r"(?m)^# ((reply|acknowledge)_within = )", r"\1", settings)
        path.write_text("\n".join([*head, settings]), encoding="utf-8")

    def _period(self, quarter: Period, level: int) -> Period:
        from tilsyn.procedure.simulation import MONTHS

        return MONTHS[quarter] if level == 1 else quarter

    def _days(self, quarter: Period, level: int) -> tuple[date, date]:
        drawn, loaded = (quarter.end + timedelta(days=days) for days in DAYS[level])
        return drawn, loaded

    def _draw(self, quarter: Period, level: int) -> None:
        """Fix the case list, draw, and write the checklists."""
        from tilsyn.procedure.simulation import REGISTER

        period, (day, _) = self._period(quarter, level).canonical, self._days(quarter, level)
        console().note(say("demo.step", period=quarter.label(), what=say("demo.drawing", level=level)))
        frame = ["--period", period]
        if level < 3:
            frame += ["--register", f"register/{REGISTER.format(period=quarter.canonical)}"]
        self._run(day, "check", "--level", str(level), *frame, "--commit")
        seed = f"demo seed {self.seed}, {period}, level {level}"
        origin = say("demo.seed_origin")
        self._run(day, "draw", str(level), *frame, "--seed", seed, "--seed-origin", origin)

    def _write(self, quarter: Period, level: int) -> None:
        """Write the checklists to fill in."""
        console().note(say("demo.step", period=quarter.label(), what=say("demo.writing", level=level)))
        period = self._period(quarter, level).canonical
        self._run(self._days(quarter, level)[0], "checklists", str(level), "--period", period)

    def _replace(self, quarter: Period) -> None:
        """One case of each round cannot be reviewed, and the next in the reserve takes its place."""
        from tilsyn.workspace.workspace import Workspace

        draw = Workspace.open(self.folder).draws.get(2, quarter)
        replaceable = draw.cases.loc[draw.cases["stratum"].isin(draw.reserve["stratum"]), "case_id"]
        words = ("--reason", "no_access", "--level", "2", "--period", quarter.canonical)
        for case in replaceable.head(1):
            self._run(self._days(quarter, 2)[0], "replace", str(case), *words)

    def _review(self, quarter: Period, level: int) -> None:
        """Let the simulated reviewers fill in the workbooks, and load them."""
        from tilsyn.procedure.simulated_reviewers import fill_in, reviewers_of
        from tilsyn.workspace.workspace import Workspace

        console().note(say("demo.step", period=quarter.label(), what=say("demo.reading", level=level)))
        drawn, loaded = self._days(quarter, level)
        workspace, period = Workspace.open(self.folder), self._period(quarter, level)
        day = timedelta(days=1)
        draw = workspace.draws.get(level, period)
        reviewers = reviewers_of(workspace, self.seed, quarter, draw, (drawn + day, loaded - day))
        books = sorted((self.folder / "checklists" / period.canonical / f"level-{level}").glob("*.xlsx"))
        for book in counted(books, "demo.reading", level=level):
            self.reviewed += fill_in(book, reviewers)
        self.filled += books
        self._run(loaded, "load", *(str(book) for book in books))

    def _result(self, baseline: Period, later: Period, began: float) -> Result:
        """Verify all, report each level, and return the result table with where everything is."""
        day = self._days(later, 4)[1] + timedelta(days=4)
        published = (day + timedelta(days=2)).isoformat()
        against = ("--period", later.canonical, "--baseline", baseline.canonical)
        first, *others = [
            ("report", "--level", level, *against, "--published", published) for level in ("2", "1", "3", "4")
        ]
        with self._meanwhile(day, *others):
            self._run(day, *first)
            verified = self._json(day, "verify", "--all")["draws"]
            table = self._run(day, "compliance", "--level", "2", *against)
            rows = self._json(day, "compliance", "--level", "2", *against)["rows"]
            agreed = self._json(day, "agreement", "--period", later.canonical, "--levels", "2,3")
        draws = sum("/" in one["draw_id"] for one in verified)
        made = sorted((self.folder / "reports").rglob("*.xlsx"))
        files = [path.relative_to(self.folder).as_posix() for path in made]
        status = self._json(day, "status")
        after, where = Afterwards(self.folder, self.seed, day, self._json).show()
        told = [
            say("demo.verified", n=draws),
            say("demo.where", folder=self.folder),
            say("demo.where_workbooks", n=len(self.filled), folder=self.folder / "checklists"),
            say("demo.where_reports", files=", ".join(files)),
            *where,
            say("demo.simulated"),
        ]
        data = {
            "schema": SCHEMA,
            "folder": str(self.folder),
            "reviewed": self.reviewed,
            "reports": files,
            "draws": draws,
            "levels": status["levels"],
            "agreement": agreed,
            "rows": rows,
            **after,
        }
        took = say("demo.took", cases=number(self.reviewed), seconds=number(time.monotonic() - began))
        return Result(data=data, rows=rows, tables=[table.rstrip(), *told], messages=[took])
