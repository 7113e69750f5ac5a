"""`tilsyn init`: a new workspace, with the register's own headings and units when there is one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.cli.app import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.init import NewWorkspace

SCHEMA = "tilsyn/init/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "init")
    def init(
        dir: Annotated[Path, typer.Argument(help=say("init.arg_dir"))] = Path(),
        register: Annotated[Path | None, typer.Option(help=say("init.opt_register"))] = None,
    ) -> Result:
        from tilsyn.procedure.init import make_workspace

        made = make_workspace(dir, register)
        columns = made.recognised.columns if made.recognised else {}
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "workspace": str(made.root),
            "columns": columns,
            "not_read": made.recognised.left_out if made.recognised else [],
            "units": list(made.units),
            "rows": made.n_rows,
            "errors": made.errors,
            "catalogues": made.catalogues,
            "questions": made.questions,
            "questions_to_check": made.to_check,
        }
        rows = [{"column": column, "heading": heading} for column, heading in columns.items()]
        return Result(data=data, rows=rows, tables=_tables(made), messages=_messages(made))


def _tables(made: NewWorkspace) -> list[Table | str]:
    tables: list[Table | str] = [say("init.made", folder=made.root)]
    if made.recognised is not None:
        rows = [
            (say(f"init.column_{column}"), column, heading)
            for column, heading in made.recognised.columns.items()
        ]
        headings = [say("init.meaning"), say("init.our_column"), say("init.their_heading")]
        tables += [say("init.recognised", n=number(made.n_rows)), Table(headings, rows)]
        if made.recognised.left_out:
            tables.append(say("init.not_read", headings=", ".join(made.recognised.left_out)))
    tables.append(say("init.units", n=len(made.units), units=", ".join(made.units)))
    tables.append(say("init.next_register" if made.recognised is None else "init.next_check"))
    return tables


def _messages(made: NewWorkspace) -> list[str]:
    messages = []
    if made.to_check:
        messages.append(say("init.to_check", n=made.to_check, of=made.questions))
    if made.errors:
        messages.append(say("init.errors", n=number(made.errors)))
    return messages
