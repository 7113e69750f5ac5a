"""The samples that a table, a report or a comparison is made from: of a workspace, or of files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tilsyn.base.aliases import column_word, program_word
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, Refused, UsageError
from tilsyn.base.which import Single, Which
from tilsyn.compliance.year import LEVELS, last_quarters
from tilsyn.formats import outside_reviews
from tilsyn.procedure.compliance_other import named_draw, why_not
from tilsyn.procedure.drawn_periods import (
    covered_period,
    draws_of,
    none_reviewed,
    periods_drawn,
    pooled_period,
    pooled_strata,
    reviewed_recently,
)
from tilsyn.procedure.due import plan_of
from tilsyn.reviews.sample import ReviewedSample, joined
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.catalogues import packaged, read_catalogue
from tilsyn.workspace.periods import is_previous
from tilsyn.workspace.workspace import Workspace

# Columns of a case that are never a domain: results are never shown per person.
_PERSONAL = ("stratum", "caseworker", "reviewer")
_NOT_FACTS = (
    "case_id", "ticket", "order", "inclusion_probability", "design_weight", "complete", "act_date",
    "reviewed_on", "akut", "handled", "criticism", "replaces", "workbook", "simulated",
)  # fmt: skip


def from_files(
    answers: Path,
    strata: Path,
    by: Sequence[str] = (),
    level: Which | None = None,
    period: Period | None = None,
) -> tuple[ReviewedSample, list[str], list[Problem]]:
    """Reviews made elsewhere, messages and notes; themes are those of the packaged catalogues."""
    found = outside_reviews.read_reviews(answers, strata, by)
    messages = []
    if found.unfinished:
        messages.append(say("compliance.unfinished", n=found.unfinished, file=answers.name))
    themes = {q.question_id: q.step for path in packaged() for q in read_catalogue(path).questions}
    sample = ReviewedSample(
        found.cases, found.strata, found.answers, themes, name=answers.name, level=level, period=period
    )
    return sample, messages, found.notes


def drawn_sample(workspace: Workspace, level: Which, period: Period) -> ReviewedSample:
    """The sample of a level and period, unfinished cases too. Refused when nothing is drawn or reviewed."""
    period = pooled_period(workspace, level, period)
    draws = draws_of(workspace, level, period)
    parts = [workspace.ledger(draw).reviews for draw in draws]
    sample = parts[0] if len(parts) == 1 else joined(parts, pd.DataFrame(pooled_strata(draws)))
    if not sample.n_reviewed:
        raise none_reviewed(level, period)
    plan = draws[-1].record.plan
    return replace(
        sample,
        single=plan if isinstance(plan, SinglePlan) else None,
        name=period.canonical,
        level=level,
        period=period,
        name_strata=plan.names_strata,
        blind=plan.blind,
        speaks_of=draws[-1].record.frame.speaks_of,
        reviewed_recently=reviewed_recently(draws),
    )


def from_workspace(workspace: Workspace, level: Which, period: Period) -> ReviewedSample:
    """The finished cases of a level and period. Refused when nothing is drawn or reviewed."""
    return drawn_sample(workspace, level, period).finished


def first_reading(workspace: Workspace, now: ReviewedSample) -> ReviewedSample | None:
    """The finished cases of the level whose register's cases `now` re-read some of; else None.

    None too where `now` has other strata than they: it speaks of the reviewed cases alone.
    """
    if not isinstance(now.level, int) or now.period is None:
        return None
    draw = workspace.draws.find(now.level, now.period)
    level = None
    while draw is not None and draw.record.plan.above is not None:
        level = draw.record.plan.above
        if draw.record.frame.speaks_of != "register":
            return None
        draw = workspace.draws.find(level, draw.period)
    return None if draw is None or level is None else from_workspace(workspace, level, draw.period)


def round_before(
    workspace: Workspace, now: ReviewedSample, baseline: ReviewedSample
) -> ReviewedSample | None:
    """The finished cases of the round before, where one lies between the baseline and now; else None."""
    if now.level is None or now.period is None or baseline.period is None:
        return None
    if baseline.level not in (None, now.level):
        # Another draw is no round of this one.
        return None
    between = [
        period
        for period in periods_drawn(workspace, now.level)
        if baseline.period.end < period.start and period.end < now.period.start
    ]
    return known_sample(workspace, now.level, between[-1]) if between else None


def year_of(workspace: Workspace, now: ReviewedSample) -> dict[Period, ReviewedSample]:
    """The quarters that make the year up to now, with finished cases; now among them."""
    if now.level not in LEVELS or now.period is None:
        return {}
    found = {
        period: now if period == now.period else known_sample(workspace, now.level, period)
        for period in last_quarters(now.period, periods_drawn(workspace, now.level))
    }
    return {period: sample for period, sample in found.items() if sample is not None}


def known_sample(workspace: Workspace, level: Which, period: Period) -> ReviewedSample | None:
    """The finished cases of a level and period; None where nothing is drawn or reviewed."""
    try:
        return from_workspace(workspace, level, period)
    except Refused:
        return None


def baseline_of(
    workspace: Workspace, level: Which, period: Period, wanted: str | None
) -> ReviewedSample | str | None:
    """The baseline asked for (a period, the number of a round or "none"), else the plan's.

    A single draw is compared with its own of an earlier period, or with another draw that is named by its id.
    A message instead where the plan names one that is not there; Refused where the one asked for is not.
    """
    if wanted is not None and program_word(wanted.strip()) == "none":
        return None
    if wanted is not None and isinstance(level, Single) and (other := named_draw(wanted)):
        return _of_other(workspace, level, period, *other)
    if wanted is not None:
        named = period.previous() if is_previous(wanted) else None
        before = named or _round_period(workspace, level, wanted) or Period.parse(wanted)
        if before == period:
            raise UsageError(
                say("compliance.own_baseline", period=period.label()), say("compliance.own_baseline_remedy")
            )
        if isinstance(level, Single):
            return _of_other(workspace, level, period, level, before)
        return from_workspace(workspace, level, before)
    planned = planned_baseline(workspace, level, period)
    if planned is None:
        return None
    before = Period.parse(planned)
    if before.start >= period.start:
        return None
    try:
        return from_workspace(workspace, level, before)
    except Refused as refused:
        return say("compliance.plan_baseline", period=before.label(), message=refused.message)


def _of_other(
    workspace: Workspace, single: Single, period: Period, level: Which, before: Period
) -> ReviewedSample | str:
    """Another draw that a single draw is compared with; a message instead where the two cannot be."""
    ours, theirs = draws_of(workspace, single, period)[-1], draws_of(workspace, level, before)[-1]
    values = {"level": level, "period": before.label()}
    if why := why_not(ours.record, theirs.record):
        return say("single.not_compared", why=why, **values)
    sample = from_workspace(workspace, level, before)
    return sample if level == single else replace(sample, name=say("draw.other", **values))


def planned_baseline(workspace: Workspace, level: Which, period: Period) -> str | None:
    """The plan's baseline as it was when the level was drawn; of an older draw, as it is."""
    record = draws_of(workspace, level, period)[-1].record
    plan = record.plan if record.limits else plan_of(workspace, level, period)
    return None if plan is None else plan.baseline


