"""`tilsyn followup`: what was done about the errors that reviews found; under it, what changes that."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, group, which_if_any, which_of
from tilsyn.cli.console import Result
from tilsyn.cli.followup_recheck import add_to as add_recheck
from tilsyn.cli.followup_workbooks import add_to as add_workbooks

SCHEMA = "tilsyn/followup/1"


def _option(name: str, flag: str | None = None, **settings: Any) -> Any:
    return typer.Option(flag or f"--{name.replace('_', '-')}", help=say(f"followup.opt_{name}"), **settings)


def _single() -> Any:
    return typer.Option("--single", metavar="NAME", help=say("single.opt_single"))


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    under = group(app, "followup", "followup", _followed)
    _add_taking_up(under)
    add_workbooks(under)
    add_recheck(under)


def _add_taking_up(under: typer.Typer) -> None:

    @command(under, "propose", "followup.propose_")
    def propose(
        period: Annotated[str, _option("period")],
        level: Annotated[int | None, _option("level")] = None,
        single: Annotated[str | None, _single()] = None,
    ) -> Result:
        which = which_of(level, single)
        from tilsyn.cli.followup_tables import proposed_table
        from tilsyn.compliance.naming import titles_of
        from tilsyn.procedure.followup_add import acted_on, proposals
        from tilsyn.workspace.workspace import Workspace

        covered = Period.parse(period)
        workspace = Workspace.open()
        on = acted_on(workspace, which, covered)
        found = proposals(workspace, on)
        shown = proposed_table(found, titles_of(on.question_set), which, covered)
        rows = [dict(vars(one)) for one in found]
        values = {"level": which, "period": covered.canonical}
        return Result(
            data={"schema": SCHEMA, **as_keys(which), "period": covered.canonical, "proposed": rows},
            rows=rows,
            tables=[shown if found else say("followup.nothing_proposed")],
            messages=[say("followup.take_up_next", **values)] * bool(found),
            nothing=not found,
        )

    @command(under, "add", "followup.add_")
    def add(
        period: Annotated[str, _option("period")],
        level: Annotated[int | None, _option("level")] = None,
        single: Annotated[str | None, _single()] = None,
        question: Annotated[str | None, _option("question")] = None,
        unit: Annotated[str | None, _option("add_unit", "--unit")] = None,
        case: Annotated[str | None, _option("case")] = None,
        what: Annotated[str | None, _option("what")] = None,
        cause: Annotated[str | None, _option("cause")] = None,
        deadline: Annotated[str | None, _option("deadline")] = None,
        role: Annotated[str | None, _option("role")] = None,
    ) -> Result:
        which = which_of(level, single)
        if case is not None and (question is None or unit is not None):
            raise UsageError(say("followup.case_alone"), say("followup.case_alone_remedy"))
        from tilsyn.base import clock
        from tilsyn.cli.followup_tables import actions_table, plain_action
        from tilsyn.procedure.followup_add import take_up
        from tilsyn.workspace.workspace import Workspace

        covered, today = Period.parse(period), clock.today()
        workspace = Workspace.open()
        given = {"what": what, "cause": cause, "deadline": deadline, "role": role}
        made = take_up(workspace, which, covered, given, today, question=question, unit=unit, case_id=case)
        rows = [plain_action(action, today) for action in made]
        title = say("followup.title_added", level=which, period=covered.label())
        return Result(
            data={"schema": SCHEMA, **as_keys(which), "period": covered.canonical, "actions": rows},
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
    single: Annotated[str | None, _single()] = None,
    unit: Annotated[str | None, _option("unit")] = None,
) -> Result:
    which = which_if_any(level, single)
    covered = None if period is None else Period.parse(period)
    from tilsyn.base import clock
    from tilsyn.cli import followup_tables as tables
    from tilsyn.procedure.followup import followed, meetings_due
    from tilsyn.workspace.workspace import Workspace

    today = clock.today()
    workspace = Workspace.open()
    actions = followed(workspace, period=covered, level=which, unit=unit)
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
