"""Loading in an unattended run: what came back to the workspace's own folders, and to the inbox."""

from __future__ import annotations

from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import InputError
from tilsyn.procedure.load import LoadOutcome, load_files
from tilsyn.procedure.load_told import told_again
from tilsyn.procedure.run_job import Job, round_name


def load_all(job: Job, inbox: Path | None) -> None:
    """Load what is new; of an inbox beside the folders, if there is one."""
    _load(job, None)
    if inbox is not None:
        _load(job, inbox)


def _load(job: Job, inbox: Path | None) -> None:
    known = job.memory.untouched()
    found = load_files(
        job.workspace, None, today=job.today, dry_run=job.dry_run, inbox=inbox, untouched=known
    )
    # The marks in a file that is as before have been told.
    told = {file.name for file in found.as_before}
    job.alarm([case for case in found.urgent if case.file not in told])
    job.memory.remember_untouched(set(found.untouched) - known)
    draws = {draw.draw_id: draw for draw in job.workspace.draws.in_force()}
    for file in found.loaded:
        draw = draws[file.draw_id]
        values = {"file": file.file, "n": number(file.cases), "complete": number(file.complete)}
        where = round_name(draw.level, draw.period)
        job.did("load", say("run.loaded", where=where, **values), draw.level, draw.period)
    for path in found.returned:
        place = path.relative_to(job.workspace.root).as_posix()
        job.did("load", say("run.returned", file=place))
    _tell(job, found)


def _tell(job: Job, found: LoadOutcome) -> None:
    """Tell what has to be corrected: of a file as before a line."""
    loaded = {file.file for file in found.loaded}
    before = {id(problem) for file in found.as_before for problem in file.problems}
    job.outcome.before += map(told_again, found.as_before)
    for problem in found.problems:
        if problem.kind == "error" and id(problem) not in before:
            job.outcome.problems.append(problem)
            job.ends_with(InputError.exit_code)
        elif problem.kind == "note" and problem.file in loaded:
            job.outcome.notes.append(problem)
