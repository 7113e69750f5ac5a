"""What became of a time limit in each case of a register: SQL on whole columns.

A case is never dropped: what cannot be measured is a state of its own. The last day is reckoned once for each
day that limits begin on.
"""

from __future__ import annotations

from dataclasses import dataclass

from tilsyn.base.periods import Period
from tilsyn.compliance.deadline_cases import DeadlineCases
from tilsyn.questions.clock_time import HOUR, minutes
from tilsyn.questions.limits import Span
from tilsyn.questions.reckoning import last_day
from tilsyn.settings.deadline_rules import DeadlineRule

# What was measured, and what could not be.
MEASURED = ("within", "over", "open_within", "open_over", "undecided")
SET_ASIDE = ("no_start", "no_end", "reversed", "future", "unreadable")
# A clock that shows an hour twice leaves so many minutes open; a date alone leaves a day.
_CLOCK = HOUR


def judged(cases: DeadlineCases, place: int, rule: DeadlineRule, period: Period) -> str:
    """Return the table of the cases whose limit begins in a period; the rule's `place` names it."""
    table = f"{cases.name}_judged_{place}"
    cases.make(table, judge(cases, rule, of_period(rule, period)))
    return table


def of_period(rule: DeadlineRule, period: Period) -> str:
    """Return the condition that a rule's limit begins in a period, or may do so."""
    inside = f"BETWEEN DATE '{period.start}' AND DATE '{period.end}'"
    ends = f'"{rule.from_}" IS NULL AND ("{rule.to}" {inside} OR "bad_{rule.to}")'
    return f'("{rule.from_}" {inside} OR "bad_{rule.from_}" OR ({ends}))'


def judge(cases: DeadlineCases, rule: DeadlineRule, condition: str) -> str:
    """Return the SQL of the cases under a condition with what became of a rule's limit in each.

    Columns as in `table`, and `start`, `stop`, `state`, `took` (days, or hours where clocks are known),
    `ended`, `last` (a day; of hours a minute of UTC) and how many days `late`.
    """
    concerned = _concerned(cases, rule, condition)
    found = _hours(cases, rule, concerned) if rule.unit == "hours" else _days(cases, rule, concerned)
    sides = f""""{rule.from_}" AS start, "{rule.to}" AS stop, "bad_{rule.from_}" AS bad_start,
        "bad_{rule.to}" AS bad_stop"""
    return f"""SELECT k.*, CASE WHEN bad_start OR (start IS NULL AND bad_stop) THEN 'unreadable'
            WHEN start IS NULL THEN 'no_start' WHEN start > {cases.sql_day} THEN 'future'
            WHEN bad_stop THEN 'unreadable'
            WHEN {found.reversed} THEN 'reversed' WHEN stop > {cases.sql_day} THEN 'future'
            {_closed_without(cases, rule)}
            WHEN stop IS NULL THEN CASE WHEN {found.runs} THEN 'open_within' ELSE 'open_over' END
            {found.decided} END AS state, stop IS NOT NULL AS ended,
            {found.took} AS took, {found.last} AS last, {found.late} AS late
        FROM (SELECT *, {sides} FROM {cases.table} WHERE {concerned}) AS k {found.joins}"""


def _concerned(cases: DeadlineCases, rule: DeadlineRule, condition: str) -> str:
    """Return the condition that a case is known, that a rule is about it, and another condition."""
    where = rule.where
    about = cases.report.columns.any_of(where.column, where.values) if where else "true"
    return f"{cases.known} AND {about} AND {condition}"


def _closed_without(cases: DeadlineCases, rule: DeadlineRule) -> str:
    """Return the SQL of the states of a case that was closed, or may be, without what the limit runs to."""
    if rule.to == "closed" or "closed" not in cases.rules.dates:
        return ""
    return f"""WHEN stop IS NULL AND bad_closed THEN 'unreadable'
            WHEN stop IS NULL AND closed <= {cases.sql_day} THEN 'no_end'"""


