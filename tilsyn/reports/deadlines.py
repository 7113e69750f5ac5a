"""Time limits that were measured, as the workbook for the house: figures, and the cases to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from tilsyn.base.language import language, say
from tilsyn.base.numbers import date_text, number, percent
from tilsyn.compliance.deadline_figures import DeadlineFigures, MeasuredRule
from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
from tilsyn.compliance.deadline_states import SET_ASIDE
from tilsyn.compliance.deadline_words import (
    bounds_texts,
    column_title,
    domain_text,
    doubt_texts,
    length_text,
    over_text,
    share_text,
    time_text,
)
from tilsyn.compliance.quiet_periods import LONG
from tilsyn.questions.answers import answer_text
from tilsyn.reports.parts import NOTHING, Block, Column, HeadFigure, Report, Sheet, Summary, Value

# A list is to be worked through, and a sheet has an end.
MOST_CASES = 50_000
# Limits whose share stands on the page in words.
ON_THE_PAGE = 3
COUNTS = ("measured", "within", "over", "open_within", "open_over")


def internal_report(found: DeadlineMeasurement, organisation: str) -> Report:
    """Return the edition for the house: it names cases."""
    sheets = [_rules(found), *(_by(found, column) for column in found.by), _set_aside(found)]
    sheets += [*_readings(found), _quiet(found), _late(found), _quiet_cases(found)]
    return titled(found, organisation, _summary(found), sheets, public=False)


def titled(
    found: DeadlineMeasurement, organisation: str, summary: Summary, sheets: Sequence[Sheet], public: bool
) -> Report:
    """Return an edition."""
    edition = say("deadlines.public_edition" if public else "report.internal_edition")
    return Report(
        title=say("deadlines.report_title", period=found.period.label()),
        subtitle=edition,
        warnings=[say("report.simulated")] * found.simulated,
        summary=summary,
        sheets=sheets,
        organisation=organisation,
        language=language(),
        public=public,
        day=found.as_of,
    )


def measured_how(found: DeadlineMeasurement) -> list[str]:
    """Return how it was measured, in words."""
    cases = say("deadlines.how_cases", period=found.period.label(), day=date_text(found.as_of))
    return [cases, say("deadlines.note_share")]


def _summary(found: DeadlineMeasurement) -> Summary:
    """Return the page in words: how it was measured, shares, and what is to be done."""
    how = measured_how(found)
    told = [one for one in found.rules if one.figures]
    figures = [
        HeadFigure(one.rule.name, share_text(one.figures[0], found.few), *_settled(one.figures[0]))
        for one in told[:ON_THE_PAGE]
    ]
    n = sum(case.open for case in found.late)
    todo = [say("deadlines.todo_notice", sheet=say("deadlines.late_tab"))] if n else []
    todo += bounds_texts(found.rules)
    how.append(say("deadlines.note_times"))
    blocks = [Block("todo", say("deadlines.todo"), todo)] if todo else []
    blocks.append(Block("how", say("deadlines.how"), how))
    return Summary(say("deadlines.title_house", n=number(n)), figures, blocks)


def _settled(figures: DeadlineFigures) -> tuple[str, str]:
    """Return how many cases a share is of, and between what it can come to lie when all are settled."""
    n, measured = number(figures.decided), number(figures.measured)
    if figures.bounds is None or figures.bounds[0] == figures.bounds[1]:
        return say("deadlines.settled", n=n, all=measured), ""
    least, most = (percent(share) for share in figures.bounds)
    return say("deadlines.settled", n=n, all=measured), say("deadlines.in_the_end", least=least, most=most)


def _columns() -> list[Column]:
    counts = [Column(say(f"deadlines.col_{name}"), "count", 10) for name in COUNTS]
    times = [Column(say(f"deadlines.col_{name}"), "range", 12) for name in ("median", "p90")]
    return [*counts, Column(say("deadlines.col_share"), "range", 12), *times]


def _values(one: MeasuredRule, figures: DeadlineFigures, few: int) -> list[Value]:
    counts: list[Value] = [figures.measured, *(figures.n(state) for state in COUNTS[1:])]
    times = [time_text(one, value) for value in (figures.median, figures.slowest)]
    return [*counts, share_text(figures, few), *times]


def _named(width: float = 34) -> Column:
    return Column(say("deadlines.col_rule"), "long", width)


def _rules(found: DeadlineMeasurement) -> Sheet:
    rows = [
        [one.rule.name, length_text(one), say(f"deadlines.kind_{one.rule.kind}"), one.rule.area or ""]
        + (_values(one, one.figures[0], found.few) if one.figures else [NOTHING] * len(_columns()))
        for one in found.rules
    ]
    texts = [Column(say(f"deadlines.col_{name}"), "text", 14) for name in ("limit", "kind", "area")]
    lacking = [
        say("deadlines.lacking", name=one.rule.name, columns=", ".join(one.lacking))
        for one in found.rules
        if one.lacking
    ]
    lines = [say("deadlines.note_share"), say("deadlines.note_times"), *doubt_texts(found.doubtful)]
    lines += [*bounds_texts(found.rules), *lacking]
    columns = [_named(), *texts, *_columns()]
    return _sheet(found, "rules", lines, columns, rows, layer="figures")


def _by(found: DeadlineMeasurement, column: str) -> Sheet:
    rows: list[list[Value]] = [
        [one.rule.name, domain_text(figures.domain), *_values(one, figures, found.few)]
        for one in found.rules
        for figures in one.figures
        if figures.domain.startswith(f"{column}=") and figures.measured
    ]
    columns = [_named(), Column(column_title(column), "long", 26), *_columns()]
    key = f"by_{found.by.index(column) + 1}"
    name = say("deadlines.by_tab", column=column_title(column).lower())
    title = say("deadlines.by_title", column=column_title(column).lower(), period=found.period.label())
    lines = [say("deadlines.note_share")]
    # A tab has 31 characters.
    return Sheet(name if len(name) < 32 else key, title, lines, columns, rows, key, layer="figures")


def _set_aside(found: DeadlineMeasurement) -> Sheet:
    states = ("undecided", *SET_ASIDE)
    rows: list[list[Value]] = [
        [one.rule.name, *(one.figures[0].n(state) for state in states)] for one in found.rules if one.figures
    ]
    columns = [_named(), *(Column(say(f"deadlines.col_{state}"), "count", 14) for state in states)]
    return _sheet(found, "set_aside", [say("deadlines.note_set_aside")], columns, rows)


def _readings(found: DeadlineMeasurement) -> list[Sheet]:
    """Return the register against the reader: counts, and the cases that differ; none where nobody read."""
    if not found.readings:
        return []
    sides = [("yes", "yes"), ("no", "no"), ("yes", "no"), ("no", "yes")]
    counted: list[list[Value]] = [
        [
            one.rule,
            one.question,
            one.reader,
            one.compared,
            one.agree,
            *(one.counts.get(side, 0) for side in sides),
        ]
        for one in found.readings
    ]
    names = ("compared", "agree", "both_kept", "both_broken", "only_register", "only_reader")
    columns = [_named(), *_texts("question", "reading")]
    columns += [Column(say(f"deadlines.col_{name}"), "count", 13) for name in names]
    rows: list[list[Value]] = [
        [
            case.case_id,
            case.unit or "",
            case.rule,
            *_days(case.start, case.last, case.stop),
            answer_text(case.answer),
        ]
        for one in found.readings
        for case in one.differing
    ]
    listed = [*_case_columns(), Column(say("deadlines.col_answer"), "text", 18)]
    return [
        _sheet(found, "readings", [say("deadlines.note_readings")], columns, counted, layer="figures"),
        _sheet(found, "differing", [], listed, rows),
    ]


def _quiet(found: DeadlineMeasurement) -> Sheet:
    quiet = found.quiet
    figures = {"median": quiet.median, "p90": quiet.slowest, "longest": quiet.longest}
    columns = [Column(say("deadlines.col_cases"), "count", 12)]
    columns += [Column(say(f"deadlines.col_{name}"), "count", 12) for name in figures]
    columns += [Column(say("deadlines.col_days", n=days), "count", 14) for days in LONG]
    row: list[Value] = [quiet.n, *(NOTHING if days is None else days for days in figures.values())]
    note = say("deadlines.note_quiet", columns=", ".join(quiet.columns), n=number(quiet.n_without))
    return _sheet(found, "quiet", [note], columns, [[*row, *quiet.long]], layer="figures")


def _late(found: DeadlineMeasurement) -> Sheet:
    rows: list[list[Value]] = [
        [
            case.case_id,
            case.unit or "",
            case.rule,
            *_days(case.start, case.last, case.stop),
            over_text(case.days_over),
        ]
        for case in found.late[:MOST_CASES]
    ]
    columns = [*_case_columns(), Column(say("deadlines.col_days_over"), "range", 12)]
    more = len(found.late) - len(rows)
    lines = [say("deadlines.late_title")]
    lines += [say("deadlines.late_more", n=number(more))] if more else []
    return _sheet(found, "late", lines, columns, rows)


def _quiet_cases(found: DeadlineMeasurement) -> Sheet:
    rows: list[list[Value]] = [
        [
            case.case_id,
            case.unit or "",
            date_text(case.since),
            case.days,
            say("deadlines.still_open") if case.open else "",
        ]
        for case in found.quiet_cases
    ]
    columns = [*_texts("case", "unit", "since"), Column(say("deadlines.col_quiet_days"), "count", 12)]
    columns.append(Column(say("deadlines.col_still"), "text", 12))
    return _sheet(
        found, "quiet_cases", [say("deadlines.quiet_cases_title", n=number(len(rows)))], columns, rows
    )


def _case_columns() -> list[Column]:
    return [*_texts("case", "unit"), _named(30), *_texts("start", "last", "stop")]


def _texts(*names: str) -> list[Column]:
    return [Column(say(f"deadlines.col_{name}"), "text", 17) for name in names]


def _days(start: date, last: date, stop: date | None) -> list[Value]:
    return [date_text(start), date_text(last), date_text(stop) if stop else say("deadlines.still_open")]


def _sheet(
    found: DeadlineMeasurement,
    key: str,
    lines: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    layer: Literal["figures", "annex"] = "annex",
) -> Sheet:
    title = say(f"deadlines.{key}_sheet", period=found.period.label())
    return Sheet(say(f"deadlines.{key}_tab"), title, lines, columns, rows, key, layer=layer)
