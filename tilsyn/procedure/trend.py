"""The reviewed periods of a level, in time order."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.base.steps import counted
from tilsyn.base.which import Which
from tilsyn.compliance.scope import scope_notes
from tilsyn.procedure.samples import drawn_sample, periods_drawn
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.workspace.workspace import Workspace


def reviewed_periods(
    workspace: Workspace, level: Which, first: Period | None = None, last: Period | None = None
) -> tuple[dict[Period, ReviewedSample], list[str]]:
    """A level's finished cases by period, between two periods, and what is left out. Refused without any."""
    found: dict[Period, ReviewedSample] = {}
    messages = []
    for period in counted(periods_drawn(workspace, level), "steps.periods"):
        if (first is not None and period.start < first.start) or (last is not None and period.end > last.end):
            continue
        try:
            drawn = drawn_sample(workspace, level, period)
        except Refused:
            messages.append(say("trend.skipped", period=period.label()))
            continue
        missing = int(drawn.strata["sample_size"].sum()) - drawn.n_reviewed
        if missing > 0:
            messages.append(say("trend.unfinished", period=period.label(), n=missing))
        found[period] = drawn.finished
        messages += [f"{period.label()}: {note}" for note in scope_notes(drawn)]
    if not found:
        raise Refused(say("trend.nothing", level=level), say("trend.nothing_remedy"))
    return found, messages
