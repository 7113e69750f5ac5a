"""`tilsyn init`: a new workspace, with the register's own headings and units when there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import dictionary, say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.base.place import given_workspace
from tilsyn.base.problems import UsageError
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.formats.registers.recognised_register import RecognisedRegister
    from tilsyn.procedure.init import NewWorkspace

SCHEMA = "tilsyn/init/1"
# What cannot be told without a column.
WITHOUT = {"caseworker": "init.no_caseworker", "closed": "init.no_closing_date"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "init")
    def init(
        dir: Annotated[Path | None, typer.Argument(help=say("init.arg_dir"))] = None,
        register: Annotated[Path | None, typer.Option(help=say("init.opt_register"))] = None,
        name: Annotated[str | None, typer.Option(help=say("init.opt_name"))] = None,
        slug: Annotated[str | None, typer.Option(help=say("init.opt_slug"))] = None,
        map_: Annotated[list[str] | None, typer.Option("--map", help=say("init.opt_map"))] = None,
        unit: Annotated[str | None, typer.Option(help=say("init.opt_unit"))] = None,
        baseline: Annotated[str | None, typer.Option(help=say("init.opt_baseline"))] = None,
    ) -> Result:
        from tilsyn.procedure.init import make_workspace
        from tilsyn.procedure.init_settings import WantedWorkspace
        from tilsyn.procedure.map import read_map
        from tilsyn.settings.parsing import from_options
        from tilsyn.settings.schema import Organisation, Register

        if dir is not None and given_workspace() is not None:
            raise UsageError(
                say("init.two_folders", name=say("usage.argument_dir")), say("init.two_folders_remedy")
            )
        columns = read_map(map_ or ())
        if columns and register is None:
            raise UsageError(say("init.map_alone"), say("init.map_alone_remedy"))
        if "unit" in columns and unit is not None:
            raise UsageError(say("init.unit_twice"), say("init.unit_twice_remedy"))
        only_unit = from_options(Register, {"unit": unit}).unit
        organisation = from_options(Organisation, {"name": name, "slug": slug})
        period = None if baseline is None else Period.parse(baseline).canonical
        folder = dir or given_workspace() or Path()
        made = make_workspace(folder, WantedWorkspace(register, columns, only_unit, organisation, period))
        recognised = made.recognised
        data: dict[str, Any] = {
            "schema": SCHEMA,
            "workspace": str(made.root),
            "there_already": made.there,
            "columns": dict(made.columns),
            "unsure": recognised.found.unsure if recognised else {},
            "not_read": recognised.found.left_out if recognised else [],
            "unit": made.unit,
            "units": list(made.units),
            "rows": recognised.n_rows if recognised else 0,
            "one_row_per": "measure" if recognised and recognised.per_measure else "case",
            "errors": made.errors,
            "catalogues": made.catalogues,
            "questions": made.questions,
            "questions_to_check": made.to_check,
            "unnamed": made.unnamed,
        }
        rows = [{"column": column, "heading": heading} for column, heading in made.columns.items()]
        messages = _messages(made)
        return Result(data=data, rows=rows, tables=_tables(made), messages=messages, nothing=made.there)


def _tables(made: NewWorkspace) -> list[Table | str]:
    if made.there:
        return [say("init.there", folder=made.root)]
    from tilsyn.procedure.init_settings import toml_text

    tables: list[Table | str] = [say("init.made", folder=made.root)]
    if made.recognised is not None:
        left_out = made.recognised.found.left_out
        shown = ", ".join(f"{column} = {toml_text(heading)}" for column, heading in made.columns.items())
        n = number(made.recognised.n_rows)
        tables.append(say("init.found", n=n, columns=shown or say("init.none")))
        if left_out:
            tables.append(say("init.not_read", headings=", ".join(left_out)))
    if made.units:
        tables.append(say("init.units", n=len(made.units), units=", ".join(made.units)))
    else:
        tables.append(say("init.units_later"))
    command = f"tilsyn check --period {made.period}" if made.period else "tilsyn check"
    step = "next_register" if made.recognised is None else "next_check"
    tables.append(say(f"init.{step}", command=command))
    return tables


def _meaning(column: str) -> str:
    """Return what a column holds; one of the organisation's own is called what it is."""
    return say(f"init.column_{column}") if f"column_{column}" in dictionary("init") else column


def _messages(made: NewWorkspace) -> list[str]:
    messages = []
    if made.recognised is not None:
        messages += list(_of_the_register(made.recognised, made.unit))
    if made.to_check:
        messages.append(say("init.to_check", n=made.to_check, of=made.questions))
    if made.unnamed:
        messages.append(say("init.unnamed", names=", ".join(made.unnamed)))
    if made.errors:
        messages.append(say("init.errors", n=number(made.errors)))
    return messages


def _of_the_register(recognised: RecognisedRegister, unit: str | None) -> Iterator[str]:
    """Tell what could not be found out, and the line that says it."""
    from tilsyn.procedure.init_settings import missing, toml_text

    found = recognised.found
    for column, headings in found.unsure.items():
        yield say(
            "init.unsure",
            name=column,
            meaning=_meaning(column),
            headings=say("init.or").join(map(toml_text, headings)),
            toml=f"{column} = {toml_text(headings[0])}",
            line=f"{column}={toml_text(headings[0])}",
        )
    for column in missing(found, unit):
        without = say(WITHOUT[column]) if column in WITHOUT else ""
        yield say("init.nothing_found", name=column, meaning=_meaning(column), without=without)
        if column == "unit":
            yield say("init.no_unit", whole=say("init.whole"))
    if recognised.per_measure and recognised.n_cases is not None:
        yield say("init.per_measure", n_cases=number(recognised.n_cases), n_rows=number(recognised.n_rows))
    if recognised.month_first:
        yield say("init.month_first")
