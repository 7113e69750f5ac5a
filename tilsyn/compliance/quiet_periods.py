"""Quiet periods (*døde perioder*): the longest time in a case between two dates that anything happened on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tilsyn.base.periods import Period
from tilsyn.compliance.deadline_cases import DeadlineCases
from tilsyn.sampling.rule_columns import period_rules

# Three, six and twelve months in days: what is counted, and listed from the second.
LONG = (90, 180, 365)
# A list is to be worked through.
MOST_LISTED = 1000


@dataclass(frozen=True)
class QuietPeriods:
    """The cases of a period by their longest quiet time in days, `long` of them so many days or more.

    `n_without` cases have no two dates to reckon between; `still` are quiet until now.
    """

    columns: tuple[str, ...]
    n: int = 0
    n_without: int = 0
    median: int | None = None
    slowest: int | None = None
    longest: int | None = None
    long: tuple[int, ...] = (0,) * len(LONG)


@dataclass(frozen=True)
class QuietCase:
    """A case with its longest quiet time: from a day, so many days; `open` where it lasts until now."""

    case_id: str
    unit: str | None
    since: date
    days: int
    open: bool


def quiet_periods(cases: DeadlineCases, period: Period) -> tuple[QuietPeriods, list[QuietCase]]:
    """Return the quiet times of the cases that a period's draw could be made of, and the longest of them.

    Dates after the register's day are none. A case without a closing date is open until that day, where the
    register has the column.
    """
    columns = cases.rules.dates
    table = f"{cases.name}_quiet"
    cases.make(table, _gaps(cases, period))
    longest = ", ".join(f"count(*) FILTER (quiet.days >= {days})" for days in LONG)
    ((n, without, median, slowest, most, *long),) = cases.ask(
        f"""SELECT count(*), count(*) FILTER (quiet IS NULL), quantile_disc(quiet.days, 0.5),
                quantile_disc(quiet.days, 0.9), max(quiet.days), {longest} FROM {table}"""
    )
    found = QuietPeriods(columns, n - without, without, median, slowest, most, tuple(long))
    rows = cases.ask(
        f"""SELECT case_id, unit, quiet.since, quiet.days, quiet.still FROM {table}
            WHERE quiet.days >= {LONG[1]} ORDER BY quiet.days DESC, case_id LIMIT {MOST_LISTED}"""
    )
    return found, [QuietCase(*row) for row in rows]


def _gaps(cases: DeadlineCases, period: Period) -> str:
    """Return the SQL of cases with their longest quiet time; of several the one that began last."""
    dates = ", ".join(
        f'CASE WHEN "{column}" <= DATE \'{cases.as_of}\' THEN "{column}" END' for column in cases.rules.dates
    )
    still = 'closed IS NULL AND NOT "bad_closed"' if "closed" in cases.rules.dates else "false"
    out = " OR ".join(f"coalesce({rule}, false)" for rule in period_rules(cases.rules, period).values())
    return f"""WITH told AS (
            SELECT case_id, unit, {still} AS is_open,
                   list_sort(list_filter([{dates}]::DATE[], lambda d: d IS NOT NULL)) AS told
            FROM {cases.table} WHERE {cases.known} AND NOT ({out or "false"})),
        ended AS (
            SELECT case_id, unit, is_open AND len(told) > 0 AS still,
                   CASE WHEN still THEN list_append(told, DATE '{cases.as_of}') ELSE told END AS days
            FROM told)
        SELECT case_id, unit, list_max(list_transform(range(2, len(days) + 1), lambda i: {{
            'days': days[i] - days[i - 1], 'since': days[i - 1], 'still': still AND i = len(days)}})) AS quiet
        FROM ended"""
