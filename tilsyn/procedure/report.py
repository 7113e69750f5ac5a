"""Reports in their files, and in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tilsyn.base.periods import Period
from tilsyn.formats.files import file_hash
from tilsyn.formats.reports.workbook import save_report
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Material
from tilsyn.workspace import log
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

# What is logged when a report is new or has changed; `status` reads it.
REPORTED = log.REPORTED

Edition = Literal["internal", "public"]
EDITIONS: tuple[Edition, ...] = ("internal", "public")


@dataclass(frozen=True)
class Written:
    """A report's file, named from the workspace's root, and whether it was written or stood there already."""

    edition: Edition
    name: str
    state: Literal["written", "unchanged"]


def report_path(workspace: Workspace, period: Period, level: int, edition: Edition) -> Path:
    """Where a report stands: `reports/<period>/level-<n>-<edition>.xlsx`."""
    return workspace.reports_dir(period) / f"level-{level}-{edition}.xlsx"


def write_reports(
    workspace: Workspace, material: Material, draws: Sequence[Draw], editions: Sequence[Edition]
) -> list[Written]:
    """Write a report's editions and log them with the draws they rest on.

    A file with the same content is left alone, and one that is in the log already is not logged again.
    """
    period, level = material.record.period, material.record.level
    written = []
    for edition in editions:
        path = report_path(workspace, period, level, edition)
        changed = save_report(path, build(material, edition == "public"))
        name = path.relative_to(workspace.root).as_posix()
        _log(workspace, draws, name, file_hash(path))
        written.append(Written(edition, name, "written" if changed else "unchanged"))
    return written


def _log(workspace: Workspace, draws: Sequence[Draw], name: str, digest: str) -> None:
    what = {"event": REPORTED, "draws": [draw.draw_id for draw in draws], "file": name, "sha256": digest}

    def make(events: list[log.Event]) -> log.Event:
        earlier = [e for e in events if e["event"] == REPORTED and e.get("file") == name]
        if earlier and all(earlier[-1].get(key) == value for key, value in what.items()):
            return earlier[-1]
        return what

    workspace.log.append_if(make)
