"""Time limits in figures: how many cases were within them, and how long the cases took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tilsyn.base.canonical import same_name
from tilsyn.compliance.deadline_cases import DeadlineCases
from tilsyn.compliance.deadline_states import MEASURED, has_clock
from tilsyn.questions.clock_time import day_at
from tilsyn.settings.deadline_rules import DeadlineRule
from tilsyn.statistics.survival import kaplan_meier

SHARES = (0.5, 0.9)
# As `naming.ALL_CASES`, which comes with all that figures of samples need.
ALL = "all"


@dataclass(frozen=True)
class DeadlineFigures:
    """The cases of a domain by what became of a limit, and the time by which half and 90 % were through."""

    domain: str
    counts: Mapping[str, int]
    median: float | None = None
    slowest: float | None = None

    def n(self, *states: str) -> int:
        """Return how many cases are in one of these states."""
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def measured(self) -> int:
        """The cases whose limit began in the period."""
        return self.n(*MEASURED)

    @property
    def decided(self) -> int:
        """Those of which it is settled whether the limit was kept."""
        return self.n("within", "over", "open_over")

    @property
    def share(self) -> float | None:
        """The share of the decided that is within the limit; None without any."""
        return self.n("within") / self.decided if self.decided else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The least and the most that the share can be when all are decided."""
        if not self.measured:
            return None
        kept, open_yet = self.n("within"), self.n("open_within", "undecided")
        return kept / self.measured, (kept + open_yet) / self.measured


@dataclass(frozen=True)
class MeasuredRule:
    """A rule with its figures, all cases first; `lacking` are the columns without which it has none.

    Times are in `time_unit`: days, or hours where a limit of hours has clocks to be measured by.
    """

    rule: DeadlineRule
    figures: tuple[DeadlineFigures, ...] = ()
    lacking: tuple[str, ...] = ()
    time_unit: str = "days"


@dataclass(frozen=True)
class LateCase:
    """A case over its limit: who was to have a notice of delay. `open` where it is still over it."""

    case_id: str
    unit: str | None
    rule: str
    start: date
    last: date
    stop: date | None
    days_over: float

    @property
    def open(self) -> bool:
        """Whether it has not come to its end yet."""
        return self.stop is None


def measured(cases: DeadlineCases, rule: DeadlineRule, table: str, by: Sequence[str]) -> MeasuredRule:
    """Return a rule's figures of a table of judged cases, together and by columns."""
    figures = [
        DeadlineFigures(domain, counts, *times)
        for column in (None, *by)
        for domain, counts, times in _domains(cases, table, column)
    ]
    return MeasuredRule(rule, tuple(figures), time_unit="hours" if has_clock(cases, rule) else "days")


def late_cases(cases: DeadlineCases, rule: DeadlineRule, table: str) -> list[LateCase]:
    """Return the cases of a table of judged cases that are over the rule's limit."""
    rows = cases.ask(
        f"""SELECT case_id, unit, start, last, stop, late FROM {table}
            WHERE state IN ('over', 'open_over') ORDER BY case_id"""
    )
    return [
        LateCase(case_id, unit, rule.name, start, last_of(last), stop, float(late))
        for case_id, unit, start, last, stop, late in rows
    ]


def last_of(last: Any) -> date:
    """Return a limit's last day, which is a minute where the limit is in hours."""
    return day_at(last) if isinstance(last, int) else last


def _domains(
    cases: DeadlineCases, table: str, column: str | None
) -> Iterator[tuple[str, Counter[str], tuple[float | None, ...]]]:
    """Yield each value of a column, or all cases, with its states and its times, sorted by name."""
    name = "NULL" if column is None else f'"{column}"::VARCHAR'
    rows = cases.ask(
        f"SELECT {name}, state, took, ended, count(*) FROM {table} GROUP BY ALL ORDER BY 5 DESC, 1"
    )
    domains: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        domains.setdefault(same_name(row[0] or ""), []).append(row)
    for _, listed in sorted(domains.items()):
        spelling = Counter[str]()
        counts = Counter[str]()
        for value, state, _, _, n in listed:
            spelling[value or ""] += n
            counts[state] += n
        label = ALL if column is None else f"{column}={spelling.most_common(1)[0][0]}"
        yield label, counts, _times(listed)
    if not rows and column is None:
        yield ALL, Counter(), (None, None)


def _times(rows: Sequence[tuple[Any, ...]]) -> tuple[float | None, ...]:
    known = [(took, ended, n) for _, state, took, ended, n in rows if state in MEASURED and took is not None]
    if not known:
        return (None,) * len(SHARES)
    times, ended, n = zip(*known, strict=True)
    survival = kaplan_meier(times, ended, n)
    return tuple(survival.quantile(share) for share in SHARES)
