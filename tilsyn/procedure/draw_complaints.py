"""The list of complaints, for the rules of a draw that ask which cases were complained of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.formats.files import file_hash
from tilsyn.sampling.complaints import COMPLAINED_NO, COMPLAINED_YES, ComplaintRecord, complained
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.recomputing import Difference
from tilsyn.sampling.rule_columns import meanings
from tilsyn.sampling.sql import quoted
from tilsyn.settings.complaints import COMPLAINED
from tilsyn.settings.plan import Risk
from tilsyn.workspace.complaints import complaints_file, open_complaints
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

NOBODY = ComplaintRecord(name="", sha256="", within="", cases=())


def with_complaints(
    workspace: Workspace, rules: FrameRules, period: Period | None, made: DrawRecord | None
) -> FrameRules:
    """Return rules that know the cases complained of, where one of them asks; `InputError` at a bad list.

    Those of a draw that was `made` stand in its record. Without a period no case is known to be.
    """
    if COMPLAINED not in (rules.named_by_rules | {rules.split}) - set(rules.headings):
        return rules
    known = made.frame.complaints if made else None if period is None else _received(workspace, period)
    per_case = rules.per_case and {**rules.per_case, COMPLAINED: (COMPLAINED_YES, COMPLAINED_NO)}
    headings = {**rules.headings, COMPLAINED: COMPLAINED}
    return replace(rules, headings=headings, complaints=known or NOBODY, per_case=per_case)


def _received(workspace: Workspace, period: Period) -> ComplaintRecord:
    found = open_complaints(workspace, period)
    within = workspace.settings.complaints.received_within
    cases = complained(found.without_errors(), period.end, within)
    return ComplaintRecord(name=found.name, sha256=found.sha256, within=within, cases=cases)


def complaint_differences(
    workspace: Workspace, draw: Draw, frame: duckdb.DuckDBPyRelation | None
) -> Iterator[Difference]:
    """Hold the cases complained of against the frame's strata, and against the list where it is the same."""
    known = draw.record.frame.complaints
    if known is None:
        return
    area = next((risk for risk in draw.record.risk if risk.column == COMPLAINED), None)
    if area is not None and frame is not None:
        yield from _strata(frame, area, known)
    if has_its_list(workspace, draw):
        found = open_complaints(workspace, draw.period).without_errors()
        again = complained(found, draw.period.end, known.within)
        for case_id in sorted({*again} ^ {*known.cases}):
            yield Difference("frame", say("verify.not_complained", case_id=case_id, file=known.name))


def _strata(frame: duckdb.DuckDBPyRelation, area: Risk, known: ComplaintRecord) -> Iterator[Difference]:
    """A case of the area is complained of, and a case of no area is not; the other way round by the rule."""
    listed = ", ".join(map(quoted, known.cases)) or "NULL"
    inside = f"coalesce(case_id IN ({listed}), false)"
    fits = inside if any(COMPLAINED_YES in meanings(value) for value in area.values) else f"NOT {inside}"
    own = f"stratum = unit || {quoted('|' + area.name)}"
    wrong = frame.filter(f"({own} AND NOT {fits}) OR (stratum = unit AND {fits})")
    for case_id, stratum in wrong.project("case_id, stratum").order("case_id").limit(1).fetchall():
        yield Difference("frame", say("verify.other_area", case_id=case_id, stratum=stratum))


def has_its_list(workspace: Workspace, draw: Draw) -> bool:
    """Tell whether a draw was made by a list of complaints that is still the same."""
    known = draw.record.frame.complaints
    file = complaints_file(workspace, draw.period)
    return known is not None and file is not None and file.exists() and file_hash(file) == known.sha256


def complaint_notes(workspace: Workspace, draws: Sequence[Draw]) -> list[Problem]:
    """Tell how many draws were made by another list than there is now: their own records say the cases."""
    made = [draw for draw in draws if draw.record.frame.complaints and not has_its_list(workspace, draw)]
    lists = Counter(draw.record.frame.complaints.name for draw in made if draw.record.frame.complaints)
    return [
        Problem(say("verify.other_list", n=n), say("verify.other_list_remedy"), file=name, kind="note")
        for name, n in sorted(lists.items())
    ]
