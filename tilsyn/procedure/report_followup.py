"""What a report tells of the follow-up: a level's actions up to its period, and what was read again in it."""

from __future__ import annotations

from tilsyn.base.periods import Period
from tilsyn.base.which import Which, in_id
from tilsyn.compliance.method import Method
from tilsyn.compliance.rechecks import Rechecked, rechecked
from tilsyn.procedure.samples import known_sample
from tilsyn.reviews.actions import Action
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.workspace import Workspace


def actions_of(workspace: Workspace, level: Which, period: Period) -> list[Action]:
    """Return the actions of a level's periods up to one, in the order in which they were taken up."""
    found = workspace.followup.actions.values()
    return [one for one in found if one.level == level and Period.parse(one.period).end <= period.end]


def rechecks_of(workspace: Workspace, level: Which, period: Period, method: Method) -> list[Rechecked]:
    """Return what became of a level's questions that were read again since the period before, and in it."""
    found = []
    for draw in workspace.draws.in_force():
        plan = draw.record.plan
        if not isinstance(plan, SinglePlan) or plan.rereads is None:
            continue
        named = in_id(plan.rereads)
        if named is None or named[1] != level or not _is_since(draw.period, period):
            continue
        first = known_sample(workspace, level, Period.parse(named[0]))
        second = known_sample(workspace, draw.level, draw.period)
        if first is not None and second is not None:
            unit = next((wish.values[0] for wish in plan.where if wish.column == "unit"), "")
            found.append(rechecked(plan.only[0], unit, first, second, method))
    return [one for one in found if one is not None]


def _is_since(drawn: Period, period: Period) -> bool:
    return period.previous().end < drawn.end <= period.end
