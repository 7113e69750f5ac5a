"""How a workbook of actions is laid out, and what two people say differently of the same.

Nothing is found by position: the sheet has `ACTIONS_MARK` in a hidden first column, in which a row says what
the columns are (`COLUMNS_KEY`, then `ROLES`) and every other row which action it is. The metadata sheet is as
a checklist's (`layout`); its `anchor` says how far the log was when the workbook was made, and so what the
follow-up said then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from tilsyn.reviews.actions import FIELDS, Action, ActionRecord, actions_after, plain

WORKBOOK = "tilsyn/actions-workbook/1"
ACTIONS_MARK = "tilsyn/actions/1"
HEADINGS_KEY = "headings"
METADATA_KEYS = ("schema", "workbook_id", "anchor", "organisation", "made_on", "language")
# What people read, and what they fill in.
LOCKED = ("action_id", "question", "text", "case_id", "unit", "found")
ROLES = (*LOCKED, *FIELDS)

# Fields of an action as they are said.
Said = Mapping[str, str | date | None]


@dataclass(frozen=True)
class SinceExport:
    """What the follow-up said when a workbook was made, what it says now, and the records between."""

    then: Mapping[str, Action]
    now: Mapping[str, Action]
    records: Sequence[ActionRecord]

    @classmethod
    def of(cls, records: Sequence[ActionRecord], exported: int) -> Self:
        """Return it for a workbook that was made when there were so many records."""
        return cls(actions_after(records[:exported]), actions_after(records), records[exported:])

    def news(self, action_id: str, said: Said) -> dict[str, Any]:
        """Return what a row says that it did not say when it was exported, and is not known already.

        A blank takes nothing away.
        """
        then, now = self._then(action_id), vars(self.now[action_id])
        there = {name: value for name, value in said.items() if value not in (None, "")}
        return {name: value for name, value in there.items() if value not in (then[name], now[name])}

    def emptied(self, action_id: str, said: Said) -> list[str]:
        """Return the fields that a row has emptied since it was exported."""
        then = self._then(action_id)
        return [name for name, value in said.items() if value is None and then[name] not in (None, "")]

    def other_word(self, action_id: str, name: str) -> ActionRecord | None:
        """Return the newest record that said something of a field since the workbook was made; else None."""
        said = (
            record
            for record in reversed(self.records)
            if any(one["action_id"] == action_id and name in one for one in record.said)
        )
        return next(said, None)

    def _then(self, action_id: str) -> dict[str, Any]:
        """Return an action as it was; one that was taken up since, and copied in, as it is."""
        return vars(self.then.get(action_id) or self.now[action_id])


def record_of(source: str, sha256: str, workbook: str, said: Mapping[str, Mapping[str, Any]]) -> ActionRecord:
    """Return the record of what a workbook says of some actions, by id."""
    rows = tuple({"action_id": action_id, **plain(fields)} for action_id, fields in said.items())
    return ActionRecord("said", rows, source, sha256, workbook)
