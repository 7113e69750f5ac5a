"""`tilsyn feedback`: what a reading found, case by case, for the caseworker's leader."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.cli.app import command
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/feedback/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "feedback")
    def feedback(
        level: Annotated[int, typer.Option(help=say("feedback.opt_level"))],
        period: Annotated[str, typer.Option(help=say("feedback.opt_period"))],
    ) -> Result:
        if level not in (1, 2, 3, 4):
            raise UsageError(say("draw.bad_level"), say("draw.bad_level_remedy"))
        covered = Period.parse(period)
        from tilsyn.procedure.feedback import write_feedback
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        written, missing = write_feedback(workspace, level, covered)
        rows: list[dict[str, Any]] = [
            vars(file) | {"path": file.path.relative_to(workspace.root).as_posix()} for file in written
        ]
        rows = [{"file": row.pop("path"), **row} for row in rows]
        names = ["unit", *["caseworker"] * (level == 1), "file"]
        counts = ["cases", "right", "wrong"]
        columns = [say(f"feedback.col_{name}") for name in names]
        columns += [f">{say(f'feedback.col_{name}')}" for name in counts]
        shown = [[*(row[name] for name in names), *(number(row[name]) for name in counts)] for row in rows]
        title = say("feedback.table_title", level=level, period=covered.label())
        data = {"schema": SCHEMA, "level": level, "period": covered.canonical}
        return Result(
            data=data | {"files": rows, "missing": missing},
            rows=rows,
            tables=[Table(columns, shown, title, [say("feedback.careful")])],
            messages=[say("feedback.missing", n=missing)] * bool(missing),
        )
