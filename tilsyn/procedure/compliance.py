"""What is asked for a compliance table, and all that is read to make it, a report or an explanation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, UsageError
from tilsyn.base.which import Which
from tilsyn.compliance.baseline import Baseline
from tilsyn.compliance.benchmarks import Benchmark, Benchmarks, benchmarks_of
from tilsyn.compliance.explanation import Explanation, explain
from tilsyn.compliance.method import USUAL, Method
from tilsyn.compliance.table import Analysis, analyse
from tilsyn.compliance.year import year_rows
from tilsyn.formats.benchmarks import read_benchmarks
from tilsyn.formats.outside_reviews import read_counts
from tilsyn.procedure import samples
from tilsyn.procedure.drawn_periods import limits_of
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import Adjustment
from tilsyn.workspace.benchmarks import benchmark_files
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Wanted:
    """Level, period and baseline in a workspace, or files from elsewhere.

    `baseline` is a period, the number of a round, "none", or None for the plan's; `counts` a published table.
    Without a `confidence` it is the workspace's own; without files the workspace is read.
    """

    level: Which | None = None
    period: str | None = None
    baseline: str | None = None
    counts: Path | None = None
    confidence: float | None = None
    answers: Path | None = None
    strata: Path | None = None
    baseline_answers: Path | None = None
    baseline_strata: Path | None = None
    adjustment: Adjustment = "benjamini-hochberg"


@dataclass(frozen=True)
class Gathered:
    """All that a compliance table, a report or an explanation is made from.

    `drawn` has unfinished cases too, `now` the finished ones alone; `before` is the baseline from a workspace
    or from files, `published` a table of counts; `first_reading` is level 2's where `now` re-read it;
    `previous` is the round before, and `quarters` those that make the year up to now; `known` are the
    published figures of others.
    """

    drawn: ReviewedSample
    now: ReviewedSample
    columns: tuple[str, ...]
    method: Method
    before: ReviewedSample | None = None
    published: pd.DataFrame | None = None
    first_reading: ReviewedSample | None = None
    previous: ReviewedSample | None = None
    quarters: Mapping[Period, ReviewedSample] = field(default_factory=dict)
    known: Sequence[Benchmark] = ()
    messages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """What is compared with: the one that gives the verdicts, and a second."""
        return tuple(side for side in (self.before, self.published) if side is not None)

    @cached_property
    def benchmarks(self) -> Benchmarks:
        """The published figures that belong to the table's rows."""
        return benchmarks_of(self.known, self.now)

    def analysis(self) -> Analysis:
        """The compliance table and all that stands beside it."""
        first, second, *_ = (*self.baselines, None, None)
        return analyse(
            self.now,
            self.columns,
            self.method,
            baseline=first,
            second=second,
            first_reading=self.first_reading,
            previous=self.previous,
        )

    def year(self) -> pd.DataFrame:
        """The units over a year, as `year.year_rows`; no rows where fewer than two quarters are known."""
        return year_rows(self.quarters, self.method)

    def explanation(self, question: str, rows: pd.DataFrame) -> Explanation:
        """A row of the analysis explained."""
        return explain(
            self.now,
            question,
            rows,
            self.method,
            by=self.columns,
            baseline=next(iter(self.baselines), None),
            first_reading=self.first_reading,
        )


def gather(
    wanted: Wanted, by: Sequence[str] = (), workspace: Workspace | None = None, year: bool = False
) -> Gathered:
    """Read all that is wanted, from files or a workspace (the one at the current folder by default).

    With `year`, the quarters before too.
    """
    names = samples.checked_names(by)
    period = Period.parse(wanted.period) if wanted.period else None
    before: ReviewedSample | str | None = None
    first = previous = None
    quarters: dict[Period, ReviewedSample] = {}
    known: list[Benchmark] = []
    messages: list[str] = []
    problems: list[Problem] = []
    if wanted.answers is not None and wanted.strata is not None:
        drawn, messages, problems = samples.from_files(
            wanted.answers, wanted.strata, names, wanted.level, period
        )
        now = drawn
        method = Method(wanted.confidence or USUAL.confidence, wanted.adjustment)
        if wanted.baseline_answers is not None and wanted.baseline_strata is not None:
            before, told, noted = samples.from_files(wanted.baseline_answers, wanted.baseline_strata)
            messages, problems = [*messages, *told], [*problems, *noted]
    else:
        if wanted.level is None or period is None:
            raise UsageError(say("compliance.which"), say("compliance.which_remedy"))
        here = workspace or Workspace.open()
        limits = limits_of(here, wanted.level, period)
        method = Method(
            wanted.confidence or limits.confidence, wanted.adjustment, limits.min_relevant, limits.wide
        )
        drawn = samples.drawn_sample(here, wanted.level, period)
        now = drawn.finished
        # A published table asked for alone is the baseline, whatever the plan says.
        if now.period is not None and (wanted.baseline is not None or wanted.counts is None):
            before = samples.baseline_of(here, wanted.level, now.period, wanted.baseline)
        first = samples.first_reading(here, now)
        if isinstance(before, ReviewedSample):
            previous = samples.round_before(here, now, before)
        if year:
            quarters = samples.year_of(here, now)
        if not now.chosen:
            # What was chosen tells of itself alone.
            known = [one.benchmark for one in read_benchmarks(benchmark_files(here.catalogues_dir))]
    columns = samples.domain_columns(now, names)
    if isinstance(before, str):
        messages = [*messages, before]
        before = None
    return Gathered(
        drawn=drawn,
        now=now,
        columns=tuple(columns),
        method=method,
        before=before,
        published=None if wanted.counts is None else read_counts(wanted.counts),
        first_reading=first,
        previous=previous,
        quarters=quarters,
        known=known,
        messages=tuple(messages),
        problems=tuple(problems),
    )
