"""The register of a workspace."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.base.steps import step
from tilsyn.workspace.register_files import register_file
from tilsyn.workspace.workspace import SETTINGS_NAME, Workspace

if TYPE_CHECKING:
    from tilsyn.formats.registers.table import RegisterTable
    from tilsyn.sampling.frame_rules import ReadBy

# A file, the address of a database whose query stands in the settings, or the settings file, which names the
# workspace's own.
Source = Path | str
# A drive such as C:/ is none; with a slash too few it is one that cannot be read.
_ADDRESS = re.compile(r"file:|[A-Za-z][\w+.-]+:/")


def source_of(text: str | None) -> Source | None:
    """Return which register a text names."""
    return text if text is None or _ADDRESS.match(text) else Path(text)


def is_own(source: Source | None) -> bool:
    """Tell whether a register is the workspace's own."""
    return source is None or (isinstance(source, Path) and source.name == SETTINGS_NAME)


def given_as_of(workspace: Workspace, period: Period | None, path: Source | None = None) -> date | None:
    """Return the day that the settings give a register, also by its file's name unless another is read."""
    register = workspace.settings.register
    if register.as_of == "today":
        return None if isinstance(path, Path) and not is_own(path) else clock.today()
    if register.as_of or not is_own(path):
        return register.as_of
    file = register_file(workspace, period)
    return None if file is None else file.as_of


def same_register(
    workspace: Workspace, path: Source | None, one: Period | None, other: Period | None
) -> bool:
    """Tell whether two periods have one register, of one day."""
    return not is_own(path) or register_file(workspace, one) == register_file(workspace, other)


@step("steps.reading")
def open_register(
    workspace: Workspace,
    period: Period | None,
    path: Source | None = None,
    read_by: ReadBy | None = None,
) -> RegisterTable:
    """Read the register of a workspace, of a period where its path says so, or another.

    A file that is `read_by` rules may lack the columns that they do not look at.
    """
    from tilsyn.formats.registers.opening import read_register

    settings = workspace.settings.register
    if settings.columns and (missing := settings.missing_columns):
        raise InputError(
            Problem(
                say("register.column_needed", name=name),
                say(f"register.column_needed_{name}_remedy"),
                file=SETTINGS_NAME,
                column=f"register.columns.{name}",
            )
            for name in missing
        )
    if isinstance(path, str):
        if settings.query is None:
            raise Refused(say("register.no_query"), say("register.no_query_remedy"))
        return read_register(settings.model_copy(update={"url": path, "path": None}))
    if path is not None and not is_own(path):
        return read_register(settings, path, read_by=read_by)
    if settings.url:
        return read_register(settings, folder=workspace.root)
    file = register_file(workspace, period)
    if settings.path is None or file is None:
        raise Refused(say("register.none"), say("register.none_remedy"))
    if "{period}" in settings.path and period is None:
        raise Refused(say("register.which_period"), say("register.which_period_remedy"))
    return read_register(settings, file.path, read_by=read_by)
