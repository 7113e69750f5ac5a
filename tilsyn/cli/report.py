"""`tilsyn report`: the reports to the committee, as workbooks and as web pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.cli.command import check_level, command
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/report/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "report")
    def report(
        level: Annotated[int, typer.Option(help=say("report.opt_level"))],
        period: Annotated[str, typer.Option(help=say("report.opt_period"))],
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
    ) -> Result:
        check_level(level)
        day = _day(published)
        if public is not None:
            edition = _one_edition(edition, "public" if public else "internal")
        from tilsyn.procedure.report import EDITIONS, FORMS, write_reports
        from tilsyn.procedure.report_material import report_material
        from tilsyn.reports.missing import preliminary
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        material, draws, messages = report_material(workspace, level, period, baseline, baseline_counts, day)
        editions = EDITIONS if edition is None else (edition,)
        forms = FORMS if form == "both" else (form,)
        written = write_reports(workspace, material, draws, editions, forms)
        unfinished = preliminary(material.analysis.units)
        messages += [*filter(None, [unfinished, *(w.note for w in written)])]
        files = [{"edition": w.edition, "file": w.name, "state": w.state} for w in written]
        title = say("report.table_title", level=level, period=material.record.period.label())
        columns = [say("report.column_edition"), say("report.column_file"), say("report.column_state")]
        rows = [
            [say(f"report.{w.edition}"), workspace.shown(w.name), say(f"report.{w.state}")] for w in written
        ]
        data = {"schema": SCHEMA, "level": level, "period": material.record.period.canonical, "files": files}
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
