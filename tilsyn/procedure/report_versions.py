"""Which file a report is written to: one with a publication date is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from tilsyn.base.periods import Period
from tilsyn.base.problems import TilsynError
from tilsyn.base.which import Which
from tilsyn.procedure.compliance_other import named_draw
from tilsyn.procedure.log_since import is_of
from tilsyn.reports.parts import Replaced
from tilsyn.workspace.log import REPORTED, Event

# What says that nothing is compared with.
NO_BASELINE = "none"


@dataclass(frozen=True)
class ReportPlace:
    """A report's file, named from the workspace's root, and what it replaces, if anything."""

    name: str
    replaces: Replaced | None = None


def last_report(events: Sequence[Event], name: str) -> Event | None:
    """Return the last event of a report, by its file's first name: of any of its versions.

    >>> events = [{"event": "reported", "file": "reports/2018-Q2/level-2-public.2.xlsx"}]
    >>> last_report(events, "reports/2018-Q2/level-2-public.xlsx") is events[0]
    True
    >>> last_report(events, "reports/2018-Q2/level-2-public.html") is None
    True
    """
    path = PurePosixPath(name)
    versions = re.compile(re.escape(str(path.with_suffix(""))) + r"(\.\d+)?" + re.escape(path.suffix))
    mine = (
        event
        for event in reversed(events)
        if event["event"] == REPORTED and versions.fullmatch(str(event.get("file", "")))
    )
    return next(mine, None)


def published_on(event: Event | None) -> date | None:
    """Return when a report was published; None where it was not."""
    told = event and event.get("settings", {}).get("published")
    return date.fromisoformat(told) if told else None


def same_place(name: str, last: Event | None) -> ReportPlace:
    """Return the file that the last report stands in, with what it replaces."""
    if last is None:
        return ReportPlace(name)
    before = last.get("replaces")
    day = date.fromisoformat(before["published"]) if before else None
    return ReportPlace(last["file"], Replaced(before["file"], day) if before and day else None)


def next_place(last: Event, published: date) -> ReportPlace:
    """Return the file of the report that replaces a published one.

    >>> next_place({"file": "reports/2018-Q2/level-2-public.xlsx"}, date(2018, 9, 5)).name
    'reports/2018-Q2/level-2-public.2.xlsx'
    >>> next_place({"file": "reports/2018-Q2/level-2-public.2.xlsx"}, date(2018, 9, 5)).name
    'reports/2018-Q2/level-2-public.3.xlsx'
    """
    path = PurePosixPath(last["file"])
    stem, _, number = path.stem.partition(".")
    name = path.with_name(f"{stem}.{int(number or 1) + 1}{path.suffix}")
    return ReportPlace(str(name), Replaced(last["file"], published))


def remembered_baseline(events: Sequence[Event], level: Which, period: Period) -> str | None:
    """Return the baseline of the last report of a level and period, else that of the level's last reports.

    A period; `NO_BASELINE` where the period's last report had none; None where nobody ever named one.
    """
    of_level = [event for event in reversed(events) if _is_of(event, level)]
    for event in of_level:
        if PurePosixPath(event["file"]).parent.name == period.canonical:
            return _baseline(event) or NO_BASELINE
    named = (_baseline(event) for event in of_level)
    return next((text for text in named if text and _is_before(text, period)), None)


def _is_before(named: str, period: Period) -> bool:
    """Tell whether another report's baseline is one for a period; another draw was for its own alone."""
    return named_draw(named) is None and Period.parse(named).start < period.start


def _is_of(event: Event, level: Which) -> bool:
    return event["event"] == REPORTED and is_of(event, level)


def _baseline(event: Event) -> str | None:
    """Return the period of a report's baseline; of an older report it is known by its name."""
    told = event.get("settings", {})
    if other := told.get("baseline_draw"):
        return str(other)
    named = told.get("baseline_period") or told.get("baseline")
    try:
        return Period.parse(named).canonical if named else None
    except TilsynError:
        return None
