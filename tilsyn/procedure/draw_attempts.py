"""The attempts at a draw as the event log has them: commitment, then seed, then the draw itself."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from tilsyn.base.language import say
from tilsyn.base.problems import Refused
from tilsyn.formats.files import file_hash
from tilsyn.workspace import log
from tilsyn.workspace.draws import MANIFEST, Draw
from tilsyn.workspace.workspace import Workspace

__all__ = ["RANDOM", "commit", "log_drawn", "seed_of"]

# The origin of a seed that nobody gave.
RANDOM = "system"


def commit(workspace: Workspace, manifest: Mapping[str, Any]) -> log.Event:
    """Log the commitment: a new attempt, or an interrupted one taken up again."""
    draw_id, digest = manifest["draw_id"], manifest["frame"]["commitment"]

    def make(events: list[log.Event]) -> log.Event:
        known = [e for e in events if e["event"] == log.FRAME_COMMITTED and e["draw_id"] == draw_id]
        common = {"draw_id": draw_id, "commitment": digest}
        for event in known:
            if event["commitment"] == digest:
                return {"event": log.DRAW_RESUMED, **common, "try": event["try"]}
        details = {
            "n": manifest["frame"]["n"],
            "as_of": manifest["frame"]["as_of"],
            "source": manifest["source"],
        }
        return {"event": log.FRAME_COMMITTED, **common, "try": len(known) + 1, **details}

    return log.append_if(workspace, make)


def seed_of(
    workspace: Workspace, manifest: Mapping[str, Any], seed: str | None, origin: str | None
) -> log.Event:
    """Return the logged seed of this frame; make and log one when there is none."""
    draw_id, digest = manifest["draw_id"], manifest["frame"]["commitment"]

    def make(events: list[log.Event]) -> log.Event:
        for event in events:
            if (event["event"], event.get("draw_id"), event.get("commitment")) == (
                log.SEED_MADE,
                draw_id,
                digest,
            ):
                if seed not in (None, event["seed"]):
                    raise Refused(say("draw.seed_logged", at=event["at"]), say("draw.seed_logged_remedy"))
                return event
        checked = any(e["event"] == log.FRAME_CHECKED and e.get("commitment") == digest for e in events)
        return {
            "event": log.SEED_MADE,
            "draw_id": draw_id,
            "commitment": digest,
            "seed": seed or secrets.token_hex(20),
            "seed_origin": origin or RANDOM,
            "seed_before_frame": seed is not None and not checked,
        }

    return log.append_if(workspace, make)


def log_drawn(workspace: Workspace, made: Draw) -> None:
    """Log a draw with the hash of its manifest, once."""
    digest = file_hash(made.path / MANIFEST)

    def make(events: list[log.Event]) -> log.Event:
        for event in events:
            if event["event"] == log.DRAWN and event["draw_id"] == made.draw_id:
                return event
        commit = made.manifest["frame"]["commitment"]
        return {"event": log.DRAWN, "draw_id": made.draw_id, "commitment": commit, "manifest": digest}

    log.append_if(workspace, make)
