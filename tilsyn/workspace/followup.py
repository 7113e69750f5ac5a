"""The follow-up on disk: what was ever said of the actions, one immutable file each, as in `entries`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from tilsyn.base import clock
from tilsyn.base.problems import Problem
from tilsyn.reviews.actions import Action, ActionRecord, actions_after
from tilsyn.workspace.draws import Draws
from tilsyn.workspace.entries import EntryFolder, NewEntries, record_all
from tilsyn.workspace.log import FOLLOWUP_RECORDED, Event, Log

SCHEMA = "tilsyn/followup-record/1"
FOLDER = "samples/followup"


def _recorded(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event["event"] == FOLLOWUP_RECORDED]


class ActionLedger:
    """The records of the follow-up, read once, and the actions that they amount to."""

    def __init__(self, root: Path, log: Log, draws: Draws) -> None:
        self._draws = draws
        self._folder = EntryFolder(
            root / FOLDER, FOLDER, log, lambda state: _recorded(state.events), "followup"
        )

    @property
    def records(self) -> list[ActionRecord]:
        """The records, oldest first; `InputError` where one is missing or was edited."""
        return [ActionRecord.from_dict(data) for _, data in self._folder.entries]

    @cached_property
    def actions(self) -> dict[str, Action]:
        """The actions by id as they are now, in the order in which they were taken up."""
        return actions_after(self.records)

    def recorded_at(self, anchor: str) -> int | None:
        """Return how many records there were when the log had an anchor; None where it never had."""
        state = self._folder.log.state
        count = anchor.partition(":")[0]
        if not count.isdigit() or int(count) > len(state.events) or state.anchor(int(count)) != anchor:
            return None
        return sum(len(event["files"]) for event in _recorded(state.events[: int(count)]))

    @property
    def there(self) -> bool:
        """Whether anything was ever recorded, or lies where it would."""
        return bool(_recorded(self._folder.log.events)) or self._folder.path.is_dir()

    def problems(self) -> list[Problem]:
        """Return what is wrong: records missing, edited, or never logged."""
        return self._folder.problems()

    def save(self, records: list[ActionRecord]) -> None:
        """Record what is said: all of it is in force at once, or nothing."""
        now = clock.now().isoformat()
        dated = [replace(record, recorded_at=now) for record in records]
        contents = [{"schema": SCHEMA} | record.to_dict() for record in dated]
        event = {"event": FOLLOWUP_RECORDED, "actions": sum(len(record.said) for record in records)}
        record_all(self._folder.log, [NewEntries(self._folder, event, contents, self.known)] * bool(records))
        self.__dict__.pop("actions", None)

    @property
    def known(self) -> set[str]:
        """What is no CPR number whatever it looks like: what the register says of the cases drawn."""
        return set().union(*(draw.judged for draw in self._draws.readable[0]))
