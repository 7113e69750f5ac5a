"""Series: the periods of a level put in a row, question by question, and what trend says of each.

A series holds periods that may be compared; where question, law or plan are not comparable another begins. A
question that carries on an earlier one (`same_as`) continues its series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.compliance.comparability import Comparable, comparability, pooled_comparability
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics import trend
from tilsyn.statistics.intervals import beta_interval
from tilsyn.statistics.levels import levels
from tilsyn.statistics.pooled import pooled_limits


def points(samples: Mapping[Period, ReviewedSample], confidence: float = 0.95) -> pd.DataFrame:
    """A row per question and period that has an estimate, in time order within the question.

    The newest period's questions decide what the rows are. Columns: question, period, time (quarters since
    year 0), n_reviewed, n_relevant, n_compliant, n_cases (with a relevant answer), estimate, low, high, n_eff
    (f = 0), signal_low, signal_high (limits at α = .0027), series (1, 2, … within the question), begins
    ("question", "law", "plan" where a break begins the series, else None), comparable ("yes" or "partly",
    with the period before).
    """
    in_order = sorted(samples, key=lambda period: (period.start, period.canonical))
    if not in_order:
        return pd.DataFrame()
    scheme = Scheme.of(samples[in_order[-1]])
    tables = [_levels(period, samples[period], scheme, confidence) for period in in_order]
    rows: list[dict[str, Any]] = []
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
    return _with_nulls(rows, ("begins",))


def _levels(
    period: Period, earlier: ReviewedSample, scheme: Scheme, confidence: float
) -> dict[str, dict[str, Any]]:
    """A period's figures by question, under the ids of the newest scheme."""
    sample = earlier.with_later_ids(scheme.earlier)
    own = Scheme.of(earlier).with_later_ids(scheme.earlier)
    counted = tally(sample, own)
    # Sizes may change from one period to the next: the weights know them. Units and the length may not.
    plan = (period.kind, *sample.units)
    level = levels(counted.counts, confidence)
    pooled = counted.counts.pooled
    signal = beta_interval(level.estimate, level.n_eff, level.n_heaviest, 1 - trend.SIGNAL_ALPHA)
    of_pooled = pooled_limits(counted.counts, 1 - trend.SIGNAL_ALPHA)
    low, high = (np.where(pooled, mine, its) for mine, its in zip(of_pooled, signal, strict=True))
    # A pooled row has no effective size: the weight of its quarter is its cases.
    sizes = np.where(pooled, level.n_cases, level.n_eff_practice)
    regimes = sample.regimes
    result: dict[str, dict[str, Any]] = {}
    for row, question in enumerate(counted.rows["question"].astype(str)):
        if np.isnan(level.estimate[row]):
            continue
        members = own.members(question)
        rules = [cast(Comparable, scheme.rules.get(member, "yes")) for member in members]
        laws = sorted(set().union(*(regimes.get(member, set()) for member in members)))
        result[question] = {
            "question": question,
            "period": period.canonical,
            "time": period.start.year * 4 + (period.start.month - 1) / 3,
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


def summaries(found: pd.DataFrame, centres: dict[str, float] | None = None) -> pd.DataFrame:
    """What trend says of each series of `points`; `centres` are used instead of the series' own.

    Columns: question, series, first, last (periods), n_periods, begins, centre, latest (estimate), signals
    (list of periods whose interval at α = .0027 does not hold the centre; empty for a series of one), slope
    (share per quarter), z, dispersion, t, p_value (nan under 8 periods), median, useful, longest,
    longest_limit, crossings, crossings_limit, shift (bool; None under 10 useful points).
    """
    rows = []
    for (question, series), part in found.groupby(["question", "series"], sort=False):
        middle = (centres or {}).get(str(question), trend.centre(part["estimate"], part["n_eff"]))
        alone = len(part) == 1 and question not in (centres or {})
        out = trend.outside(middle, part["signal_low"], part["signal_high"]) & (not alone)
        slope = trend.slope(part["estimate"], part["n_eff"], part["time"])
        runs = trend.runs(part["estimate"])
        rows.append(
            {
                "question": question,
                "series": series,
                "first": part["period"].iloc[0],
                "last": part["period"].iloc[-1],
                "n_periods": len(part),
                "begins": part["begins"].iloc[0],
                "centre": middle,
                "latest": part["estimate"].iloc[-1],
                "signals": part["period"][out].tolist(),
                "slope": slope.slope,
                "z": slope.z,
                "dispersion": slope.dispersion,
                "t": slope.t,
                "p_value": slope.p_value,
                "median": np.nan if runs is None else runs.median,
                "useful": None if runs is None else runs.useful,
                "longest": None if runs is None else runs.longest,
                "longest_limit": None if runs is None else runs.longest_limit,
                "crossings": None if runs is None else runs.crossings,
                "crossings_limit": None if runs is None else runs.crossings_limit,
                "shift": None if runs is None else runs.signal,
            }
        )
    counted = ("useful", "longest", "longest_limit", "crossings", "crossings_limit", "shift")
    return _with_nulls(rows, ("begins", *counted))


def _with_nulls(rows: list[dict[str, Any]], names: Sequence[str]) -> pd.DataFrame:
    """A table whose named columns keep None, which pandas would make nan and so make counts floats."""
    table = pd.DataFrame(rows)
    for name in names:
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
