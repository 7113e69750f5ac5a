"""What a report is made from: a sample with its figures and the draws it rests on, from the workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tilsyn.base import clock
from tilsyn.base.countries import country_name
from tilsyn.base.durations import add_months
from tilsyn.base.language import named, say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Which
from tilsyn.compliance import series
from tilsyn.compliance.method import Method
from tilsyn.compliance.rereading import agreement_table
from tilsyn.compliance.rereading import pairs as pairs_of
from tilsyn.compliance.scope import scope_notes
from tilsyn.procedure.agreement import from_levels
from tilsyn.procedure.compliance import Gathered, Wanted, gather
from tilsyn.procedure.compliance_other import named_draw, why_not
from tilsyn.procedure.draw_attempts import others_told
from tilsyn.procedure.drawn_periods import covered_period, draws_of, periods_drawn, pooled_period
from tilsyn.procedure.due import plan_of
from tilsyn.procedure.report_followup import actions_of, rechecks_of
from tilsyn.procedure.report_since import what_is_new
from tilsyn.procedure.report_versions import NO_BASELINE, remembered_baseline
from tilsyn.procedure.samples import drawn_sample, known_sample, planned_baseline
from tilsyn.procedure.trend import reviewed_periods
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.news import SinceReport
from tilsyn.reports.parts import CASE_TYPE, UNIT, Material, Rereading, Rounds, SeedMade
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.workspace import log
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


def report_material(
    workspace: Workspace,
    level: Which,
    period: str,
    baseline: str | None = None,
    counts: Path | None = None,
    published: date | None = None,
    since: str | None = None,
) -> tuple[Material, list[Draw], list[str]]:
    """A report's material, the draws in force it rests on, and what is to be told.

    A published table of `counts` is the second baseline where there is another; `since` is the moment after
    which all is new that a sheet of its own tells.
    """
    columns = _columns(workspace, level, period)
    told: list[str] = []
    if baseline is None and counts is None:
        baseline, told = _remembered(workspace, level, Period.parse(period))
    found = gather(Wanted(level, period, baseline, counts), columns, workspace, year=True)
    draws = draws_of(workspace, level, Period.parse(period))
    samples = _samples(workspace, found.now)
    first, second, *_ = (*_names(found, counts), None, None)
    other = found.before if found.before and found.before.level != found.now.level else None
    material = Material(
        record=_record(workspace, draws, found),
        level=workspace.level_words(draws[-1]),
        question_set=draws[-1].question_set,
        sample=found.drawn,
        analysis=found.analysis(),
        method=found.method,
        remarks=[
            *((say("report.method_scope"), text) for text in scope_notes(found.now)),
            *((say("report.not_compared"), text) for text in found.messages if found.now.single),
            *((say("single.others_label"), text) for text in others_told(workspace.log, draws[-1].record)),
            *_remarks(workspace.working_days(draws[-1]), draws[-1].question_set, second),
        ],
        baseline=first,
        baseline_period=found.before.period if found.before and other is None else None,
        baseline_other=other,
        second=second,
        recipients=workspace.settings.recipients,
        published=published,
        benchmarks=found.benchmarks,
        year=found.year(),
        rounds=_rounds(samples, found.method),
        earlier={period: sample for period, sample in samples.items() if period != found.now.period},
        reread=_reread(workspace, draws[-1], found.now),
        attempts=_attempts(workspace, draws),
        next_report=_next_report(workspace, draws[-1], found.now),
        withhold_up_to=workspace.settings.privacy.withhold_up_to,
        actions=actions_of(workspace, level, draws[-1].period),
        acted_by=published or clock.today(),
        rechecks=rechecks_of(workspace, level, covered_period(draws[-1]), found.method),
        since=None if since is None else _news(workspace, level, found, since),
    )
    return material, draws, [*found.messages, *told]


def _news(workspace: Workspace, level: Which, found: Gathered, since: str) -> SinceReport:
    """What is new since a day, an anchor or the last report, up to the report's period."""
    # A sample of the workspace always has one.
    assert found.now.period is not None
    return what_is_new(workspace, level, found.now.period, since, found.method)


def _remembered(workspace: Workspace, level: Which, period: Period) -> tuple[str | None, list[str]]:
    """The baseline of the last report, where the plan names none, and what is to be told of it."""
    covered = pooled_period(workspace, level, period)
    if planned_baseline(workspace, level, covered) is not None:
        return None, []
    named = remembered_baseline(workspace.log.state.events, level, covered)
    if named is None:
        return None, []
    if named == NO_BASELINE:
        # Nothing to be told where nothing could be compared with.
        drawn = [one for one in periods_drawn(workspace, level) if one.start < covered.start]
        return named, [say("report.baseline_remembered_none")] if drawn else []
    other = named_draw(named)
    of, before = other or (level, Period.parse(named))
    if known_sample(workspace, of, before) is None:
        return None, []
    called = say("draw.other", level=of, period=before.label()) if other else before.label()
    return named, [say("report.baseline_remembered", baseline=called)]


def _columns(workspace: Workspace, level: Which, period: str) -> list[str]:
    """The domains of a report: units, and case types where the register has any."""
    cases = drawn_sample(workspace, level, Period.parse(period)).cases
    return [UNIT, CASE_TYPE] if CASE_TYPE in cases and cases[CASE_TYPE].notna().any() else [UNIT]


