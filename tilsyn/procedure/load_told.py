"""What was told of a file before: its problems are logged once a change, and not told again at length."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date

from tilsyn.base.cpr import mask
from tilsyn.base.file_names import readable
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.place import from_here
from tilsyn.base.problems import Problem
from tilsyn.procedure.load_incoming import IncomingFile
from tilsyn.workspace.log import PROBLEMS_FOUND, Log


def told_before(log: Log, files: Sequence[IncomingFile], today: date) -> list[IncomingFile]:
    """Return the files whose problems are those told last, and log those of the others."""
    known = {event["sha256"]: event["problems"] for event in log.events if event["event"] == PROBLEMS_FOUND}
    before = []
    for file in files:
        if not file.faulty:
            continue
        digest = _digest(file.problems, today)
        if known.get(file.sha256) == digest:
            before.append(file)
        else:
            workbooks = sorted({case.raw.workbook for case in file.cases})
            told = {"sha256": file.sha256, "problems": digest, "n": len(file.problems)}
            log.append(PROBLEMS_FOUND, workbooks=workbooks, **told)
            known[file.sha256] = digest
    return before


def told_again(file: IncomingFile) -> Problem:
    """Return the line that is told of a file as before, with the command that shows all of it."""
    values = {"n": len(file.problems), "path": mask(readable(from_here(file.path)))}
    return Problem(say("load.as_before", **values), "", file=file.name)


def _digest(problems: Sequence[Problem], today: date) -> str:
    # That another day has come is no other problem.
    day = date_text(today)
    told = sorted(
        [str(part) for part in (p.kind, p.sheet, p.cell, p.row, p.column, p.found.replace(day, ""))]
        for p in problems
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
