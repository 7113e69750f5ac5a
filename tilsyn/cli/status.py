"""`tilsyn status`: how far each level and period is, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.place import from_here
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.base.periods import Period
    from tilsyn.procedure.status import Progress

SCHEMA = "tilsyn/status/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "status")
    def status(
        fail_overdue: Annotated[
            bool, typer.Option("--fail-overdue", help=say("status.opt_fail_overdue"))
        ] = False,
        files: Annotated[bool, typer.Option("--files", help=say("status.opt_files"))] = False,
    ) -> Result:
        from tilsyn.base import clock
        from tilsyn.cli.followup_tables import meeting_told, overdue_table, plain_action, plain_meeting
        from tilsyn.cli.status_files import file_tables, plain_files
        from tilsyn.procedure.catalogue_update import older as older_copies
        from tilsyn.procedure.followup import followed, meetings_due, overdue_actions
        from tilsyn.procedure.status import baseline_proposals, progress
        from tilsyn.procedure.status_files import files_of_draws
        from tilsyn.procedure.urgency import urgent_cases
        from tilsyn.workspace.leftovers import leftovers
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        today = clock.today()
        rows = progress(workspace, today)
        urgent = [dict(vars(case)) | as_keys(case.level) for case in urgent_cases(workspace)]
        tables: list[Table | str] = [_urgent(urgent)] if urgent else []
        data = {"schema": SCHEMA, "levels": [_plain(row) for row in rows], "urgent": urgent}
        listed = [{k: v for k, v in _plain(row).items() if k != "units"} for row in rows]
        if files:
            of_draws = files_of_draws(workspace, today)
            listed = plain_files(of_draws)
            data["files"] = listed
            tables += file_tables(of_draws, workspace.settings.checklists.send_to)
        else:
            tables += [_table(rows), *_units(rows)] if rows else [say("status.nothing")]
        left = leftovers(workspace.root) if workspace.log.lock.is_free() else []
        names = ", ".join(from_here(path) for path in left)
        told = [say("disk.leftovers", n=number(len(left)), files=names)] * bool(left)
        older = [
            say(
                "status.older_catalogue",
                name=mine.name,
                own=mine.version,
                shipped=theirs.version,
            )
            for mine, theirs, _ in older_copies(workspace)
        ]
        late, meetings = overdue_actions(workspace, today), meetings_due(followed(workspace), today)
        tables += [overdue_table(late), say("followup.overdue_listed")] if late else []
        data["actions_overdue"] = [plain_action(action, today) for action in late]
        data["meetings"] = [plain_meeting(one) for one in meetings]
        overdue = [*late, *meetings, *(row for row in rows if row.state == "overdue")]
        return Result(
            data=data,
            rows=listed,
            tables=tables,
            exit_code=5 if overdue and fail_overdue else 0,
            nothing=fail_overdue and not overdue,
            messages=[say("status.urgent_note", n=len(urgent))] * bool(urgent)
            + _tries(rows)
            + _baselines(baseline_proposals(workspace, rows))
            + [meeting_told(one) for one in meetings]
            + workspace.log.crash_told()
            + told
            + older,
        )


def _tries(rows: list[Progress]) -> list[str]:
    """Tell of every level and period that has another number of seeds than draws: one, or none."""
    return [
        say("status.tries", level=row.level, period=row.period.label(), n=row.tries)
        for row in rows
        if row.tries > (1 if row.drawn else 0)
    ]


def _baselines(proposed: dict[int, Period]) -> list[str]:
    """Propose a baseline for each level that has none in the plan and could have one."""
    return [
        say("status.baseline", level=level, period=period.label(), canonical=period.canonical)
        for level, period in sorted(proposed.items())
    ]


def _plain(row: Progress) -> dict[str, Any]:
    return {
        **as_keys(row.level),
        "period": row.period.canonical,
        "state": row.state,
        "drawn": row.drawn,
        "reviewed": row.reviewed,
        "missing": row.missing,
        "due": row.due.isoformat(),
        "workbooks": row.workbooks,
        "next": row.next_step or None,
        "tries": row.tries,
        "units": [
            dict(zip(("unit", "drawn", "reviewed", "missing"), (unit, *counts), strict=True))
            for unit, counts in row.units.items()
        ],
    }


def _table(rows: list[Progress]) -> Table:
    headings = ["status.col_period", "status.col_level", "status.col_state"]
    counts = [f">{say(f'status.col_{name}')}" for name in ("drawn", "workbooks", "reviewed", "missing")]
    return Table(
        columns=[*map(say, headings), *counts, say("status.col_due"), say("status.col_next")],
        rows=[
            [
                row.period.label(),
                str(row.level),
                say(f"status.state_{row.state}"),
                *(
                    number(n) if row.drawn else ""
                    for n in (row.drawn, row.workbooks, row.reviewed, row.missing)
                ),
                row.due.strftime("%d-%m-%Y"),
                row.next_step,
            ]
            for row in rows
        ],
        title=say("status.title"),
        important=[say(f"status.col_{name}") for name in ("period", "level", "missing", "state", "due")],
        own_line=say("status.col_next"),
    )


def _units(rows: list[Progress]) -> list[Table]:
    """Return what is missing per unit, a table for the levels that are under review."""
    missing = [
        [row.period.label(), str(row.level), unit, *map(number, counts)]
        for row in rows
        for unit, counts in row.units.items()
        if counts[2]
    ]
    if not missing:
        return []
    headings = [say(f"status.col_{name}") for name in ("period", "level", "unit")]
    counts = [f">{say(f'status.col_{name}')}" for name in ("drawn", "reviewed", "missing")]
    return [Table([*headings, *counts], missing, say("status.title_missing"))]


def _urgent(cases: list[dict[str, Any]]) -> Table:
    columns = [
        say(f"status.col_{name}") for name in ("case_id", "unit", "level", "period", "since", "source")
    ]
    columns_of = ("case_id", "unit", "level", "period", "since", "source")
    rows = [[str(c[k] or c.get("single")) for k in columns_of] for c in cases]
    return Table(columns, rows, say("status.title_urgent"), [say("status.urgent_remedy")])
