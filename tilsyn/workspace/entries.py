"""Folders of immutable files that the event log knows: read by what it says, and added to, all or none.

The log has each file's name and SHA-256. A file that it does not know (what is left of a crash, or one put
there by hand) counts for nothing; an edited or missing one stops all that would count without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import InputError, Problem, TilsynError
from tilsyn.formats import files
from tilsyn.workspace.log import Event, Log, LogState

# A file's name, and what stands in it.
Kept = tuple[str, Mapping[str, Any]]


class EntryFolder:
    """A folder of entries, read once; `shown` names it from the workspace.

    `events` finds in the log the events that name its files; `area` has in the dictionary what is wrong.
    """

    def __init__(
        self, path: Path, shown: str, log: Log, events: Callable[[LogState], Sequence[Event]], area: str
    ) -> None:
        self.path, self.shown = path, shown
        self.log, self._events, self._area = log, events, area

    @property
    def recorded(self) -> dict[str, str]:
        """What the event log says was recorded: file name to SHA-256, oldest first."""
        events = self._events(self.log.trusted())
        return {file["file"]: file["sha256"] for event in events for file in event["files"]}

    @cached_property
    def _read(self) -> tuple[list[Kept], list[Problem]]:
        kept, problems = [], []
        for name, digest in self.recorded.items():
            path = self._there(name, digest)
            if path is None:
                problems.append(self._wrong("missing", f"{self.shown}/{name}"))
                continue
            data = files.read_bytes(path)
            if hashlib.sha256(data).hexdigest() != digest:
                problems.append(self._wrong("edited", f"{self.shown}/{name}"))
                continue
            kept.append((name, json.loads(data)))
        return kept, problems

    def _there(self, name: str, digest: str) -> Path | None:
        """Return where an entry stands; one that a crash kept from its name, still under a temporary one."""
        if (self.path / name).is_file() or not self.path.is_dir():
            return self.path / name if self.path.is_dir() else None
        waiting = [path for path in self.path.iterdir() if files.is_temporary(path.name)]
        return next((path for path in waiting if files.file_hash(path) == digest), None)

    def _wrong(self, what: str, place: str) -> Problem:
        key = f"{self._area}.entry_{what}"
        return Problem(say(key), say(f"{key}_remedy"), place)

    @property
    def entries(self) -> list[Kept]:
        """The entries, oldest first; `InputError` where one is missing or was edited."""
        kept, problems = self._read
        if problems:
            raise InputError(problems)
        return kept

    def problems(self) -> list[Problem]:
        """Return what is wrong: entries missing, edited, or never recorded."""
        recorded = self.recorded
        strange = [path.name for path in sorted(self.path.glob("*.json")) if path.name not in recorded]
        return [*self._read[1], *(self._wrong("unknown", name) for name in strange)]

    def prepare(self, content: Mapping[str, Any], known: Collection[str]) -> tuple[files.Prepared, str]:
        """Write an entry under a temporary name, and return it with its SHA-256."""
        refuse_cpr(content, f"{self.path.name}/", known)
        data = json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8")
        digest = hashlib.sha256(data).hexdigest()
        path = self.path / f"{clock.now():%Y%m%dT%H%M%SZ}-{digest[:12]}.json"
        return files.prepare(path, data, overwrite=True, private=True), digest

    def look_again(self) -> None:
        """Forget what was read, for entries have been added."""
        self.__dict__.pop("_read", None)


@dataclass(frozen=True)
class NewEntries:
    """Entries for a folder, and what the log says of them beside their files.

    `known` are texts that are no CPR numbers whatever they look like.
    """

    folder: EntryFolder
    event: Event
    contents: Sequence[Mapping[str, Any]]
    known: Collection[str] = ()


def record_all(log: Log, what: Sequence[NewEntries]) -> list[str]:
    """Record entries of several folders, all in force at once or none, and return their files' names.

    Each file is whole on the disk before the events, and gets its name after them.
    """
    prepared: list[files.Prepared] = []
    events: list[Event] = []
    try:
        for new in what:
            listed = []
            for content in new.contents:
                file, digest = new.folder.prepare(content, new.known)
                prepared.append(file)
                listed.append({"file": file.path.name, "sha256": digest})
            events.append(new.event | {"files": listed})
        if events:
            log.append_all(lambda _: events)
    except (OSError, TilsynError):
        files.discard(prepared)
        raise
    log.put_late(prepared, say("disk.late_next"))
    for new in what:
        new.folder.look_again()
    return [file.path.name for file in prepared]