def domain_columns(sample: ReviewedSample, by: Sequence[str]) -> list[str]:
    """The columns asked for with `--by`, which may be joined by commas; a person's is a UsageError."""
    known = [c for c in sample.cases.columns if c not in (*_PERSONAL, *_NOT_FACTS)]
    # A column of their own may be called what another language calls one of ours.
    wanted = [name if name in known else column_word(name) for name in checked_names(by)]
    for column in wanted:
        if column not in known:
            remedy = say("compliance.by_unknown_remedy", known=", ".join(known))
            raise UsageError(say("compliance.by_unknown", name=column), remedy)
    return wanted


def checked_names(by: Sequence[str]) -> list[str]:
    """Names given one by one or joined by commas, each once; the name of a person is a UsageError.

    >>> checked_names(["unit,case_type", "unit"])
    ['unit', 'case_type']
    """
    names = list(
        dict.fromkeys(name.strip().lower() for text in by for name in text.split(",") if name.strip())
    )
    for name in names:
        if column_word(name) in _PERSONAL:
            raise UsageError(say("compliance.by_person", name=name), say("compliance.by_person_remedy"))
    return names


def _round_period(workspace: Workspace, level: Which, text: str) -> Period | None:
    match = re.fullmatch(r"(?:runde|round)?[ -]?(\d{1,3})", text.strip().lower())
    if match is None:
        return None
    for draw in workspace.draws.in_force(level):
        if draw.record.round == int(match[1]):
            return covered_period(draw)
    raise Refused(say("compliance.no_round", n=match[1], level=level), say("compliance.no_round_remedy"))
