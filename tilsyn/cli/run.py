"""`tilsyn run`: all that is due by the plan, unattended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.problems import Refused, UsageError
from tilsyn.cli.app import command
from tilsyn.cli.console import Result, Table, console
from tilsyn.cli.load import problem_data

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
        from tilsyn.procedure.run_calendar import coming
        from tilsyn.workspace.workspace import Workspace

        today, last = clock.today(), until and until.date()
        if last is not None and last < today:
            raise UsageError(say("run.until_before"), say("run.until_before_remedy"))
        workspace = Workspace.open()
        if last is None or dry_run:
            later = coming(workspace, today, last) if last else []
            return _result([(today, _carried_out(workspace, inbox, dry_run))], later, dry_run=dry_run)
        if not workspace.settings.simulated:
            raise Refused(say("run.until_real"), say("run.until_real_remedy"))
        return _result(_day_by_day(workspace, today, last, inbox), [], dry_run=False)


def _carried_out(workspace: Workspace, inbox: Path | None, dry_run: bool) -> RunOutcome:
    from tilsyn.procedure.run import run

    return run(workspace, clock.today(), inbox=inbox, dry_run=dry_run)


def _day_by_day(
    workspace: Workspace, first: date, last: date, inbox: Path | None
) -> list[tuple[date, RunOutcome]]:
    """Live through the days of a demonstration, one run each; told by day."""
    given, outcomes = clock.given_day(), []
    try:
        for day in range((last - first).days + 1):
            clock.set_today(first + timedelta(day))
            outcomes.append((clock.today(), _carried_out(workspace, inbox, dry_run=False)))
    finally:
        clock.set_today(given)
    return outcomes


def _result(days: Sequence[tuple[date, RunOutcome]], later: Sequence[Coming], *, dry_run: bool) -> Result:
    outcomes = [outcome for _, outcome in days]
    rows = [_plain(day, done) for day, outcome in days for done in outcome.done]
    several = len(days) > 1
    lines: list[Table | str] = [
        f"{date_text(day)}: {done.text}" if several else done.text
        for day, outcome in days
        for done in outcome.done
    ]
    lines += [outcome.other for outcome in outcomes if outcome.other]
    lines += map(_coming, later)
    if dry_run and lines:
        lines.insert(0, say("run.dry"))
    for outcome in outcomes:
        for case in outcome.urgent:
            values = {"case": case.case_id, "unit": case.unit or "–", "file": case.file}
            console().alarm(say("load.urgent", **values), say("load.urgent_remedy", case=case.case_id))
        if outcome.refused is not None:
            console().error(outcome.refused.message, outcome.refused.remedy)
    problems = [p for outcome in outcomes for p in (*outcome.problems, *outcome.before, *outcome.notes)]
    data = {
        "schema": SCHEMA,
        "dry_run": dry_run,
        "done": rows,
        "waiting": [text for outcome in outcomes for text in outcome.waiting],
        "problems": [problem_data(p) for outcome in outcomes for p in outcome.problems],
        "problems_before": [problem_data(p) for outcome in outcomes for p in outcome.before],
        "urgent": [vars(case) for outcome in outcomes for case in outcome.urgent],
        "coming": [_plain_coming(one) for one in later],
        "other_run": any(outcome.other for outcome in outcomes),
    }
    return Result(
        data=data,
        rows=rows,
        tables=lines or [say("run.nothing")],
        nothing=not lines,
        exit_code=max(outcome.exit_code for outcome in outcomes),
        problems=problems,
        messages=list(dict.fromkeys(text for outcome in outcomes[-1:] for text in outcome.waiting)),
    )


def _plain(day: date, done: Done) -> dict[str, Any]:
    return {
        "day": day.isoformat(),
        "step": done.step,
        "level": done.level,
        "period": done.period and done.period.canonical,
        "text": done.text,
    }


def _plain_coming(one: Coming) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "level": one.level,
        "period": one.period.canonical,
        "read_by": one.read_by.isoformat(),
        "register_by": one.register_by and one.register_by.isoformat(),
    }


def _coming(one: Coming) -> str:
    values = {
        "day": date_text(one.day),
        "where": say("run.where", level=one.level, period=one.period.label()),
        "read_by": date_text(one.read_by),
    }
    if one.register_by is None:
        return say("run.coming_reviews", **values)
    return say("run.coming", register_by=date_text(one.register_by), **values)
