"""`tilsyn checklists`: the workbooks that a review is filled in."""

from __future__ import annotations

from typing import Annotated

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/checklists/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "checklists", "checklist")
    def checklists(
        period: Annotated[str, typer.Option(help=say("checklist.period_help"))],
        level: Annotated[int | None, typer.Argument(help=say("checklist.level_help"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        groups: Annotated[int | None, typer.Option(help=say("checklist.groups_help"))] = None,
    ) -> Result:
        which = which_of(level, single)
        from tilsyn.procedure.checklists import make_workbooks
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        draw = workspace.draws.get(which, Period.parse(period))
        made = make_workbooks(workspace, draw, groups)
        rows = [
            {
                "file": item.path.relative_to(workspace.root).as_posix(),
                "cases": item.cases,
                "state": "made" if item.new else "kept",
            }
            for item in made
        ]
        cells = [
            [workspace.shown(str(row["file"])), number(item.cases), say(f"checklist.state_{row['state']}")]
            for row, item in zip(rows, made, strict=True)
        ]
        columns = [
            say("checklist.column_file"),
            ">" + say("checklist.column_cases"),
            say("checklist.column_state"),
        ]
        nothing = not any(item.new for item in made)
        title = say("checklist.table_title", level=which, period=draw.period.label())
        return Result(
            data={"schema": SCHEMA, "draw_id": draw.draw_id, "workbooks": rows},
            rows=rows,
            tables=[Table(columns, cells, title)],
            messages=[say("checklist.none_missing")] * nothing,
            nothing=nothing,
        )
