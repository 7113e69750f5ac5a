"""All simulations of the coverage study, from one seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.benchmarks.designs import HARDLY_READ, OVERALL, PATTERNS, UNITS
from tests.benchmarks.pooled_study import PooledCell, limit_tasks, pooled_changes, run_all, tasks
from tests.benchmarks.practice_study import (
    ClusterRow,
    MonotoneRow,
    SeriesRow,
    cluster_rows,
    monotone_rows,
    series_rows,
)
from tests.benchmarks.studies import Cell, VerdictRow, change_cells, level_cells, verdict_rows


@dataclass(frozen=True)
class Study:
    """The cells and rows of all simulations."""

    levels: list[Cell]
    hardly_read: list[Cell]
    pooled: list[PooledCell]
    pooled_limit: list[PooledCell]
    pooled_changes: list[PooledCell]
    monotone: list[MonotoneRow]
    changes: list[Cell]
    clusters: list[ClusterRow]
    verdicts: list[VerdictRow]
    series: list[SeriesRow]


def everything(seed: int, runs: int, tables: int, workers: int) -> Study:
    """Run all studies; rows over several questions take nearly all of the time, and are shared out."""
    random = np.random.default_rng(seed)
    levels = list(level_cells(random, runs, OVERALL + UNITS))
    hardly_read = list(level_cells(random, runs, HARDLY_READ, patterns=PATTERNS[:3]))
    changes = list(change_cells(random, max(runs // 4, 100), OVERALL + UNITS[:1]))
    verdicts = list(verdict_rows(random, tables))
    return Study(
        levels=levels,
        hardly_read=hardly_read,
        pooled=run_all(tasks(seed, runs), workers),
        pooled_limit=run_all(limit_tasks(seed, runs), workers),
        pooled_changes=pooled_changes(seed, runs),
        monotone=list(monotone_rows()),
        changes=changes,
        clusters=list(cluster_rows(random, runs)),
        verdicts=verdicts,
        series=list(series_rows(random, tables)),
    )
