"""`tilsyn status --files`: the workbooks that have not come, a table per draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.which import as_keys
from tilsyn.cli.console import Table

if TYPE_CHECKING:
    from tilsyn.procedure.status_files import DrawFiles
    from tilsyn.reviews.status_files import FileStatus

_COUNTS = ("cases", "finished", "begun", "untouched")


def plain_files(rows: Sequence[DrawFiles]) -> list[dict[str, Any]]:
    """Return a row per workbook, as programs read it."""
    return [
        {
            **as_keys(row.draw.level),
            "period": row.draw.period.canonical,
            "file": _file(file),
            "title": file.title,
            "state": file.state,
            "came": file.came.isoformat() if file.came else None,
            **{name: getattr(file, name) for name in _COUNTS},
            "due": row.due.isoformat(),
            "days_overdue": 0 if file.state == "finished" else row.overdue,
        }
        for row in rows
        for file in row.files
    ]


def file_tables(rows: Sequence[DrawFiles], send_to: str) -> list[Table | str]:
    """Return a table per draw that lacks something, and a line per draw that is finished."""
    if not rows:
        return [say("status.files_none")]
    shown: list[Table | str] = [_table(row) if row.waiting else _finished(row) for row in rows]
    send = [say("status.files_send_to", where=send_to)] if send_to and any(r.waiting for r in rows) else []
    return [*shown, *send]


def _table(row: DrawFiles) -> Table:
    names = [say(f"status.col_{name}") for name in ("file", "unit", "state", "came")]
    counts = [f">{say(f'status.col_{name}')}" for name in _COUNTS]
    cells = [
        [
            _file(file),
            file.title,
            say(f"status.file_{file.state}"),
            file.came.strftime("%d-%m-%Y") if file.came else "",
            *(number(getattr(file, name)) for name in _COUNTS),
        ]
        for file in row.files
    ]
    values = {"due": row.due.strftime("%d-%m-%Y"), "days": number(row.overdue)}
    title = say("status.files_overdue" if row.overdue else "status.files_due", **_of(row), **values)
    return Table([*names, *counts], cells, title)


def _finished(row: DrawFiles) -> str:
    return say("status.files_finished", **_of(row), n=number(len(row.files)))


def _of(row: DrawFiles) -> dict[str, Any]:
    return {"level": row.draw.level, "period": row.draw.period.label()}


def _file(file: FileStatus) -> str:
    return f"{file.name}.xlsx"
