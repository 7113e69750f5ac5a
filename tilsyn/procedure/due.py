"""What the plan says is due: every period of every level that should be drawn by a day, and is not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Single, Which, in_order
from tilsyn.sampling.register_time import last_day
from tilsyn.settings.levels import LevelPlan
from tilsyn.workspace.workspace import Workspace

# A level and a period.
Round = tuple[Which, Period]


@dataclass(frozen=True)
class Due:
    """A draw that is to be made, and since when.

    `after` is what the level before is: complete, or past its deadline.
    """

    level: Which
    period: Period
    due: date
    after: str = ""


@dataclass(frozen=True)
class Reviewing:
    """How far a draw is: how many of its cases are reviewed and missing, and when its reviews are due."""

    level: Which
    period: Period
    due: date
    reviewed: int
    missing: int


def due_of_register(workspace: Workspace, today: date, drawn: Collection[Round]) -> list[Due]:
    """Return what is drawn from the register and has fallen due, the oldest period first."""
    found = [
        Due(plan.level, period, plan.draw_due(period))
        for plan, period in planned(workspace, today)
        if plan.above is None and (plan.level, period) not in drawn
    ]
    return sorted(found, key=lambda one: (one.period.end, in_order(one.level)))


def planned(workspace: Workspace, today: date) -> Iterator[tuple[LevelPlan, Period]]:
    """Yield every level with each period that has fallen due, by the plan of the period's first day."""
    for version in workspace.settings.plan:
        for plan in version.levels.values():
            period = Period.containing(version.valid_from, plan.cadence)
            while plan.draw_due(period) <= today:
                if workspace.settings.plan_on(period.start) is version:
                    yield plan, period
                period = period.next()


def due_of_reviews(workspace: Workspace, today: date, below: Sequence[Reviewing]) -> list[Due]:
    """Return what is drawn from reviews and can be: those are complete, or past their deadline."""
    drawn = {(row.level, row.period) for row in below}
    found = []
    for level in _levels_of_reviews(workspace):
        for period, rows in _by_period(workspace, level, below).items():
            plan = plan_of(workspace, level, period)
            if plan is None or (level, period) in drawn:
                continue
            whole = all(row.period == period for row in rows)
            own = [row.period for row in rows]
            late = [] if whole else undrawn_below(workspace, rows[0].level, period, own)
            if not whole and today <= max([period.end, *map(last_day, late)]):
                continue
            if after := _after(rows, late, today):
                found.append(Due(level, period, plan.draw_due(period), after))
    return found


def _after(rows: Sequence[Reviewing], late: Sequence[Period], today: date) -> str:
    """Return what the level before is; empty where its reviews are waited for still."""
    if any(row.missing and row.due >= today for row in rows) or not any(row.reviewed for row in rows):
        return ""
    return "deadline" if late or any(row.missing for row in rows) else "complete"


def _by_period(
    workspace: Workspace, level: Which, below: Sequence[Reviewing]
) -> dict[Period, list[Reviewing]]:
    """Return the draws that a level re-reads, by the period that it re-reads them for."""
    found: dict[Period, list[Reviewing]] = {}
    for row in below:
        plan = plan_of(workspace, level, row.period)
        if plan is not None and plan.above == row.level:
            wider = Period.containing(row.period.start, plan.cadence)
            found.setdefault(wider if row.period.within(wider) else row.period, []).append(row)
    return found


def undrawn_below(
    workspace: Workspace, level: Which, period: Period, drawn: Collection[Period]
) -> list[Period]:
    """Return the periods within one that a level should have been drawn for, and was not."""
    plan = plan_of(workspace, level, period)
    if plan is None or period in drawn:
        return []
    missing = []
    part = Period.containing(period.start, plan.cadence)
    while part.start <= period.end:
        if part.within(period) and part not in drawn:
            missing.append(part)
        part = part.next()
    return missing


def plan_of(workspace: Workspace, level: Which, period: Period) -> LevelPlan | None:
    """Return the plan of a level for a period; None where there is none, as of a single draw."""
    if isinstance(level, Single):
        return None
    try:
        return workspace.plan_for(period).levels.get(level)
    except UsageError:
        return None


def _levels_of_reviews(workspace: Workspace) -> list[int]:
    """Return the levels that any version of the plan draws from reviews."""
    plans = [pair for version in workspace.settings.plan for pair in version.levels.items()]
    return sorted({number for number, plan in plans if plan.above is not None})
