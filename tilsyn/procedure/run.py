"""An unattended run: all that is due by the plan, in the order of the procedure.

It loads what came back, draws, makes the checklists, drafts the letters and writes the reports. It never
departs from a rule: what is in the way is told once at length, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from tilsyn.base import disk
from tilsyn.base.problems import TilsynError
from tilsyn.procedure.load_incoming import Urgent
from tilsyn.procedure.run_drawing import draw_all
from tilsyn.procedure.run_job import Done, Job, RunOutcome
from tilsyn.procedure.run_loading import load_all
from tilsyn.procedure.run_round import draft_letters, make_checklists, write_report
from tilsyn.procedure.run_rounds import DrawnRounds
from tilsyn.workspace.lock import Held, RunLock
from tilsyn.workspace.workspace import Workspace


def run(
    workspace: Workspace,
    today: date,
    tell: Callable[[Done], None] = lambda _: None,
    alarm: Callable[[Sequence[Urgent]], None] = lambda _: None,
    *,
    inbox: Path | None = None,
    dry_run: bool = False,
) -> RunOutcome:
    """Do all that is due; a second run beside it does nothing.

    `tell` is told of each thing when it is done, `alarm` of urgent cases when they are read.
    """
    outcome = RunOutcome()
    job = Job(workspace, today, outcome, tell, alarm, dry_run=dry_run)
    if dry_run:
        _everything(job, inbox)
        return outcome
    lock = RunLock(workspace.log.path.parent)
    try:
        with lock.held():
            _everything(job, inbox)
    except Held as held:
        outcome.other = held.message
    outcome.notes += workspace.late
    return outcome


def _everything(job: Job, inbox: Path | None) -> None:
    """Do all steps; a disk that is gone ends the run, and what was done before stays done."""
    try:
        job.step("load", None, None, partial(load_all, job, inbox))
        draw_all(job)
        rounds = DrawnRounds(job.workspace, job.today)
        for draw, row in rounds.unsettled():
            job.step("checklists", draw.level, draw.period, partial(make_checklists, job, draw, row))
            job.step("letters", draw.level, draw.period, partial(draft_letters, job, draw, row))
        for report in rounds.reports():
            job.step("report", report.level, report.period, partial(write_report, job, report))
        job.remind()
        job.memory.settle()
    except OSError as error:
        if not disk.is_refusal(error):
            raise
        job.refused(disk.refused(error))
    except TilsynError as error:
        job.refused(error)
