"""Whether the register of a period is there, of its own time, to be drawn from unattended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tilsyn.base.cpr import mask
from tilsyn.base.file_names import readable
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.sampling.register_time import is_of_period, last_day
from tilsyn.workspace.register_files import register_file
from tilsyn.workspace.registers import given_as_of
from tilsyn.workspace.workspace import Workspace


@dataclass(frozen=True)
class Found:
    """What was found: the register, to be waited for until the day `last`, or missed for good.

    `as_of` is the day it is given; None where none is, and then nobody can tell whose time it is of.
    """

    state: Literal["there", "waiting", "missed"]
    name: str
    as_of: date | None
    last: date


def find_register(workspace: Workspace, period: Period, today: date) -> Found:
    """Look for the register of a period."""
    file = register_file(workspace, period)
    as_of, last = given_as_of(workspace, period), last_day(period)
    name = say("run.database") if file is None else _name(workspace, period)
    there = workspace.settings.register.url is not None if file is None else file.path.exists()
    # A day to come is a slip: the register is not there yet.
    if there and is_of_period(as_of, True, period) and (as_of is None or as_of <= today):
        return Found("there", name, as_of, last)
    return Found("waiting" if today <= last else "missed", name, as_of, last)


def _name(workspace: Workspace, period: Period) -> str:
    path = workspace.settings.register.path or ""
    named = path.replace("{period}", period.canonical).replace("{as_of}", say("run.day_form"))
    return mask(readable(named))
