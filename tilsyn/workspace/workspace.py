"""The workspace: the folder with a `tilsyn.toml`, and where everything stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused, UsageError
from tilsyn.settings.parsing import parse_settings
from tilsyn.settings.plan import PlanVersion
from tilsyn.settings.schema import (
    Settings,
)

__all__ = ["SETTINGS_NAME", "Workspace"]

SETTINGS_NAME = "tilsyn.toml"


@dataclass(frozen=True)
class Workspace:
    """A workspace and its settings.

    Parameters
    ----------
    root : Path
        The folder that holds `tilsyn.toml`.
    settings : Settings
        What that file says.
    """

    root: Path
    settings: Settings

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """Return the workspace that a folder is in: its own, or the nearest above it.

        Parameters
        ----------
        start : Path, optional
            Where to look first; the current folder by default.

        Returns
        -------
        Workspace

        Raises
        ------
        Refused
            There is no `tilsyn.toml` there or above.
        InputError
            It has faults.
        """
        folder = (start or Path.cwd()).resolve()
        for root in (folder, *folder.parents):
            if (root / SETTINGS_NAME).is_file():
                return cls(root, read_settings(root / SETTINGS_NAME))
        raise Refused(say("settings.no_workspace", folder=folder), say("settings.no_workspace_remedy"))

    def plan_for(self, period: Period) -> PlanVersion:
        """Return the plan version in force when a period begins.

        Parameters
        ----------
        period : Period

        Returns
        -------
        PlanVersion
            The latest whose `valid_from` is not after the period's first day.

        Raises
        ------
        UsageError
            The first version begins later.
        """
        versions = sorted(self.settings.plan, key=lambda version: version.valid_from)
        valid = [version for version in versions if version.valid_from <= period.start]
        if not valid:
            first = versions[0].valid_from.isoformat()
            message = say("settings.plan_none_for", period=period.label(), first=first)
            raise UsageError(message, say("settings.plan_none_for_remedy"))
        return valid[-1]

    def register_path(self, period: Period | None) -> Path | None:
        """Return the register file of a period (`{period}` filled in), or None for a database."""
        path, canonical = self.settings.register.path, "" if period is None else period.canonical
        return None if path is None else self.root / path.format(period=canonical)

    @property
    def catalogues_dir(self) -> Path:
        """The folder of question catalogues."""
        return self.root / "checklists"

    def checklists_dir(self, period: Period, level: int, attempt: int = 1) -> Path:
        """The folder of a draw's workbooks; a replacing draw has its own, as in `samples_dir`."""
        return self.root / "checklists" / period.canonical / self.samples_dir(period, level, attempt).name

    def samples_dir(self, period: Period, level: int, attempt: int = 1) -> Path:
        """The folder of a draw; a replacing draw (`attempt` 2, 3, …) has its own."""
        name = f"level-{level}" if attempt == 1 else f"level-{level}.{attempt}"
        return self.root / "samples" / period.canonical / name

    def reports_dir(self, period: Period) -> Path:
        """The folder of a period's reports."""
        return self.root / "reports" / period.canonical

    @property
    def log_path(self) -> Path:
        """The event log."""
        return self.root / "samples" / "log.jsonl"


def read_settings(path: Path) -> Settings:
    """Read the settings in a file.

    Parameters
    ----------
    path : Path
        A `tilsyn.toml`.

    Returns
    -------
    Settings

    Raises
    ------
    InputError
        With every fault found.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        problem = Problem(
            say("settings.unreadable", reason=reason), say("settings.unreadable_remedy"), file=path.name
        )
        raise InputError([problem]) from None
    except UnicodeDecodeError:
        problem = Problem(say("settings.not_utf8"), say("settings.not_utf8_remedy"), file=path.name)
        raise InputError([problem]) from None
    return parse_settings(text, path.name)
