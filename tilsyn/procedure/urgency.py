"""Urgent cases: marked *akut* in a file that was loaded or refused, until somebody has acted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.base.canonical import canonical_id
from tilsyn.base.cpr import likeness, looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Which
from tilsyn.reviews.in_force import urgency
from tilsyn.reviews.records import Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.ledger import save_all
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class MarkedCase:
    """A case that was marked urgent: since when (ISO date) and in which file, and whether it waits still."""

    case_id: str
    draw_id: str
    level: Which
    period: str
    unit: str
    since: str
    source: str
    open: bool


def urgent_cases(workspace: Workspace, *, handled: bool = False) -> list[MarkedCase]:
    """Return the cases that nobody has marked handled yet, or all; oldest first."""
    found = [
        _marked(draw, workspace.ledger(draw).entries, case_id, waits)
        for draw in workspace.draws.every()
        for case_id, waits in urgency(workspace.ledger(draw).entries).items()
        if waits or handled
    ]
    return sorted(found, key=lambda case: (case.since, case.case_id))


def _marked(draw: Draw, loads: Sequence[Load], case_id: str, waits: bool) -> MarkedCase:
    first = next(load for load in loads if load.urgent_marks.get(case_id))
    known = (case for case in (*draw.record.cases, *draw.record.reserve) if case.case_id == case_id)
    return MarkedCase(
        case_id=case_id,
        draw_id=draw.draw_id,
        level=draw.level,
        period=draw.period.canonical,
        unit=next((case.unit for case in known), ""),
        since=str(first.loaded_on),
        source=first.source,
        open=waits,
    )


def mark_handled(workspace: Workspace, case_id: str, note: str = "") -> list[Draw]:
    """Record that someone has acted on an urgent case, and return the draws where it waited.

    `note` says what was done, or who has it; no personal data.
    """
    case_id = canonical_id(case_id)
    if looks_like_cpr(note, number_cell=True):
        raise UsageError(
            say("load.note_cpr", text=mask(note), like=likeness(note)), say("load.note_cpr_remedy")
        )
    with workspace.locked():
        mine = [case for case in urgent_cases(workspace, handled=True) if case.case_id == case_id]
        if not mine:
            raise Refused(say("load.not_urgent", case=case_id), say("load.not_urgent_remedy"))
        waiting = {case.draw_id for case in mine if case.open}
        draws = [draw for draw in workspace.draws.every() if draw.draw_id in waiting]
        handled = [(draw, Load(draw.draw_id, "handled", case_id=case_id, note=note)) for draw in draws]
        save_all(workspace.log, [(workspace.ledger(draw), [load]) for draw, load in handled])
    return draws
