"""Which draws the figures of a level and period are read from, and their cases as plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.base.which import Single, Which
from tilsyn.reviews.plain_sample import PlainSample, PlainStratum, joined_plain
from tilsyn.settings.schema import Limits
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


def draws_of(workspace: Workspace, level: Which, period: Period) -> list[Draw]:
    """The draws in force of a level and period, or of a quarter that is read whole. Refused without."""
    span = pooled_period(workspace, level, period)
    pooled = [
        draw
        for draw in workspace.draws.in_force(level)
        if draw.period.within(span) and draw.record.plan.read_by_quarter
    ]
    return pooled or [workspace.draws.get(level, span)]


def pooled_period(workspace: Workspace, level: Which, period: Period) -> Period:
    """The period that a level's figures cover: where it is read by the quarter, a month means its quarter."""
    quarter = period.quarter()
    if isinstance(level, Single) or not period.within(quarter):
        return period
    drawn = workspace.draws.in_force(level)
    covered = [covered_period(draw) for draw in drawn if draw.period.within(quarter)]
    return quarter if quarter in covered else period


def covered_period(draw: Draw) -> Period:
    """The period that a draw's cases are read for: its quarter, where that is read whole, else its own."""
    quarter = draw.period.quarter()
    return quarter if draw.record.plan.read_by_quarter and draw.period.within(quarter) else draw.period


def periods_drawn(workspace: Workspace, level: Which) -> list[Period]:
    """The periods that a level is drawn for, in time order."""
    return sorted({covered_period(draw) for draw in workspace.draws.in_force(level)})


def none_reviewed(level: Which, period: Period) -> Refused:
    """The refusal of what needs reviewed cases, where there is none."""
    remedy = say("compliance.none_reviewed_remedy", level=level, period=period.canonical)
    return Refused(say("compliance.none_reviewed", level=level, period=period.label()), remedy)


def limits_of(workspace: Workspace, level: Which, period: Period) -> Limits:
    """The limits that the figures of a level and period rest on."""
    return workspace.limits(draws_of(workspace, level, period)[-1])


def plain_sample(workspace: Workspace, level: Which, period: Period) -> PlainSample:
    """The sample of a level and period, as `drawn_sample` has it, as plain rows."""
    period = pooled_period(workspace, level, period)
    draws = draws_of(workspace, level, period)
    parts = [workspace.ledger(draw).plain for draw in draws]
    sample = parts[0] if len(parts) == 1 else joined_plain(parts, pooled_strata(draws))
    if not sample.n_reviewed:
        raise none_reviewed(level, period)
    record = draws[-1].record
    return replace(
        sample,
        single=record.plan if isinstance(record.plan, SinglePlan) else None,
        speaks_of=record.frame.speaks_of,
        reviewed_recently=reviewed_recently(draws),
    )


def reviewed_recently(draws: Sequence[Draw]) -> int:
    """How many cases were left out for a recent review; one that could be drawn in a month is spoken of."""
    return len(set.intersection(*(set(draw.record.frame.reviewed_recently) for draw in draws)))


def pooled_strata(draws: Sequence[Draw]) -> list[PlainStratum]:
    """The strata over several draws: the cases drawn are added, distinct cases of the frames counted."""
    distinct = _distinct_cases(draws)
    found: dict[str, PlainStratum] = {}
    for draw in draws:
        for row in draw.record.strata:
            before = found.get(row.stratum, PlainStratum(row.stratum, row.unit, 0))
            largest = max(before.population_size, row.population_size)
            drawn = before.sample_size + row.sample_size
            found[row.stratum] = before._replace(population_size=largest, sample_size=drawn)
    return [
        row._replace(population_size=max(distinct.get(name, row.population_size), row.sample_size))
        for name, row in sorted(found.items())
    ]


def _distinct_cases(draws: Sequence[Draw]) -> dict[str, int]:
    """N_h of the quarter: distinct cases over the months' frames; none where a frame is not kept."""
    frames = [str(draw.frame_path) for draw in draws if draw.frame_path.exists()]
    if len(frames) < len(draws):
        return {}
    from tilsyn.base.database import memory_database

    with memory_database() as connection:
        counted = "SELECT stratum, count(DISTINCT case_id) FROM read_parquet(?) GROUP BY stratum"
        return dict(connection.execute(counted, [frames]).fetchall())
