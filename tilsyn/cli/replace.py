"""`tilsyn replace`: the next in the reserve for a case that cannot be reviewed."""

from __future__ import annotations

from typing import Annotated

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.cli.command import command
from tilsyn.cli.console import Result
from tilsyn.cli.load import draw_of

SCHEMA = "tilsyn/replace/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "replace")
    def replace(
        case: Annotated[str, typer.Argument(help=say("replace.case_help"))],
        reason: Annotated[str, typer.Option(help=say("replace.reason_help"))],
        level: Annotated[int | None, typer.Option(help=say("replace.level_help"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        period: Annotated[str | None, typer.Option(help=say("replace.period_help"))] = None,
    ) -> Result:
        from tilsyn.procedure.replace import replace_case
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        made = replace_case(workspace, case, reason, draw_of(workspace, level, single, period))
        data = {
            "schema": SCHEMA,
            "draw_id": made.draw.draw_id,
            "case_id": made.case_id,
            "replacement": made.replacement,
            "stratum": made.stratum,
            "reason": made.reason.name,
            "reserve_left": made.reserve_left,
            "workbook": made.workbook.relative_to(workspace.root).as_posix(),
        }
        told = {"case": made.case_id, "replacement": made.replacement, "stratum": made.stratum}
        left = number(made.reserve_left)
        return Result(
            data=data,
            rows=[data],
            tables=[say("replace.done", **told, reason=made.reason.text)],
            problems=workspace.late,
            messages=[say("replace.fill_in", file=workspace.shown(str(data["workbook"])), left=left)],
        )
