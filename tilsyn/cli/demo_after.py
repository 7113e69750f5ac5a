"""After the rounds of `tilsyn demo`: limits and complaints measured, a single draw, errors followed up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.base.which import Single
from tilsyn.cli.console import console

# Days from the reports of the rounds to: what is asked for beside them, the first readings, and the rest.
ASKED, SOME_READ, ALL_READ = 3, 14, 21
# And to the day on which units are asked what they did.
FOLLOWED = 115
CASES = 20
ASKED_OF = ("god-sagsbehandling", "koordination-og-samarbejde")
READ_FIRST = 15


@dataclass(frozen=True)
class Afterwards:
    """Carries out the commands one by one, each on its day.

    `answered` carries out a command on a day and returns its result as plain data; `reported` is the day of
    the rounds' reports.
    """

    folder: Path
    seed: str
    reported: date
    answered: Callable[..., Any]

    def show(self) -> tuple[dict[str, Any], list[str]]:
        """Do it all and return what it came to, as data and as a line each."""
        console().note(say("demo.afterwards"))
        parts = {
            "deadlines": self._limits(),
            "complaints": self._complaints(),
            "single": self._single(),
            "followup": self._followed(),
        }
        return {name: data for name, (data, _) in parts.items()}, [line for _, line in parts.values()]

    def _day(self, after: int) -> date:
        return self.reported + timedelta(days=after)

    def _limits(self) -> tuple[Any, str]:
        """Measure the quarter whose limits have run out by the day of the last register."""
        from tilsyn.procedure.simulation import BASELINE, LATER, REGISTER

        register = f"register/{REGISTER.format(period=LATER.canonical)}"
        words = ("--period", BASELINE.canonical, "--register", register, "--output", "deadlines")
        data = self.answered(self._day(ASKED), "deadlines", *words)
        return data, say("demo.where_deadlines", n=number(data["n_cases"]), files=", ".join(data["files"]))

    def _complaints(self) -> tuple[Any, str]:
        from tilsyn.procedure.simulation import LATER

        data = self.answered(self._day(ASKED), "complaints", "--period", LATER.canonical)
        whole = data["figures"][0]
        share = None if whole["reply"] is None else whole["reply"]["share"]
        values = {"received": number(whole["received"]), "period": LATER.canonical}
        return data, say("demo.where_complaints", share="–" if share is None else percent(share), **values)

    def _single(self) -> tuple[Any, str]:
        """Draw a sample outside the plan, report what is read first, and then what is new."""
        from tilsyn.procedure.simulation import LATER

        name, period = say("demo.single"), ("--period", LATER.canonical)
        asked = (word for catalogue in ASKED_OF for word in ("--questions", catalogue))
        draw = ("draw", "--single", name, *period, "--n", str(CASES), *asked)
        seed = ("--seed", f"demo seed {self.seed}, {LATER.canonical}, {name}")
        self.answered(self._day(ASKED), *draw, "--commit")
        self.answered(self._day(ASKED), *draw, *seed, "--seed-origin", say("demo.seed_origin"))
        self.answered(self._day(ASKED), "checklists", "--single", name, *period)
        report = ("report", "--single", name, *period)
        self._read(Single(name), SOME_READ, READ_FIRST)
        self.answered(self._day(SOME_READ), *report, "--edition", "internal")
        self._read(Single(name), ALL_READ, CASES)
        data = self.answered(self._day(ALL_READ), *report, "--since", "last-report")
        return data, say("demo.where_single", n=CASES, files=", ".join(one["file"] for one in data["files"]))

    def _read(self, which: Single, after: int, first: int) -> None:
        """Let simulated reviewers read the first cases of a single draw, and load what they write."""
        from tilsyn.procedure.simulated_reviewers import fill_in, reviewers_of
        from tilsyn.procedure.simulation import LATER
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open(self.folder)
        draw = workspace.draws.get(which, LATER)
        everybody = reviewers_of(workspace, self.seed, LATER, draw, (self._day(ASKED + 1), self._day(after)))
        some = replace(everybody, cases=dict(list(everybody.cases.items())[:first]))
        books = sorted(workspace.checklists_dir(LATER, which, draw.attempt).glob("*.xlsx"))
        for book in books:
            fill_in(book, some)
        self.answered(self._day(after), "load", *map(str, books))

    def _followed(self) -> tuple[Any, str]:
        """Take up the errors of level 2, and ask the units what became of them."""
        from tilsyn.procedure.simulated_actions import act
        from tilsyn.procedure.simulation import LATER

        taken = ("followup", "add", "--level", "2", "--period", LATER.canonical)
        self.answered(self._day(ASKED), *taken)
        files = self.answered(self._day(ASKED), "followup", "export")["files"]
        for one in files:
            act(self.folder / one["file"], self.seed, self._day(ASKED), self._day(FOLLOWED))
        if files:
            self.answered(self._day(FOLLOWED), "followup", "load")
        data = self.answered(self._day(FOLLOWED), "followup")
        where = Path(files[0]["file"]).parent.as_posix() if files else "–"
        return data, say("demo.where_followup", folder=where, **data["all"])
