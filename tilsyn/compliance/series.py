"""Series: the periods of a level put in a row, question by question, and what trend says of each.

A series holds periods that may be compared; where question, law or plan are not comparable another begins. A
question that carries on an earlier one (`same_as`) continues its series.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from tilsyn.base.periods import Period
from tilsyn.compliance.comparability import Comparable, comparability, pooled_comparability
from tilsyn.compliance.tally import Scheme, as_plain, counted
from tilsyn.reviews.plain_sample import PlainSample
from tilsyn.statistics import trend
from tilsyn.statistics.intervals import beta_interval
from tilsyn.statistics.levels import levels
from tilsyn.statistics.pooled import pooled_limits

if TYPE_CHECKING:
    import pandas as pd

    from tilsyn.reviews.sample import ReviewedSample

# A row of a series, by the names of its columns.
Row = dict[str, Any]
_COUNTED = ("useful", "longest", "longest_limit", "crossings", "crossings_limit", "shift")


def points(samples: Mapping[Period, ReviewedSample | PlainSample], confidence: float = 0.95) -> pd.DataFrame:
    """The rows of `point_rows` as a table."""
    return _with_nulls(point_rows(samples, confidence), ("begins",))


def point_rows(samples: Mapping[Period, ReviewedSample | PlainSample], confidence: float = 0.95) -> list[Row]:
    """A row per question and period that has an estimate, in time order within the question.

    The newest period's questions decide what the rows are. Columns: question, period, time (quarters since
    year 0), n_reviewed, n_relevant, n_compliant, n_cases (with a relevant answer), estimate, low, high, n_eff
    (f = 0), signal_low, signal_high (limits at α = .0027), series (1, 2, … within the question), begins
    ("question", "law", "plan" where a break begins the series, else None), comparable ("yes" or "partly",
    with the period before).
    """
    in_order = sorted(samples, key=lambda period: (period.start, period.canonical))
    if not in_order:
        return []
    plain = {period: as_plain(samples[period]) for period in in_order}
    scheme = Scheme.of(plain[in_order[-1]])
    tables = [_levels(period, plain[period], scheme, confidence) for period in in_order]
    rows: list[Row] = []
    for question in scheme.rows:
        found = [table[question] for table in tables if question in table]
        settings = [one.pop("setting") for one in found]
        members = [one.pop("members") for one in found]
        series = 0
        for number, (one, begins) in enumerate(zip(found, breaks(settings), strict=True)):
            series += begins is not None or number == 0
            earlier = settings[number - 1] if number else settings[0]
            same = number == 0 or members[number] == members[number - 1]
            known = settings[number].compared(earlier)
            partly = begins is None and (known != "yes" or not same)
            rows.append(
                {**one, "series": series, "begins": begins, "comparable": "partly" if partly else "yes"}
            )
    return rows


def _quarters(day: date) -> float:
    """How many quarters since year 0: whole ones, months and, of weeks within a month, their days.

    >>> _quarters(date(2018, 4, 1)), round(_quarters(date(2018, 4, 16)), 3)
    (8073.0, 8073.167)
    """
    days = calendar.monthrange(day.year, day.month)[1]
    return day.year * 4 + (day.month - 1 + (day.day - 1) / days) / 3


def _levels(period: Period, earlier: PlainSample, scheme: Scheme, confidence: float) -> dict[str, Row]:
    """A period's figures by question, under the ids of the newest scheme."""
    sample = earlier.with_later_ids(scheme.earlier)
    own = Scheme.of(earlier).with_later_ids(scheme.earlier)
    counts = counted(sample, own).counts
    # Sizes may change from one period to the next: the weights know them. Units and the length may not.
    plan = (period.kind, *sample.units)
    level = levels(counts, confidence)
    pooled = counts.pooled
    signal = beta_interval(level.estimate, level.n_eff, level.n_heaviest, 1 - trend.SIGNAL_ALPHA)
    of_pooled = pooled_limits(counts, 1 - trend.SIGNAL_ALPHA)
    low, high = (np.where(pooled, mine, its) for mine, its in zip(of_pooled, signal, strict=True))
    # A pooled row has no effective size: the weight of its quarter is its cases.
    sizes = np.where(pooled, level.n_cases, level.n_eff_practice)
    regimes = sample.regimes
    result: dict[str, Row] = {}
    for row, question in enumerate(own.rows):
        if np.isnan(level.estimate[row]):
            continue
        members = own.members(question)
        rules = [cast(Comparable, scheme.rules.get(member, "yes")) for member in members]
        laws = sorted(set().union(*(regimes.get(member, set()) for member in members)))
        result[question] = {
            "question": question,
            "period": period.canonical,
            "time": _quarters(period.start),
            "n_reviewed": int(level.n_reviewed[row]),
            "n_relevant": int(level.n_relevant[row]),
            "n_compliant": int(level.n_compliant[row]),
            "n_cases": int(level.n_cases[row]),
            "estimate": float(level.estimate[row]),
            "low": float(level.low[row]),
            "high": float(level.high[row]),
            "n_eff": float(sizes[row]),
            "pooled": bool(pooled[row]),
            "signal_low": float(low[row]),
            "signal_high": float(high[row]),
            "setting": Setting(question, tuple(laws), pooled_comparability(rules), plan),
            "members": members,
        }
    return result


