"""How a report's page lets its draws be checked: by the dossier beside it, where everybody may read that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tilsyn.base.periods import Period
from tilsyn.base.which import Single
from tilsyn.formats import files
from tilsyn.formats.reports.page import DrawControl, DrawPrint
from tilsyn.procedure.dossier import dossier_name
from tilsyn.reports.dossier import MANIFEST, PAGE
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


def draw_control(workspace: Workspace, period: Period, draws: Sequence[Draw]) -> DrawControl:
    """Say how to check the draws: a link only to a dossier that holds each of them and no case numbers."""
    prints = [DrawPrint(draw.draw_id, draw.record.frame.commitment, draw.sha256) for draw in draws]
    level = draws[-1].level
    single = level if isinstance(level, Single) else None
    folder = workspace.reports_dir(period) / dossier_name(single)
    held = set(_open_draws(folder)) if (folder / PAGE).is_file() else set()
    link = f"{folder.name}/{PAGE}" if held.issuperset(draw.sha256 for draw in draws) else ""
    asked = f"--single {single} " if single else ""
    return DrawControl(prints, link, f"tilsyn dossier {asked}--period {period.canonical} --without-ids")


def _open_draws(folder: Path) -> Iterator[str]:
    """Yield the fingerprints of the draws that a dossier has without case numbers."""
    for path in folder.glob(f"*/{MANIFEST}"):
        try:
            copy: Any = json.loads(files.read_bytes(path))
        except ValueError:
            # Somebody has changed it.
            continue
        about = copy.get("dossier") if isinstance(copy, dict) else None
        if isinstance(about, dict) and about.get("without_ids") is True:
            yield str(about.get("manifest"))
