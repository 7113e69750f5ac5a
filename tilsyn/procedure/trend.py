"""The reviewed periods of a level, in time order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.compliance.series import Reviewed
from tilsyn.procedure.samples import Source, from_workspace
from tilsyn.workspace.workspace import Workspace

__all__ = ["Periods", "reviewed_periods"]


@dataclass(frozen=True)
class Periods:
    """The reviewed periods, whether any is simulated, the names of questions, and what is left out."""

    reviewed: tuple[Reviewed, ...]
    simulated: bool
    titles: Mapping[str, str]
    messages: tuple[str, ...]


def reviewed_periods(
    workspace: Workspace, level: int, first: Period | None = None, last: Period | None = None
) -> Periods:
    """Return a level's reviewed periods.

    Parameters
    ----------
    workspace : Workspace
    level : int
        1 to 4; at level 1 the periods are quarters.
    first, last : Period, optional
        Limits, both included.

    Returns
    -------
    Periods

    Raises
    ------
    Refused
        No period is reviewed.
    """
    drawn = [draw.period for draw in workspace.draws.in_force() if draw.level == level]
    if level == 1:
        drawn = [period.quarter() if period.kind in ("month", "week") else period for period in drawn]
    sources: list[Source] = []
    messages = []
    for period in sorted(set(drawn)):
        if (first is not None and period.start < first.start) or (last is not None and period.end > last.end):
            continue
        try:
            source = from_workspace(workspace, level, period)
        except Refused:
            messages.append(say("trend.skipped", period=period.label()))
            continue
        missing = int(source.round.strata["sample_size"].sum()) - len(source.round.cases)
        if missing > 0:
            messages.append(say("trend.unfinished", period=period.label(), n=missing))
        sources.append(source)
    if not sources:
        raise Refused(say("trend.nothing", level=level), say("trend.nothing_remedy"))
    reviewed = tuple(_reviewed(source) for source in sources)
    # A question is named as it was worded last.
    titles = {name: title for source in sources for name, title in source.titles.items()}
    return Periods(reviewed, any(s.simulated for s in sources), titles, tuple(messages))


def _reviewed(source: Source) -> Reviewed:
    period = source.period
    assert period is not None
    # Sizes may change from round to round: the weights know them. Units and the length of a period may not.
    units = sorted({same_name(unit) for unit in source.round.strata["unit"].astype(str)})
    return Reviewed(period.canonical, period.start, source.round, (period.kind, *units))
