"""The attempts at a draw as the event log has them: commitment, then seed, then the draw itself.

A level and period has one seed. Once it is logged, a draw from another frame is a new attempt, which needs a
reason and gets a new seed: nobody can look at a seed and then choose the frame, or try until a draw pleases.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tilsyn.base.canonical import same_name
from tilsyn.base.danish_time import danish_clock, danish_day
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Which
from tilsyn.procedure.draw_guards import Departure, refuse_without
from tilsyn.sampling.draw_record import DrawRecord, draw_id
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import (
    DRAW_RESUMED,
    DRAWN,
    FRAME_CHECKED,
    FRAME_COMMITTED,
    SEED_MADE,
    Event,
    Log,
    attempt_number,
    concerns,
)

# The origin of a seed that nobody gave.
RANDOM = "system"
SEED_LENGTH = 20


@dataclass(frozen=True)
class Attempt:
    """Which attempt a draw is, as the log has it.

    `interrupted` is the commitment of the same attempt that is finished, `departures` say where the draw
    departs from what was logged before, and `earlier` are the other commitments that it departs from.
    """

    number: int
    interrupted: Event | None
    departures: list[Departure]
    earlier: list[str]


def attempt_at(events: Iterable[Event], record: DrawRecord, standing: int) -> Attempt:
    """Return which attempt a draw of this frame and these sizes is, after these events.

    `standing` is the highest attempt that has its folder, 0 where there is none.
    """
    own = [event for event in events if concerns(event, record.level, record.period)]
    number = standing + 1
    departures, earlier = [], []
    checked = [e for e in _of_next_draw(own, FRAME_CHECKED) if e["commitment"] != record.frame.commitment]
    if checked:
        earlier += [event["commitment"] for event in checked]
        departures.append(_departure("frame_not_committed", record, checked[-1]))
    seeds = [event for event in own if event["event"] == SEED_MADE]
    if seeds and attempt_number(seeds[-1]) > standing:
        number = attempt_number(seeds[-1])
        if not _is_of(seeds[-1], as_attempt(record, number)):
            earlier.append(seeds[-1]["commitment"])
            departures.append(_departure("other_frame", record, seeds[-1]))
            number = max(map(attempt_number, seeds)) + 1
    # Without a seed nobody can know a ticket: another frame is then only another try.
    return Attempt(
        number, _committed(own, as_attempt(record, number)), departures, list(dict.fromkeys(earlier))
    )


def as_attempt(record: DrawRecord, number: int) -> DrawRecord:
    """Return a record as the attempt of a number."""
    named = draw_id(record.organisation.slug, record.period, record.level, number)
    return replace(record, attempt=number, draw_id=named)


def sizes_digest(record: DrawRecord) -> str:
    """Return a hash of how many cases each stratum gives: what is drawn is settled before the seed, too."""
    lines = (f"{row.stratum}\t{row.sample_size}\t{row.reserve_size}\n" for row in record.strata)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _of_next_draw(own: Sequence[Event], kind: str) -> list[Event]:
    """Return the events of a kind that no draw has followed yet."""
    drawn = [place for place, event in enumerate(own) if event["event"] == DRAWN]
    return [event for event in own[drawn[-1] + 1 if drawn else 0 :] if event["event"] == kind]


def _is_of(event: Event, record: DrawRecord) -> bool:
    """Tell whether an event is of this attempt, frame and sizes; earlier versions did not log the sizes."""
    same = (event["draw_id"], event["commitment"]) == (record.draw_id, record.frame.commitment)
    return same and event.get("sizes") in (None, sizes_digest(record))


def _committed(events: Iterable[Event], record: DrawRecord) -> Event | None:
    """Return the first commitment of this attempt, frame and sizes."""
    mine = (event for event in events if event["event"] == FRAME_COMMITTED and _is_of(event, record))
    return next(mine, None)


def _departure(name: str, record: DrawRecord, event: Event) -> Departure:
    values = {
        "level": record.level,
        "period": record.period.label(),
        "on": danish_day(event["at"]),
        "commitment": event["commitment"],
    }
    return Departure(name, say(f"draw.{name}", **values), say(f"draw.{name}_remedy", **values))


def refuse_unseeded(events: Sequence[Event], record: DrawRecord, standing: int) -> None:
    """Refuse a draw by hand whose seed is not made yet: no answer there is can be of it."""
    mine = as_attempt(record, attempt_at(events, record, standing).number)
    if not any(event["event"] == SEED_MADE and _is_of(event, mine) for event in events):
        raise Refused(say("inside.no_seed"), say("inside.no_seed_remedy"))


def commit(log: Log, record: DrawRecord, standing: int, reason: str | None) -> tuple[DrawRecord, bool]:
    """Log the commitment, and return the record as that attempt and whether an interrupted one is taken up.

    Refused, and nothing is logged, where it departs from what was logged before and has no reason.
    """

    def make(events: list[Event]) -> Event:
        attempt = attempt_at(events, record, standing)
        refuse_without(reason, attempt.departures)
        common = {
            "draw_id": as_attempt(record, attempt.number).draw_id,
            "commitment": record.frame.commitment,
            "sizes": sizes_digest(record),
        }
        if attempt.interrupted is not None:
            return {"event": DRAW_RESUMED, **common, "try": attempt.interrupted["try"]}
        tries = [e for e in events if e["event"] == FRAME_COMMITTED and e["draw_id"] == common["draw_id"]]
        details = {
            "n": record.frame.n,
            "as_of": record.frame.as_of and record.frame.as_of.isoformat(),
            "at_most": record.frame.register and record.frame.register.at_most,
            "source": record.source,
            "departures": [*record.departures, *(departure.name for departure in attempt.departures)],
            "reason": reason if record.replaces or record.departures or attempt.departures else None,
            "earlier": attempt.earlier,
        }
        return {"event": FRAME_COMMITTED, **common, "try": len(tries) + 1, **details}

    event = log.append_if(make)
    record = as_attempt(record, attempt_number(event))
    committed = _committed(log.events, record) or event
    return _as_committed(record, committed), event["event"] == DRAW_RESUMED


def _as_committed(record: DrawRecord, committed: Event) -> DrawRecord:
    """Return a record with the reasons that were logged first, whoever finishes it."""
    departures, reason = committed.get("departures", ()), committed.get("reason")
    return replace(
        record,
        departures=departures,
        reason=reason if departures else None,
        replace_reason=reason if record.replaces else None,
        frame=replace(record.frame, earlier_commitments=committed.get("earlier", ())),
    )


def announced_seed(events: Iterable[Event], level: Which, period: Period) -> Event | None:
    """Return the first commitment that announced where the next draw's seed will come from."""
    own = [event for event in events if concerns(event, level, period)]
    return next((event for event in _of_next_draw(own, FRAME_CHECKED) if event.get("seed_from")), None)


