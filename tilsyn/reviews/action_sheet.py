"""How a workbook of actions is laid out, and what two people say differently of the same.

Nothing is found by position: the sheet has `ACTIONS_MARK` in a hidden first column, in which a row says what
the columns are (`COLUMNS_KEY`, then `ROLES`) and every other row which action it is. The metadata sheet is as
a checklist's (`layout`); its `anchor` says how far the log was when the workbook was made, and so what the
follow-up said then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tilsyn.reviews.actions import FIELDS, ActionRecord, actions_after, plain

WORKBOOK = "tilsyn/actions-workbook/1"
ACTIONS_MARK = "tilsyn/actions/1"
HEADINGS_KEY = "headings"
METADATA_KEYS = ("schema", "workbook_id", "anchor", "organisation", "made_on", "language")
# What people read, and what they fill in.
LOCKED = ("action_id", "question", "text", "case_id", "unit", "found")
ROLES = (*LOCKED, *FIELDS)

# Fields of an action as they are said.
Said = Mapping[str, str | date | None]


def news(records: Sequence[ActionRecord], exported: int, action_id: str, said: Said) -> dict[str, Any]:
    """Return what a row says that it did not say when it was exported, and is not known already.

    A blank takes nothing away.
    """
    then, now = (vars(actions_after(listed)[action_id]) for listed in (records[:exported], records))
    return {
        name: value
        for name, value in said.items()
        if value not in (None, "") and value != then[name] and value != now[name]
    }


def contradicted(
    records: Sequence[ActionRecord], exported: int, action_id: str, name: str
) -> ActionRecord | None:
    """Return the newest record that said something of a field since a workbook was exported; else None."""
    return next(
        (
            record
            for record in reversed(records[exported:])
            if any(said["action_id"] == action_id and name in said for said in record.said)
        ),
        None,
    )


def emptied(records: Sequence[ActionRecord], exported: int, action_id: str, said: Said) -> list[str]:
    """Return the fields that a row has emptied since it was exported."""
    then = vars(actions_after(records[:exported])[action_id])
    return [name for name, value in said.items() if value is None and then[name] not in (None, "")]


def record_of(source: str, sha256: str, workbook: str, said: Mapping[str, Mapping[str, Any]]) -> ActionRecord:
    """Return the record of what a workbook says of some actions, by id."""
    rows = tuple({"action_id": action_id, **plain(fields)} for action_id, fields in said.items())
    return ActionRecord("said", rows, source, sha256, workbook)
