"""The reviewed periods of a level, in time order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.base.steps import counted
from tilsyn.base.which import Which
from tilsyn.compliance.scope import scope_notes
from tilsyn.procedure.drawn_periods import periods_drawn
from tilsyn.reviews.plain_sample import PlainSample
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tilsyn.reviews.sample import ReviewedSample

Sample = TypeVar("Sample", PlainSample, "ReviewedSample")


def reviewed_periods(
    workspace: Workspace,
    level: Which,
    read: Callable[[Workspace, Which, Period], Sample],
    first: Period | None = None,
    last: Period | None = None,
) -> tuple[dict[Period, Sample], list[str]]:
    """A level's finished cases by period, between two periods, and what is left out. Refused without any.

    `read` reads them, as tables or as plain rows.
    """
    found: dict[Period, Sample] = {}
    messages = []
    for period in counted(periods_drawn(workspace, level), "steps.periods"):
        if (first is not None and period.start < first.start) or (last is not None and period.end > last.end):
            continue
        try:
            drawn = read(workspace, level, period)
        except Refused:
            messages.append(say("trend.skipped", period=period.label()))
            continue
        missing = drawn.n_asked - drawn.n_reviewed
        if missing > 0:
            messages.append(say("trend.unfinished", period=period.label(), n=missing))
        found[period] = drawn.finished
        messages += [f"{period.label()}: {note}" for note in scope_notes(drawn)]
    if not found:
        raise Refused(say("trend.nothing", level=level), say("trend.nothing_remedy"))
    return found, messages
