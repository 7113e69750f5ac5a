"""What was ever said of the actions that are about a case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.which import as_keys
from tilsyn.reviews.actions import FIELDS, Action, ActionRecord, plain
from tilsyn.sampling.draw_record import draw_id
from tilsyn.workspace.workspace import Workspace


def acted_on(workspace: Workspace, case_id: str) -> Iterator[dict[str, Any]]:
    """Yield a row for each field that was said of an action about a case, as those of `log.history`.

    Its `draw_id` is that of the level and period which the action follows from.
    """
    about = {
        action.action_id: _common(workspace, action)
        for action in workspace.followup.actions.values()
        if action.case_id == case_id
    }
    known: dict[tuple[str, str], Any] = {}
    for record in workspace.followup.records if about else ():
        for action_id, name, value in _said(record):
            if action_id in about and value != known.get((action_id, name)):
                texts = {"before": known.get((action_id, name)), "after": value}
                remark = f"{say(f'followup.col_{name}')}, {action_id}"
                told = {"at": record.recorded_at, "kind": f"action_{record.kind}", "source": record.source}
                yield about[action_id] | told | texts | {"remark": remark}
                known[action_id, name] = value


def _common(workspace: Workspace, action: Action) -> dict[str, Any]:
    period = Period.parse(action.period)
    named = draw_id(workspace.settings.organisation.slug, period, action.level)
    return {
        "draw_id": named, **as_keys(action.level), "period": action.period, "question": action.question,
    }  # fmt: skip


def _said(record: ActionRecord) -> Iterator[tuple[str, str, Any]]:
    """Yield action, field and value of all that a record says."""
    for said in record.said:
        for name in FIELDS:
            if said.get(name):
                yield str(said["action_id"]), name, plain(said)[name]
