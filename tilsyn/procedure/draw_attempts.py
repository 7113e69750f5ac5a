"""The attempts at a draw as the event log has them: commitment, then seed, then the draw itself."""

from __future__ import annotations

import secrets

from tilsyn.base.language import say
from tilsyn.base.problems import Refused
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.log import DRAW_RESUMED, DRAWN, FRAME_CHECKED, FRAME_COMMITTED, SEED_MADE, Event, Log

# The origin of a seed that nobody gave.
RANDOM = "system"


def commit(log: Log, record: DrawRecord) -> Event:
    """Log the commitment: a new attempt, or an interrupted one taken up again."""
    common = {"draw_id": record.draw_id, "commitment": record.frame.commitment}

    def make(events: list[Event]) -> Event:
        known = [e for e in events if e["event"] == FRAME_COMMITTED and e["draw_id"] == record.draw_id]
        for event in known:
            if event["commitment"] == record.frame.commitment:
                return {"event": DRAW_RESUMED, **common, "try": event["try"]}
        as_of = record.frame.as_of
        details = {
            "n": record.frame.n,
            "as_of": as_of and as_of.isoformat(),
            "departures": list(record.departures),
            "reason": record.reason,
            "source": record.source,
        }
        return {"event": FRAME_COMMITTED, **common, "try": len(known) + 1, **details}

    return log.append_if(make)


def seed_of(log: Log, record: DrawRecord, seed: str | None, origin: str | None) -> Event:
    """Return the logged seed of this frame; make and log one when there is none."""
    common = {"event": SEED_MADE, "draw_id": record.draw_id, "commitment": record.frame.commitment}

    def make(events: list[Event]) -> Event:
        for event in events:
            if common.items() <= event.items():
                if seed not in (None, event["seed"]):
                    raise Refused(say("draw.seed_logged", at=event["at"]), say("draw.seed_logged_remedy"))
                return event
        checked = any(
            e["event"] == FRAME_CHECKED and e.get("commitment") == record.frame.commitment for e in events
        )
        return {
            **common,
            "seed": seed or secrets.token_hex(20),
            "seed_origin": origin or RANDOM,
            "seed_before_frame": seed is not None and not checked,
        }

    return log.append_if(make)


def log_drawn(log: Log, made: Draw) -> None:
    """Log a draw with the hash of its manifest, once."""

    def make(events: list[Event]) -> Event:
        for event in events:
            if event["event"] == DRAWN and event["draw_id"] == made.draw_id:
                return event
        commitment = made.record.frame.commitment
        return {"event": DRAWN, "draw_id": made.draw_id, "commitment": commitment, "manifest": made.sha256}

    log.append_if(make)
