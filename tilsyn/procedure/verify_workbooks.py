"""Returned workbooks that are still there, read again and held against the ledger: what it says they said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tilsyn.base import clock
from tilsyn.base.language import say
from tilsyn.base.problems import Problem
from tilsyn.procedure.load_incoming import Incoming, IncomingFile, open_workbooks
from tilsyn.procedure.log import review_parts
from tilsyn.sampling.recomputing import Difference
from tilsyn.workspace.workspace import Workspace


def workbook_differences(workspace: Workspace) -> tuple[Difference | None, list[Problem]]:
    """Return the first answer that a workbook and the ledger have differently, and what was never loaded."""
    incoming = Incoming(workspace, clock.today(), None)
    # A file that was loaded before is read like any other: the ledger is what is in doubt.
    incoming.hashes.clear()
    first = None
    notes: list[Problem] = []
    for path, instead in open_workbooks(workspace).items():
        file = incoming.read(path, instead)
        if file is None:
            continue
        if not file.cases:
            notes += file.problems
        first = first or next(_differences(incoming, file), None)
        notes += _unloaded(incoming, file)
    notes += [problem for problem in incoming.problems if problem.kind == "error"]
    # What cannot be read says nothing against the ledger.
    return first, [replace(note, kind="note") for note in notes]


def _differences(incoming: Incoming, file: IncomingFile) -> Iterator[Difference]:
    for case in file.cases:
        known = incoming.states[case.raw.draw_id].said_by(case)
        if known is None or case.review.blank or known == case.review:
            continue
        here, there = review_parts(case.review), review_parts(known)
        for name in dict.fromkeys((*here, *there)):
            if here.get(name) != there.get(name):
                values = {"here": here.get(name, ("–",))[0], "there": there.get(name, ("–",))[0]}
                told = say(
                    "verify.workbook_other",
                    file=file.name,
                    case_id=case.raw.case_id,
                    question=name,
                    **values,
                )
                yield Difference("workbooks", told)


def _unloaded(incoming: Incoming, file: IncomingFile) -> list[Problem]:
    """Tell how many cases of a file are not in the ledger, or are empty in the file but not there."""
    known = [(case, incoming.states[case.raw.draw_id].said_by(case)) for case in file.cases]
    counts = {
        "workbook_unloaded": sum(before is None and not case.review.blank for case, before in known),
        "workbook_blank": sum(before is not None and case.review.blank for case, before in known),
    }
    return [
        Problem(say(f"verify.{key}", n=n), say(f"verify.{key}_remedy"), file=file.name, kind="note")
        for key, n in counts.items()
        if n
    ]
