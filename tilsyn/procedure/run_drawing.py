"""Drawing in an unattended run: every period that is due and whose register, or whose reviews, are there."""

from __future__ import annotations

from functools import partial

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem, Refused
from tilsyn.base.which import Which
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.due import Due, due_of_register, due_of_reviews
from tilsyn.procedure.run_job import Job, round_name
from tilsyn.procedure.run_registers import find_register
from tilsyn.procedure.run_rounds import DrawnRounds


def draw_all(job: Job) -> None:
    """Draw what is due: first from the register, the oldest first, then from reviews."""
    rounds = DrawnRounds(job.workspace, job.today)
    missed: dict[Which, list[Period]] = {}
    undated = False
    for due in due_of_register(job.workspace, job.today, rounds.drawn):
        if (due.level, due.period) in rounds.interrupted:
            job.step("draw", due.level, due.period, partial(_draw, job, due))
            continue
        found = find_register(job.workspace, due.period, job.today)
        if found.state == "there" and found.as_of is None:
            undated = True
        elif found.state == "missed":
            missed.setdefault(due.level, []).append(due.period)
        elif found.state == "waiting":
            values = {"file": found.name, "last": date_text(found.last)}
            job.outcome.waiting.append(say("run.waiting", where=round_name(due.level, due.period), **values))
        else:
            job.step("draw", due.level, due.period, partial(_draw, job, due))
    if undated:
        job.step("draw", None, None, _refuse_undated)
    for level, periods in missed.items():
        _tell_missed(job, level, periods)
    below = [rounds.reviewing(draw) for draw in rounds.draws]
    for due in due_of_reviews(job.workspace, job.today, below):
        if due.due <= job.today:
            job.step("draw", due.level, due.period, partial(_draw, job, due))


def _refuse_undated() -> None:
    """Refuse to draw from a register that may be of any time."""
    raise Refused(say("run.no_day"), say("run.no_day_remedy"))


def _draw(job: Job, due: Due) -> None:
    where = round_name(due.level, due.period)
    after = say(f"run.after_{due.after}") if due.after else ""
    if job.dry_run:
        job.did("draw", say("run.draw_dry", where=where) + after, due.level, due.period)
        return
    logged = set(job.workspace.log.state.manifests)
    request = DrawRequest(if_missing=True, allow_incomplete=due.after == "deadline")
    made = make_draw(job.workspace, due.level, due.period, request)
    if made.draw.draw_id in logged:
        # Somebody else drew it meanwhile.
        return
    record = made.draw.record
    counts = {"n": number(len(record.cases)), "frame": number(record.frame.n)}
    text = say("run.drawn", where=where, **counts) + after
    if made.resumed or not made.made:
        text += say("run.resumed")
    if record.incomplete:
        text += say("run.incomplete", n=number(record.incomplete))
    job.did("draw", text, due.level, due.period)
    job.outcome.notes += made.notes


def _tell_missed(job: Job, level: Which, periods: list[Period]) -> None:
    """Tell once of what was never drawn, and has no register of its own time."""
    new = job.memory.not_told(level, periods)
    if new:
        names = ", ".join(period.canonical for period in new)
        found = say("run.missed", level=level, periods=names, n=len(new))
        remedy = say("run.missed_remedy", level=level, period=new[0].canonical)
        job.outcome.problems.append(Problem(found, remedy))
        job.ends_with(Refused.exit_code)
