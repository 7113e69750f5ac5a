"""The follow-up as it stands: actions by their deadline, and the meetings about what they taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Which, in_order
from tilsyn.reviews.actions import Action
from tilsyn.workspace.workspace import Workspace


def followed(
    workspace: Workspace,
    *,
    period: Period | None = None,
    level: Which | None = None,
    unit: str | None = None,
) -> list[Action]:
    """Return the actions, all or of a period (and those within it), a level or a unit, by their deadline."""
    units = {same_name(action.unit) for action in workspace.followup.actions.values()}
    if unit is not None and same_name(unit) not in units:
        known = sorted({action.unit for action in workspace.followup.actions.values() if action.unit})
        remedy = say("followup.no_unit_remedy", known=", ".join(known))
        raise UsageError(say("followup.no_unit", name=unit), remedy)
    found = [
        action
        for action in workspace.followup.actions.values()
        if (period is None or Period.parse(action.period).within(period))
        and level in (None, action.level)
        and (unit is None or same_name(unit) == same_name(action.unit))
    ]
    return sorted(found, key=lambda action: (action.deadline or date.max, action.action_id))


def overdue_actions(workspace: Workspace, today: date) -> list[Action]:
    """Return the actions that are not done and should have been."""
    return [action for action in followed(workspace) if action.state(today) == "overdue"]


@dataclass(frozen=True)
class LearningMeeting:
    """The meeting about what a level and period taught: its day, and how many actions wait for it."""

    level: Which
    period: str
    due: date
    actions: int


def meetings_due(actions: Sequence[Action], today: date) -> list[LearningMeeting]:
    """Return the meetings that should have been by now, oldest first."""
    waiting: dict[tuple[Which, str], list[date]] = {}
    for action in actions:
        if action.to_learn_from(today) and action.learning_on is not None:
            waiting.setdefault((action.level, action.period), []).append(action.learning_on)
    found = [
        LearningMeeting(level, period, min(days), len(days)) for (level, period), days in waiting.items()
    ]
    return sorted(found, key=lambda meeting: (meeting.due, in_order(meeting.level)))