def refuse_seed(seed: str | None, origin: str | None) -> None:
    """Refuse a seed that nobody could check, or whose origin nobody told."""
    if (seed is None) != (origin is None):
        raise UsageError(say("draw.seed_and_origin"), say("draw.seed_and_origin_remedy"))
    if seed is not None and (len(seed) < SEED_LENGTH or seed != seed.strip() or not seed.isprintable()):
        raise Refused(say("draw.bad_seed", n=len(seed)), say("draw.bad_seed_remedy", n=SEED_LENGTH))
    if origin is not None and (not origin.strip() or same_name(origin) == RANDOM):
        raise Refused(say("draw.bad_origin"), say("draw.bad_origin_remedy"))


def seed_of(log: Log, record: DrawRecord, seed: str | None, origin: str | None) -> Event:
    """Return the logged seed of this attempt; make and log one when there is none."""

    def make(events: list[Event]) -> Event:
        seeds = [e for e in events if e["event"] == SEED_MADE and concerns(e, record.level, record.period)]
        for event in seeds:
            if _is_of(event, record):
                if seed not in (None, event["seed"]):
                    at = danish_clock(event["at"])
                    raise Refused(say("draw.seed_logged", at=at), say("draw.seed_logged_remedy"))
                return event
        if any(attempt_number(event) >= record.attempt for event in seeds):
            # Another run has made the seed meanwhile, of another frame.
            raise Refused(say("draw.other_run"), say("draw.other_run_remedy"))
        checked = any(
            e["event"] == FRAME_CHECKED and e.get("commitment") == record.frame.commitment for e in events
        )
        return {
            "event": SEED_MADE,
            "draw_id": record.draw_id,
            "commitment": record.frame.commitment,
            "sizes": sizes_digest(record),
            "seed": seed or secrets.token_hex(20),
            "seed_origin": origin or RANDOM,
            "seed_before_frame": seed is not None and not checked,
            **announcement(events, record, origin),
        }

    return log.append_if(make)


def announcement(events: Iterable[Event], record: DrawRecord, origin: str | None) -> dict[str, Any]:
    """Return what was announced of the seed, and whether this is it; nothing where nothing was.

    It is the one announced where nothing else was announced or committed since the last draw.
    """
    own = [event for event in events if concerns(event, record.level, record.period)]
    checked = _of_next_draw(own, FRAME_CHECKED)
    said = [event["seed_from"] for event in checked if event.get("seed_from")]
    if not said:
        return {}
    same_frame = all(event["commitment"] == record.frame.commitment for event in checked)
    same_source = {same_name(text) for text in said} == {same_name(origin or RANDOM)}
    return {"seed_announced": said[0], "seed_as_announced": same_frame and same_source}


def log_drawn(log: Log, made: Draw) -> None:
    """Log a draw with the hash of its manifest, once."""

    def make(events: list[Event]) -> Event:
        for event in events:
            if event["event"] == DRAWN and event["draw_id"] == made.draw_id:
                return event
        commitment = made.record.frame.commitment
        return {"event": DRAWN, "draw_id": made.draw_id, "commitment": commitment, "manifest": made.sha256}

    log.append_if(make)


def others_told(log: Log, record: DrawRecord) -> list[str]:
    """Tell how many single draws were made of the same cases under other names: which was shown, was chosen.

    Cases that somebody chose, or that were all taken, are no lot that could have been drawn again.
    """
    if not isinstance(record.plan, SinglePlan) or record.plan.share is not None:
        return []
    others = log.state.singles_of(record.frame.commitment) - {str(record.level)}
    return [say("single.others", n=len(others))] if others else []
