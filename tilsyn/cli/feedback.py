"""`tilsyn feedback`: what a reading found, case by case, for the caseworker's leader."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.cli.command import check_level, command
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/feedback/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "feedback")
    def feedback(
        level: Annotated[int, typer.Option(help=say("feedback.opt_level"))],
        period: Annotated[str, typer.Option(help=say("feedback.opt_period"))],
    ) -> Result:
        check_level(level)
        covered = Period.parse(period)
        from tilsyn.procedure.feedback import write_feedback
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        written, missing = write_feedback(workspace, level, covered)
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
        title = say("feedback.table_title", level=level, period=covered.label())
        data = {"schema": SCHEMA, "level": level, "period": covered.canonical}
        return Result(
            data=data | {"files": rows, "missing": missing},
            rows=rows,
            tables=[Table(columns, shown, title, below)],
            messages=[say("feedback.missing", n=missing)] * bool(missing),
        )
