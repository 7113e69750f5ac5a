"""What all workbooks of a draw have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.base.which import Which
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reviews.checklist import Checklist


@dataclass(frozen=True)
class About:
    """What all workbooks of a draw have in common.

    A blind one does not hold earlier answers, not even hidden; in a `second_reading` there are some. `groups`
    are those of reviewers, else 1. The cases were `chosen` by somebody, or drawn. At the foot of every sheet
    stands `anchor`, the event log's. The answers are due on `due`, and `send_to` is where the file goes.
    """

    checklist: Checklist
    draw_id: str
    organisation: str
    period: Period
    level: Which
    level_label: str
    working_days: WorkingDays
    made_on: date
    simulated: bool
    blind: bool
    second_reading: bool = False
    groups: int = 1
    chosen: bool = False
    anchor: str = ""
    due: date | None = None
    send_to: str = ""
