"""What a report is made from: a round's draws, reviews and figures, taken from the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.compliance.sample import Round
from tilsyn.compliance.table import analyse
from tilsyn.formats import outside_reviews
from tilsyn.procedure.samples import Source, baseline_of, first_reading, from_workspace
from tilsyn.reports.parts import Material
from tilsyn.reviews.in_force import Reviews
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

__all__ = ["gather"]


def gather(
    workspace: Workspace,
    level: int,
    period: Period,
    baseline: str | None = None,
    counts: Path | None = None,
    published: date | None = None,
) -> tuple[Material, list[Draw], list[str]]:
    """Return a report's material.

    Parameters
    ----------
    workspace : Workspace
    level : int
    period : Period
        At level 1 a month means its quarter.
    baseline : str or None
        A period, a round, `none`, or None for the plan's.
    counts : Path or None
        A published table to compare with; the second baseline where there is another.
    published : datetime.date or None

    Returns
    -------
    (Material, list of Draw, list of str)
        The material, the draws in force it rests on, and what is to be told.

    Raises
    ------
    Refused
        Nothing is drawn or reviewed.
    UsageError, InputError
        The baseline or the published table is not usable.
    """
    now = from_workspace(workspace, level, period)
    # A published table asked for alone is the baseline, whatever the plan says.
    alone = baseline is None and counts is not None
    before = None if alone else baseline_of(workspace, level, now.period or period, baseline)
    messages = list(now.messages)
    if isinstance(before, str):
        messages.append(before)
        before = None
    first, second = _baselines(before, counts)
    draws = _draws(workspace, now, period)
    limits = workspace.settings.limits
    found = analyse(
        now.round,
        ["unit"],
        confidence=limits.confidence,
        baseline=first[1],
        second=second[1],
        first_reading=first_reading(workspace, now),
        blind=now.blind,
        few=limits.min_relevant,
        wide=limits.wide,
        name_strata=now.name_strata,
    )
    reviews = _together([workspace.ledger(draw).reviews for draw in draws])
    material = Material(
        manifest=_manifest(draws, now),
        question_set=draws[-1].question_set,
        table=found.rows,
        cases=reviews.cases,
        answers=reviews.answers,
        replacements=reviews.replacements,
        units=found.units,
        grades=found.grades,
        corrected=found.corrected,
        nonresponse=found.sentences,
        remarks=_remarks(workspace, second),
        baseline=first[0],
        second=second[0],
        recipients=workspace.settings.recipients,
        published=published,
        limit=limits.min_relevant,
        wide=limits.wide,
        confidence=limits.confidence,
    )
    return material, draws, messages


Side = tuple[str | None, Round | pd.DataFrame | None]


def _baselines(before: Source | None, counts: Path | None) -> tuple[Side, Side]:
    """What to compare with first, which gives the verdicts, and second: a name and its tables each."""
    sides: list[Side] = []
    if before is not None:
        sides.append((before.period.label() if before.period else before.name, before.round))
    if counts is not None:
        sides.append((counts.stem, outside_reviews.read_counts(counts)))
    sides += [(None, None)] * (2 - len(sides))
    return sides[0], sides[1]


def _draws(workspace: Workspace, now: Source, period: Period) -> list[Draw]:
    span = now.period or period
    found = [d for d in workspace.draws.in_force() if d.level == now.level]
    return [d for d in found if span.start <= d.period.start and d.period.end <= span.end]


def _together(reviews: Sequence[Reviews]) -> Reviews:
    if len(reviews) == 1:
        return reviews[0]
    tables = {
        name: pd.concat([getattr(part, name) for part in reviews], ignore_index=True)
        for name in ("cases", "answers", "replacements", "strata")
    }
    return Reviews(**tables)


def _manifest(draws: Sequence[Draw], now: Source) -> dict[str, Any]:
    """The draw's manifest; where a quarter holds several, the last one's with the seeds of all."""
    manifest = dict(draws[-1].manifest)
    manifest["simulated"] = bool(manifest.get("simulated")) or now.simulated
    manifest["period"] = (now.period or draws[-1].period).canonical
    if len(draws) > 1:
        each = [draw.manifest for draw in draws]
        for name in ("draw_id", "seed"):
            manifest[name] = "; ".join(str(one[name]) for one in each)
        manifest["seed_before_frame"] = any(one["seed_before_frame"] for one in each)
        commitments = "; ".join(str(one["frame"]["commitment"]) for one in each)
        manifest["frame"] = dict(manifest["frame"]) | {"commitment": commitments}
    return manifest


def _remarks(workspace: Workspace, second: Side) -> list[tuple[str, str]]:
    """Rows of the method sheet that depend on the workspace."""
    days = workspace.settings.hverdage
    doubtful = ("saturdays", "grundlovsdag", "christmas_eve", "new_years_eve")
    left_out = [say(f"report.day_{name}") for name in doubtful if not getattr(days, name)]
    text = say("report.method_weekdays_text", days=", ".join(left_out) or say("report.none"))
    remarks = [(say("report.method_weekdays"), text)]
    if second[0] is not None:
        remarks.append((say("report.method_second"), say("report.method_second_text", name=second[0])))
    return remarks
