"""`tilsyn init`: a new workspace, with the register's own headings and units when there is one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import UsageError
from tilsyn.cli.app import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.init import NewWorkspace
    from tilsyn.settings.schema import Organisation

SCHEMA = "tilsyn/init/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "init")
    def init(
        dir: Annotated[Path, typer.Argument(help=say("init.arg_dir"))] = Path(),
        register: Annotated[Path | None, typer.Option(help=say("init.opt_register"))] = None,
        name: Annotated[str | None, typer.Option(help=say("init.opt_name"))] = None,
        slug: Annotated[str | None, typer.Option(help=say("init.opt_slug"))] = None,
    ) -> Result:
        from tilsyn.procedure.init import make_workspace

        made = make_workspace(dir, register, _organisation({"name": name, "slug": slug}))
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
            "unnamed": made.unnamed,
        }
        rows = [{"column": column, "heading": heading} for column, heading in columns.items()]
        return Result(data=data, rows=rows, tables=_tables(made), messages=_messages(made))


def _organisation(given: Mapping[str, str | None]) -> Organisation:
    """Return the organisation as it was named; UsageError with the first name that cannot be used."""
    from pydantic import ValidationError

    from tilsyn.settings.parsing import worded
    from tilsyn.settings.schema import Organisation

    try:
        return Organisation.model_validate({key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        found = worded(Organisation, error)[0]
        raise UsageError(f"--{found.location[0]}: {found.found}", found.remedy) from None


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
    if made.unnamed:
        messages.append(say("init.unnamed", names=", ".join(made.unnamed)))
    if made.recognised is not None and "closed" not in made.recognised.columns:
        messages.append(say("init.no_closing_date"))
    if made.errors:
        messages.append(say("init.errors", n=number(made.errors)))
    return messages
