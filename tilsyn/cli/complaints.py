"""`tilsyn complaints`: what became of the complaints of a period, beside the compliance of their cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, which_if_any
from tilsyn.cli.console import Result

if TYPE_CHECKING:
    from tilsyn.compliance.complaints import ComplaintFigures, TimeTaken
    from tilsyn.procedure.complaints import ComplaintsMeasured
    from tilsyn.reports.complaints import PublicComplaints

SCHEMA = "tilsyn/complaints/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "complaints")
    def complaints(
        period: Annotated[str, typer.Option(help=say("complaints.opt_period"))],
        level: Annotated[int | None, typer.Option(help=say("complaints.opt_level"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        register: Annotated[
            str | None, typer.Option(metavar="FILE|URL", help=say("check.opt_register"))
        ] = None,
        as_of: Annotated[
            datetime | None, typer.Option(formats=["%Y-%m-%d"], help=say("complaints.opt_as_of"))
        ] = None,
        cases: Annotated[bool, typer.Option("--cases", help=say("complaints.opt_cases"))] = False,
        public: Annotated[bool, typer.Option("--public", help=say("complaints.opt_public"))] = False,
    ) -> Result:
        which = which_if_any(level, single)
        if cases and public:
            raise UsageError(say("complaints.cases_public"), say("complaints.cases_public_remedy"))
        from tilsyn.cli.complaint_tables import internal_tables, public_tables
        from tilsyn.procedure.complaints import measure_complaints
        from tilsyn.workspace.registers import source_of
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        if cases and workspace.settings.complaints.reply_within is None:
            raise UsageError(say("complaints.no_limit"), say("complaints.no_limit_remedy"))
        found = measure_complaints(
            workspace, Period.parse(period), which, source_of(register), as_of and as_of.date()
        )
        if public:
            shown = found.public()
            return Result(data := _public(found, shown), _public_rows(data), public_tables(found, shown))
        data = contract(found, cases)
        return Result(data, list(_rows(data)), internal_tables(found, cases), messages=found.messages)


def _head(found: ComplaintsMeasured, edition: str) -> dict[str, Any]:
    limits = found.limits
    return {
        "schema": SCHEMA,
        "edition": edition,
        "period": found.period.canonical,
        "on": limits.today.isoformat(),
        "reply_within": limits.reply and str(limits.reply),
        "acknowledge_within": limits.acknowledge and str(limits.acknowledge),
        "received_within": found.received_within,
    }


def contract(found: ComplaintsMeasured, cases: bool) -> dict[str, Any]:
    """Return the whole result as plain data, schema `tilsyn/complaints/1`."""
    from tilsyn.compliance.table import records

    reviewed = found.reviewed
    return {
        **_head(found, "internal"),
        "flow": asdict(found.flow),
        "figures": [_figures(row) for row in found.figures],
        "kinds": [{"kind": text, "n": n} for text, n in found.kinds],
        "outcomes": [{"outcome": text, "n": n} for text, n in found.outcomes],
        **as_keys(None if reviewed is None else reviewed.level),
        "compliance": [] if reviewed is None else records(reviewed.rows),
        "open_over": found.late_rows() if cases else None,
    }


def _figures(row: ComplaintFigures) -> dict[str, Any]:
    counts = {name: getattr(row, name) for name in ("domain", "received", "answered", "open")}
    return counts | {name: _time(getattr(row, name)) for name in ("reply", "acknowledgement")}


def _time(taken: TimeTaken | None) -> dict[str, Any] | None:
    return None if taken is None else asdict(taken) | {"share": taken.share}


def _rows(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the figures as rows, for `--format csv`."""
    for row in data["figures"]:
        times = {
            f"{name}_{key}": value
            for name in ("reply", "acknowledgement")
            for key, value in (row[name] or {}).items()
        }
        own = {key: row[key] for key in ("received", "answered", "open")}
        yield {"what": "figures", "name": row["domain"], **own, **times}
    for what in ("kind", "outcome"):
        yield from ({"what": what, "name": row[what], "n": row["n"]} for row in data[f"{what}s"])
    for row in data["compliance"]:
        yield {"what": "compliance", "name": row["domain"], **row}
    for row in data["open_over"] or ():
        yield {"what": "open_over", "name": row["case_id"], **row}


def _public(found: ComplaintsMeasured, shown: PublicComplaints) -> dict[str, Any]:
    return _head(found, "public") | {
        "received": shown.received,
        "reply": shown.reply and asdict(shown.reply),
        "acknowledgement": shown.acknowledgement and asdict(shown.acknowledgement),
        **{
            key: [{name: text, "n": n} for text, n in getattr(shown, key)]
            for key, name in (("units", "domain"), ("kinds", "kind"), ("outcomes", "outcome"))
        },
    }


def _public_rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"what": what, "name": row[what], "n": row["n"]}
        for key, what in (("units", "domain"), ("kinds", "kind"), ("outcomes", "outcome"))
        for row in data[key]
    ]
