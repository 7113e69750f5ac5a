"""The register of a workspace."""

from __future__ import annotations

from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused
from tilsyn.formats.registers.opening import read_register
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.workspace.workspace import Workspace


def open_register(workspace: Workspace, period: Period | None, path: Path | None = None) -> RegisterTable:
    """Read the register of a workspace, of a period where its path says so, or another file."""
    settings = workspace.settings.register
    if path is not None:
        return read_register(settings, path)
    if settings.url:
        return read_register(settings)
    if settings.path is None:
        raise Refused(say("register.none"), say("register.none_remedy"))
    if "{period}" in settings.path and period is None:
        raise Refused(say("register.which_period"), say("register.which_period_remedy"))
    return read_register(settings, workspace.register_path(period))
