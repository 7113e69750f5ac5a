"""The list of complaints of a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tilsyn.formats.complaints import ComplaintList


def complaints_file(workspace: Workspace, period: Period) -> Path | None:
    """Return the file of a period's complaints; None where the settings name none.

    A month that has no file of its own takes its quarter's.
    """
    path = workspace.settings.complaints.path
    if path is None:
        return None
    of_month, of_quarter = (
        workspace.root / path.format(period=one.canonical) for one in (period, period.quarter())
    )
    return of_quarter if period.kind == "month" and not of_month.exists() else of_month


def open_complaints(workspace: Workspace, period: Period) -> ComplaintList:
    """Read a workspace's complaints, of a period where their path says so; refused where it names none."""
    from tilsyn.formats.complaints import read_complaints

    path = complaints_file(workspace, period)
    if path is None:
        raise Refused(say("complaints.none"), say("complaints.none_remedy"))
    return read_complaints(workspace.settings, path, clock.today())
