"""Which frame a draw is asked to be of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tilsyn.procedure.draw_guards import ERROR_SHARE
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.registers import Source


@dataclass(frozen=True)
class FrameRequest:
    """Which frame is wanted: see `DrawRequest`.

    A single draw has its own plan; `draws` says whether it is drawn from, or only committed to.
    """

    register: Source | None = None
    leave_out_errors: bool = False
    at_most: float = ERROR_SHARE
    allow_incomplete: bool = False
    as_of: date | None = None
    sql: str | None = None
    answer: Path | None = None
    plan: SinglePlan | None = None
    draws: bool = True

    @property
    def by_hand(self) -> bool:
        """Whether a person runs the query of the draw."""
        return bool(self.sql or self.answer)
