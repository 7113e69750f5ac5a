"""How far each draw is, and which reports are to be written: from the log alone where a round is finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.base.which import Single, Which
from tilsyn.procedure.drawn_periods import covered_period
from tilsyn.procedure.due import Reviewing, undrawn_below
from tilsyn.sampling.register_time import last_day
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import DRAWN, REPORTED, REVIEWS_RECORDED
from tilsyn.workspace.workspace import Workspace

# What of a ledger changes a figure: marks of urgent cases do not.
_COUNTS = ("answers", "replacement")


@dataclass(frozen=True)
class ReportRound:
    """The draws that one report is made from, and where in the log the last of what it rests on stands."""

    level: Which
    period: Period
    draws: Sequence[Draw]
    newest: int
    reported: int


class DrawnRounds:
    """The draws in force, with what the log says of each; made anew when something was added."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self.workspace = workspace
        self.today = today
        # One that a crash kept out of the log is not in force: it is still due, and then finished.
        logged = workspace.log.state.manifests
        there = workspace.draws.in_force()
        self.draws = [draw for draw in there if draw.draw_id in logged]
        self.interrupted = {(draw.level, draw.period) for draw in there if draw.draw_id not in logged}
        self._recorded: dict[str, int] = {}
        self._reported: dict[str, int] = {}
        self._whole: dict[str, int] = {}
        self._published: set[str] = set()
        for place, event in enumerate(workspace.log.events):
            counts = event["event"] == REVIEWS_RECORDED and event.get("kind") in _COUNTS
            if counts or event["event"] == DRAWN:
                self._recorded[event["draw_id"]] = place
            elif event["event"] == REPORTED:
                if event.get("settings", {}).get("published"):
                    self._published.update(event["draws"])
                for draw_id in event["draws"]:
                    self._reported[draw_id] = place
                    if event.get("missing") == 0:
                        self._whole[draw_id] = place

    @property
    def drawn(self) -> set[tuple[Which, Period]]:
        """The levels and periods that are drawn."""
        return {(draw.level, draw.period) for draw in self.draws}

    def is_settled(self, draw: Draw) -> bool:
        """Tell whether all of a draw was reviewed and reported, and nothing came since."""
        return self._whole.get(draw.draw_id, -1) > self._recorded.get(draw.draw_id, -1)

    def reviewing(self, draw: Draw) -> Reviewing:
        """Return how far a draw is; of a settled one nothing need be read."""
        if self.is_settled(draw):
            n, missing = len(draw.record.cases), 0
        else:
            reviews = self.workspace.ledger(draw).reviews
            n, missing = reviews.n_reviewed, reviews.n_missing
        return Reviewing(draw.level, draw.period, draw.reviews_due, n, missing)

    def unsettled(self) -> list[tuple[Draw, Reviewing]]:
        """Return the draws that something may have to be done for, and how far they are."""
        return [(draw, self.reviewing(draw)) for draw in self.draws if not self.is_settled(draw)]

    def reports(self) -> list[ReportRound]:
        """Return what can be reported: all is reviewed, or the deadline has passed, and something is."""
        together: dict[tuple[Which, Period], list[Draw]] = {}
        for draw in self.draws:
            if isinstance(draw.level, Single):
                # Who asked for it says when it is to be reported.
                continue
            together.setdefault((draw.level, covered_period(draw)), []).append(draw)
        return [
            ReportRound(level, period, draws, *self._places(level, period, draws))
            for (level, period), draws in together.items()
            if self._is_ready(level, period, draws)
        ]

    def _is_ready(self, level: Which, period: Period, draws: Sequence[Draw]) -> bool:
        if all(map(self.is_settled, draws)):
            return True
        rows = [self.reviewing(draw) for draw in draws]
        parts = undrawn_below(self.workspace, level, period, [draw.period for draw in draws])
        awaited = any(self.today <= last_day(part) for part in parts)
        return not awaited and any(row.reviewed for row in rows) and all(map(self._is_over, rows))

    def _is_over(self, row: Reviewing) -> bool:
        return not row.missing or self.today > row.due

    def _places(self, level: Which, period: Period, draws: Sequence[Draw]) -> tuple[int, int]:
        """Return where the newest of what a report rests on stands in the log, and the last report.

        How a later level judged is no reason to write anew what was published.
        """
        rereading = (
            []
            if self._published.intersection(draw.draw_id for draw in draws)
            else [
                other
                for other in self.draws
                if other.record.plan.above == level
                and isinstance(other.level, int)
                and other.period == period
                and self._is_over(self.reviewing(other))
            ]
        )
        newest = max(self._recorded.get(draw.draw_id, -1) for draw in (*draws, *rereading))
        return newest, min(self._reported.get(draw.draw_id, -1) for draw in draws)
