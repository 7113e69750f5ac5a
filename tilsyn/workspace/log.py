"""The event log: every attempt at a draw, on a chain of hashes that nobody can change unseen.

`samples/log.jsonl` holds an event per line; each has the hash of the line before (`prev`) and its own
(`hash`). `samples/log.head` holds how many there are and the last hash. An event is written before its head:
a head ahead of the log tells of tampering, a head behind it of a crash, which is repaired.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from tilsyn.base import clock, disk
from tilsyn.base.danish_time import danish_day
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Problem, Refused
from tilsyn.base.which import Single, Which, from_keys, in_id
from tilsyn.formats import files
from tilsyn.workspace.lock import WriterLock

GENESIS = "0" * 64
# So many digits of a hash stand on paper.
ANCHOR_DIGITS = 16
# What `tilsyn check --commit` logs: the frame's commitment, before anybody has a seed.
FRAME_CHECKED = "frame_checked"
# What a draw logs, in this order.
FRAME_COMMITTED = "frame_committed"
DRAW_RESUMED = "draw_resumed"
SEED_MADE = "seed_made"
DRAWN = "drawn"
# New entries of a draw's ledger: draw_id and files, each with its name and SHA-256.
REVIEWS_RECORDED = "reviews_recorded"
# New entries of the follow-up: files, as above.
FOLLOWUP_RECORDED = "followup_recorded"
# What `tilsyn load` told of a file: its SHA-256, that of its problems, how many they are, and which workbooks
# it is.
PROBLEMS_FOUND = "problems_found"
# What a report logs, with the draws it rests on.
REPORTED = "reported"
# A lawyer signed what a catalogue asks.
QUESTION_APPROVED = "question_approved"

Event = dict[str, Any]


@dataclass(frozen=True)
class LogState:
    """The events, oldest first, and every sign of tampering.

    `behind` counts the events that the head does not know yet (a crash between event and head); `torn` says
    that the last line was only half written.
    """

    events: list[Event]
    problems: list[Problem]
    behind: int = 0
    torn: bool = False

    @cached_property
    def of_draw(self) -> dict[str, list[tuple[int, Event]]]:
        """The events of each draw id, with their places in the log."""
        found = defaultdict(list)
        for place, event in enumerate(self.events):
            found[event.get("draw_id", "")].append((place, event))
        return dict(found)

    def anchor(self, count: int | None = None) -> str:
        """Return `COUNT:HASH` of the first events (all of them): whoever has it can tell another log."""
        count = len(self.events) if count is None else count
        return f"{count}:{self.hash_at(count)[:ANCHOR_DIGITS]}"

    def hash_at(self, count: int) -> str:
        """Return the hash of the last of the first events."""
        return str(self.events[count - 1]["hash"]) if count else GENESIS

    def place_of(self, event: Event) -> int:
        """Return where an event stands, from 0."""
        return next(place for place, other in enumerate(self.events) if other["hash"] == event["hash"])

    def seeds(self, level: Which, period: Period) -> list[tuple[int, Event]]:
        """Return every seed ever made for a level and period, with its place."""
        return [found for found in self.concerning(level, period) if found[1]["event"] == SEED_MADE]

    def singles_of(self, commitment: str) -> set[str]:
        """Return the names of the single draws that a seed was ever made for on a frame."""
        made = [one for one in self.events if one["event"] == SEED_MADE and one["commitment"] == commitment]
        return {named[1].name for one in made if (named := _level_of(one)) and isinstance(named[1], Single)}

    def concerning(self, level: Which, period: Period) -> list[tuple[int, Event]]:
        """Return the events of a level and period, with their places."""
        return self._of_level.get((period.canonical, level), [])

    @cached_property
    def _of_level(self) -> dict[tuple[str, Which] | None, list[tuple[int, Event]]]:
        found = defaultdict(list)
        for place, event in enumerate(self.events):
            found[_level_of(event)].append((place, event))
        return dict(found)

    @cached_property
    def checked(self) -> dict[str, int]:
        """Where each commitment was first logged before a draw, by `tilsyn check --commit`."""
        events = [
            (place, event) for place, event in enumerate(self.events) if event["event"] == FRAME_CHECKED
        ]
        return {event["commitment"]: place for place, event in reversed(events)}

    @cached_property
    def manifests(self) -> dict[str, str]:
        """The SHA-256 of each draw's `draw.json`, by draw id."""
        return {event["draw_id"]: event["manifest"] for event in self.events if event["event"] == DRAWN}


