"""What people see of time limits that were measured."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number
from tilsyn.cli.check_by_hand import reason_text
from tilsyn.cli.console import Table
from tilsyn.compliance.deadline_words import (
    DASH,
    bounds_texts,
    column_title,
    domain_text,
    doubt_texts,
    length_text,
    over_text,
    share_text,
    time_text,
)

if TYPE_CHECKING:
    from tilsyn.compliance.deadline_figures import DeadlineFigures, MeasuredRule
    from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
    from tilsyn.compliance.deadline_readings import DifferingCase

# A terminal is no place to work a long list through.
_MOST = 100
_COUNTS = ("measured", "within", "over", "open_within", "open_over")


def tables(found: DeadlineMeasurement, internal: bool) -> list[Table | str]:
    """Return what was measured as tables; cases are named where `internal`."""
    shown: list[Table | str] = [say("compliance.simulated")] * found.simulated
    shown += [_title(found), _overall(found)]
    shown += _set_aside(found)
    shown += [_by(found, column) for column in found.by]
    shown += [*_readings(found), _quiet(found), *_left_out(found)]
    if internal:
        shown += [*_late(found), *_differing(found), *_quiet_cases(found)]
    return shown


def case_rows(found: DeadlineMeasurement) -> list[dict[str, Any]]:
    """Return a row for each case over its limit, for `--internal`."""
    return [
        {
            "case_id": case.case_id,
            "unit": case.unit,
            "rule": case.rule,
            "start": case.start.isoformat(),
            "last_day": case.last.isoformat(),
            "end": case.stop and case.stop.isoformat(),
            "open": case.open,
            "days_over": round(case.days_over, 2),
        }
        for case in found.late
    ]


def _title(found: DeadlineMeasurement) -> str:
    values = {"period": found.period.label(), "day": date_text(found.as_of), "n": number(found.n_cases)}
    return say("deadlines.title", file=found.file, **values)


def _headings(*first: str) -> list[str]:
    return [*first, *(f">{say(f'deadlines.col_{name}')}" for name in (*_COUNTS, "share", "median", "p90"))]


def _cells(one: MeasuredRule, figures: DeadlineFigures, few: int) -> list[str]:
    counts = [figures.measured, *(figures.n(state) for state in _COUNTS[1:])]
    times = [time_text(one, figures.median), time_text(one, figures.slowest)]
    return [*map(number, counts), share_text(figures, few), *times]


def _overall(found: DeadlineMeasurement) -> Table:
    rows = [
        [
            one.rule.name,
            length_text(one),
            say(f"deadlines.kind_{one.rule.kind}"),
            *_cells(one, one.figures[0], found.few),
        ]
        for one in found.rules
        if one.figures
    ]
    columns = _headings(*(say(f"deadlines.col_{name}") for name in ("rule", "limit", "kind")))
    notes = [say("deadlines.note_share"), say("deadlines.note_times")]
    notes += doubt_texts(found.doubtful)
    return Table(columns, rows, "", [*notes, *bounds_texts(found.rules)], columns[:1])


def _set_aside(found: DeadlineMeasurement) -> list[Table]:
    """Return what could not be measured, where there is any."""
    from tilsyn.compliance.deadline_states import SET_ASIDE

    states = ("undecided", *SET_ASIDE)
    rows = [
        [one.rule.name, *(number(one.figures[0].n(state)) for state in states)]
        for one in found.rules
        if one.figures and one.figures[0].n(*states)
    ]
    columns = [say("deadlines.col_rule"), *(f">{say(f'deadlines.col_{state}')}" for state in states)]
    return (
        [Table(columns, rows, say("deadlines.set_aside"), [say("deadlines.note_set_aside")])] if rows else []
    )


def _by(found: DeadlineMeasurement, column: str) -> Table:
    rows = [
        [one.rule.name, domain_text(figures.domain), *_cells(one, figures, found.few)]
        for one in found.rules
        for figures in one.figures
        if figures.domain.startswith(f"{column}=") and figures.measured
    ]
    return Table(_headings(say("deadlines.col_rule"), column_title(column)), rows)


def _quiet(found: DeadlineMeasurement) -> Table:
    from tilsyn.compliance.quiet_periods import LONG

    quiet = found.quiet
    figures = [
        DASH if days is None else number(days) for days in (quiet.median, quiet.slowest, quiet.longest)
    ]
    columns = [f">{say(f'deadlines.col_{name}')}" for name in ("cases", "median", "p90", "longest")]
    columns += [f">{say('deadlines.col_days', n=days)}" for days in LONG]
    row = [number(quiet.n), *figures, *map(number, quiet.long)]
    values = {"columns": ", ".join(quiet.columns), "n": number(quiet.n_without)}
    return Table(columns, [row], say("deadlines.quiet_title"), [say("deadlines.note_quiet", **values)])


def _left_out(found: DeadlineMeasurement) -> list[str]:
    if not found.left_out:
        return []
    told = ", ".join(f"{reason_text(reason)} ({number(n)})" for reason, n in found.left_out)
    return [say("deadlines.left_out", reasons=told)]


def _late(found: DeadlineMeasurement) -> list[Table | str]:
    if not found.late:
        return [say("deadlines.none_late")]
    columns = [say(f"deadlines.col_{name}") for name in ("case", "unit", "rule", "start", "last", "stop")]
    rows = [
        [
            case.case_id,
            case.unit or "",
            case.rule,
            date_text(case.start),
            date_text(case.last),
            date_text(case.stop) if case.stop else say("deadlines.still_open"),
            over_text(case.days_over),
        ]
        for case in found.late[:_MOST]
    ]
    columns.append(f">{say('deadlines.col_days_over')}")
    return [Table(columns, rows, say("deadlines.late_title"), _more(found.late))]


def _readings(found: DeadlineMeasurement) -> list[Table]:
    """Return how often the register and a reader say the same of a limit, where anybody read it."""
    sides = [("yes", "yes"), ("no", "no"), ("yes", "no"), ("no", "yes")]
    rows = []
    for one in found.readings:
        counts = [number(one.counts.get((register, reader), 0)) for register, reader in sides]
        apart = sum(one.counts.values()) - one.compared
        agree = say("deadlines.of", n=number(one.agree), all=number(one.compared))
        rows.append([one.rule, one.question, one.reader, agree, *counts, number(apart)])
    names = ("both_kept", "both_broken", "only_register", "only_reader", "not_compared")
    columns = [say(f"deadlines.col_{name}") for name in ("rule", "question", "reading")]
    columns += [f">{say(f'deadlines.col_{name}')}" for name in ("agree", *names)]
    notes = [say("deadlines.note_readings")]
    return [Table(columns, rows, say("deadlines.readings_title"), notes)] if rows else []


def differing_row(case: DifferingCase) -> dict[str, Any]:
    """Return a case that the register and its reader judge differently, as plain data."""
    return {
        "case_id": case.case_id,
        "unit": case.unit,
        "rule": case.rule,
        "reader": case.reader,
        "start": case.start.isoformat(),
        "last_day": case.last.isoformat(),
        "end": case.stop and case.stop.isoformat(),
        "answer": case.answer,
    }


def _differing(found: DeadlineMeasurement) -> list[Table]:
    from tilsyn.questions.answers import answer_text

    names = ("case", "unit", "rule", "start", "last", "stop", "answer")
    rows = [
        [
            case.case_id,
            case.unit or "",
            case.rule,
            *map(date_text, (case.start, case.last)),
            date_text(case.stop) if case.stop else say("deadlines.still_open"),
            answer_text(case.answer),
        ]
        for one in found.readings
        for case in one.differing
    ]
    columns = [say(f"deadlines.col_{name}") for name in names]
    return [Table(columns, rows, say("deadlines.differing_title"))] if rows else []


def _quiet_cases(found: DeadlineMeasurement) -> list[Table]:
    columns = [say(f"deadlines.col_{name}") for name in ("case", "unit", "since")]
    rows = [
        [case.case_id, case.unit or "", date_text(case.since), number(case.days)]
        for case in found.quiet_cases[:_MOST]
    ]
    title = say("deadlines.quiet_cases_title", n=number(len(found.quiet_cases)))
    columns.append(f">{say('deadlines.col_quiet_days')}")
    return [Table(columns, rows, title, _more(found.quiet_cases))] if rows else []


def _more(cases: Sized) -> list[str]:
    """Return how many cases a list is longer than what is shown of it."""
    more = len(cases) - _MOST
    return [say("deadlines.more_cases", n=number(more))] if more > 0 else []
