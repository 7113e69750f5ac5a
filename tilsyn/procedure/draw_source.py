"""What each level is drawn from: the case register, or the finished reviews of another level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING

from tilsyn.base.database import within_memory
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.base.steps import step
from tilsyn.base.which import Single, Which
from tilsyn.procedure.draw_frame import ReadFrame, counted, frame_rules, kept, plain_rules, sizes_of
from tilsyn.procedure.draw_guards import ERROR_SHARE, refuse_many_errors, refuse_unknown, refuse_unmatched
from tilsyn.procedure.draw_left_out import leave_out
from tilsyn.sampling.draw_record import DrawRecord, RegisterRecord
from tilsyn.sampling.frame import examine, stratified
from tilsyn.sampling.frame_rules import Reading
from tilsyn.sampling.row_problems import grouped
from tilsyn.sampling.whole_register import remarks
from tilsyn.settings.levels import LevelPlan
from tilsyn.workspace.registers import Source, given_as_of, open_register, same_register
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tilsyn.procedure.check import Examined


def frame_of(
    workspace: Workspace,
    plan: LevelPlan,
    period: Period,
    *,
    register: Source | None = None,
    as_of: date | None = None,
    leave_out_errors: bool = False,
    at_most: float = ERROR_SHARE,
    allow_incomplete: bool = False,
    made: DrawRecord | None = None,
    examined: Examined | None = None,
) -> ReadFrame:
    """Read what is drawn from; refused when there is nothing, or the reviews are not complete.

    A register that was `examined` with the same options is not read again. With the record of a draw that
    was `made`, the register is read by its day, rules, risk areas and earlier draws, not by the settings and
    the draws of today.
    """
    if plan.above is not None:
        from tilsyn.procedure.draw_reviews import of_reviews

        return of_reviews(workspace, plan, period, allow_incomplete)
    return _register(workspace, plan, period, register, as_of, leave_out_errors, at_most, made, examined)


def level_plan(workspace: Workspace, level: Which, period: Period) -> LevelPlan:
    """Return the plan of a level; refused where the period's plan has it not."""
    plan = None if isinstance(level, Single) else workspace.plan_for(period).levels.get(level)
    if plan is None:
        raise Refused(say("draw.no_level", level=level, period=period.label()), say("draw.no_level_remedy"))
    return plan


@step("steps.examining")
@within_memory()
def _register(
    workspace: Workspace,
    plan: LevelPlan,
    period: Period,
    path: Source | None,
    as_of: date | None,
    leave_out_errors: bool,
    at_most: float,
    made: DrawRecord | None,
    examined: Examined | None,
) -> ReadFrame:
    if plan.split == "caseworker" and "caseworker" not in workspace.settings.register.columns:
        raise Refused(say("draw.no_caseworker", level=plan.level), say("draw.no_caseworker_remedy"))
    if examined is not None and not same_register(workspace, path, examined.asked, period):
        examined = None

    def read_by(headings: Mapping[str, str]) -> Reading:
        rules = plain_rules(workspace, headings, period, as_of, plan, made)
        return Reading(rules, rules.judged)

    opened = examined.register if examined else open_register(workspace, period, path, read_by)
    day = made.frame.as_of if made else as_of or given_as_of(workspace, period, path)
    rules = frame_rules(workspace, opened, period, day, plan, made)
    refuse_unknown([rule.column for rule in rules.where], rules.headings)
    same = examined is not None and (examined.rules, examined.period) == (rules, period)
    report = examined.report if examined and same else examine(opened.relation, rules, period, opened.whole)
    for rule in () if made else rules.where:
        refuse_unmatched(rule, report.lacking(rule.column, rule.values))
    if report.errors and not leave_out_errors:
        raise InputError(replace(problem, file=opened.origin.name) for problem in grouped(report.problems))
    if made is None:
        refuse_many_errors(report.n_wrong, report.n_cases, at_most)
    notes = list(report.about)
    told = [*opened.notes, *grouped(report.problems)]
    if n := sum(problem.kind == "note" for problem in told) - len(notes):
        notes.append(
            Problem(say("draw.notes", n=n), say("draw.notes_remedy", period=period.canonical), kind="note")
        )
    cases = stratified(report.judged, rules.split, rules.risk, report.columns)
    cases, out = leave_out(workspace, plan, period, cases, made)
    counts = counted(cases)
    sizes, units = sizes_of(counts)
    if not sizes:
        raise Refused(say("draw.no_cases", period=period.label()), say("draw.no_cases_remedy"))
    return ReadFrame(
        # Read once: the commitment, the tickets and the frame's file must come from the same rows.
        cases=kept(cases, counts),
        facts=report.examination.cases,
        sizes=sizes,
        units=units,
        left_out=dict(sorted({**dict(report.left_out), **out.counts}.items())),
        as_of=report.as_of,
        as_of_given=rules.as_of is not None,
        origin=asdict(opened.origin),
        earlier=[draw.draw_id for draw in out.earlier],
        reviewed_recently=out.recent,
        case_list=out.case_list,
        complaints=rules.complaints,
        notes=[*notes, *out.notes],
        register=RegisterRecord(
            n_rows=report.n_rows,
            n_cases=report.n_cases,
            one_row_per="measure" if rules.per_case else "case",
            per_case=rules.per_case,
            booleans=report.columns.booleans,
            matched=[rule.to_dict() for rule in report.matched],
            remarks=remarks(rules),
            at_most=at_most if leave_out_errors else None,
        ),
    )
