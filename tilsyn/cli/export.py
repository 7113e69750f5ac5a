"""`tilsyn export`: what is drawn, reviewed and found, as tables for spreadsheets and dashboards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/export/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "export")
    def export(folder: Annotated[Path, typer.Argument(help=say("export.folder_help"))]) -> Result:
        from tilsyn.formats.export import PAGE
        from tilsyn.procedure import export as procedure
        from tilsyn.workspace.workspace import Workspace

        made = procedure.export(Workspace.open(), folder)
        rows: list[dict[str, Any]] = [
            {"table": name, "rows": n, "csv": f"csv/{name}.csv", "parquet": f"parquet/{name}.parquet"}
            for name, n in made.rows.items()
        ]
        headings = [say("export.told_table"), ">" + say("export.told_rows"), "CSV", "Parquet"]
        lines = [[row["table"], number(row["rows"]), row["csv"], row["parquet"]] for row in rows]
        notes = [say("export.told_page", page=made.folder / PAGE), say("export.page_internal")]
        table = Table(headings, lines, say("export.told_title", folder=made.folder), notes)
        data = {"schema": SCHEMA, "folder": str(made.folder), "page": PAGE, "tables": rows}
        return Result(data=data, rows=rows, tables=[table])
