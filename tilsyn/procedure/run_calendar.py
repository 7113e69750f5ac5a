"""What the plan has up to a day: when each level is drawn, and by when it is to be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tilsyn.base.durations import add_months
from tilsyn.base.periods import Period
from tilsyn.base.which import Which, in_order
from tilsyn.procedure.due import planned
from tilsyn.procedure.run_job import round_name
from tilsyn.sampling.register_time import last_day
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Coming:
    """A draw that the plan has, the day it falls due, and by when it is read if it is made then.

    `register_by` is the last day its register may be taken out; None for what is drawn from reviews.
    """

    day: date
    level: Which
    period: Period
    read_by: date
    register_by: date | None

    @property
    def where(self) -> str:
        """Which level and period it is."""
        return round_name(self.level, self.period)


def coming(workspace: Workspace, today: date, until: date) -> list[Coming]:
    """Return what falls due after today, the earliest first."""
    found = [
        Coming(
            day=(due := plan.draw_due(period)),
            level=plan.level,
            period=period,
            read_by=add_months(due, plan.review_months),
            register_by=last_day(period) if plan.above is None else None,
        )
        for plan, period in planned(workspace, until)
        if plan.draw_due(period) > today
    ]
    return sorted(found, key=lambda one: (one.day, in_order(one.level), one.period))
