"""What became of a time limit in each case of a register: SQL on whole columns of an examined register.

A case is never dropped: what cannot be measured is a state of its own. The last day is reckoned once for each
day that limits begin on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tilsyn.base.periods import Period
from tilsyn.questions.clock_time import HOUR, minutes
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.limits import Span
from tilsyn.questions.reckoning import last_day
from tilsyn.sampling.frame import ERROR_REASONS, FrameReport
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_moments import read_moments
from tilsyn.sampling.frame_odd import NEWEST, OLDEST, impossible
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.rule_columns import listed
from tilsyn.settings.deadline_rules import DeadlineRule
from tilsyn.settings.schema import FrameSettings

# What was measured, and what could not be.
MEASURED = ("within", "over", "open_within", "open_over", "undecided")
SET_ASIDE = ("no_start", "no_end", "reversed", "future", "unreadable")
# A row with one of these faults is still one known case; what it says of dates is judged date by date.
_KNOWN = frozenset((
    "missing_unit", "misspelt_unit", "missing_caseworker", "missing_stratum", "not_a_date", "impossible_date",
    "closed_before_opened", "undecided_unit", "undecided_caseworker",
))  # fmt: skip
# A clock that shows an hour twice leaves so many minutes open; a date alone leaves a day.
_CLOCK = HOUR


def reading_rules(rules: FrameRules, deadlines: Sequence[DeadlineRule], by: Sequence[str]) -> FrameRules:
    """Return what a register is read by when all its cases are measured: none is left out by a rule."""
    looked_at = {column for rule in deadlines for column in rule.columns} | set(by)
    return replace(rules, frame=FrameSettings(), risk=(), split="unit", looked_at=tuple(sorted(looked_at)))


def unanswerable(rule: DeadlineRule, rules: FrameRules) -> tuple[str, ...]:
    """Return the columns of a rule that the register does not have, or not as dates."""
    dates = [column for column in (rule.from_, rule.to) if column not in rules.dates]
    where = [rule.where.column] if rule.where and rule.where.column not in rules.headings else []
    return (*dates, *where)


@dataclass(frozen=True)
class DeadlineCases:
    """The cases of an examined register, measured as of a day; its connection gets further tables."""

    report: FrameReport
    as_of: date
    working_days: WorkingDays

    @property
    def rules(self) -> FrameRules:
        """What the register was read by."""
        return self.report.examination.rules

    @property
    def name(self) -> str:
        """What the examination's tables begin with."""
        return self.report.examination.name

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return what a query of the tables finds."""
        return run(self.report.examination.tables, sql).fetchall()

    def make(self, table: str, sql: str) -> None:
        """Make a table of what a query finds, in place of an earlier one."""
        run(self.report.examination.tables, f"CREATE OR REPLACE TEMP TABLE {table} AS {sql}")

    @cached_property
    def table(self) -> str:
        """The table of cases: `row`, case_id, unit, what is looked at, and `bad_<column>` of each date."""
        rules, name = self.rules, self.name
        self._read_bad_dates()
        own = {"case_id", "unit", *rules.dates}
        texts = [f'"{c}"' for c in rules.looked_at if c in rules.headings and c not in own]
        dates = ", ".join(
            f'CASE WHEN "{c}" BETWEEN DATE \'{OLDEST}\' AND DATE \'{NEWEST}\' THEN "{c}" END AS "{c}"'
            for c in rules.dates
        )
        bad = ", ".join(f'coalesce(b."bad_{c}", false) AS "bad_{c}"' for c in rules.dates)
        merged = bool(rules.per_case)
        again = "WHEN differ THEN 'contradictory_duplicate' WHEN \"row\" <> first_row THEN 'duplicate'"
        reason = "reason" if merged else f"CASE {again} ELSE reason END AS reason"
        unit = "unit" if merged else "coalesce(nearest, unit) AS unit"
        self.make(
            f"{name}_measured",
            f"""WITH known AS (SELECT "row", case_id, {unit}, {", ".join([*texts, dates])}, {reason}
                           FROM {name}_{"cases" if merged else "rows"} WHERE aside IS NULL)
            SELECT known.*, {bad} FROM known LEFT JOIN {name}_bad AS b USING ({self._key})""",
        )
        return f"{name}_measured"

    @property
    def _key(self) -> str:
        return "case_id" if self.rules.per_case else '"row"'

    def _read_bad_dates(self) -> None:
        """Make a table of the rows, or cases, with a date that cannot be read or meant, and which."""
        odd = {d: impossible(d, f'r."{d}"') for d in self.rules.dates}
        tests = [
            f'bool_or((c."{d}" IS NOT NULL AND r."{d}" IS NULL) OR {cannot_be}) AS "bad_{d}"'
            for d, cannot_be in odd.items()
        ]
        key = f"r.{self._key}"
        self.make(
            f"{self.name}_bad",
            f"""SELECT {key}, {", ".join(tests)}
                FROM {self.name}_rows AS r JOIN {self.name}_cells AS c USING ("row")
                WHERE r.no_date OR {" OR ".join(odd.values())} GROUP BY {key}""",
        )

    @cached_property
    def left_out(self) -> list[tuple[str, int]]:
        """The reasons why rows are no case that can be told from others, and how many rows each."""
        return self.ask(
            f"SELECT reason, count(*) FROM {self.table} WHERE NOT {self.known} GROUP BY 1 ORDER BY 1"
        )

    @cached_property
    def n(self) -> int:
        """How many cases there are."""
        ((n,),) = self.ask(f"SELECT count(*) FROM {self.table} WHERE {self.known}")
        return int(n)

    @property
    def known(self) -> str:
        """The condition that a row is a case that can be told from others, and stands once."""
        refused = listed((*(reason for reason in ERROR_REASONS if reason not in _KNOWN), "duplicate"))
        return f"(reason IS NULL OR reason NOT IN ({refused}))"

    def of_period(self, rule: DeadlineRule, period: Period) -> str:
        """Return the condition that a rule's limit begins in a period, or may do so."""
        inside = f"BETWEEN DATE '{period.start}' AND DATE '{period.end}'"
        ends = f'"{rule.from_}" IS NULL AND ("{rule.to}" {inside} OR "bad_{rule.to}")'
        return f'("{rule.from_}" {inside} OR "bad_{rule.from_}" OR ({ends}))'

    def concerned(self, rule: DeadlineRule, condition: str) -> str:
        """Return the condition that a case is known, that a rule is about it, and another condition."""
        where = rule.where
        about = self.report.columns.any_of(where.column, where.values) if where else "true"
        return f"{self.known} AND {about} AND {condition}"

    def judge(self, rule: DeadlineRule, condition: str) -> str:
        """Return the SQL of the cases under a condition with what became of a rule's limit in each.

        Columns as in `table`, and `start`, `stop`, `state`, `took` (days, or hours where clocks are known),
        `ended`, `last` (a day; of hours a minute of UTC) and how many days `late`.
        """
        concerned = self.concerned(rule, condition)
        found = self._hours(rule, concerned) if rule.unit == "hours" else self._days(rule, concerned)
        sides = f""""{rule.from_}" AS start, "{rule.to}" AS stop, "bad_{rule.from_}" AS bad_start,
            "bad_{rule.to}" AS bad_stop"""
        return f"""SELECT k.*, CASE WHEN bad_start OR (start IS NULL AND bad_stop) THEN 'unreadable'
                WHEN start IS NULL THEN 'no_start' WHEN start > {self._as_of} THEN 'future'
                WHEN bad_stop THEN 'unreadable'
                WHEN {found.reversed} THEN 'reversed' WHEN stop > {self._as_of} THEN 'future'
                WHEN {self._over_without(rule)} THEN 'no_end'
                WHEN stop IS NULL THEN CASE WHEN {found.runs} THEN 'open_within' ELSE 'open_over' END
                {found.decided} END AS state, stop IS NOT NULL AS ended,
                {found.took} AS took, {found.last} AS last, {found.late} AS late
            FROM (SELECT *, {sides} FROM {self.table} WHERE {concerned}) AS k {found.joins}"""

    def _over_without(self, rule: DeadlineRule) -> str:
        """Return the condition that a case was closed though what the limit runs to never came."""
        if rule.to == "closed" or "closed" not in self.rules.dates:
            return "false"
        return f"stop IS NULL AND closed <= {self._as_of}"

    @property
    def _as_of(self) -> str:
        return f"DATE '{self.as_of}'"

    def _days(self, rule: DeadlineRule, concerned: str) -> _Limit:
        span = Span(rule.from_, rule.amount, rule.unit)
        begins = f'"{rule.from_}"'
        days = self.ask(
            f"SELECT DISTINCT {begins} FROM {self.table} WHERE {concerned} AND {begins} IS NOT NULL"
        )
        lasts = ", ".join(
            f"(DATE '{day}', DATE '{last_day(span, day, self.working_days)}')" for (day,) in days
        )
        lasts = lasts or "(NULL::DATE, NULL::DATE)"
        return _Limit(
            joins=f"LEFT JOIN (VALUES {lasts}) AS l(first, last) ON first = start",
            reversed="stop < start",
            runs=f"{self._as_of} <= l.last",
            decided="WHEN stop <= l.last THEN 'within' ELSE 'over'",
            took=_days_between("start", f"coalesce(stop, {self._as_of})"),
            last="l.last",
            late=_days_between("l.last", f"coalesce(stop, {self._as_of})"),
        )

    def _hours(self, rule: DeadlineRule, concerned: str) -> _Limit:
        """Hours are real hours; a date alone decides where it must, as `Reckoner` has it."""
        length, begins = rule.amount * HOUR, minutes(self.as_of)[0]
        took = _days_between("start", f"coalesce(stop, {self._as_of})")
        if self.has_clock(rule):
            told = f"f.high - f.low <= {_CLOCK} AND (stop IS NULL OR t.high - t.low <= {_CLOCK})"
            until = f"CASE WHEN stop IS NULL THEN greatest({begins}, f.low) ELSE t.low END"
            took = f"CASE WHEN {told} THEN ({until} - f.low) / {HOUR}.0 END"
        end = f"CASE WHEN stop IS NULL THEN {begins} ELSE t.low END"
        return _Limit(
            joins=f"{self._clock(rule.from_, 'f', 'start')} {self._clock(rule.to, 't', 'stop')}",
            reversed="t.high < f.low",
            runs=f"f.high + {length} >= {begins}",
            decided=f"""WHEN t.high - f.low <= {length} THEN 'within'
                WHEN t.low - f.high > {length} THEN 'over' ELSE 'undecided'""",
            took=took,
            last=f"f.high + {length}",
            late=f"greatest({end} - f.high - {length}, 0) / {24 * HOUR}.0",
        )

    def has_clock(self, rule: DeadlineRule) -> bool:
        """Tell whether the clock is known of any case where a rule's limit begins."""
        clock = self._clock(rule.from_, "f", "start")
        return bool(
            self.ask(
                f"""SELECT 1 FROM (SELECT *, "{rule.from_}" AS start FROM {self.table}) AS k {clock}
                    WHERE f.high - f.low <= {_CLOCK} LIMIT 1"""
            )
        )

    def _clock(self, column: str, table: str, day: str) -> str:
        """Return the SQL that joins the minutes of UTC that a date can mean, `low` to `high`.

        A case of several rows has those of the row that its date was taken from.
        """
        assert self._moments
        cells = f'{self.name}_cells AS c JOIN {self.name}_moments AS m ON m.text = c."{column}"'
        if not self.rules.per_case:
            found = f'SELECT c."row", m.low, m.high FROM {cells}'
            return f'LEFT JOIN ({found}) AS {table} ON {table}."row" = k."row"'
        pick = "min" if self.rules.per_case[column] == "earliest" else "max"
        found = f"""SELECT r.case_id, r."{column}" AS day, {pick}(m.low) AS low, {pick}(m.high) AS high
            FROM {cells} JOIN {self.name}_rows AS r USING ("row") GROUP BY 1, 2"""
        return f"LEFT JOIN ({found}) AS {table} ON {table}.case_id = k.case_id AND {table}.day = {day}"

    @cached_property
    def _moments(self) -> bool:
        read_moments(self.report.examination.tables, self.name)
        return True


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
