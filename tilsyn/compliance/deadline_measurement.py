"""All that was measured of the time limits of a register in a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.compliance.deadline_figures import LateCase, MeasuredRule
from tilsyn.compliance.deadline_readings import LimitReading
from tilsyn.compliance.quiet_periods import QuietCase, QuietPeriods


@dataclass(frozen=True)
class DeadlineMeasurement:
    """The time limits of a register `file` as of a day; `n_cases` without the rows that are `left_out`.

    With fewer than `few` cases settled, their number is shown, no percentage. `late`, `quiet_cases` and what
    differs in `readings` name cases: they are for the house alone.
    """

    period: Period
    as_of: date
    file: str
    by: tuple[str, ...]
    few: int
    n_cases: int
    left_out: Sequence[tuple[str, int]]
    rules: Sequence[MeasuredRule]
    quiet: QuietPeriods
    late: Sequence[LateCase]
    quiet_cases: Sequence[QuietCase]
    readings: Sequence[LimitReading] = ()
    simulated: bool = False
    saturdays_chosen: bool = True

    @property
    def doubtful(self) -> list[str]:
        """The limits in hverdage, while nobody has chosen whether Saturdays count as such."""
        counted = [one.rule.name for one in self.rules if one.rule.unit == "weekdays"]
        return [] if self.saturdays_chosen else counted
