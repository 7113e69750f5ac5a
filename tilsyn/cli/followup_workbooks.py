"""`tilsyn followup export` and `load`: the workbooks that units fill in, out and in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.periods import Period
from tilsyn.cli.command import command, which_if_any
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.followup_load import ActionsFile

SCHEMA = "tilsyn/followup-files/1"


def add_to(under: typer.Typer) -> None:
    """Add the commands."""

    @command(under, "export", "followup.export_")
    def export(
        period: Annotated[str | None, typer.Option("--period", help=say("followup.opt_period"))] = None,
        level: Annotated[int | None, typer.Option("--level", help=say("followup.opt_level"))] = None,
        single: Annotated[
            str | None, typer.Option("--single", metavar="NAME", help=say("single.opt_single"))
        ] = None,
        unit: Annotated[str | None, typer.Option("--unit", help=say("followup.opt_unit"))] = None,
        in_one: Annotated[bool, typer.Option("--in-one", help=say("followup.opt_in_one"))] = False,
    ) -> Result:
        which = which_if_any(level, single)
        covered = None if period is None else Period.parse(period)
        from tilsyn.base import clock
        from tilsyn.procedure.followup import followed
        from tilsyn.procedure.followup_export import export_actions
        from tilsyn.workspace.workspace import Workspace

        workspace, today = Workspace.open(), clock.today()
        actions = followed(workspace, period=covered, level=which, unit=unit)
        written = export_actions(workspace, actions, today, in_one=in_one)
        rows = [
            {
                "file": one.path.relative_to(workspace.root).as_posix(),
                "unit": one.unit,
                "actions": one.actions,
            }
            for one in written
        ]
        columns = [say("followup.col_unit"), say("followup.col_file"), f">{say('followup.col_actions')}"]
        shown = [
            [one.unit or say("followup.all_units"), workspace.shown(str(row["file"])), number(one.actions)]
            for one, row in zip(written, rows, strict=True)
        ]
        below = [say("followup.careful"), say("followup.load_next")]
        table = Table(columns, shown, say("followup.title_export"), below)
        return Result(
            data={"schema": SCHEMA, "files": rows},
            rows=rows,
            tables=[table] if written else [say("followup.nothing_to_export")],
            nothing=not written,
        )

    @command(under, "load", "followup.load_")
    def load(
        files: Annotated[list[Path] | None, typer.Argument(help=say("followup.arg_files"))] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("load.dry_run_help"))] = False,
    ) -> Result:
        from tilsyn.base import clock
        from tilsyn.procedure.followup_load import load_actions
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        read = load_actions(workspace, files or None, clock.today(), dry_run=dry_run)
        return _loaded(read, dry_run, workspace.late)


def _loaded(read: list[ActionsFile], dry_run: bool, late: list[Any]) -> Result:
    from tilsyn.cli.load import problem_data

    loaded = [file for file in read if file.said and not file.faulty]
    rows = [{"file": file.name, "actions": len(file.said), "fields": file.fields} for file in loaded]
    unchanged = [file.name for file in read if not file.said and not file.faulty]
    problems = [problem for file in read for problem in file.problems] + late
    errors = [problem for problem in problems if problem.kind == "error"]
    counts = [f">{say(f'followup.col_{name}')}" for name in ("actions", "fields")]
    columns = [say("followup.col_file"), *counts]
    shown = [[file.name, number(len(file.said)), number(file.fields)] for file in loaded]
    title = say("followup.title_loaded_dry" if dry_run else "followup.title_loaded")
    tables: list[Table | str] = [Table(columns, shown, title)] if rows else [say("followup.nothing_loaded")]
    tables += [say("followup.unchanged", n=len(unchanged))] * bool(unchanged)
    tables += [say("followup.errors", n=len(errors))] * bool(errors)
    return Result(
        data={
            "schema": SCHEMA,
            "dry_run": dry_run,
            "loaded": rows,
            "unchanged": unchanged,
            "problems": [problem_data(problem) for problem in problems],
        },
        rows=rows,
        tables=tables,
        exit_code=3 if errors else 0,
        problems=problems,
        nothing=not rows and not errors,
    )
