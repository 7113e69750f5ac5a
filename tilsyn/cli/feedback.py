"""`tilsyn feedback`: what a reading found, case by case, for the caseworker's leader."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/feedback/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "feedback")
    def feedback(
        period: Annotated[str, typer.Option(help=say("feedback.opt_period"))],
        level: Annotated[int | None, typer.Option(help=say("feedback.opt_level"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
    ) -> Result:
        which = which_of(level, single)
        covered = Period.parse(period)
        from tilsyn.procedure.feedback import write_feedback
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        written, missing = write_feedback(workspace, which, covered)
        folder = written[0].path.parent.relative_to(workspace.root).as_posix()
        rows: list[dict[str, Any]] = [
            {
                "file": f"{folder}/{file.path.name}",
                "unit": file.unit,
                "caseworker": file.caseworker,
                "cases": file.cases,
                "right": file.right,
                "wrong": file.wrong,
            }
            for file in written
        ]
        columns = [say("feedback.col_unit"), say("feedback.col_file")]
        columns += [f">{say(f'feedback.col_{name}')}" for name in ("cases", "right", "wrong")]
        shown = [
            [file.unit, file.path.name, *map(number, (file.cases, file.right, file.wrong))]
            for file in written
        ]
        below = [say("feedback.folder", folder=workspace.shown(folder)), say("feedback.careful")]
        title = say("feedback.table_title", level=which, period=covered.label())
        data = {"schema": SCHEMA, **as_keys(which), "period": covered.canonical}
        return Result(
            data=data | {"files": rows, "missing": missing},
            rows=rows,
            tables=[Table(columns, shown, title, below)],
            messages=[say("feedback.missing", n=missing)] * bool(missing),
        )
