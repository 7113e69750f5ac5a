"""The event log: every attempt at a draw, on a chain of hashes that nobody can change unseen.

`samples/log.jsonl` holds an event per line; each has the hash of the line before (`prev`) and its own
(`hash`). `samples/log.head` holds how many there are and the last hash. An event is written before its head:
a head ahead of the log tells of tampering, a head behind it of a crash, which is repaired.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.problems import Problem, Refused
from tilsyn.formats import files

__all__ = [
    "DRAWN",
    "DRAW_RESUMED",
    "FRAME_CHECKED",
    "FRAME_COMMITTED",
    "GENESIS",
    "REPORTED",
    "SEED_MADE",
    "LogState",
    "Rooted",
    "append",
    "append_if",
    "check",
    "event_hash",
    "read",
]  # fmt: skip

GENESIS = "0" * 64
# What `tilsyn check --commit` logs: the frame's commitment, before anybody has a seed.
FRAME_CHECKED = "frame_checked"
# What a draw logs, in this order.
FRAME_COMMITTED = "frame_committed"
DRAW_RESUMED = "draw_resumed"
SEED_MADE = "seed_made"
DRAWN = "drawn"
# What a report logs, with the draws it rests on.
REPORTED = "reported"

Event = dict[str, Any]


class Rooted(Protocol):
    """A workspace, as far as the log needs it."""

    @property
    def root(self) -> Path: ...


@dataclass(frozen=True)
class LogState:
    """What stands in the log.

    Parameters
    ----------
    events : list of dict
        The events, oldest first.
    problems : list of Problem
        Signs of tampering; empty when the chain holds.
    behind : int
        Events the head does not count yet: a crash between event and head.
    torn : bool
        Whether the last line was only half written.
    """

    events: list[Event]
    problems: list[Problem]
    behind: int = 0
    torn: bool = False


def _paths(workspace: Rooted) -> tuple[Path, Path, Path]:
    folder = workspace.root / "samples"
    return folder / "log.jsonl", folder / "log.head", folder / ".log.lock"


def event_hash(event: Event) -> str:
    """Return the hash of an event: SHA-256 of its JSON without `hash`, keys sorted, no space, UTF-8.

    Parameters
    ----------
    event : dict
        With `prev`, with or without `hash`.

    Returns
    -------
    str
        64 lower-case hexadecimal digits.

    Examples
    --------
    >>> event_hash({"event": "drawn", "prev": GENESIS})[:12]
    '3533d6bbfe72'
    """
    return hashlib.sha256(_line({key: value for key, value in event.items() if key != "hash"})).hexdigest()


def _line(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def read(workspace: Rooted) -> list[Event]:
    """Return the events, oldest first.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    list of dict
        Each with `at`, `event`, its data, `prev` and `hash`.
    """
    return check(workspace).events


def check(workspace: Rooted) -> LogState:
    """Check the chain of hashes and the head.

    Parameters
    ----------
    workspace : Workspace

    Returns
    -------
    LogState
    """
    path, head_path, _ = _paths(workspace)
    # The head first: a writer in between can then only make it look behind, never ahead.
    head = _head(head_path)
    content = path.read_bytes() if path.exists() else b""
    *lines, tail = content.split(b"\n")
    problems: list[Problem] = []

    def tampered(key: str, row: int | None = None, **values: Any) -> None:
        problems.append(
            Problem(say(f"log.{key}", **values), say("log.tampered_remedy"), "samples/log.jsonl", row=row)
        )

    events: list[Event] = []
    previous = GENESIS
    for row, line in enumerate(lines, start=1):
        try:
            event = json.loads(line)
        except ValueError:
            event = None
        if not isinstance(event, dict) or _line(event) != line:
            tampered("no_event", row)
            break
        if event.get("prev") != previous:
            tampered("broken_chain", row)
            break
        if event.get("hash") != event_hash(event):
            tampered("edited_event", row)
            break
        previous = event["hash"]
        events.append(event)
    if head is None:
        tampered("bad_head")
    elif len(events) > 1 and not head_path.exists():
        # A crash leaves a log without a head only at its very first event.
        tampered("no_head", n=len(events))
    elif not problems:
        count, last = head
        if count > len(events):
            tampered("head_ahead", count=count, n=len(events))
        elif last != (events[count - 1]["hash"] if count else GENESIS):
            tampered("other_head", row=count or None)
        else:
            return LogState(events, [], len(events) - count, bool(tail))
    return LogState(events, problems)


def _head(path: Path) -> tuple[int, str] | None:
    """Return count and last hash; None when the file holds something else."""
    if not path.exists():
        return 0, GENESIS
    try:
        head = json.loads(path.read_bytes())
        return int(head["count"]), str(head["hash"])
    except (ValueError, KeyError, TypeError):
        return None


def append(workspace: Rooted, event: str, **data: Any) -> Event:
    """Add an event.

    Parameters
    ----------
    workspace : Workspace
    event : str
        Its kind, such as `frame_committed`.
    **data
        What happened, as plain data; never personal data.

    Returns
    -------
    dict
        The event as it stands in the log.

    Raises
    ------
    Refused
        When the log has been tampered with.
    """
    return append_if(workspace, lambda events: {"event": event, **data})


def append_if(workspace: Rooted, make: Callable[[list[Event]], Event]) -> Event:
    """Add an event that depends on those before it; nobody else can write in between.

    Parameters
    ----------
    workspace : Workspace
    make : callable
        Gets all events and returns the new one, or an old one (which has its `hash`) when there is nothing
        to add.

    Returns
    -------
    dict
        The event as it stands in the log.

    Raises
    ------
    Refused
        When the log has been tampered with.
    """
    path, head_path, lock = _paths(workspace)
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        state = check(workspace)
        if state.problems:
            raise Refused(state.problems[0].found, state.problems[0].remedy)
        event = make(state.events)
        if state.torn:
            _cut_torn_line(path)
        if "hash" not in event:
            event = {"at": clock.now().isoformat(), **event}
            event["prev"] = state.events[-1]["hash"] if state.events else GENESIS
            event["hash"] = event_hash(event)
            state.events.append(event)
            with path.open("ab") as file:
                file.write(_line(event) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        head = {"count": len(state.events), "hash": state.events[-1]["hash"]}
        files.write_text(head_path, json.dumps(head) + "\n", overwrite=True)
    return event


def _cut_torn_line(path: Path) -> None:
    """Take away a last line that a crash left half written: it was never an event."""
    content = path.read_bytes()
    files.write_bytes(path, content[: content.rfind(b"\n") + 1], overwrite=True)


def crash_told(workspace: Rooted) -> list[str]:
    """Return a sentence on what a crash left and the next event repairs; empty when nothing is left."""
    state = check(workspace)
    told = [say("log.repaired_head", n=state.behind)] if state.behind else []
    return told + ([say("log.repaired_line")] if state.torn else [])
