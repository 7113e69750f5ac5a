"""Urgent cases: marked *akut* in a file that was loaded or refused, until somebody has acted."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.canonical import canonical_id
from tilsyn.base.cpr import likeness, looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.problems import Refused, UsageError
from tilsyn.reviews.in_force import urgency
from tilsyn.reviews.records import Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.ledger import save_all
from tilsyn.workspace.workspace import Workspace


def urgent_cases(workspace: Workspace, *, handled: bool = False) -> pd.DataFrame:
    """Return the cases that nobody has marked handled yet, or all; oldest first.

    Columns case_id, draw_id, level, period, unit, since (ISO date), source, open (bool).
    """
    rows = []
    for draw in workspace.draws.every():
        loads = workspace.ledger(draw).entries
        unit_of = {case.case_id: case.unit for case in (*draw.record.cases, *draw.record.reserve)}
        for case_id, waits in urgency(loads).items():
            first = next(load for load in loads if load.urgent_marks.get(case_id))
            if waits or handled:
                row = (case_id, draw.draw_id, draw.level, draw.period.canonical, unit_of.get(case_id, ""))
                rows.append((*row, str(first.loaded_on), first.source, waits))
    columns = ["case_id", "draw_id", "level", "period", "unit", "since", "source", "open"]
    return pd.DataFrame(rows, columns=columns).sort_values(["since", "case_id"], ignore_index=True)


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
        known = urgent_cases(workspace, handled=True)
        mine = known[known["case_id"] == case_id]
        if mine.empty:
            raise Refused(say("load.not_urgent", case=case_id), say("load.not_urgent_remedy"))
        waiting = set(mine.loc[mine["open"], "draw_id"])
        draws = [draw for draw in workspace.draws.every() if draw.draw_id in waiting]
        handled = [(draw, Load(draw.draw_id, "handled", case_id=case_id, note=note)) for draw in draws]
        save_all(workspace.log, [(workspace.ledger(draw), [load]) for draw, load in handled])
    return draws
