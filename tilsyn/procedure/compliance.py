"""What was asked of `tilsyn compliance`, and all that is read to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, UsageError
from tilsyn.compliance.sample import Round
from tilsyn.compliance.table import FEW, WIDE
from tilsyn.formats.outside_reviews import read_counts
from tilsyn.procedure import samples as data
from tilsyn.procedure.samples import Source
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Request:
    """Level, period and baseline in a workspace, or files from elsewhere.

    Parameters
    ----------
    level : int or None
    period : str or None
    baseline : str or None
        A period, the number of a round, "none", or None for the plan's.
    counts : Path or None
        Published counts.
    confidence : float or None
        None for the workspace's own.
    answers, strata, baseline_answers, baseline_strata : Path or None
        Files; without them the workspace is read.
    """

    level: int | None = None
    period: str | None = None
    baseline: str | None = None
    counts: Path | None = None
    confidence: float | None = None
    answers: Path | None = None
    strata: Path | None = None
    baseline_answers: Path | None = None
    baseline_strata: Path | None = None


@dataclass(frozen=True)
class Given:
    """All that a compliance table is made from.

    `baselines` has the one that gives the verdicts first; `names` what they are called; `columns` the
    domains; `first_reading` is level 2's where `now` re-read it.
    """

    now: Source
    baselines: tuple[Round | pd.DataFrame, ...]
    names: tuple[str, ...]
    columns: tuple[str, ...]
    published: pd.DataFrame | None
    first_reading: Round | None
    confidence: float
    few: int
    wide: float
    messages: tuple[str, ...]
    problems: tuple[Problem, ...]


def gather(request: Request, by: Sequence[str] = (), workspace: Workspace | None = None) -> Given:
    """Read all that a compliance table needs.

    Parameters
    ----------
    request : Request
    by : sequence of str
        Columns wanted as domains.
    workspace : Workspace, optional
        The one at the current folder by default.

    Returns
    -------
    Given

    Raises
    ------
    UsageError, InputError, Refused
        As the readers.
    """
    wanted = data.checked_names(by)
    few, wide, confidence = FEW, WIDE, request.confidence or 0.95
    before: Source | str | None = None
    first = None
    period = Period.parse(request.period) if request.period else None
    if request.answers is not None and request.strata is not None:
        now = data.from_files(request.answers, request.strata, wanted, request.level, period)
        if request.baseline_answers is not None and request.baseline_strata is not None:
            before = data.from_files(request.baseline_answers, request.baseline_strata)
    else:
        if request.level is None or period is None:
            raise UsageError(say("compliance.which"), say("compliance.which_remedy"))
        here = workspace or Workspace.open()
        limits = here.settings.limits
        few, wide, confidence = limits.min_relevant, limits.wide, request.confidence or limits.confidence
        now = data.from_workspace(here, request.level, period)
        # A published table asked for alone is the baseline, whatever the plan says.
        if now.period is not None and (request.baseline is not None or request.counts is None):
            before = data.baseline_of(here, request.level, now.period, request.baseline)
        first = data.first_reading(here, now)
    columns = data.domain_columns(now, wanted)
    published = None if request.counts is None else read_counts(request.counts)
    messages = [*now.messages, *([before] if isinstance(before, str) else [])]
    baselines: list[Round | pd.DataFrame] = []
    names: list[str] = []
    problems = list(now.problems)
    if isinstance(before, Source):
        baselines.append(before.round)
        names.append(before.name)
        messages += before.messages
        problems += before.problems
    if published is not None and request.counts is not None:
        baselines.append(published)
        names.append(request.counts.name)
    return Given(
        now=now,
        baselines=tuple(baselines),
        names=tuple(names),
        columns=tuple(columns),
        published=published,
        first_reading=first,
        confidence=confidence,
        few=few,
        wide=wide,
        messages=tuple(messages),
        problems=tuple(problems),
    )