class Log:
    """The log of one workspace, whose chain is checked once and then only where it has grown.

    `late` holds what failed after an event had put its result in force.
    """

    def __init__(self, root: Path) -> None:
        folder = root / "samples"
        self.path = folder / "log.jsonl"
        self._head_path = folder / "log.head"
        self.lock = WriterLock(folder)
        self.late: list[Problem] = []
        self._checked = b""
        self._events: list[Event] = []
        self._state: LogState | None = None

    @property
    def state(self) -> LogState:
        """What stood in the log when it was last looked at."""
        if self._state is None:
            self.look_again()
        assert self._state is not None
        return self._state

    @property
    def events(self) -> list[Event]:
        """The events, oldest first; of a log that was tampered with, those before the first sign of it."""
        return self.state.events

    def trusted(self) -> LogState:
        """Return the state; refused when the log was tampered with."""
        if self.state.problems:
            first = self.state.problems[0]
            raise Refused(first.found, first.remedy)
        return self.state

    def first(self, count: int) -> Log:
        """Return the log as it stood after its first events, to be read alone."""
        then = Log(self.path.parent.parent)
        then._state = LogState(self.trusted().events[:count], [])
        return then

    def look_again(self) -> None:
        """Read the log once more, for others may have written since."""
        # The head first: a writer in between can then only make it look behind, never ahead.
        head = _head(self._head_path)
        content = files.read_bytes(self.path) if self.path.exists() else b""
        if not content.startswith(self._checked):
            self._checked, self._events = b"", []
        problems = self._check_chain(content)
        torn = not problems and not content.endswith(b"\n") and content != b""
        self._state = self._held_against(head, problems, torn)

    def _check_chain(self, content: bytes) -> list[Problem]:
        """Take up the lines that were added, up to the first that breaks the chain."""
        events, sound, fault = list(self._events), len(self._checked), None
        for line in content[sound:].split(b"\n")[:-1]:
            event = _event(line)
            if event is None:
                fault = "no_event"
            elif event.get("prev") != (events[-1]["hash"] if events else GENESIS):
                fault = "broken_chain"
            elif event.get("hash") != event_hash(event):
                fault = "edited_event"
            else:
                events.append(event)
                sound += len(line) + 1
                continue
            break
        self._events, self._checked = events, content[:sound]
        return [] if fault is None else [_tampered(fault, len(events) + 1)]

    def _held_against(self, head: tuple[int, str] | None, problems: list[Problem], torn: bool) -> LogState:
        """Hold the chain against the head, which nobody can rewrite without its copies telling."""
        events = self._events
        if head is None:
            problems = [*problems, _tampered("bad_head")]
        elif len(events) > 1 and not self._head_path.exists():
            # A crash leaves a log without a head only at its very first event.
            problems = [*problems, _tampered("no_head", n=len(events))]
        elif not problems:
            count, last = head
            if count > len(events):
                problems = [_tampered("head_ahead", count=count, n=len(events))]
            elif last != (events[count - 1]["hash"] if count else GENESIS):
                problems = [_tampered("other_head", count or None)]
            else:
                return LogState(events, [], len(events) - count, torn)
        return LogState(events, problems)

    def append(self, event: str, **data: Any) -> Event:
        """Add an event of a kind with its data, which never is personal data."""
        return self.append_if(lambda events: {"event": event, **data})

    def append_if(self, make: Callable[[list[Event]], Event]) -> Event:
        """Add what `make` makes of the events before it; nobody else can write in between.

        Where it returns one of them (which has its `hash`), nothing is added.
        """
        return self.append_all(lambda events: [make(events)])[0]

    def append_all(self, make: Callable[[list[Event]], list[Event]]) -> list[Event]:
        """Add several events as in `append_if`, all of them or none."""
        with self.lock.held():
            self.look_again()
            state = self.trusted()
            events = make(state.events)
            if state.torn:
                # What a crash left half written was never an event.
                files.write_bytes(self.path, self._checked, overwrite=True, private=True)
            new = [event for event in events if "hash" not in event]
            added = iter(self._add(new))
            if new or state.behind:
                self._write_head()
            self._state = LogState(self._events, [])
        return [event if "hash" in event else next(added) for event in events]

    def _add(self, events: Sequence[Event]) -> list[Event]:
        given = clock.given_day()
        # The clock's own time; a day that was given stands beside it and moves nothing.
        when = {"at": clock.now().isoformat()} | ({} if given is None else {"today": given.isoformat()})
        added: list[Event] = []
        last = self._events[-1]["hash"] if self._events else GENESIS
        for event in events:
            event = {**when, **event, "prev": last}
            last = event["hash"] = event_hash(event)
            refuse_cpr(event, "samples/log.jsonl")
            added.append(event)
        if added:
            lines = b"".join(_line(event) + b"\n" for event in added)
            files.append(self.path, lines)
            self._checked += lines
            self._events = [*self._events, *added]
        return added

    def _write_head(self) -> None:
        head = {"count": len(self._events), "hash": self._events[-1]["hash"]}
        try:
            files.write_text(self._head_path, json.dumps(head) + "\n", overwrite=True, private=True)
        except OSError as error:
            # A head behind the log is what a crash leaves too: the next event repairs it.
            self.late.append(disk.late(disk.found(error), say("disk.late_head")))

    def put_late(self, prepared: Iterable[files.Prepared], remedy: str) -> None:
        """Give files their names after the event that speaks of them; what fails is only told."""
        for file in prepared:
            try:
                file.put()
            except OSError as error:
                self.late.append(disk.late(disk.found(error), remedy))
            except Refused as error:
                self.late.append(disk.late(error.message, remedy))

    def crash_told(self) -> list[str]:
        """Return a sentence on what a crash left and the next event repairs; empty when nothing is left."""
        state = self.state
        told = [say("log.repaired_head", n=state.behind)] if state.behind else []
        return told + ([say("log.repaired_line")] if state.torn else [])


