"""What a report is made from: a sample with its figures and the draws it rests on, from the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from tilsyn.base.countries import country_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.compliance.scope import scope_notes
from tilsyn.procedure.compliance import Gathered, Wanted, gather
from tilsyn.procedure.samples import draws_of
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.parts import Material
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


def report_material(
    workspace: Workspace,
    level: int,
    period: str,
    baseline: str | None = None,
    counts: Path | None = None,
    published: date | None = None,
) -> tuple[Material, list[Draw], list[str]]:
    """A report's material, the draws in force it rests on, and what is to be told.

    A published table of `counts` is the second baseline where there is another.
    """
    found = gather(Wanted(level, period, baseline, counts), ["unit"], workspace)
    draws = draws_of(workspace, level, Period.parse(period))
    first, second, *_ = (*_names(found, counts), None, None)
    material = Material(
        record=_record(workspace, draws, found),
        level=workspace.level_words(draws[-1]),
        question_set=draws[-1].question_set,
        sample=found.drawn,
        analysis=found.analysis(),
        method=found.method,
        remarks=[
            *((say("report.method_scope"), text) for text in scope_notes(found.now)),
            *_remarks(workspace.working_days(draws[-1]), draws[-1].question_set, second),
        ],
        baseline=first,
        second=second,
        recipients=workspace.settings.recipients,
        published=published,
        benchmarks=found.benchmarks,
    )
    return material, draws, list(found.messages)


def _names(found: Gathered, counts: Path | None) -> list[str]:
    """What the baselines are called in a report."""
    names = []
    if found.before is not None:
        names.append(found.before.period.label() if found.before.period else found.before.name)
    if counts is not None:
        names.append(counts.stem)
    return names


def _record(workspace: Workspace, draws: Sequence[Draw], found: Gathered) -> DrawRecord:
    """The draw's record; where a quarter holds several, the last one's with the seeds of all.

    `tries` counts every seed made until now, also those of attempts that came to nothing.
    """
    record = draws[-1].record
    simulated = record.simulated or found.now.simulated
    tries = max(len(workspace.log.state.seeds(draw.level, draw.period)) for draw in draws)
    record = replace(record, simulated=simulated, period=found.now.period or record.period, tries=tries)
    record = replace(record, hverdage=record.hverdage or workspace.settings.hverdage)
    if len(draws) == 1:
        return record
    each = [draw.record for draw in draws]
    return replace(
        record,
        draw_id="; ".join(one.draw_id for one in each),
        seed="; ".join(one.seed for one in each),
        seed_before_frame=any(one.seed_before_frame for one in each),
        frame=replace(record.frame, commitment="; ".join(one.frame.commitment for one in each)),
    )


def _remarks(days: WorkingDays, asked: QuestionSet, second: str | None) -> list[tuple[str, str]]:
    """Rows of the method sheet that depend on the draw's settings and its questions."""
    remarks = []
    if any(question.limited for question in asked.questions):
        left_out = [say(f"report.day_{name}") for name in days.left_out]
        key = "report.method_weekdays_text" if asked.rules == 1 else "report.method_weekdays_real"
        country = country_name(days.country, days.subdivision)
        text = say(key, country=country, days=", ".join(left_out) or say("report.none"))
        remarks.append((say("report.method_weekdays"), text))
    if second is not None:
        remarks.append((say("report.method_second"), say("report.method_second_text", name=second)))
    return remarks
