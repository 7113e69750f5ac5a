"""`tilsyn log`: the event log, and one case's history."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.danish_time import danish_clock
from tilsyn.base.language import dictionary, say
from tilsyn.base.problems import CheckFailed, Refused, UsageError
from tilsyn.cli.command import command, which_if_any
from tilsyn.cli.console import Result, Table

if TYPE_CHECKING:
    from tilsyn.workspace.log import Event, LogState
    from tilsyn.workspace.workspace import Workspace

SCHEMA, CASE_SCHEMA = "tilsyn/log/1", "tilsyn/case-log/1"
# What an event is told by elsewhere in its row, or only for the chain's sake.
_APART = ("at", "event", "draw_id", "prev", "hash")
_NOTHING: tuple[Any, ...] = (None, "", [], {})
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


def sound_state(workspace: Workspace) -> LogState:
    """Return the log; the check has failed where it was tampered with."""
    state = workspace.log.state
    if state.problems:
        problem = state.problems[0]
        raise CheckFailed(f"{problem.place}: {problem.found}", problem.remedy)
    return state


def log_head(state: LogState) -> str:
    """Return how many events there are, and the last hash, in words."""
    return say("log.head", n=len(state.events), hash=state.hash_at(len(state.events)))


def log_data(state: LogState, events: Sequence[Event]) -> dict[str, Any]:
    """Return events as plain data, schema `tilsyn/log/1`."""
    count = len(state.events)
    return {"schema": SCHEMA, "count": count, "head": state.hash_at(count), "events": events}


def event_rows(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return events as rows, for `--format csv`."""
    return [{name: _plain(value) for name, value in event.items()} for event in events]


def events_table(events: Sequence[Event], note: str) -> Table:
    """Return events as people read them."""
    rows = []
    for event in events:
        said = {name: value for name, value in event.items() if name not in _APART and value not in _NOTHING}
        details = ", ".join(_detail(event["event"], name, value) for name, value in said.items())
        at = danish_clock(event["at"])
        rows.append([at, event_name(event["event"]), event.get("draw_id", ""), details])
    columns = [say("log.col_at"), say("log.col_event"), say("log.col_draw"), say("log.col_detail")]
    return Table(columns, rows, say("log.title"), [note])


def event_name(kind: str) -> str:
    """Return what an event is called; one of another version by its own name."""
    return say(f"log.event_{kind}") if f"event_{kind}" in dictionary("log") else kind


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
        data={"schema": CASE_SCHEMA, "case_id": case_id, "events": events},
        rows=events,
        tables=[Table(columns, rows, say("log.case_title", case_id=case_id))],
    )


def _part(name: str | None) -> str:
    """Return what a part of a review is called: a question by its id, the case head by its labels."""
    key = f"head_{name}"
    return say(f"checklist.{key}") if key in dictionary("checklist") else (name or "").removeprefix("fact:")


def _change(event: dict[str, Any]) -> str:
    """Return what was there before and what came after; dates as people write them."""
    texts = [event["before"], event["after"]]
    if event["kind"] == "answers" and texts[1] is None:
        texts[1] = say("log.taken_away")
    told = " → ".join(str(text) for text in texts if text is not None)
    return _DATE.sub(lambda m: f"{m[3]}-{m[2]}-{m[1]}" + (f" {m[4]}" if m[4] else ""), told)


def _plain(value: Any) -> Any:
    return _short(value) if isinstance(value, list | dict) else value


def _detail(kind: str, name: str, value: Any) -> str:
    """Return a detail with its name, both in the user's language where they are tilsyn's own words."""
    keys = [key for key in (f"detail_{name}_of_{kind}", f"detail_{name}") if key in dictionary("log")]
    label = say(f"log.{keys[0]}") if keys else name
    if isinstance(value, bool):
        return f"{label}: {say('common.yes' if value else 'common.no')}"
    if name == "files":
        return f"{label}: {len(value)}"
    return f"{label}: {event_name(value) if name == 'kind' else _short(value)}"


def _short(value: Any) -> str:
    """Return a detail in a few characters: a hash by its beginning, a table by its parts."""
    if isinstance(value, dict):
        return " ".join(f"{_short(part)}" for part in value.values() if part is not None)
    if isinstance(value, list):
        return "; ".join(_short(part) for part in value)
    text = str(value)
    return f"{text[:12]}…" if len(text) == 64 else text
