"""What is new since an earlier report: a level's figures as they stood then, beside those of now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.reports.suppression import Restraint
from tilsyn.reviews.changes import AnswerChanges


@dataclass(frozen=True)
class PeriodNews:
    """A period with something new: what changed in its answers, and its rows over all cases then and now.

    Without any case reviewed then there are no rows of `then`. `held_back` is what a public report withholds.
    """

    period: Period
    answers: AnswerChanges
    then: pd.DataFrame | None
    now: pd.DataFrame | None
    held_back: tuple[Restraint, Restraint]

    @property
    def has_shares(self) -> bool:
        """Whether there were percentages then that those of now can be held against."""
        return self.then is not None and self.now is not None and min(len(self.then), len(self.now)) > 0


@dataclass(frozen=True)
class SinceReport:
    """What is new since a report, a day or an anchor: `report` is whether it is a report, `day` its day."""

    day: date
    report: bool
    anchor: str
    periods: Sequence[PeriodNews]
