"""The periods of a workspace's plan: the one that holds a day, and those that are named from today."""

from __future__ import annotations

from datetime import date

from tilsyn.base import clock
from tilsyn.base.aliases import program_word
from tilsyn.base.periods import Period
from tilsyn.settings.levels import Cadence
from tilsyn.workspace.workspace import Workspace

DEFAULT_CADENCE: Cadence = "quarter"


def period_of_day(workspace: Workspace, day: date, level: int | None) -> Period:
    """Return the period of a level that holds a day; without a level, the quarter."""
    # The cadence may change with the plan, so the plan of the day decides it.
    settings = workspace.settings
    plan = settings.plan_on(day) or min(settings.plan, key=lambda version: version.valid_from)
    levels = plan.levels
    return Period.containing(day, levels[level].cadence if level in levels else DEFAULT_CADENCE)


def relative_period(text: str, level: int | None) -> str:
    """Return the period that a word such as `forrige` stands for today; other text as it stands.

    The plan is that of the workspace at the current folder.
    """
    before = is_previous(text)
    if not before and program_word(text) != "current":
        return text
    now = period_of_day(Workspace.open(), clock.today(), level)
    return (now.previous() if before else now).canonical


def is_previous(text: str) -> bool:
    """Tell whether a text is a word for the period before.

    >>> is_previous("forrige"), is_previous("last"), is_previous("2018-Q2")
    (True, True, False)
    """
    return program_word(text.strip()) in ("previous", "last")