def concerns(event: Event, level: Which, period: Period) -> bool:
    """Tell whether an event is of a level and period: of any attempt at its draw, or of its frame.

    The organisation is left out of it: one that changes its name cannot begin anew.
    """
    return _level_of(event) == (period.canonical, level)


def _level_of(event: Event) -> tuple[str, Which] | None:
    if event["event"] == FRAME_CHECKED:
        return str(event.get("period")), from_keys(event)
    named = in_id(event.get("draw_id", ""))
    return named and named[:2]


def day_of(event: Event) -> date:
    """Return the day that an event was reckoned from: the one that was given, else the clock's in Denmark."""
    given = event.get("today")
    return date.fromisoformat(given) if given else danish_day(event["at"])


def attempt_number(event: Event) -> int:
    """Return which attempt at its level and period an event of a draw is of, from 1."""
    named = in_id(event["draw_id"])
    return named[2] if named else 1


def event_hash(event: Event) -> str:
    """Return the hash of an event: SHA-256 of its JSON without `hash`, keys sorted, no space, UTF-8.

    >>> event_hash({"event": "drawn", "prev": GENESIS})[:12]
    '3533d6bbfe72'
    """
    return hashlib.sha256(_line({key: value for key, value in event.items() if key != "hash"})).hexdigest()


def _line(event: Event) -> bytes:
    return json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def _event(line: bytes) -> Event | None:
    """Return the event of a line; None when it holds something else, or the same in another form."""
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and _line(event) == line else None


def _tampered(key: str, row: int | None = None, **values: Any) -> Problem:
    return Problem(say(f"log.{key}", **values), say("log.tampered_remedy"), "samples/log.jsonl", row=row)


def _head(path: Path) -> tuple[int, str] | None:
    """Return count and last hash; None when the file holds something else."""
    if not path.exists():
        return 0, GENESIS
    try:
        head = json.loads(files.read_bytes(path))
        return int(head["count"]), str(head["hash"])
    except (ValueError, KeyError, TypeError):
        return None