def summaries(found: pd.DataFrame, centres: Mapping[str, float] | None = None) -> pd.DataFrame:
    """The rows of `summary_rows`, of a table of points, as a table."""
    rows: list[Row] = found.to_dict("records")  # type: ignore[assignment]
    return _with_nulls(summary_rows(rows, centres), ("begins", *_COUNTED))


def summary_rows(found: Sequence[Row], centres: Mapping[str, float] | None = None) -> list[Row]:
    """What trend says of each series of `point_rows`; `centres` are used instead of the series' own.

    Columns: question, series, first, last (periods), n_periods, begins, centre, latest (estimate), signals
    (list of periods whose interval at α = .0027 does not hold the centre; empty for a series of one), slope
    (share per quarter), z, dispersion, t, p_value (nan under 8 periods), median, useful, longest,
    longest_limit, crossings, crossings_limit, shift (bool; None under 10 useful points).
    """
    parts = [list(part) for _, part in groupby(found, lambda row: (row["question"], row["series"]))]
    return [_summary(part, centres or {}) for part in parts]


def _summary(part: Sequence[Row], centres: Mapping[str, float]) -> Row:
    question = part[0]["question"]
    estimates, sizes, times, low, high = (
        np.array([row[name] for row in part], dtype=float)
        for name in ("estimate", "n_eff", "time", "signal_low", "signal_high")
    )
    middle = centres.get(question, trend.centre(estimates, sizes))
    alone = len(part) == 1 and question not in centres
    out = trend.outside(middle, low, high) & (not alone)
    slope = trend.slope(estimates, sizes, times)
    runs = trend.runs(estimates)
    return {
        "question": question,
        "series": part[0]["series"],
        "first": part[0]["period"],
        "last": part[-1]["period"],
        "n_periods": len(part),
        "begins": part[0]["begins"],
        "centre": middle,
        "latest": part[-1]["estimate"],
        "signals": [row["period"] for row, signals in zip(part, out, strict=True) if signals],
        "slope": slope.slope,
        "z": slope.z,
        "dispersion": slope.dispersion,
        "t": slope.t,
        "p_value": slope.p_value,
        "median": np.nan if runs is None else runs.median,
        **{name: None if runs is None else getattr(runs, name) for name in _COUNTED[:-1]},
        "shift": None if runs is None else runs.signal,
    }


def as_records(rows: Sequence[Row]) -> list[Row]:
    """Rows as plain data: None where there is no finite figure.

    >>> as_records([{"n": 3, "slope": float("nan")}])
    [{'n': 3, 'slope': None}]
    """
    return [
        {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def _with_nulls(rows: Sequence[Row], names: Sequence[str]) -> pd.DataFrame:
    """A table whose named columns keep None, which pandas would make nan and so make counts floats."""
    import pandas as pd

    table = pd.DataFrame(rows)
    for name in names if rows else ():
        table[name] = pd.Series([row[name] for row in rows], dtype=object)
    return table


@dataclass(frozen=True)
class Setting:
    """What a period's figure rests on, as far as it decides whether two periods may stand in one series.

    `question` is a row's id, after `same_as`; `regimes` the laws of the acts behind it, sorted; `comparable`
    whether the question means the same across them; `plan` the period's length and the units.
    """

    question: str
    regimes: tuple[str, ...] = ()
    comparable: Comparable = "yes"
    plan: tuple[str, ...] = ()

    def compared(self, before: Setting) -> Comparable:
        """How the question compares with another period's, from the law of the acts behind each."""
        return comparability(self.comparable, self.regimes, before.regimes)


def breaks(settings: Sequence[Setting]) -> list[str | None]:
    """Why each period begins a new series: "question", "law" or "plan"; None where it continues.

    Periods are in time order; the first is None. A question that is `partly` comparable continues; the caller
    marks it.

    >>> old = Setting("PLN-01", ("serviceloven",), "no")
    >>> new = Setting("PLN-01", ("barnets-lov",), "no")
    >>> breaks([old, old, new])
    [None, None, 'law']
    """
    found: list[str | None] = []
    for number, now in enumerate(settings):
        before = settings[number - 1] if number else now
        if now.question != before.question:
            found.append("question")
        elif now.compared(before) == "no":
            found.append("law")
        elif now.plan != before.plan:
            found.append("plan")
        else:
            found.append(None)
    return found
