"""What a draw is refused for until a reason is given, because it cannot be undone once the seed is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.procedure.draw_frame import Frame
from tilsyn.sampling.register_time import is_of_period
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Departure:
    """One way in which a draw departs from the procedure: `name` in `draw.json`, and what is told of it."""

    name: str
    found: str
    remedy: str


def refuse_unnamed(workspace: Workspace) -> None:
    """Refuse a first draw of an organisation that nobody named: its slug stands in every id for ever."""
    unnamed = workspace.settings.organisation.unnamed
    if unnamed and not workspace.draws.folders():
        raise Refused(say("draw.unnamed", names=", ".join(unnamed)), say("draw.unnamed_remedy"))


def period_departures(period: Period) -> list[Departure]:
    """Tell of a period that has not ended."""
    if clock.today() > period.end:
        return []
    found = say("draw.not_ended", period=period.label(), end=date_text(period.end))
    return [Departure("period_not_ended", found, say("draw.not_ended_remedy"))]


def frame_departures(frame: Frame, level: int, period: Period) -> list[Departure]:
    """Tell of a register that is not of the period; levels 3 and 4 have that of the level before."""
    if level > 2 or frame.as_of is None or is_of_period(frame.as_of, frame.as_of_given, period):
        return []
    found = say("draw.other_time", as_of=date_text(frame.as_of), period=period.label())
    return [Departure("other_time", found, say("draw.other_time_remedy", period=period.canonical))]


def refuse_without(reason: str | None, departures: Sequence[Departure]) -> None:
    """Refuse what departs from the procedure and has no reason."""
    if departures and reason is None:
        found = "; ".join(departure.found for departure in departures)
        raise Refused(found, " ".join([*(d.remedy for d in departures), say("draw.or_reason")]))
