"""What is verified beside the draws: anchors, reports, settings, and what lies in a draw's folder."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tilsyn.base.language import say
from tilsyn.base.problems import Problem, UsageError
from tilsyn.formats.files import file_hash
from tilsyn.sampling.recomputing import Difference
from tilsyn.workspace.draws import FRAME, MANIFEST, REVIEWS, SAMPLE, Draw
from tilsyn.workspace.log import ANCHOR_DIGITS, REPORTED, Event, LogState
from tilsyn.workspace.workspace import Workspace

_OURS = (MANIFEST, FRAME, SAMPLE, REVIEWS)
# What systems leave in every folder that somebody has looked into.
_LITTER = re.compile(r"\._.*|~\$.*|\.DS_Store|Thumbs\.db|desktop\.ini|\..*\.tmp", re.IGNORECASE)


def anchor_difference(state: LogState, text: str) -> Difference | None:
    """Hold the log against an anchor that somebody kept: `COUNT:HASH` from a workbook, a report or a mail."""
    match = re.fullmatch(rf"\s*(\d+)\s*:\s*([0-9a-fA-F]{{{ANCHOR_DIGITS},64}})\s*", text)
    if match is None:
        raise UsageError(say("verify.bad_anchor", text=text), say("verify.bad_anchor_remedy"))
    count, digits = int(match[1]), match[2].lower()
    if count > len(state.events):
        return Difference("log", say("verify.anchor_ahead", count=count, n=len(state.events)))
    there = state.hash_at(count)
    if not there.startswith(digits):
        values = {"count": count, "expected": digits[:ANCHOR_DIGITS], "found": there[:ANCHOR_DIGITS]}
        return Difference("log", say("verify.anchor_other", **values))
    return None


def report_differences(workspace: Workspace) -> tuple[int, Difference | None, list[Problem]]:
    """Hold the reports against the log: how many there are, the first difference, and notes."""
    last: dict[str, Event] = {
        event["file"]: event
        for event in workspace.log.state.events
        if event["event"] == REPORTED and "sha256" in event
    }
    first, notes = None, []
    for name, event in sorted(last.items()):
        if not (workspace.root / name).is_file():
            told = say("verify.report_gone"), say("verify.report_gone_remedy")
            notes.append(Problem(*told, file=name, kind="note"))
        elif file_hash(workspace.root / name) != event["sha256"]:
            first = first or Difference("reports", say("verify.report_edited", file=name))
    return len(last), first, notes


def followup_difference(workspace: Workspace) -> Difference | None:
    """Return the first record of the follow-up that is missing, was edited, or was never logged."""
    if workspace.log.state.problems:
        # That is told of the log.
        return None
    problem = next(iter(workspace.followup.problems()), None)
    return None if problem is None else Difference("files", f"{problem.place}: {problem.found}")


def settings_notes(workspace: Workspace, draws: list[Draw]) -> list[Problem]:
    """Tell which settings files are others today than when draws were made: those keep what they had."""
    today: dict[str, str | None] = {}
    others: Counter[str] = Counter()
    for draw in draws:
        for name, digest in draw.record.made_with.items():
            if name not in today:
                path = workspace.root / name
                today[name] = file_hash(path) if path.is_file() else None
            others[name] += today[name] != digest
    return [
        Problem(
            say("verify.other_settings", n=n), say("verify.other_settings_remedy"), file=name, kind="note"
        )
        for name, n in sorted(others.items())
        if n
    ]


def strange_files(draw: Draw) -> Iterator[Difference]:
    """Find what no draw writes in a draw's folder."""
    strange = [path for path in draw.path.iterdir() if path.name not in _OURS]
    if draw.reviews_dir.is_dir():
        # Entries are told by the ledger.
        strange += [path for path in draw.reviews_dir.iterdir() if path.suffix != ".json"]
    for path in sorted(strange):
        if not _LITTER.fullmatch(path.name):
            name = path.relative_to(draw.path).as_posix()
            yield Difference("files", say("verify.strange_file", file=name))
