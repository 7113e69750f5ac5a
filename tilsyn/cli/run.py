"""`tilsyn run`: all that is due by the plan, unattended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.problems import Problem, Refused, UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, console
from tilsyn.cli.load import alarm_urgent, problem_data

if TYPE_CHECKING:
    from tilsyn.procedure.run_calendar import Coming
    from tilsyn.procedure.run_job import Done, RunOutcome
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/run/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "run")
    def run(
        inbox: Annotated[Path | None, typer.Option(help=say("run.opt_inbox"))] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("run.opt_dry_run"))] = False,
        until: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("run.opt_until"))
        ] = None,
    ) -> Result:
        from tilsyn.procedure.run import run as carry_out
        from tilsyn.procedure.run_calendar import coming
        from tilsyn.workspace.workspace import Workspace

        today, last = clock.today(), until and until.date()
        if last is not None and last < today:
            raise UsageError(say("run.until_before"), say("run.until_before_remedy"))
        workspace = Workspace.open()
        if dry_run:
            outcome = carry_out(workspace, today, alarm=alarm_urgent, inbox=inbox, dry_run=True)
            return _tried(outcome, coming(workspace, today, last) if last else [])
        if last is None:
            outcome = carry_out(workspace, today, _tell, alarm_urgent, inbox=inbox)
            return _result(workspace, [(today, outcome)])
        if not workspace.settings.simulated:
            raise Refused(say("run.until_real"), say("run.until_real_remedy"))
        return _result(workspace, list(_day_by_day(workspace, today, last, inbox)))


def _day_by_day(
    workspace: Workspace, first: date, last: date, inbox: Path | None
) -> Iterator[tuple[date, RunOutcome]]:
    """Live through the days of a demonstration, one run each; told by day."""
    from tilsyn.procedure.run import run as carry_out

    given = clock.given_day()
    try:
        for number in range((last - first).days + 1):
            day = first + timedelta(number)
            clock.set_today(day)
            tell = partial(_tell_of_day, day)
            yield day, carry_out(workspace, day, tell, alarm_urgent, inbox=inbox)
    finally:
        clock.set_today(given)


def _tell(done: Done) -> None:
    console().done(done.text)


def _tell_of_day(day: date, done: Done) -> None:
    console().done(f"{date_text(day)}: {done.text}")


def _tried(outcome: RunOutcome, later: Sequence[Coming]) -> Result:
    """Return what would be done now, and what the plan has to come."""
    lines = [*(done.text for done in outcome.done), *map(_coming, later)]
    data = _data([(clock.today(), outcome)]) | {"dry_run": True, "coming": [_plain_coming(o) for o in later]}
    return Result(
        data=data,
        rows=data["done"],
        tables=[say("run.dry"), *lines] if lines else [say("run.nothing")],
        nothing=not lines,
        exit_code=outcome.exit_code,
        problems=[*outcome.problems, *_before(outcome), *outcome.notes],
        messages=outcome.waiting,
    )


def _result(workspace: Workspace, days: Sequence[tuple[date, RunOutcome]]) -> Result:
    """Return what is not told yet: each thing that was done has been."""
    outcomes = [outcome for _, outcome in days]
    data = _data(days) | {"dry_run": False, "anchor": workspace.log.state.anchor()}
    for outcome in outcomes:
        if outcome.refused is not None:
            console().error(outcome.refused.message, outcome.refused.remedy)
    lines = [outcome.other for outcome in outcomes if outcome.other]
    if data["done"]:
        lines.append(say("log.anchor", anchor=data["anchor"]))
    return Result(
        data=data,
        rows=data["done"],
        tables=lines or [say("run.nothing")],
        nothing=not lines,
        exit_code=max(outcome.exit_code for outcome in outcomes),
        problems=[p for outcome in outcomes for p in (*outcome.problems, *_before(outcome), *outcome.notes)],
        messages=outcomes[-1].waiting,
    )


def _before(outcome: RunOutcome) -> list[Problem]:
    """Return what is in the way as before: only worth knowing where it was told of lately."""
    kind: Literal["error", "note"] = "error" if outcome.reminded else "note"
    return [replace(problem, kind=kind) for problem in outcome.before]


def _data(days: Sequence[tuple[date, RunOutcome]]) -> dict[str, Any]:
    outcomes = [outcome for _, outcome in days]
    return {
        "schema": SCHEMA,
        "done": [_plain(day, done) for day, outcome in days for done in outcome.done],
        "waiting": [text for outcome in outcomes for text in outcome.waiting],
        "problems": [problem_data(p) for outcome in outcomes for p in outcome.problems],
        "problems_before": [problem_data(p) for outcome in outcomes for p in outcome.before],
        "urgent": [vars(case) for outcome in outcomes for case in outcome.urgent],
        "other_run": any(outcome.other for outcome in outcomes),
    }


def _plain(day: date, done: Done) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "step": done.step,
        **as_keys(done.level),
        "period": done.period and done.period.canonical,
        "text": done.text,
    }


def _plain_coming(one: Coming) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        **as_keys(one.level),
        "period": one.period.canonical,
        "read_by": one.read_by.isoformat(),
        "register_by": one.register_by and one.register_by.isoformat(),
    }


def _coming(one: Coming) -> str:
    values = {"day": date_text(one.day), "where": one.where, "read_by": date_text(one.read_by)}
    if one.register_by is None:
        return say("run.coming_reviews", **values)
    return say("run.coming", register_by=date_text(one.register_by), **values)