def _samples(workspace: Workspace, now: ReviewedSample) -> dict[Period, ReviewedSample]:
    """The finished cases of the level's rounds up to now."""
    if now.level is None or now.period is None:
        return {}
    found = reviewed_periods(workspace, now.level, drawn_sample, last=now.period)[0]
    if now.single is None:
        return found
    ours = workspace.draws.get(now.level, now.period).record
    of = {period: workspace.draws.get(now.level, period).record for period in found}
    return {period: sample for period, sample in found.items() if why_not(ours, of[period]) is None}


def _rounds(samples: Mapping[Period, ReviewedSample], method: Method) -> Rounds | None:
    """The level's rounds up to now; None where it is the first."""
    if len(samples) < 2:
        return None
    points = series.points(samples, method.confidence)
    return Rounds(points, series.summaries(points))


def _reread(workspace: Workspace, draw: Draw, now: ReviewedSample) -> Rereading | None:
    """How a later level, else this one, judged cases that an earlier had read; None without both."""
    if now.period is None:
        return None
    later = [
        other.level
        for other in workspace.draws.in_force()
        if other.record.plan.above == draw.level
        and other.period == now.period
        # What was asked for beside the plan tells nothing of a level.
        and isinstance(other.level, int)
    ]
    pairs: list[tuple[Which, Which]] = [(draw.level, level) for level in later]
    if draw.record.plan.above is not None:
        pairs.append((draw.record.plan.above, draw.level))
    for first, second in pairs:
        try:
            readings = from_levels(workspace, now.period, (first, second))
        except Refused:
            continue
        paired = pairs_of(readings.first.answers, readings.second.answers)
        if paired.empty:
            continue
        table = agreement_table(
            paired,
            readings.questions,
            lawful_apart=readings.lawful_apart,
            beside=readings.beside,
            scales=readings.scales,
        )
        names = [named(level)["level"] for level in (first, second)]
        return Rereading(names[0], names[1], table)
    return None


def _attempts(workspace: Workspace, draws: Sequence[Draw]) -> list[SeedMade]:
    """Every seed made for the draws' level and periods, in the order of the log."""
    used = {(draw.record.seed, draw.draw_id) for draw in draws}
    reasons = {
        event["draw_id"]: event.get("reason") or ""
        for draw in draws
        for _, event in workspace.log.state.concerning(draw.level, draw.period)
        if event["event"] == log.FRAME_COMMITTED
    }
    return [
        SeedMade(
            day=date_text(log.day_of(event)),
            draw_id=event["draw_id"],
            seed=event["seed"],
            in_force=(event["seed"], event["draw_id"]) in used,
            reason=reasons.get(event["draw_id"], ""),
        )
        for draw in draws
        for _, event in workspace.log.state.seeds(draw.level, draw.period)
    ]


def _next_report(workspace: Workspace, draw: Draw, now: ReviewedSample) -> tuple[Period, date] | None:
    """The next period of the level, and when its cases are to be reviewed by the plan in force then."""
    if now.period is None:
        return None
    period = now.period.next()
    try:
        plan = plan_of(workspace, draw.level, period)
    except UsageError:
        return None
    if plan is None:
        return None
    return period, add_months(plan.draw_due(period), plan.review_months)


def _names(found: Gathered, counts: Path | None) -> list[str]:
    """What the baselines are called in a report."""
    names = []
    if found.before is not None:
        own = found.before.level == found.now.level and found.before.period
        names.append(own.label() if own else found.before.name)
    if counts is not None:
        names.append(counts.stem)
    return names


def _record(workspace: Workspace, draws: Sequence[Draw], found: Gathered) -> DrawRecord:
    """The draw's record; where a quarter holds several, the last one's with the seeds of all.

    `tries` counts every seed made until now, also those of attempts that came to nothing.
    """
    record = draws[-1].record
    simulated = record.simulated or found.now.simulated
    tries = max(len(workspace.log.state.seeds(draw.level, draw.period)) for draw in draws)
    record = replace(record, simulated=simulated, period=found.now.period or record.period, tries=tries)
    record = replace(record, hverdage=record.hverdage or workspace.settings.hverdage)
    if len(draws) == 1:
        return record
    each = [draw.record for draw in draws]
    return replace(
        record,
        draw_id="; ".join(one.draw_id for one in each),
        seed="; ".join(one.seed for one in each),
        seed_before_frame=any(one.seed_before_frame for one in each),
        frame=replace(record.frame, commitment="; ".join(one.frame.commitment for one in each)),
    )


def _remarks(days: WorkingDays, asked: QuestionSet, second: str | None) -> list[tuple[str, str]]:
    """Rows of the method sheet that depend on the draw's settings and its questions."""
    remarks = []
    if any(question.limited for question in asked.questions):
        left_out = [say(f"report.day_{name}") for name in days.left_out]
        key = "report.method_weekdays_text" if asked.rules == 1 else "report.method_weekdays_real"
        country = country_name(days.country, days.subdivision)
        text = say(key, country=country, days=", ".join(left_out) or say("report.none"))
        remarks.append((say("report.method_weekdays"), text))
    if second is not None:
        remarks.append((say("report.method_second"), say("report.method_second_text", name=second)))
    return remarks
