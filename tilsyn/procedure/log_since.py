"""What is new since a day, the last report, or an anchor of the log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from tilsyn.base.aliases import program_word
from tilsyn.base.language import say
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Which, from_keys, in_folder, in_id
from tilsyn.procedure.verify_workspace import anchor_difference
from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.reviews.changes import AnswerChanges, changes
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import DRAWN, FRAME_COMMITTED, REPORTED, REVIEWS_RECORDED, Event, LogState, day_of
from tilsyn.workspace.workspace import Workspace

# What `--since` may say instead of a day or an anchor.
LAST_REPORT = "last-report"


@dataclass(frozen=True)
class DrawNews:
    """What is new of one draw: whether it was made since, and what was recorded of its reviews."""

    draw: Draw
    made: bool
    loads: int
    replacements: int
    answers: AnswerChanges

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        told = {"draw_id": self.draw.draw_id, "made": self.made, "loads": self.loads}
        return told | {"replacements": self.replacements} | vars(self.answers)


@dataclass(frozen=True)
class News:
    """What is new after the log's first `count` events.

    `reports` are the events of reports, each file's newest; `departures` those of frames that departed from
    the procedure, with their reasons; `others` counts the other events by kind.
    """

    count: int
    events: list[Event]
    draws: list[DrawNews]
    reports: list[Event]
    departures: list[Event]
    others: dict[str, int]


def since_count(state: LogState, text: str, which: Which | None) -> int:
    """Return how many events were in the log at what `--since` says: a day, the last report, or an anchor."""
    if program_word(text.strip()) == LAST_REPORT:
        return _after_report(state, which)
    if re.fullmatch(r"\s*\d+\s*:.*", text):
        if difference := anchor_difference(state, text):
            raise Refused(difference.found, say("log.since_anchor_remedy"))
        return int(text.partition(":")[0])
    day = day_meant(text)
    if day is None:
        raise UsageError(say("log.bad_since", text=text), say("log.bad_since_remedy"))
    later = (n for n, event in enumerate(state.events) if day_of(event) >= day)
    return next(later, len(state.events))


def day_meant(text: str) -> date | None:
    """Return the day that `--since` says; None where it says something else."""
    try:
        found = read_date(text)
    except UnknownDate:
        return None
    return found.date() if isinstance(found, datetime) else found


def _after_report(state: LogState, which: Which | None) -> int:
    """Return the place after the newest report, of a level or single draw where one is given."""
    for place in range(len(state.events), 0, -1):
        event = state.events[place - 1]
        if event["event"] == REPORTED and is_of(event, which):
            return place
    raise Refused(say("log.no_report"), say("log.no_report_remedy"))


def is_of(event: Event, which: Which | None) -> bool:
    """Tell whether an event is of a level or single draw; every event is of None."""
    if which is None:
        return True
    if event["event"] == REPORTED:
        named = in_folder(PurePosixPath(event["file"]).name.split(".")[0].rpartition("-")[0])
        return named is not None and named[0] == which
    found = in_id(event.get("draw_id", ""))
    return from_keys(event) == which if found is None else found[1] == which


def news_since(
    workspace: Workspace, count: int, which: Which | None = None, then: Workspace | None = None
) -> News:
    """Tell what is new after the log's first events, of a level or single draw where one is given.

    `then` is the workspace as it stood, where it is at hand.
    """
    state = workspace.log.trusted()
    events = [event for event in state.events[count:] if is_of(event, which)]
    reports = {event["file"]: event for event in events if event["event"] == REPORTED}
    told = (DRAWN, REVIEWS_RECORDED, REPORTED)
    return News(
        count=count,
        events=events,
        draws=list(_draws(workspace, then or workspace.then(count), events)),
        reports=list(reports.values()),
        departures=[e for e in events if e["event"] == FRAME_COMMITTED and e.get("departures")],
        others=dict(Counter(event["event"] for event in events if event["event"] not in told)),
    )


def _draws(workspace: Workspace, then: Workspace, events: list[Event]) -> Iterator[DrawNews]:
    """Yield the draws that something is new of, in the order of the log."""
    concerned = [event for event in events if event["event"] in (DRAWN, REVIEWS_RECORDED)]
    for draw_id in dict.fromkeys(event["draw_id"] for event in concerned):
        draw = workspace.draws.named.get(draw_id)
        if draw is None:
            # That a draw is gone is told by `verify`.
            continue
        own = [event for event in concerned if event["draw_id"] == draw_id]
        files = Counter(
            event["kind"] for event in own if event["event"] == REVIEWS_RECORDED for _ in event["files"]
        )
        yield DrawNews(
            draw=draw,
            made=any(event["event"] == DRAWN for event in own),
            loads=files["answers"],
            replacements=files["replacement"],
            answers=changes(then.ledger(draw).in_force, workspace.ledger(draw).in_force),
        )
