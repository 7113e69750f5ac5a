"""Every command that writes, failed or killed at each of its points: before the event nothing, after it all."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.builders.faults import ANSWERS, Faults, Killed
from tests.builders.workspaces import (
    FIRST_CATALOGUES,
    SMALL_SETTINGS,
    copy_small_workspace,
    make_small_workspace,
)
from tilsyn.cli.app import run
from tilsyn.workspace.leftovers import leftovers
from tilsyn.workspace.log import DRAWN, REPORTED, REVIEWS_RECORDED, Log
from tilsyn.workspace.workspace import Workspace

# What puts a result in force; commitments, seeds and taken-up attempts are no result.
RESULTS = (DRAWN, REVIEWS_RECORDED, REPORTED, "frame_checked")
SEED = ("--seed", "terninger 9. juli 2018: 3 3 1 6", "--seed-origin", "terninger")
OTHER = "2018-06"
TWO_LAWS = "Nr;Sagsskridt;Spørgsmål;Serviceloven;Barnets lov\n1;Høring;Er barnet hørt?;§ 48;§ 5\n"
FEW = 3


@dataclass(frozen=True)
class Step:
    """A command to fail, what is done before it, and what makes good what it may leave undone."""

    command: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    after: tuple[tuple[str, ...], ...] = ()


LOAD = ("load", "svar.csv", "--level", "2", "--period", "2018-Q2")
CHECKLISTS = ("checklists", "2", "--period", "2018-Q2")
REPLACE = ("replace", "CASE", "--reason", "no_access", "--level", "2", "--period", "2018-Q2")
FEEDBACK = ("feedback", "--level", "2", "--period", "2018-Q2")
STEPS = {
    "check": Step(("check", "--period", OTHER, "--commit")),
    "draw": Step(("draw", "2", "--period", OTHER, *SEED)),
    "checklists": Step(CHECKLISTS, before=(("gone", "checklists"),)),
    "load": Step(LOAD),
    "replace": Step(REPLACE, after=(CHECKLISTS,)),
    "report": Step(("report", "--level", "2", "--period", "2018-Q2"), before=(LOAD,)),
    "catalogue update": Step(("catalogue", "update")),
    "catalogue import": Step(("catalogue", "import", "to-love.csv", "--to", "checklists/to-love.toml")),
    "feedback": Step(FEEDBACK, before=(LOAD,)),
    "feedback again": Step(FEEDBACK, before=(LOAD, FEEDBACK)),
    # What a killed `init` leaves beside a whole workspace is cleared by the first who writes there.
    "init": Step(("init", "nyt"), before=(("gone", "nyt"),), after=(("write in", "nyt"),)),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "workspace"
    # Few questions: a command is carried out some hundred times, and what a disk does rests on none of them.
    laws = (FIRST_CATALOGUES / "serviceloven.toml").read_text("utf-8")
    head, *questions = laws.replace('name = "serviceloven"', 'name = "few"').split("[[question]]")
    (root / "checklists").mkdir(parents=True)
    (root / "checklists" / "few.toml").write_text("[[question]]".join([head, *questions[:FEW]]), "utf-8")
    _, draw = make_small_workspace(
        root, SMALL_SETTINGS.replace('["serviceloven"]', '["few"]').replace("2017-01-01", "2018-04-01")
    )
    first = draw.record.cases[1].case_id
    rows = [f"{first},{question.question_id},ja" for question in draw.question_set.questions]
    every = [
        f"{draw.draw_id},{c.case_id},{q.question_id},ja"
        for c in draw.record.cases
        for q in draw.question_set.questions
    ]
    (root / "alle.csv").write_text("\n".join(["draw_id,case_id,question,answer", *every]) + "\n", "utf-8")
    (root / "to-love.csv").write_text(TWO_LAWS, "utf-8")
    (root / "svar.csv").write_text("\n".join(["case_id,question,answer", *rows]) + "\n", "utf-8")
    return root


class Trial:
    """One step in a fresh copy of the workspace, as often as it is asked for."""

    def __init__(self, made: Path, folder: Path, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made, self.root, self.step = made, folder / "workspace", step
        _, draw = copy_small_workspace(made, self.root)
        self.case = draw.record.cases[0].case_id
        monkeypatch.chdir(self.root)
        self.faults = Faults(monkeypatch, self.root)
        for words in step.before:
            self.carry_out(words)
        self.begun = folder / "begun"
        shutil.copytree(self.root, self.begun)

    def again(self) -> None:
        """Put the workspace back as it was before the step."""
        self.faults.start()
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self.begun, self.root, dirs_exist_ok=True)

    def carry_out(self, words: tuple[str, ...]) -> int:
        if words[0] == "gone":
            shutil.rmtree(self.root / words[1], ignore_errors=True)
            return 0
        if words[0] == "into":
            (self.root / words[1]).mkdir()
            shutil.copy(self.root / words[2], self.root / words[1])
            return 0
        if words[0] == "write in":
            with Workspace.open(self.root / words[1]).locked():
                return 0
        named = [self.case if word == "CASE" else word for word in words]
        return run([*named, "--today", "2018-07-20"])

    def finished(self) -> dict[str, object]:
        """Repeat the step and what makes it good, with a disk in order, and return what it came to."""
        self.faults.start()
        assert self.carry_out(self.step.command) in (0, 4)
        for words in self.step.after:
            assert self.carry_out(words) == 0
        return self.state()

    def has_logged(self) -> bool:
        """Tell whether anything is in the log that was not there before the step."""
        return Log(self.root).events != Log(self.begun).events

    def state(self) -> dict[str, object]:
        """Return what is in force: the files, the results logged, and whether all fits."""
        events = Log(self.root).events
        names = sorted(
            path.relative_to(self.root).as_posix()
            for path in self.root.rglob("*")
            if path.suffix != ".lock"
            and path.name not in ("log.jsonl", "log.head")
            # An entry of the ledger is named after the second.
            and path.parent.name != "reviews"
        )
        return {
            "names": names,
            "entries": len(list(self.root.glob("samples/*/*/reviews/*.json"))),
            "results": Counter(event["event"] for event in events if event["event"] in RESULTS),
            "leftovers": leftovers(self.root),
        }


@pytest.fixture(params=list(STEPS))
def trial(
    request: pytest.FixtureRequest, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Trial]:
    trial = Trial(made, tmp_path, STEPS[request.param], monkeypatch)
    trial.faults.start()
    yield trial
    monkeypatch.undo()


def number_of_points(trial: Trial, number: int | None = None) -> int:
    """Return how many points the whole run has where a disk can refuse, or, without `number`, a process die."""
    trial.faults.start(-1, number)
    assert trial.carry_out(trial.step.command) == 0
    return len(trial.faults.points)


@pytest.mark.slow
def test_a_disk_that_refuses_leaves_nothing_or_all(trial: Trial, capsys: pytest.CaptureFixture[str]) -> None:
    points = number_of_points(trial, ANSWERS[0])
    whole = trial.finished()
    trial.again()
    before = trial.state()
    ended: Counter[int] = Counter()
    for at in range(points):
        trial.again()
        trial.faults.start(at, ANSWERS[at % len(ANSWERS)])
        capsys.readouterr()
        code = trial.carry_out(trial.step.command)
        where, told = trial.faults.points[at], capsys.readouterr().err
        ended[code] += 1
        assert code in (0, 4), f"{where}: {code}\n{told}"
        if code == 4:
            assert trial.state() == before, f"{where}\n{told}"
            assert told.startswith("Fejl: "), where
            if not trial.has_logged():
                # What is as it was ends as it would have.
                continue
        assert trial.finished() == whole, f"{where}\n{told}"
    assert ended[4] > 0
    assert sum(ended.values()) == points


def assert_finished_after_a_kill(trial: Trial, at: int, whole: dict[str, object]) -> None:
    """Kill the step at a point, and hold what repeating it comes to against the run that nobody killed."""
    trial.again()
    trial.faults.start(at)
    with pytest.raises(Killed):
        trial.carry_out(trial.step.command)
    where = trial.faults.points[at]
    assert trial.finished() == whole, where
    if trial.step.command[0] != "init":
        assert trial.carry_out(("verify", "--all")) == 0, where


@pytest.mark.slow
def test_a_run_that_is_killed_is_finished_by_the_next(trial: Trial) -> None:
    """Killed at a point, then run again: the same files and results as the run that nobody killed."""
    points = number_of_points(trial)
    whole = trial.finished()
    for at in range(points):
        assert_finished_after_a_kill(trial, at, whole)


# A draw with its checklists and letters; and a report on what was loaded, with the next round's letters gone.
RUNS = {
    "draw": Step(("run",), before=(("gone", "samples"), ("gone", "checklists/2018-Q2"))),
    "load and report": Step(("run", "--inbox", "ind"), before=(("run",), ("into", "ind", "alle.csv"))),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(RUNS))
def test_an_unattended_run_that_is_killed_is_finished_by_the_next(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """At every seventh point, each run beginning at another; TILSYN_EVERY_POINT tries them all."""
    trial = Trial(made, tmp_path, RUNS[name], monkeypatch)
    points = number_of_points(trial)
    whole = trial.finished()
    step = 1 if "TILSYN_EVERY_POINT" in os.environ else 7
    for at in range(len(name) % step, points, step):
        assert_finished_after_a_kill(trial, at, whole)
    monkeypatch.undo()
