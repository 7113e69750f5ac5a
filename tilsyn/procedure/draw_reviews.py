"""The frame of a level that is drawn from the finished reviews of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tilsyn.base.language import named, say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, Refused
from tilsyn.procedure.draw_frame import ReadFrame, counted, kept, sizes_of
from tilsyn.procedure.draw_guards import refuse_unknown, refuse_unmatched
from tilsyn.procedure.draw_left_out import LeftOut, leave_out
from tilsyn.procedure.due import undrawn_below
from tilsyn.sampling.frame import stratified
from tilsyn.sampling.rule_columns import RuleColumns
from tilsyn.sampling.tickets import as_relation
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.single import SinglePlan, Wish
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def of_reviews(workspace: Workspace, plan: LevelPlan, period: Period, allow_incomplete: bool) -> ReadFrame:
    """Read the cases reviewed at the level that a plan's level is drawn from.

    One draw with the unit as stratum keeps its strata, and N_h is the register's. Of several draws, or of
    cases drawn per caseworker or another group, the strata are the units, and the figures speak of the
    reviewed cases alone: each was as likely to be re-read as any other of its unit.
    """
    assert plan.above is not None
    above = plan.above
    parents = workspace.draws.within(above, period)
    drawn = [parent.period for parent in parents]
    undrawn = undrawn_below(workspace, above, period, drawn) or ([] if parents else [period])
    if not parents or (undrawn and not allow_incomplete):
        first = undrawn[0] if undrawn else period
        found = say("draw.parent_missing", level=plan.level, parent=named(above), period=first.label())
        raise Refused(found, say("draw.not_drawn_remedy", level=above, period=first.canonical))
    reviewed, missing = _reviewed(workspace, parents)
    # What all their cases were drawn by, they fit.
    asked = [rule for rule in _rules(plan) if not all(rule in _rules(made.record.plan) for made in parents)]
    if reviewed.empty or (missing and not allow_incomplete):
        n = missing + len(reviewed)
        found = say("draw.incomplete", level=above, missing=missing, n=n, period=period.label())
        remedy = say("draw.incomplete_remedy", level=plan.level, period=period.canonical)
        raise Refused(found, say("draw.none_reviewed_remedy") if reviewed.empty else remedy)
    frame, out = leave_out(workspace, plan, period, as_relation(reviewed), None)
    frame = _asked_for(frame, asked, out)
    newest = parents[-1].record.frame
    own = keeps_strata(parents, plan)
    if not own:
        frame = stratified(frame.project("* EXCLUDE (stratum)"), plan.split)
    counts = counted(frame)
    sizes, units = sizes_of(counts)
    cases = kept(frame, counts)
    strata = parents[0].record.strata if own else ()
    left_out = {"not_reviewed": missing} if missing else {}
    listed = ", ".join(late.label() for late in undrawn)
    notes = [Problem(say("draw.parents_undrawn", periods=listed), "", kind="note")] if undrawn else []
    return ReadFrame(
        cases=cases,
        facts=frame.filter,
        sizes={row.stratum: sizes.get(row.stratum, 0) for row in strata} or sizes,
        units={row.stratum: row.unit for row in strata} or units,
        left_out=dict(sorted({**left_out, **out.counts}.items())),
        as_of=newest.as_of,
        as_of_given=newest.as_of_given,
        origin={
            "name": ", ".join(parent.draw_id for parent in parents),
            "sha256": parents[0].sha256 if len(parents) == 1 else None,
            "kind": "reviews",
        },
        population={row.stratum: row.population_size for row in strata} if own else None,
        parents={parent.draw_id: parent.sha256 for parent in parents},
        speaks_of=newest.speaks_of if own else "reviews",
        reviewed_recently=out.recent,
        earlier=[draw.draw_id for draw in out.earlier],
        id_rules=newest.id_rules,
        incomplete=missing,
        notes=[*notes, *out.notes],
    )


def _asked_for(
    frame: duckdb.DuckDBPyRelation, asked: Sequence[Wish], out: LeftOut
) -> duckdb.DuckDBPyRelation:
    """Return the cases that were asked for, by what the register said of them."""
    refuse_unknown([rule.column for rule in asked], frame.columns)
    before = len(frame)
    for rule in asked:
        there = {value: frame.filter(RuleColumns().any_of(rule.column, [value])) for value in rule.values}
        refuse_unmatched(rule, [value for value, cases in there.items() if not len(cases)])
        frame = frame.filter(RuleColumns().any_of(rule.column, rule.values))
    if n := before - len(frame):
        out.counts["not_asked_for"] = n
    return frame


def _rules(plan: LevelPlan) -> Sequence[Wish]:
    return plan.where if isinstance(plan, SinglePlan) else ()


def keeps_strata(parents: Sequence[Draw], plan: LevelPlan) -> bool:
    """Tell whether what is drawn from these draws has their strata, and speaks of what they speak of."""
    return len(parents) == 1 and parents[0].record.plan.split == plan.split == "unit"


def _reviewed(workspace: Workspace, parents: Sequence[Draw]) -> tuple[pd.DataFrame, int]:
    """Return the reviewed cases of draws (case_id, stratum, unit, facts), and how many are not reviewed."""
    import pandas as pd

    rows: dict[str, dict[str, str | None]] = {}
    missing = 0
    for parent in parents:
        reviews = workspace.ledger(parent).reviews
        missing += reviews.n_missing
        drawn = {case.case_id: case for case in (*parent.record.cases, *parent.record.reserve)}
        done = reviews.finished.cases
        for case, stratum in zip(done["case_id"], done["stratum"], strict=True):
            known = drawn[case]
            rows[case] = {"case_id": case, "stratum": stratum, "unit": known.unit, **known.facts}
    return pd.DataFrame(list(rows.values()), dtype="str"), missing
