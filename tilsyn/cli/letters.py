"""`tilsyn letters`: drafts of the mails that the workbooks go out with, and of reminders."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.which import Which
from tilsyn.cli.command import command, which_of
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/letters/1"


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "letters")
    def letters(
        period: Annotated[str, typer.Option(help=say("letters.period_help"))],
        level: Annotated[int | None, typer.Argument(help=say("letters.level_help"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
        reminder: Annotated[bool, typer.Option("--reminder", help=say("letters.reminder_help"))] = False,
    ) -> Result:
        which = which_of(level, single)
        from tilsyn.procedure.letters import write_letters
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        draw = workspace.draws.get(which, Period.parse(period))
        drafts = write_letters(workspace, draw, clock.today(), reminder=reminder)
        folder = drafts.folder.relative_to(workspace.root).as_posix()
        rows: list[dict[str, Any]] = [
            {
                "file": f"{folder}/{letter.name}.eml",
                "title": letter.title,
                "to": ", ".join(letter.to),
                "workbook": letter.with_workbook,
            }
            for letter in drafts.letters
        ]
        kind = "reminder" if reminder else "first"
        due = date_text(drafts.due)
        messages = []
        if not rows:
            messages.append(say(f"letters.none_{kind}", due=due))
        if lacking := drafts.without_contact:
            names = ", ".join(letter.title for letter in lacking)
            line = say("letters.contact_line", name=lacking[0].contact)
            messages.append(say("letters.no_contact", n=len(lacking), names=names, line=line))
        return Result(
            data={"schema": SCHEMA, "draw_id": draw.draw_id, "kind": kind, "due": drafts.due.isoformat()}
            | {"letters": rows},
            rows=rows,
            tables=[_table(rows, workspace.shown(folder), kind, which, draw.period)] if rows else [],
            messages=messages,
            nothing=not rows,
        )


def _table(rows: list[dict[str, Any]], folder: str, kind: str, level: Which, period: Period) -> Table:
    columns = [say(f"letters.column_{name}") for name in ("title", "file", "to")]
    cells = [[row["title"], row["file"].rpartition("/")[2], row["to"] or "–"] for row in rows]
    title = say(f"letters.table_{kind}", level=level, period=period.label())
    return Table(columns, cells, title, [say("letters.folder", folder=folder)])