def _days(cases: DeadlineCases, rule: DeadlineRule, concerned: str) -> _Limit:
    span = Span(rule.from_, rule.amount, rule.unit)
    begins = f'"{rule.from_}"'
    days = cases.ask(
        f"SELECT DISTINCT {begins} FROM {cases.table} WHERE {concerned} AND {begins} IS NOT NULL"
    )
    lasts = ", ".join(f"(DATE '{day}', DATE '{last_day(span, day, cases.working_days)}')" for (day,) in days)
    lasts = lasts or "(NULL::DATE, NULL::DATE)"
    return _Limit(
        joins=f"LEFT JOIN (VALUES {lasts}) AS l(first, last) ON first = start",
        reversed="stop < start",
        runs=f"{cases.sql_day} <= l.last",
        decided="WHEN stop <= l.last THEN 'within' ELSE 'over'",
        took=_days_between("start", f"coalesce(stop, {cases.sql_day})"),
        last="l.last",
        late=_days_between("l.last", f"coalesce(stop, {cases.sql_day})"),
    )


def _hours(cases: DeadlineCases, rule: DeadlineRule, concerned: str) -> _Limit:
    """Hours are real hours; a date alone decides where it must, as `Reckoner` has it."""
    length, begins = rule.amount * HOUR, minutes(cases.as_of)[0]
    took = _days_between("start", f"coalesce(stop, {cases.sql_day})")
    if has_clock(cases, rule):
        told = f"f.high - f.low <= {_CLOCK} AND (stop IS NULL OR t.high - t.low <= {_CLOCK})"
        until = f"CASE WHEN stop IS NULL THEN greatest({begins}, f.low) ELSE t.low END"
        took = f"CASE WHEN {told} THEN ({until} - f.low) / {HOUR}.0 END"
    end = f"CASE WHEN stop IS NULL THEN {begins} ELSE t.low END"
    return _Limit(
        joins=f"{_clock(cases, rule.from_, 'f', 'start')} {_clock(cases, rule.to, 't', 'stop')}",
        reversed="t.high < f.low",
        runs=f"f.high + {length} >= {begins}",
        decided=f"""WHEN t.high - f.low <= {length} THEN 'within'
            WHEN t.low - f.high > {length} THEN 'over' ELSE 'undecided'""",
        took=took,
        last=f"f.high + {length}",
        late=f"greatest({end} - f.high - {length}, 0) / {24 * HOUR}.0",
    )


def has_clock(cases: DeadlineCases, rule: DeadlineRule) -> bool:
    """Tell whether a limit of hours begins with a clock that is known, in any case."""
    if rule.unit != "hours":
        return False
    written = f"{cases.name}_written JOIN {cases.moments} USING (text)"
    place = cases.rules.dates.index(rule.from_)
    told = f"WHERE place = {place} AND high - low <= {_CLOCK}"
    return bool(cases.ask(f"SELECT 1 FROM {written} {told} LIMIT 1"))


def _clock(cases: DeadlineCases, column: str, table: str, day: str) -> str:
    """Return the SQL that joins the minutes of UTC that a date can mean, `low` to `high`.

    A case of several rows has those of the row that its date was taken from.
    """
    cells = f'{cases.name}_cells AS c JOIN {cases.moments} AS m ON m.text = c."{column}"'
    if not cases.rules.per_case:
        found = f'SELECT c."row", m.low, m.high FROM {cells}'
        return f'LEFT JOIN ({found}) AS {table} ON {table}."row" = k."row"'
    pick = "min" if cases.rules.per_case[column] == "earliest" else "max"
    found = f"""SELECT r.case_id, r."{column}" AS day, {pick}(m.low) AS low, {pick}(m.high) AS high
        FROM {cells} JOIN {cases.name}_rows AS r USING ("row") GROUP BY 1, 2"""
    return f"LEFT JOIN ({found}) AS {table} ON {table}.case_id = k.case_id AND {table}.day = {day}"


@dataclass(frozen=True)
class _Limit:
    """The SQL of a limit: what is joined, and the conditions and figures that its state is made of."""

    joins: str
    reversed: str
    runs: str
    decided: str
    took: str
    last: str
    late: str


def _days_between(first: str, last: str) -> str:
    return f"date_diff('day', {first}, {last})"
