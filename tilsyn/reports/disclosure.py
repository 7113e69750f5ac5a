"""What a public report withholds, so that no small group of children can be read out of it.

Of all cases it shows shares in whole per cent and rounded numbers, never counts; of a unit or another domain
two figures of its cases, where neither those with a fault nor those without are few, nor the one of another
domain could be worked out (`suppression`).

References
----------
Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, sections 4.2 (frequency rules) and 4.4
(secondary suppression).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tilsyn.base.canonical import same_name
from tilsyn.base.numbers import round_half_up
from tilsyn.base.periods import Period
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, WITHOUT_FAULT
from tilsyn.reports.suppression import Restraint
from tilsyn.reports.worlds import Rule

# What would give a withheld or rounded figure away, and the figures themselves.
_REVEALING = (
    "n_compliant", "n_lawful", "n_cases", "unweighted", "standard_error", "n_eff", "n_eff_practice",
    "p_value", "p_adjusted", "detectable", "change_low", "change_high", "second_change_low",
    "second_change_high", "second_p_value", "baseline_n_relevant", "baseline_n_cases", "baseline_n_eff",
    "second_n_relevant", "second_n_cases", "second_n_eff",
)  # fmt: skip
_OWN = ("estimate", "low", "high")
_SIDES = (("baseline_", ""), ("second_", "second_"))
# The only figures of a unit or another domain.
_OF_DOMAIN = (ALL_QUESTIONS, WITHOUT_FAULT)
_STEP = 5
# Of fewer cases a time is somebody's own.
TIMES_FROM = 20


def withheld(counts: Sequence[float] | NDArray[np.float64], limit: int = 5) -> NDArray[np.bool_]:
    """Which counts of one total must be withheld when the total is shown: those from 1 to `limit` - 1.

    And the smallest others, until at least two are withheld which together reach the limit (or none is left).

    >>> withheld([20, 3, 9, 0]).tolist()
    [False, True, True, False]
    >>> withheld([20, 9, 0]).tolist()
    [False, False, False]
    >>> withheld([20, 1, 2, 30]).tolist()
    [True, True, True, False]
    """
    values = np.nan_to_num(np.asarray(counts, dtype=float))
    hidden: NDArray[np.bool_] = (values > 0) & (values < limit)
    if not hidden.any():
        return hidden
    while hidden.sum() < 2 or values[hidden].sum() < limit:
        left = np.flatnonzero(~hidden & (values > 0))
        if left.size == 0:
            break
        hidden[left[np.argmin(values[left])]] = True
    return hidden


def rounded(n: float) -> float:
    """A number of answers as it may be public: to the nearest 5, and 0 only where it is none.

    >>> [rounded(n) for n in (0, 1, 7, 8, 102)]
    [0.0, 5.0, 5.0, 10.0, 100.0]
    """
    return float(max(_STEP * round_half_up(n / _STEP, 0), _STEP)) if n > 0 else 0.0


NOTHING_WITHHELD = Restraint()


def publish(
    table: pd.DataFrame,
    held_back: Restraint = NOTHING_WITHHELD,
    few: int = 5,
    before: Restraint = NOTHING_WITHHELD,
) -> pd.DataFrame:
    """Rows of a compliance table as they may be published, with the column `withheld` (bool).

    Shares in whole per cent, `n_relevant` rounded, no figure on few cases (fewer than `few` in the baseline).
    A change is the difference of the two shares as they are shown, without limits: its own rounding would
    tell more of them than they do. Of a unit or another domain only `*` and `uden_fejl`, and nothing of then.
    `held_back` is what is left out beside, `before` what was of the baseline.

    >>> rows = pd.DataFrame({"question": ["A", "B", "*", "*", "A"], "domain": ["all"] * 3 + ["unit=X"] * 2,
    ...                      "n_relevant": [3, 16, 19, 9, 9], "estimate": [1.0, 0.8754, 0.8947, 0.5, 0.5],
    ...                      "few": [True, False, False, False, False]})
    >>> publish(rows)[["n_relevant", "estimate", "withheld"]].values.tolist()
    [[nan, nan, True], [15.0, 0.88, False], [20.0, 0.89, False], [10.0, 0.5, False]]
    """
    rows = table[(table["domain"] == ALL_CASES) | table["question"].isin(_OF_DOMAIN)]
    rows = rows[~rows["domain"].isin(held_back.alone)].copy()
    overall = rows["domain"] == ALL_CASES
    answers = rows["n_relevant"].astype(float)
    hidden = rows["domain"].isin(held_back.domains) | (overall & _left_out(rows, held_back))
    rows["withheld"] = (answers > 0) & (hidden | rows["few"])
    rows["n_relevant"] = [rounded(n) for n in answers]
    _round(rows, _OWN)
    rows.loc[rows["withheld"], ["n_relevant", *_there(rows, _OWN)]] = np.nan
    for side, change in _SIDES:
        # A year is compared with nothing.
        if f"{side}n_cases" not in rows:
            continue
        then = [side + name for name in _OWN]
        # A unit's figure of then may be one that was withheld then.
        gone = ~overall | (rows[f"{side}n_cases"] < few)
        gone |= _left_out(rows, before) & (side == "baseline_")
        _round(rows, then)
        rows.loc[gone, _there(rows, then)] = np.nan
        compared = rows[f"{change}change"].notna()
        rows[f"{change}change"] = (rows["estimate"] - rows[f"{side}estimate"]).where(compared).round(2)
    for name in _there(rows, _REVEALING):
        rows[name] = np.nan
    if "verdict" in rows:
        rows.loc[rows["withheld"] | ~overall, ["verdict", "verdict_reason", "confirmed"]] = None
    if "public_note" in rows:
        rows["note"] = rows["public_note"]
    return rows


def _left_out(rows: pd.DataFrame, held_back: Restraint) -> pd.Series[bool]:
    """Tell of each row over all cases whether it has no figure, also where there are no rows."""
    return rows["question"].map(held_back.leaves_out).astype(bool)


def publish_year(year: pd.DataFrame, rule: Rule, by_quarter: Mapping[Period, Restraint]) -> pd.DataFrame:
    """The units' rows over a year as they may be published, with the column `withheld`.

    A unit that is withheld in a quarter is withheld in the years with that quarter: else the one could be
    taken from the other.
    """
    alone = year[year["question"] == WITHOUT_FAULT]
    cases, good = (alone[name].to_numpy(dtype=float) for name in ("n_relevant", "n_compliant"))
    own = rule.withholds(cases, good, np.zeros(len(alone), dtype=bool))
    hidden = set(alone.loc[own, "domain"])
    for domain, first, last in zip(year["domain"], year["from"], year["to"], strict=True):
        for quarter, held_back in by_quarter.items():
            inside = Period.parse(first).start <= quarter.start <= Period.parse(last).start
            if inside and same_name(domain) in map(same_name, held_back.domains):
                hidden.add(domain)
    return publish(year, Restraint(frozenset(hidden)), rule.few)


def _there(rows: pd.DataFrame, names: Sequence[str]) -> list[str]:
    return [name for name in names if name in rows]


def _round(rows: pd.DataFrame, names: Sequence[str]) -> None:
    for name in _there(rows, names):
        rows[name] = [round_half_up(share, 2) for share in rows[name].astype(float)]
