"""What a draw is refused for until a reason is given, because it cannot be undone once the seed is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number, percent
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.sampling.register_time import is_of_period
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.single import Wish
from tilsyn.workspace.workspace import Workspace

# So large a share of the cases may be left out for their errors unless a larger one is allowed.
ERROR_SHARE = 0.01


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


def register_departures(as_of: date | None, given: bool, plan: LevelPlan, period: Period) -> list[Departure]:
    """Tell of a register that is not of the period; what is drawn from reviews has that of their draw."""
    if plan.above is not None or as_of is None or is_of_period(as_of, given, period):
        return []
    found = say("draw.other_time", as_of=date_text(as_of), period=period.label())
    return [Departure("other_time", found, say("draw.other_time_remedy", period=period.canonical))]


def refuse_without(reason: str | None, departures: Sequence[Departure]) -> None:
    """Refuse what departs from the procedure and has no reason."""
    if departures and reason is None:
        found = "; ".join(departure.found for departure in departures)
        raise Refused(found, " ".join([*(d.remedy for d in departures), say("draw.or_reason")]))


def refuse_unknown(asked: Sequence[str], known: Iterable[str]) -> None:
    """Refuse to ask for cases by a column that is not there."""
    there = sorted(known)
    for column in asked:
        if column not in there:
            remedy = say("single.no_column_remedy", known=", ".join(there))
            raise UsageError(say("single.no_column", column=column), remedy)


def refuse_unmatched(rule: Wish, lacking: Sequence[str]) -> None:
    """Refuse values that no case has: one misspelt of several would leave out its cases unseen."""
    if lacking:
        found = say("single.no_match", column=rule.column, values="; ".join(lacking))
        raise Refused(found, say("single.no_match_remedy"))


def refuse_many_errors(wrong: int, cases: int, at_most: float) -> None:
    """Refuse to leave out so many cases for their errors that those left are no longer the register."""
    if wrong > at_most * cases:
        share, limit = percent(wrong / cases), percent(at_most)
        found = say("draw.many_errors", n=number(wrong), of=number(cases), share=share, limit=limit)
        raise Refused(found, say("draw.many_errors_remedy"))
