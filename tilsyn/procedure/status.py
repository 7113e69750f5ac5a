"""How far each level and period is: due, drawn, under review, complete, reported or overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.base.problems import TilsynError, UsageError
from tilsyn.procedure.checklists import workbooks_there
from tilsyn.procedure.draw_frame import frame_rules
from tilsyn.sampling.frame import newest_date
from tilsyn.sampling.register_time import last_day
from tilsyn.settings.levels import LevelPlan
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import REPORTED
from tilsyn.workspace.registers import given_as_of, open_register
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Progress:
    """How far a level of a period is: due, drawn, reviewing, complete, reported or overdue.

    `due` is when the draw falls due, and once it is made, when its reviews do. `units` counts cases drawn,
    reviewed and missing. `after` is what the level before is (complete, or past its deadline) where levels 3
    and 4 are not drawn yet. `tries` counts the seeds ever made for it.
    """

    level: int
    period: Period
    state: str
    due: date
    drawn: int = 0
    reviewed: int = 0
    missing: int = 0
    workbooks: int = 0
    units: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    after: str = ""
    tries: int = 0

    @property
    def next_step(self) -> str:
        """The command to run next; empty when there is none."""
        period = self.period.canonical
        if self.state == "due":
            return f"tilsyn draw {self.level} --period {period}" + (
                " --allow-incomplete" if self.after == "deadline" else ""
            )
        if self.state in ("drawn", "reviewing", "overdue"):
            return "tilsyn load" if self.workbooks else f"tilsyn checklists {self.level} --period {period}"
        return f"tilsyn report --level {self.level} --period {period}" if self.state == "complete" else ""


def progress(workspace: Workspace, today: date) -> list[Progress]:
    """Return how far every level and period is that is drawn or due, by period and level."""
    draws = workspace.draws.in_force()
    reported = {
        draw_id for event in workspace.log.events if event["event"] == REPORTED for draw_id in event["draws"]
    }
    there = [_of_draw(workspace, draw, today, draw.draw_id in reported) for draw in draws]
    known = {(row.level, row.period): row for row in there}
    due = _due_register(workspace, today, set(known))
    due += _due_above(workspace, today, there)
    seeds = workspace.log.state.seeds
    rows = [replace(row, tries=len(seeds(row.level, row.period))) for row in (*there, *due)]
    return sorted(rows, key=lambda row: (row.period, row.level))


def baseline_proposals(workspace: Workspace, rows: Sequence[Progress]) -> dict[int, Period]:
    """Return the first reviewed period of each level with several whose plan names no baseline."""
    found = {}
    for level, plan in workspace.settings.latest_plan.levels.items():
        periods = sorted(row.period for row in rows if row.level == level and row.reviewed)
        if plan.baseline is None and len(periods) > 1:
            found[level] = periods[0]
    return found


def _of_draw(workspace: Workspace, draw: Draw, today: date, reported: bool) -> Progress:
    reviews = workspace.ledger(draw).reviews
    due = draw.reviews_due
    units: dict[str, tuple[int, int, int]] = {}
    for unit, cases in reviews.cases.groupby("unit", sort=True):
        done = int(cases["complete"].sum())
        units[str(unit)] = (len(cases), done, len(cases) - done)
    if not reviews.n_missing:
        state = "reported" if reported else "complete"
    elif today > due:
        state = "overdue"
    else:
        state = "reviewing" if reviews.n_reviewed else "drawn"
    return Progress(
        level=draw.level,
        period=draw.period,
        state=state,
        due=due,
        drawn=reviews.n_drawn,
        reviewed=reviews.n_reviewed,
        missing=reviews.n_missing,
        workbooks=len(workbooks_there(workspace, draw)),
        units=units,
    )


def _due_register(workspace: Workspace, today: date, drawn: set[tuple[int, Period]]) -> list[Progress]:
    """Return what is drawn from the register and due: the latest period that ended, or the register is of."""
    rows = []
    newest: tuple[date | None] | None = None
    for level in _levels(workspace, from_register=True):
        ended = _latest_ended(workspace, level, today)
        if ended is None or (level, ended) in drawn:
            continue
        newest = newest or (_as_of(workspace, ended),)
        period = ended if newest[0] is None else _served(ended, newest[0])
        plan = _plan(workspace, level, period)
        if plan is not None and (level, period) not in drawn:
            rows.append(Progress(level, period, "due", plan.draw_due(period)))
    return rows


def _plan(workspace: Workspace, level: int, period: Period) -> LevelPlan | None:
    try:
        return workspace.plan_for(period).levels.get(level)
    except UsageError:
        return None


def _latest_ended(workspace: Workspace, level: int, today: date) -> Period | None:
    """Return the latest period of the level's cadence whose draw has fallen due."""
    latest = None
    for version in workspace.settings.plan:
        plan = version.levels.get(level)
        if plan is None or plan.above is not None:
            continue
        period = Period.containing(today, plan.cadence)
        while plan.draw_due(period) > today:
            period = period.previous()
        if _plan(workspace, level, period) is plan and (latest is None or latest < period):
            latest = period
    return latest


def _as_of(workspace: Workspace, period: Period) -> date | None:
    """Return the day of the workspace's register; None when none can be read, which `check` tells about."""
    settings, given = workspace.settings.register, given_as_of(workspace)
    if given is not None or settings.url or (settings.path and "{period}" in settings.path):
        return given
    try:
        opened = open_register(workspace, period)
        return newest_date(opened.relation, frame_rules(workspace, opened, None, None))
    except TilsynError:
        return None


def _served(latest: Period, as_of: date) -> Period:
    """Return the latest period, not after `latest`, that a register may be drawn for."""
    if as_of > last_day(latest):
        return latest
    period = min(latest, Period.containing(as_of, latest.kind))
    # A register of the first weeks of a period belongs to the one that has just ended.
    before = period.previous()
    return before if as_of < period.end and as_of <= last_day(before) else period


def _due_above(workspace: Workspace, today: date, drawn: list[Progress]) -> list[Progress]:
    """Return what is drawn from reviews and can be: those are complete, or past their deadline."""
    known = {(row.level, row.period) for row in drawn}
    rows = []
    for level in _levels(workspace, from_register=False):
        parents: dict[Period, list[Progress]] = {}
        for row in drawn:
            plan = _plan(workspace, level, row.period)
            if plan is not None and plan.above == row.level:
                parents.setdefault(_period_above(plan, row.period), []).append(row)
        for period, below in parents.items():
            plan = _plan(workspace, level, period)
            ended = all(row.period == period for row in below) or today > period.end
            if plan is None or (level, period) in known or not ended:
                continue
            due = plan.draw_due(period)
            if not any(row.missing for row in below):
                rows.append(Progress(level, period, "due", due, after="complete"))
            elif any(row.reviewed for row in below) and all(
                not row.missing or row.due < today for row in below
            ):
                rows.append(Progress(level, period, "due", due, after="deadline"))
    return rows


def _period_above(plan: LevelPlan, period: Period) -> Period:
    """Return the period in which a level re-reads what was drawn for a period."""
    wider = Period.containing(period.start, plan.cadence)
    return wider if period.within(wider) else period


def _levels(workspace: Workspace, from_register: bool) -> list[int]:
    """Return the levels that any version of the plan has, drawn from the register or from reviews."""
    plans = [plan for version in workspace.settings.plan for plan in version.levels.values()]
    return sorted({plan.level for plan in plans if (plan.above is None) is from_register})
