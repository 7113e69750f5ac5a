"""An export on disk: what is drawn, reviewed and found, as tables that join, in one folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from tilsyn import __version__
from tilsyn.base import clock
from tilsyn.base.danish_time import danish_clock
from tilsyn.base.language import say
from tilsyn.base.privacy import refuse_cpr
from tilsyn.base.problems import Refused
from tilsyn.base.steps import counted
from tilsyn.formats import files
from tilsyn.formats.export import file_names, is_export, write_export
from tilsyn.procedure.compliance import Wanted, gather
from tilsyn.procedure.drawn_periods import covered_period, draws_of
from tilsyn.reports.export import STAR
from tilsyn.reports.export_tables import ExportedDraw, ExportPart, export_tables
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Exported:
    """An export that was written: its folder, and the rows of each table."""

    folder: Path
    rows: Mapping[str, int]


def export(workspace: Workspace, folder: Path) -> Exported:
    """Write all that is in force into a folder, in place of an earlier export alone."""
    folder = folder.resolve()
    _refuse_strange_files(folder)
    workspace.log.trusted()
    parts = list(_parts(workspace))
    if not parts:
        raise Refused(say("export.no_draws"), say("export.no_draws_remedy"))
    tables = export_tables(parts)
    _refuse_numbers(tables, workspace.draws.in_force())
    told = [
        (say("export.fact_organisation"), workspace.settings.organisation.name),
        (say("export.fact_made"), danish_clock(clock.now())),
        (say("export.fact_anchor"), workspace.log.state.anchor()),
        (say("export.fact_version"), f"tilsyn {__version__}"),
    ]
    with files.new_folder(folder, overwrite=True, private=True) as new:
        write_export(new, tables, told)
    return Exported(folder, {name: len(table) for name, table in tables.items()})


def _parts(workspace: Workspace) -> Iterator[ExportPart]:
    """Yield each level and period that has draws in force, oldest first."""
    drawn = workspace.draws.in_force()
    found = {(covered_period(draw), draw.level) for draw in drawn if isinstance(draw.level, int)}
    for period, level in counted(sorted(found), "steps.periods"):
        draws = draws_of(workspace, level, period)
        exported = [ExportedDraw(draw.record, workspace.ledger(draw).reviews) for draw in draws]
        title, names_strata = workspace.level_words(draws[-1]).title, draws[-1].record.plan.names_strata
        part = ExportPart(level, title, period, exported, names_strata)
        if any(draw.sample.n_reviewed for draw in exported):
            figures = gather(Wanted(level, period.canonical), ["unit"], workspace)
            before = figures.before and figures.before.period
            baseline = before.canonical if before else None
            part = replace(
                part,
                analysis=figures.analysis(),
                method=figures.method,
                baseline=baseline,
                benchmarks=figures.benchmarks,
                speaks_of=figures.now.speaks_of,
                reviewed_recently=figures.now.reviewed_recently,
            )
        yield part


def _refuse_numbers(tables: Mapping[str, pd.DataFrame], draws: Sequence[Draw]) -> None:
    """Refuse to write what looks like a CPR number; keys are made of ids that were judged at the draw."""
    texts = {
        column.name: tables[table.name][column.name].dropna().unique().tolist()
        for table in STAR
        for column in table.columns
        if column.kind == "text" and not column.name.endswith("_key")
    }
    refuse_cpr(texts, "tilsyn export", set().union(*(draw.judged for draw in draws)))


def _refuse_strange_files(folder: Path) -> None:
    """Refuse to replace a folder in which there is anything but an earlier export."""
    if folder.is_file():
        raise Refused(say("export.not_a_folder", folder=folder), say("export.not_a_folder_remedy"))
    own = file_names() if is_export(folder) else []
    for path in files.strangers(folder, own):
        raise Refused(say("export.strange_file", file=path), say("export.strange_file_remedy"))
