"""A unit over a year: the last drawn quarters taken together, for a unit's quarter says little.

Strata are quarter x stratum, each with its own sizes, so a case read in two quarters counts in both. The
figure is the year's, never the last quarter's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.compliance.comparability import Comparable, pooled_comparability
from tilsyn.compliance.method import USUAL, Method
from tilsyn.compliance.naming import ALL_QUESTIONS
from tilsyn.compliance.series import Setting, breaks
from tilsyn.compliance.table import ROW_KEYS
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import levels

QUARTERS, FEWEST_QUARTERS, MONTHS = 4, 2, 15
# The levels that draw by unit every quarter.
LEVELS = (2, 3)
YEAR_KEYS = (*ROW_KEYS, "from", "to", "quarters")


def last_quarters(period: Period, drawn: Sequence[Period]) -> list[Period]:
    """The quarters that make the year up to one: at most four, within 15 months; none with fewer than two.

    >>> drawn = [Period.parse(text) for text in ("2017-Q1", "2017-Q2", "2017-Q4", "2018-Q1", "2018-Q2")]
    >>> [found.canonical for found in last_quarters(drawn[-1], drawn)]
    ['2017-Q2', '2017-Q4', '2018-Q1', '2018-Q2']
    """
    if period.kind != "quarter":
        return []
    near = [
        one for one in sorted(drawn) if one.kind == "quarter" and 0 <= _quarters(one, period) < MONTHS // 3
    ]
    found = near[-QUARTERS:]
    return found if len(found) >= FEWEST_QUARTERS and found[-1] == period else []


def _quarters(one: Period, later: Period) -> int:
    return 4 * (later.start.year - one.start.year) + (later.start.month - one.start.month) // 3


def year_rows(samples: Mapping[Period, ReviewedSample], method: Method = USUAL) -> pd.DataFrame:
    """A row per unit and question over the quarters given, the newest last in time.

    Columns: `YEAR_KEYS` (nothing of a baseline), few, very_uncertain, note. A question that is not comparable
    between two of the quarters starts anew after them; a quarter in which a unit was not read is left out and
    named. No row where fewer than two quarters remain.
    """
    in_order = sorted(samples)
    if len(in_order) < FEWEST_QUARTERS:
        return pd.DataFrame(columns=[*YEAR_KEYS, "few", "very_uncertain", "note"])
    scheme = Scheme.of(samples[in_order[-1]])
    sides = [samples[period].with_later_ids(scheme.earlier) for period in in_order]
    quarter_of, together = _joined(in_order, sides)
    counted = tally(together, scheme, ["unit"])
    of_unit = counted.rows["domain"].str.startswith("unit=").to_numpy()
    regimes = [side.regimes for side in sides]
    begins = {row: _first_quarter(row, scheme, regimes) for row in scheme.rows}
    asked = {row: _asked(row, scheme, sides) for row in scheme.rows}
    questions = counted.rows["question"].tolist()
    in_use = np.array([asked[row][quarter_of] & (quarter_of >= begins[row]) for row in questions])
    counts = counted.counts.within(in_use)
    level = levels(counts.only(of_unit), method.confidence)
    there = counted.in_row[of_unit] & in_use[of_unit]
    read = there & (counts.sample_size[of_unit] > 0)
    rows = pd.DataFrame(None, index=range(int(of_unit.sum())), columns=list(YEAR_KEYS), dtype=object)
    rows[["question", "domain"]] = counted.rows.loc[of_unit, ["question", "domain"]].to_numpy()
    for name in ("n_reviewed", "n_relevant", "n_compliant"):
        rows[name] = getattr(level, name).astype(int)
    for name in ("estimate", "unweighted", "standard_error", "low", "high"):
        rows[name] = getattr(level, name)
    spans = [_span(mine, theirs, quarter_of, in_order) for mine, theirs in zip(read, there, strict=True)]
    rows["from"], rows["to"] = [span.first for span in spans], [span.last for span in spans]
    rows["quarters"] = [span.quarters for span in spans]
    rows["few"] = level.n_cases < method.few
    rows["very_uncertain"] = (level.high - level.low) > method.wide
    rows["note"] = [span.note for span in spans]
    enough = rows["quarters"] >= FEWEST_QUARTERS
    return rows[enough].reset_index(drop=True)


def _joined(
    periods: Sequence[Period], sides: Sequence[ReviewedSample]
) -> tuple[np.ndarray[Any, np.dtype[np.intp]], ReviewedSample]:
    # One sample of all quarters, and the number of each stratum's quarter. Units are named as they were last.
    names = {same_name(str(unit)): str(unit) for side in sides for unit in side.strata["unit"]}
    cases, strata, answers = [], [], []
    for period, side in zip(periods, sides, strict=True):
        mark = period.canonical + " "
        unit = side.strata["unit"].astype(str).map(lambda name: names[same_name(name)])
        strata.append(side.strata.assign(stratum=mark + side.strata["stratum"].astype(str), unit=unit))
        cases.append(
            pd.DataFrame(
                {
                    "case_id": mark + side.cases["case_id"].astype(str),
                    "stratum": mark + side.cases["stratum"].astype(str),
                    "unit": side.cases["unit"].astype(str).map(lambda name: names.get(same_name(name), name)),
                }
            )
        )
        answers.append(side.answers.assign(case_id=mark + side.answers["case_id"].astype(str)))
    quarter_of = np.repeat(np.arange(len(sides)), [len(part) for part in strata])
    together = replace(
        sides[-1],
        cases=pd.concat(cases, ignore_index=True),
        strata=pd.concat(strata, ignore_index=True),
        answers=pd.concat(answers, ignore_index=True),
    )
    return quarter_of.astype(np.intp), together


def _first_quarter(row: str, scheme: Scheme, regimes: Sequence[Mapping[str, set[str]]]) -> int:
    # Where the row's figures are comparable from: after the last break, units being looked at one by one.
    members = scheme.members(row)
    rule = pooled_comparability([cast(Comparable, scheme.rules.get(member, "yes")) for member in members])
    settings = []
    for known in regimes:
        laws = sorted(set().union(*(known.get(member, set()) for member in members)))
        settings.append(Setting(row, tuple(laws), rule))
    return max((number for number, why in enumerate(breaks(settings)) if why is not None), default=0)


def _asked(row: str, scheme: Scheme, sides: Sequence[ReviewedSample]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    members = set(scheme.members(row))
    own = [set(Scheme.of(side).with_later_ids(scheme.earlier).legal) for side in sides]
    return np.array([bool(members & legal) or row == ALL_QUESTIONS for legal in own], dtype=np.bool_)


@dataclass(frozen=True)
class _Span:
    first: str | None
    last: str | None
    quarters: int
    note: str


def _span(
    read: np.ndarray[Any, np.dtype[np.bool_]],
    there: np.ndarray[Any, np.dtype[np.bool_]],
    quarter_of: np.ndarray[Any, np.dtype[np.intp]],
    periods: Sequence[Period],
) -> _Span:
    used = sorted(set(quarter_of[read].tolist()))
    if not used:
        return _Span(None, None, 0, "")
    silent = [periods[at].label() for at in sorted(set(quarter_of[there].tolist()) - set(used))]
    said = [say("year.quarters", n=len(used))] if len(used) < QUARTERS else []
    said += [say("year.not_read", quarters=", ".join(silent))] if silent else []
    return _Span(periods[used[0]].canonical, periods[used[-1]].canonical, len(used), "; ".join(said))
