"""`tilsyn deadlines`: time limits measured on every case of the register."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.cli.command import command
from tilsyn.cli.console import Result
from tilsyn.cli.deadline_tables import case_rows, differing_row, tables

if TYPE_CHECKING:
    from tilsyn.compliance.deadline_figures import DeadlineFigures, MeasuredRule
    from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
    from tilsyn.compliance.deadline_readings import LimitReading
    from tilsyn.procedure.deadlines import MeasuredRegister
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/deadlines/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "deadlines")
    def deadlines(
        period: Annotated[str | None, typer.Option(help=say("deadlines.opt_period"))] = None,
        register: Annotated[
            str | None, typer.Option(metavar="FILE|URL", help=say("check.opt_register"))
        ] = None,
        as_of: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("draw.opt_as_of"))
        ] = None,
        by: Annotated[list[str] | None, typer.Option(help=say("deadlines.opt_by"))] = None,
        internal: Annotated[bool, typer.Option("--internal", help=say("deadlines.opt_internal"))] = False,
        output: Annotated[Path | None, typer.Option(metavar="DIR", help=say("deadlines.opt_output"))] = None,
    ) -> Result:
        from tilsyn.base.periods import Period
        from tilsyn.procedure.deadlines import DeadlineRequest, measure_deadlines
        from tilsyn.workspace.registers import source_of
        from tilsyn.workspace.workspace import Workspace

        wanted = DeadlineRequest(
            Period.parse(period) if period else None,
            source_of(register),
            as_of and as_of.date(),
            by or (),
            named=internal or output is not None,
        )
        workspace = Workspace.open()
        register_measured = measure_deadlines(workspace, wanted)
        found = register_measured.found
        files = _written(workspace, found, output) if output else []
        told = [say("deadlines.written", files=", ".join(files))] if files else []
        return Result(
            contract(register_measured, internal) | {"files": files},
            case_rows(found) if internal else figure_rows(found),
            tables(found, internal),
            messages=[*_messages(found), *told],
        )


def _written(workspace: Workspace, found: DeadlineMeasurement, folder: Path) -> list[str]:
    from tilsyn.procedure.deadlines_files import write_deadlines

    return [str(path) for path in write_deadlines(workspace, found, folder)]


def _messages(found: DeadlineMeasurement) -> list[str]:
    told = [
        say("deadlines.lacking", name=one.rule.name, columns=", ".join(one.lacking))
        for one in found.rules
        if one.lacking
    ]
    if not any(figures.measured for one in found.rules for figures in one.figures):
        told.append(say("deadlines.none_begun", period=found.period.label(), day=date_text(found.as_of)))
    if found.as_of < found.period.end:
        told.append(say("deadlines.early", day=date_text(found.as_of), period=found.period.label()))
    return told


def contract(measured: MeasuredRegister, internal: bool) -> dict[str, Any]:
    """Return the whole result as plain data, schema `tilsyn/deadlines/1`; `internal` has cases."""
    found, origin = measured.found, measured.origin
    data = {
        "schema": SCHEMA,
        "period": found.period.canonical,
        "as_of": found.as_of.isoformat(),
        "as_of_given": measured.as_of_given,
        "source": {"name": origin.name, "kind": origin.kind, "sha256": origin.sha256},
        "simulated": found.simulated,
        "n_cases": found.n_cases,
        "left_out": [{"reason": reason, "n": n} for reason, n in found.left_out],
        "rules": [_rule(one) for one in found.rules],
        "quiet": asdict(found.quiet),
        "readings": [_reading(one) for one in found.readings],
    }
    if internal:
        data["cases"] = case_rows(found)
        data["differing"] = [differing_row(case) for one in found.readings for case in one.differing]
        data["quiet_cases"] = [
            {**asdict(case), "since": case.since.isoformat()} for case in found.quiet_cases
        ]
    return data


def _rule(one: MeasuredRule) -> dict[str, Any]:
    rule = one.rule
    return {
        "rule": rule.name,
        "from": rule.from_,
        "to": rule.to,
        "limit": rule.limit,
        "kind": rule.kind,
        "area": rule.area,
        "question": rule.question,
        "where": rule.where and rule.where.model_dump(mode="json"),
        "lacking": list(one.lacking),
        "time_unit": one.time_unit,
        "figures": [figures_row(figures) for figures in one.figures],
    }


def _reading(one: LimitReading) -> dict[str, Any]:
    counts = {f"{register}_{reader}": n for (register, reader), n in sorted(one.counts.items())}
    told = {"rule": one.rule, "question": one.question, "draw_id": one.draw_id}
    return told | {"compared": one.compared, "agree": one.agree, "register_reader": counts}


def figures_row(figures: DeadlineFigures) -> dict[str, Any]:
    """Return the figures of a domain as plain data."""
    from tilsyn.compliance.deadline_states import MEASURED, SET_ASIDE

    least, most = figures.bounds or (None, None)
    return {
        "domain": figures.domain,
        "measured": figures.measured,
        **{state: figures.n(state) for state in MEASURED},
        "decided": figures.decided,
        "share": figures.share,
        "share_least": least,
        "share_most": most,
        "median": figures.median,
        "p90": figures.slowest,
        **{state: figures.n(state) for state in SET_ASIDE},
    }


def figure_rows(found: DeadlineMeasurement) -> list[dict[str, Any]]:
    """Return a row for each rule and domain, for `--format csv`."""
    return [
        {"rule": one.rule.name, "limit": one.rule.limit, "kind": one.rule.kind, "area": one.rule.area}
        | figures_row(figures)
        | {"time_unit": one.time_unit}
        for one in found.rules
        for figures in one.figures
    ]
