"""`tilsyn dossier`: a folder for those who check a period's draws from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.cli.command import command, single_of
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.procedure.dossier import Dossier
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/dossier/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "dossier")
    def dossier(
        period: Annotated[str, typer.Option(help=say("dossier.opt_period"))],
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_dossier"))] = None,
        without_ids: Annotated[
            bool, typer.Option("--without-ids", help=say("dossier.opt_without_ids"))
        ] = False,
    ) -> Result:
        covered = Period.parse(period)
        from tilsyn.procedure.dossier import make_dossier
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        named = None if single is None else single_of(single)
        made = make_dossier(workspace, covered, single=named, without_ids=without_ids)
        return _result(workspace, covered, made, without_ids)


def _result(workspace: Workspace, period: Period, made: Dossier, without_ids: bool) -> Result:
    folder = made.folder.relative_to(workspace.root).as_posix()
    rows: list[dict[str, Any]] = [
        {
            "draw_id": part.record.draw_id,
            "folder": f"{folder}/{part.folder}",
            "cases": len(part.record.cases),
            "n": part.record.frame.n,
            "commitment": part.record.frame.commitment,
            "manifest": part.sha256,
        }
        for part in made.parts
    ]
    columns = [say(f"dossier.col_{name}") for name in ("draw", "folder", "cases", "n", "commitment")]
    shown = [
        [
            row["draw_id"],
            workspace.shown(row["folder"]),
            str(row["cases"]),
            str(row["n"]),
            f"{row['commitment'][:16]}…",
        ]
        for row in rows
    ]
    warning = "dossier.without_ids_told" if without_ids else "dossier.ids_told"
    notes = [say("dossier.open", page=workspace.shown(f"{folder}/kontrol.html")), say(warning)]
    return Result(
        data={
            "schema": SCHEMA,
            "period": period.canonical,
            "folder": folder,
            "without_ids": without_ids,
            "draws": rows,
            "reports": made.reports,
            "files": [{"file": name, "sha256": digest} for name, digest in made.sha256.items()],
        },
        rows=rows,
        tables=[Table(columns, shown, say("dossier.table_title", period=period.label()), notes)],
    )
