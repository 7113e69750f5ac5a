"""`tilsyn report`: the reports to the committee, as workbooks and as web pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/report/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "report")
    def report(
        period: Annotated[str, typer.Option(help=say("report.opt_period"))],
        level: Annotated[int | None, typer.Option(help=say("report.opt_level"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        baseline: Annotated[str | None, typer.Option(help=say("report.opt_baseline"))] = None,
        baseline_counts: Annotated[Path | None, typer.Option(help=say("report.opt_counts"))] = None,
        published: Annotated[str | None, typer.Option(help=say("report.opt_published"))] = None,
        edition: Annotated[
            Literal["internal", "public"] | None, typer.Option(help=say("report.opt_edition"))
        ] = None,
        public: Annotated[bool | None, typer.Option("--public/--internal", hidden=True)] = None,
        form: Annotated[
            Literal["xlsx", "html", "both"], typer.Option("--as", help=say("report.opt_as"))
        ] = "xlsx",
        since: Annotated[str | None, typer.Option(metavar="WHEN", help=say("report.opt_since"))] = None,
    ) -> Result:
        which = which_of(level, single)
        day = _day(published)
        if public is not None:
            edition = _one_edition(edition, "public" if public else "internal")
        from tilsyn.procedure.report import FORMS, editions_of, write_reports
        from tilsyn.procedure.report_material import report_material
        from tilsyn.reports.missing import preliminary
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        material, draws, messages = report_material(
            workspace, which, period, baseline, baseline_counts, day, since
        )
        editions = editions_of(material, edition)
        forms = FORMS if form == "both" else (form,)
        written = write_reports(workspace, material, draws, editions, forms)
        unfinished = preliminary(material.analysis.units)
        messages += [*filter(None, [unfinished, *(w.note for w in written)])]
        files = [{"edition": w.edition, "file": w.name, "state": w.state} for w in written]
        title = say("report.table_title", level=which, period=material.record.period.label())
        columns = [say("report.column_edition"), say("report.column_file"), say("report.column_state")]
        rows = [
            [say(f"report.{w.edition}"), workspace.shown(w.name), say(f"report.{w.state}")] for w in written
        ]
        covered = material.record.period.canonical
        data = {"schema": SCHEMA, **as_keys(which), "period": covered, "files": files}
        tables = [Table(columns, rows, title)]
        return Result(
            data=data,
            rows=files,
            tables=tables,
            problems=workspace.late,
            messages=messages,
            nothing=all(w.state == "unchanged" for w in written),
        )


def _one_edition(
    edition: Literal["internal", "public"] | None, flag: Literal["internal", "public"]
) -> Literal["internal", "public"]:
    """The edition that a flag of before says, where --edition says no other."""
    if edition not in (None, flag):
        raise UsageError(say("report.two_editions"), say("report.two_editions_remedy"))
    return flag


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(say("report.bad_date", text=text), say("report.bad_date_remedy")) from None
