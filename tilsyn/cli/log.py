"""`tilsyn log`: the event log, and one case's history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.danish_time import danish_clock
from tilsyn.base.language import dictionary, say
from tilsyn.base.problems import Refused, UsageError
from tilsyn.cli.command import command, which_if_any
from tilsyn.cli.console import Result, Table
from tilsyn.cli.log_events import event_name, event_rows, events_table, log_data, log_head, sound_state

if TYPE_CHECKING:
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/case-log/1"
_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})(?::\d{2})?)?(?![-\d])")


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "log")
    def log(
        case: Annotated[str | None, typer.Option(help=say("log.opt_case"))] = None,
        since: Annotated[str | None, typer.Option(metavar="WHEN", help=say("log.opt_since"))] = None,
        level: Annotated[int | None, typer.Option(help=say("log.opt_level"))] = None,
        single: Annotated[str | None, typer.Option(metavar="NAME", help=say("single.opt_single"))] = None,
    ) -> Result:
        which = which_if_any(level, single)
        if (since is None and which is not None) or (since is not None and case is not None):
            raise UsageError(say("log.since_alone"), say("log.since_alone_remedy"))
        from tilsyn.workspace.workspace import Workspace

        workspace = Workspace.open()
        if since is not None:
            from tilsyn.cli.log_since import since_result

            return since_result(workspace, since, which)
        return _events(workspace) if case is None else _history(workspace, case)


def _events(workspace: Workspace) -> Result:
    state = sound_state(workspace)
    events = state.events
    table = events_table(events, log_head(state)) if events else say("log.empty")
    return Result(
        data=log_data(state, events),
        rows=event_rows(events),
        tables=[table],
        messages=workspace.log.crash_told(),
    )


def _history(workspace: Workspace, case: str) -> Result:
    from tilsyn.base.canonical import canonical_id
    from tilsyn.procedure.log import history

    case_id = canonical_id(case)
    events = history(workspace, case_id)
    if not events:
        raise Refused(say("log.case_unknown", case_id=case_id), say("log.case_unknown_remedy"))
    rows = []
    for event in events:
        parts = (
            _part(event["question"]),
            _change(event),
            event.get("reason") or event["remark"],
            event["source"],
        )
        details = " · ".join(str(part) for part in parts if part)
        rows.append([danish_clock(event["at"]), event_name(event["kind"]), event["draw_id"], details])
    columns = [say("log.col_at"), say("log.col_event"), say("log.col_draw"), say("log.col_detail")]
    return Result(
        data={"schema": SCHEMA, "case_id": case_id, "events": events},
        rows=events,
        tables=[Table(columns, rows, say("log.case_title", case_id=case_id))],
    )


def _part(name: str | None) -> str:
    """Return what a part of a review is called: a question by its id, the case head by its labels."""
    key = f"head_{name}"
    return say(f"checklist.{key}") if key in dictionary("checklist") else (name or "").removeprefix("fact:")


def _change(event: dict[str, Any]) -> str:
    """Return what was there before and what came after; dates and answers as people write them."""
    from tilsyn.questions.answers import answer_text

    texts = [event["before"], event["after"]]
    if event["kind"] == "answers":
        texts = [text and answer_text(text) for text in texts]
        texts[1] = texts[1] or say("log.taken_away")
    told = " → ".join(str(text) for text in texts if text is not None)
    return _DATE.sub(lambda m: f"{m[3]}-{m[2]}-{m[1]}" + (f" {m[4]}" if m[4] else ""), told)
