"""Events of the log, as `tilsyn log` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tilsyn.base.danish_time import danish_clock
from tilsyn.base.language import dictionary, say
from tilsyn.base.numbers import percent
from tilsyn.base.problems import CheckFailed
from tilsyn.cli.console import Table
from tilsyn.sampling.departures import in_words

if TYPE_CHECKING:
    from tilsyn.workspace.log import Event, LogState
    from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/log/1"
# What an event is told by elsewhere in its row, or only for the chain's and the program's sake.
_APART = ("at", "event", "draw_id", "prev", "hash", "settings")
_NOTHING: tuple[Any, ...] = (None, "", [], {})


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


def _plain(value: Any) -> Any:
    return _short(value) if isinstance(value, list | dict) else value


def _detail(kind: str, name: str, value: Any) -> str:
    """Return a detail with its name, both in the user's language where they are tilsyn's own words."""
    keys = [key for key in (f"detail_{name}_of_{kind}", f"detail_{name}") if key in dictionary("log")]
    label = say(f"log.{keys[0]}") if keys else name
    if isinstance(value, bool):
        return f"{label}: {say('common.yes' if value else 'common.no')}"
    if name == "at_most":
        return f"{label}: {percent(value)}"
    if name == "departures":
        return f"{label}: {in_words(value)}"
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
