"""Replacing a case that cannot be reviewed: by the next in its stratum's reserve, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.canonical import canonical_id, known_id
from tilsyn.base.language import named, say
from tilsyn.base.problems import Refused, TilsynError, UsageError
from tilsyn.base.spelling import nearest
from tilsyn.procedure.checklists import prepare_stand_in
from tilsyn.reviews.records import Load
from tilsyn.settings.codes import meant
from tilsyn.settings.replacement_reasons import ReplacementReason
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Replacement:
    """A case, the one that stands in for it, its workbook, and how many its stratum's reserve still holds."""

    draw: Draw
    case_id: str
    replacement: str
    stratum: str
    reason: ReplacementReason
    reserve_left: int
    workbook: Path


def reason_meant(text: str, reasons: Sequence[ReplacementReason]) -> ReplacementReason:
    """Return the reason that is known by this name, or by these words in either language.

    >>> from tilsyn.settings.replacement_reasons import usual_reasons
    >>> [reason_meant(text, usual_reasons()).name for text in ("inhabilitet", "no-access", "Ingen adgang")]
    ['conflict', 'no_access', 'no_access']
    """
    if (reason := meant(reasons, text)) is not None:
        return reason
    listed = ", ".join(f"{reason.name} ({reason.text})" for reason in reasons)
    raise UsageError(say("replace.bad_reason", text=text), say("replace.bad_reason_remedy", known=listed))


def replace_case(workspace: Workspace, case_id: str, reason: str, draw: Draw | None = None) -> Replacement:
    """Replace a case by the next in its stratum's reserve, and make the workbook for it.

    `reason` is a name or words of one in the settings. Without `draw`, the one in force that the case is in.
    """
    meant = reason_meant(reason, workspace.settings.replacement_reason)
    case_id = canonical_id(case_id)
    with workspace.locked():
        draw = draw or _draw_of(workspace, case_id)
        reviews = workspace.ledger(draw).reviews
        case_id = known_id(case_id, [*reviews.cases["case_id"], *reviews.replacements["case_id"]])
        place = reviews.cases[reviews.cases["case_id"] == case_id]
        before = reviews.replacements[reviews.replacements["case_id"] == case_id]
        values = {"case": case_id, "draw": draw.draw_id}
        if not before.empty:
            values["replacement"] = before["replacement"].iloc[0]
            raise Refused(say("replace.done_before", **values), say("replace.done_before_remedy", **values))
        if place.empty:
            near = nearest(case_id, reviews.cases["case_id"], alike=0)
            raise Refused(
                say("replace.not_drawn", **values), say("replace.not_drawn_remedy", nearest=near or "–")
            )
        if bool(place["complete"].iloc[0]):
            raise Refused(say("replace.reviewed", **values), say("replace.reviewed_remedy"))
        stratum = str(place["stratum"].iloc[0])
        used = set(reviews.replacements["replacement"])
        reserve = draw.reserve[draw.reserve["stratum"] == stratum].sort_values("order")
        left = [name for name in reserve["case_id"] if name not in used]
        if not left:
            told = say("replace.no_reserve", stratum=stratum, **values)
            raise Refused(told, say("replace.no_reserve_remedy"))
        prepared = prepare_stand_in(workspace, draw, left[0])
        entry = Load(
            draw.draw_id,
            "replacement",
            workbook=prepared.path.stem,
            case_id=case_id,
            replacement=left[0],
            reason=meant.name,
            reason_da=meant.text_da or "",
            reason_en=meant.text_en or "",
            outside_population=meant.outside_population,
        )
        try:
            workspace.ledger(draw).save([entry])
        except (OSError, TilsynError):
            prepared.discard()
            raise
        again = say("disk.late_workbook", level=draw.level, period=draw.period.canonical)
        workspace.log.put_late([prepared], again)
    return Replacement(draw, case_id, left[0], stratum, meant, len(left) - 1, prepared.path)


def _draw_of(workspace: Workspace, case_id: str) -> Draw:
    """Return the draw in force that a case is in; that it was replaced there before is told later."""
    draws = workspace.draws.in_force()
    found = []
    for draw in draws:
        reviews = workspace.ledger(draw).reviews
        ids = {*reviews.cases["case_id"], *reviews.replacements["case_id"]}
        if known_id(case_id, ids) in ids:
            found.append(draw)
    if not found:
        known = [case for draw in draws for case in draw.cases["case_id"]]
        near = nearest(case_id, known, alike=0)
        told = say("replace.in_no_draw", case=case_id)
        raise Refused(told, say("replace.not_drawn_remedy", nearest=near or "–"))
    if len(found) > 1:
        listed = ", ".join(
            f"{named(draw.level)['level_option']} --period {draw.period.canonical}" for draw in found
        )
        told = say("replace.in_several", case=case_id)
        raise UsageError(told, say("replace.in_several_remedy", known=listed))
    return found[0]
