"""`tilsyn map`: which of the register's headings is which column, changed in `tilsyn.toml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tilsyn.base.language import say
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.map import MapChange

SCHEMA = "tilsyn/map/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "map")
    def map_columns(
        pairs: Annotated[list[str] | None, typer.Argument(help=say("map.arg_pairs"))] = None,
    ) -> Result:
        from tilsyn.procedure.map import change_map, read_map
        from tilsyn.workspace.workspace import Workspace

        made = change_map(Workspace.open(), read_map(pairs or ()))
        changes = [vars(change) for change in made.changes]
        data = {"schema": SCHEMA, "columns": dict(made.columns), "changes": changes}
        rows = [{"column": column, "heading": heading} for column, heading in made.columns.items()]
        table = Table(
            [say("init.our_column"), say("init.their_heading")],
            [(column, heading) for column, heading in made.columns.items()],
        )
        told = [_told(change) for change in made.changes] or [say("map.nothing")]
        return Result(
            data=data,
            rows=rows,
            tables=[table, *told],
            nothing=bool(pairs) and not changes,
            messages=[] if made.looked_at or not pairs else [say("map.not_looked_at")],
        )


def _told(change: MapChange) -> str:
    """Tell one change."""
    what = "taken" if change.after is None else "added" if change.before is None else "changed"
    return say(f"map.{what}", name=change.column, before=change.before, after=change.after)
