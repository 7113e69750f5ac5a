"""What people see of time limits that were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number, percent
from tilsyn.cli.check_by_hand import reason_text
from tilsyn.cli.console import Table

if TYPE_CHECKING:
    from tilsyn.compliance.deadline_figures import DeadlineFigures, MeasuredRule
    from tilsyn.procedure.deadlines import DeadlineMeasurement

_DASH = "–"
_COUNTS = ("measured", "within", "over", "open_within", "open_over")


def tables(found: DeadlineMeasurement, internal: bool) -> list[Table | str]:
    """Return what was measured as tables; cases are named where `internal`."""
    shown: list[Table | str] = [_title(found), _overall(found)]
    shown += _set_aside(found)
    shown += [_by(found, column) for column in found.by]
    shown += [_quiet(found), *_left_out(found)]
    if internal:
        shown += [*_late(found), *_quiet_cases(found)]
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


def length(one: MeasuredRule) -> str:
    """Return how long a limit is, in words."""
    return say(f"deadlines.length_{one.rule.unit}", n=one.rule.amount)


def domain_text(domain: str) -> str:
    """Return the value that a domain is of."""
    return domain.partition("=")[2] or say("deadlines.no_value")


def _title(found: DeadlineMeasurement) -> str:
    values = {"period": found.period.label(), "day": date_text(found.as_of), "n": number(found.n_cases)}
    return say("deadlines.title", file=found.origin.name, **values)


def _headings(*first: str) -> list[str]:
    return [*first, *(f">{say(f'deadlines.col_{name}')}" for name in (*_COUNTS, "share", "median", "p90"))]


def _cells(one: MeasuredRule, figures: DeadlineFigures, few: int) -> list[str]:
    counts = [figures.measured, *(figures.n(state) for state in _COUNTS[1:])]
    times = [_time(one, figures.median), _time(one, figures.slowest)]
    return [*map(number, counts), _share(figures, few), *times]


def _share(figures: DeadlineFigures, few: int) -> str:
    """Return the share within the limit; of few cases how many of how many."""
    if figures.share is None:
        return _DASH
    if figures.decided < few:
        return say("deadlines.of", n=number(figures.n("within")), all=number(figures.decided))
    return percent(figures.share)


def _time(one: MeasuredRule, value: float | None) -> str:
    """Return a time with its unit; hours with a decimal."""
    if value is None:
        return _DASH
    return say(f"deadlines.length_{one.time_unit}", n=number(value, int(one.time_unit == "hours")))


def _overall(found: DeadlineMeasurement) -> Table:
    rows = [
        [
            one.rule.name,
            length(one),
            say(f"deadlines.kind_{one.rule.kind}"),
            *_cells(one, one.figures[0], found.few),
        ]
        for one in found.rules
        if one.figures
    ]
    columns = _headings(*(say(f"deadlines.col_{name}") for name in ("rule", "limit", "kind")))
    notes = [say("deadlines.note_share"), say("deadlines.note_times")]
    return Table(columns, rows, "", [*notes, *_bounds(found)], columns[:1])


def _bounds(found: DeadlineMeasurement) -> list[str]:
    """Return between what the shares can come to lie, where cases are not decided yet."""
    lines = []
    for one in found.rules:
        for figures in one.figures[:1]:
            yet = figures.n("open_within", "undecided")
            if yet and figures.bounds:
                least, most = (percent(share) for share in figures.bounds)
                values = {"name": one.rule.name, "n": number(yet), "least": least, "most": most}
                lines.append(say("deadlines.note_bounds", **values))
    return lines


def _set_aside(found: DeadlineMeasurement) -> list[Table]:
    """Return what could not be measured, where there is any."""
    from tilsyn.compliance.deadline_cases import SET_ASIDE

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


def column_title(column: str) -> str:
    """Return what a column is called; one of the workspace's own as it stands."""
    return say(f"deadlines.col_{column}") if column in ("unit", "case_type") else column


def _quiet(found: DeadlineMeasurement) -> Table:
    from tilsyn.compliance.quiet_periods import LONG

    quiet = found.quiet
    figures = [
        _DASH if days is None else number(days) for days in (quiet.median, quiet.slowest, quiet.longest)
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
            number(case.days_over, 0 if case.days_over >= 1 else 1),
        ]
        for case in found.late
    ]
    return [Table([*columns, f">{say('deadlines.col_days_over')}"], rows, say("deadlines.late_title"))]


def _quiet_cases(found: DeadlineMeasurement) -> list[Table]:
    columns = [say(f"deadlines.col_{name}") for name in ("case", "unit", "since")]
    rows = [
        [case.case_id, case.unit or "", date_text(case.since), number(case.days)]
        for case in found.quiet_cases
    ]
    title = say("deadlines.quiet_cases_title", n=number(len(rows)))
    return [Table([*columns, f">{say('deadlines.col_quiet_days')}"], rows, title)] if rows else []
