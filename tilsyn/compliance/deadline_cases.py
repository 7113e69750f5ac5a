"""The cases of an examined register whose time limits are measured: each once, with its dates.

A date that cannot be read or meant is none, and its case is marked; a row that is no case of its own is
counted with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tilsyn.questions.deadlines import WorkingDays
from tilsyn.sampling.frame import ERROR_REASONS, FrameReport
from tilsyn.sampling.frame_cells import run
from tilsyn.sampling.frame_moments import read_moments
from tilsyn.sampling.frame_odd import NEWEST, OLDEST, impossible
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.rule_columns import listed
from tilsyn.settings.deadline_rules import DeadlineRule
from tilsyn.settings.schema import FrameSettings

# A row with one of these faults is still one known case; what it says of dates is judged date by date.
_KNOWN = frozenset((
    "missing_unit", "misspelt_unit", "missing_caseworker", "missing_stratum", "not_a_date", "impossible_date",
    "closed_before_opened", "undecided_unit", "undecided_caseworker",
))  # fmt: skip


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
        dates = [
            f'CASE WHEN "{c}" BETWEEN DATE \'{OLDEST}\' AND DATE \'{NEWEST}\' THEN "{c}" END AS "{c}"'
            for c in rules.dates
        ]
        bad = [f'coalesce(b."bad_{c}", false) AS "bad_{c}"' for c in rules.dates]
        merged = bool(rules.per_case)
        again = "WHEN differ THEN 'contradictory_duplicate' WHEN \"row\" <> first_row THEN 'duplicate'"
        reason = "reason" if merged else f"CASE {again} ELSE reason END AS reason"
        unit = "unit" if merged else "coalesce(nearest, unit) AS unit"
        self.make(
            f"{name}_measured",
            f"""WITH known AS (SELECT "row", case_id, {", ".join([unit, *texts, *dates, reason])}
                           FROM {name}_{"cases" if merged else "rows"} WHERE aside IS NULL)
            SELECT {", ".join(["known.*", *bad])} FROM known LEFT JOIN {name}_bad AS b USING ({self._key})""",
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
            f"""SELECT {", ".join([key, *tests])}
                FROM {self.name}_rows AS r JOIN {self.name}_cells AS c USING ("row")
                WHERE {" OR ".join(["r.no_date", *odd.values()])} GROUP BY {key}""",
        )

    @cached_property
    def moments(self) -> str:
        """The table of what the clocks of its dates say, as `read_moments` makes it."""
        read_moments(self.report.examination.tables, self.name)
        return f"{self.name}_moments"

    @property
    def sql_day(self) -> str:
        """The day as of which is measured, in SQL."""
        return f"DATE '{self.as_of}'"

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
