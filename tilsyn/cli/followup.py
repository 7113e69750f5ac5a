"""`tilsyn followup`: what was done about the errors that reviews found; under it, what changes that."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.cli.command import check_level, command, group
from tilsyn.cli.console import Result
from tilsyn.cli.followup_recheck import add_to as add_recheck
from tilsyn.cli.followup_workbooks import add_to as add_workbooks

SCHEMA = "tilsyn/followup/1"


def _option(name: str, flag: str | None = None, **settings: Any) -> Any:
    return typer.Option(flag or f"--{name.replace('_', '-')}", help=say(f"followup.opt_{name}"), **settings)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    under = group(app, "followup", "followup", _followed)
    _add_taking_up(under)
    add_workbooks(under)
    add_recheck(under)


def _add_taking_up(under: typer.Typer) -> None:

    @command(under, "propose", "followup.propose_")
    def propose(
        level: Annotated[int, _option("level")],
        period: Annotated[str, _option("period")],
    ) -> Result:
        check_level(level)
        from tilsyn.cli.followup_tables import proposed_table
        from tilsyn.procedure.followup_add import acted_on, proposals
        from tilsyn.workspace.workspace import Workspace

        covered = Period.parse(period)
        workspace = Workspace.open()
        found = proposals(workspace, acted_on(workspace, level, covered))
        rows = [dict(vars(one)) for one in found]
        values = {"level": level, "period": covered.canonical}
        return Result(
            data={"schema": SCHEMA, **values, "proposed": rows},
            rows=rows,
            tables=[proposed_table(found, level, covered)] if found else [say("followup.nothing_proposed")],
            messages=[say("followup.take_up_next", **values)] * bool(found),
            nothing=not found,
        )

    @command(under, "add", "followup.add_")
    def add(
        level: Annotated[int, _option("level")],
        period: Annotated[str, _option("period")],
        question: Annotated[str | None, _option("question")] = None,
        unit: Annotated[str | None, _option("add_unit", "--unit")] = None,
        case: Annotated[str | None, _option("case")] = None,
        what: Annotated[str | None, _option("what")] = None,
        cause: Annotated[str | None, _option("cause")] = None,
        deadline: Annotated[str | None, _option("deadline")] = None,
        role: Annotated[str | None, _option("role")] = None,
    ) -> Result:
        check_level(level)
        if case is not None and (question is None or unit is not None):
            raise UsageError(say("followup.case_alone"), say("followup.case_alone_remedy"))
        from tilsyn.base import clock
        from tilsyn.cli.followup_tables import actions_table, plain_action
        from tilsyn.procedure.followup_add import take_up
        from tilsyn.workspace.workspace import Workspace

        covered, today = Period.parse(period), clock.today()
        workspace = Workspace.open()
        given = {"what": what, "cause": cause, "deadline": deadline, "role": role}
        made = take_up(workspace, level, covered, given, today, question=question, unit=unit, case_id=case)
        rows = [plain_action(action, today) for action in made]
        title = say("followup.title_added", level=level, period=covered.label())
        return Result(
            data={"schema": SCHEMA, "level": level, "period": covered.canonical, "actions": rows},
            rows=rows,
            tables=[
                actions_table(made, workspace.settings.followup, today, title)
                if made
                else say("followup.nothing_proposed")
            ],
            problems=workspace.late,
            messages=[say("followup.export_next")] * bool(made),
            nothing=not made,
        )


def _followed(
    period: Annotated[str | None, _option("period")] = None,
    level: Annotated[int | None, _option("level")] = None,
    unit: Annotated[str | None, _option("unit")] = None,
) -> Result:
    if level is not None:
        check_level(level)
    covered = None if period is None else Period.parse(period)
    from tilsyn.base import clock
    from tilsyn.cli import followup_tables as tables
    from tilsyn.procedure.followup import followed, meetings_due
    from tilsyn.workspace.workspace import Workspace

    today = clock.today()
    workspace = Workspace.open()
    actions = followed(workspace, period=covered, level=level, unit=unit)
    meetings = meetings_due(actions, today)
    rows = [tables.plain_action(action, today) for action in actions]
    shown = [
        tables.counts_table(actions, today),
        tables.actions_table(actions, workspace.settings.followup, today, say("followup.title_actions")),
    ]
    return Result(
        data={
            "schema": SCHEMA,
            "today": today.isoformat(),
            **tables.plain_counts(actions, today),
            "actions": rows,
            "meetings": [tables.plain_meeting(one) for one in meetings],
        },
        rows=rows,
        tables=shown if actions else [say("followup.none")],
        messages=[tables.meeting_told(one) for one in meetings],
    )
