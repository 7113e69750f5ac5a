"""How far each level and period is: due, drawn, under review, complete, reported or overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tilsyn.base.language import named
from tilsyn.base.periods import Period
from tilsyn.base.which import in_order
from tilsyn.procedure.checklists import workbooks_there
from tilsyn.procedure.due import Due, Reviewing, due_of_register, due_of_reviews
from tilsyn.sampling.register_time import last_day
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import REPORTED
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Progress(Reviewing):
    """How far a level of a period is: due, drawn, reviewing, complete, reported or overdue.

    `due` is when the draw falls due, and once it is made, when its reviews do. `units` counts cases drawn,
    reviewed and missing. `after` is what the level before is (complete, or past its deadline) where levels 3
    and 4 are not drawn yet. `tries` counts the seeds ever made for it.
    """

    reviewed: int = 0
    missing: int = 0
    state: str = "due"
    drawn: int = 0
    workbooks: int = 0
    units: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    after: str = ""
    tries: int = 0

    @property
    def next_step(self) -> str:
        """The command to run next; empty when there is none."""
        called, period = named(self.level), self.period.canonical
        if self.state == "due":
            return f"tilsyn draw {called['level_argument']} --period {period}" + (
                " --allow-incomplete" if self.after == "deadline" else ""
            )
        if self.state in ("drawn", "reviewing", "overdue"):
            make = f"tilsyn checklists {called['level_argument']} --period {period}"
            return "tilsyn load" if self.workbooks else make
        report = f"tilsyn report {called['level_option']} --period {period}"
        return report if self.state == "complete" else ""


def progress(workspace: Workspace, today: date) -> list[Progress]:
    """Return how far every level and period is that is drawn or due, by period and level."""
    draws = workspace.draws.in_force()
    reported = {
        draw_id for event in workspace.log.events if event["event"] == REPORTED for draw_id in event["draws"]
    }
    there = [_of_draw(workspace, draw, today, draw.draw_id in reported) for draw in draws]
    known = {(row.level, row.period) for row in there}
    # Of what the register gives, the last period that has ended; an earlier one may never be drawn.
    latest = {one.level: one for one in due_of_register(workspace, today, ())}
    due = [
        one
        for one in latest.values()
        if (one.level, one.period) not in known and _is_current(workspace, one, today)
    ]
    due += due_of_reviews(workspace, today, there)
    waiting = [Progress(one.level, one.period, one.due, after=one.after) for one in due]
    seeds = workspace.log.state.seeds
    rows = [replace(row, tries=len(seeds(row.level, row.period))) for row in (*there, *waiting)]
    return sorted(rows, key=lambda row: (row.period, *in_order(row.level)))


def baseline_proposals(workspace: Workspace, rows: Sequence[Progress]) -> dict[int, Period]:
    """Return the first reviewed period of each level with several whose plan names no baseline."""
    found = {}
    for level, plan in workspace.settings.latest_plan.levels.items():
        periods = sorted(row.period for row in rows if row.level == level and row.reviewed)
        if plan.baseline is None and len(periods) > 1:
            found[level] = periods[0]
    return found


def _of_draw(workspace: Workspace, draw: Draw, today: date, reported: bool) -> Progress:
    complete = [(case.drawn.unit, case.complete) for case in workspace.ledger(draw).in_force]
    reviewed = sum(done for _, done in complete)
    missing = len(complete) - reviewed
    drawn_of, done_of = (
        Counter(unit for unit, _ in complete),
        Counter(unit for unit, done in complete if done),
    )
    due = draw.reviews_due
    if not missing:
        state = "reported" if reported else "complete"
    elif today > due:
        state = "overdue"
    else:
        state = "reviewing" if reviewed else "drawn"
    return Progress(
        level=draw.level,
        period=draw.period,
        state=state,
        due=due,
        drawn=len(complete),
        reviewed=reviewed,
        missing=missing,
        workbooks=len(workbooks_there(workspace, draw)),
        units={unit: (n, done_of[unit], n - done_of[unit]) for unit, n in sorted(drawn_of.items())},
    )


def _is_current(workspace: Workspace, due: Due, today: date) -> bool:
    """Tell whether a level is of today's plan, or its register can still be taken out in time."""
    plan = workspace.settings.plan_on(today)
    return (plan is not None and due.level in plan.levels) or today <= last_day(due.period)
