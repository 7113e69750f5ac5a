"""What all steps of an unattended run share: what was done, what is in the way, and what was told before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused, TilsynError
from tilsyn.base.which import Which
from tilsyn.procedure.load_incoming import Urgent
from tilsyn.procedure.run_memory import RunMemory
from tilsyn.workspace.lock import Held
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Done:
    """One thing that was done, or with a dry run would be, in a line of words."""

    step: str
    text: str
    level: Which | None = None
    period: Period | None = None


@dataclass
class RunOutcome:
    """What a run did and what was in its way.

    `problems` are told at length, `before` are those that were told by an earlier run, in a line each;
    `reminded` says that those are told of now. `waiting` says what is waited for. `other` says who else is at
    the same run.
    """

    done: list[Done] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    before: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    urgent: list[Urgent] = field(default_factory=list)
    refused: TilsynError | None = None
    other: str = ""
    reminded: bool = False
    exit_code: int = 0


class Job:
    """One run: where, on which day, and what came of it so far; with `dry_run` nothing is changed."""

    def __init__(
        self,
        workspace: Workspace,
        today: date,
        outcome: RunOutcome,
        tell: Callable[[Done], None],
        alarm: Callable[[Sequence[Urgent]], None],
        *,
        dry_run: bool,
    ) -> None:
        self.workspace = workspace
        self.today = today
        self.outcome = outcome
        self.tell = tell
        self._alarm = alarm
        self.dry_run = dry_run
        self.memory = RunMemory(workspace.log, today, dry_run=dry_run)
        # What is in the way now, and of which step it was told: one register may be in the way of four draws.
        self._in_the_way: dict[tuple[str, ...], str] = {}

    def did(self, step: str, text: str, level: Which | None = None, period: Period | None = None) -> None:
        """Tell of a thing that was done."""
        done = Done(step, text, level, period)
        self.outcome.done.append(done)
        self.tell(done)

    def alarm(self, cases: Sequence[Urgent]) -> None:
        """Tell at once of cases that are urgent: a child cannot wait for the end of the run."""
        self.outcome.urgent += cases
        self._alarm(cases)

    def note(self, text: str) -> None:
        """Tell something worth knowing, once."""
        told = Problem(text, "", kind="note")
        if told not in self.outcome.notes:
            self.outcome.notes.append(told)

    def remind(self) -> None:
        """Tell of what is in the way as before, where that was not done of late."""
        if self.outcome.before and self.memory.is_reminder_due():
            self.outcome.reminded = True
            self.memory.remember_reminder()

    def ends_with(self, code: int) -> None:
        """Let the run end with an exit code, or with a graver one."""
        self.outcome.exit_code = max(self.outcome.exit_code, code)

    def refused(self, error: TilsynError) -> None:
        """End here: no other step could be done either."""
        self.outcome.refused = error
        self.ends_with(error.exit_code)

    def step(self, step: str, level: Which | None, period: Period | None, do: Callable[[], None]) -> None:
        """Do a step; what is in its way hinders no other."""
        try:
            do()
        except Held:
            # Somebody writes for longer than others wait: nothing is wrong with this step.
            raise
        except InputError as error:
            self._hindered(step, level, period, error.problems, error.exit_code)
        except TilsynError as error:
            problem = Problem(error.message, error.remedy)
            self._hindered(step, level, period, [problem], Refused.exit_code)

    def _hindered(
        self, step: str, level: Which | None, period: Period | None, problems: list[Problem], code: int
    ) -> None:
        """Tell what is in the way of a step: at length the first time, and in a line after that."""
        where = round_name(level, period) if level and period else say(f"run.step_{step}")
        since = self.memory.told_before(step, level, period, problems)
        first = self._in_the_way.setdefault(
            tuple(problem.place + problem.found for problem in problems), where
        )
        if since is None:
            told = [_of(where, problem) for problem in problems]
            same = [Problem(say("run.as_other", where=where, other=first), "")]
            self.outcome.problems += told if first == where else same
            self.ends_with(code)
        elif first == where:
            text = say("run.as_before", where=where, found=problems[0].found, since=date_text(since))
            self.outcome.before.append(Problem(text, ""))


def round_name(level: Which, period: Period) -> str:
    """Return which level and period is spoken of."""
    return say("run.where", level=level, period=period.label())


def _of(where: str, problem: Problem) -> Problem:
    """Return a problem with the level and period it was in the way of."""
    return replace(problem, found=f"{where}: {problem.found}")
