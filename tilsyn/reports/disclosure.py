"""What a public report withholds, so that no small group of children can be read out of it.

A count below the limit is withheld (primary), and so many others that it cannot be found by subtracting
from a total that is shown (secondary). Shares are rounded to whole per cent: an unrounded weighted share
gives its counts away.

References
----------
Hundepool, A. et al. (2012). Statistical Disclosure Control. Wiley, sections 4.2 (frequency rules) and 4.4
(secondary suppression).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tilsyn.base.numbers import round_half_up
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, THEME

# What would give a withheld or rounded figure away, and the figures themselves.
_REVEALING = ("n_compliant", "n_lawful", "unweighted", "standard_error", "n_eff", "p_value", "p_adjusted")
_OWN = ("estimate", "low", "high", "change", "change_low", "change_high")
_OF_BASELINE = ("estimate", "low", "high")
_SHARES = (*_OWN, *(f"baseline_{name}" for name in _OF_BASELINE), *(f"second_{name}" for name in _OWN))


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


def withheld_outcomes(
    counts: Mapping[str, Sequence[float]], asked: Mapping[str, Collection[str]], limit: int = 5
) -> set[str]:
    """Which of the tables of counts over the same cases must be withheld whole.

    `asked` are the questions that each rests on. Where two rest on one question, the one's counts tell of
    the other's: all that shares a question with a count to withhold is withheld.

    >>> sorted(withheld_outcomes({"worst": [6, 12, 2], "all": [14, 6]}, {"worst": ["K"], "all": ["K"]}))
    ['all', 'worst']
    """
    small = [name for name, listed in counts.items() if withheld(listed, limit).any()]
    return {name for name in counts if any(set(asked[name]) & set(asked[other]) for other in small)}


def publish(
    table: pd.DataFrame, themes: Mapping[str, str], limit: int = 5, whole: Collection[str] = ()
) -> pd.DataFrame:
    """Rows of a compliance table as they may be published, with the column `withheld` (bool).

    Withheld rows have no figure; the others have shares in whole per cent and no counts but `n_reviewed` and
    `n_relevant`. Themes and `*` have no count where a question below them is withheld. In the units read
    `whole` 0 or 100 % would tell of every child, and is withheld.

    >>> rows = pd.DataFrame({"question": ["A", "B", "theme:t"], "domain": "all", "n_reviewed": 20,
    ...                      "n_relevant": [3, 16, 19], "estimate": [1.0, 0.8754, 0.8947]})
    >>> publish(rows, {"A": "t", "B": "t"})[["n_relevant", "estimate", "withheld"]].values.tolist()
    [[nan, nan, True], [16.0, 0.88, False], [nan, 0.89, False]]
    """
    rows = table.copy()
    rows["n_relevant"] = rows["n_relevant"].astype(float)
    rows["withheld"] = (rows["n_relevant"] > 0) & (rows["n_relevant"] < limit)
    units = rows["domain"] != ALL_CASES
    alike = rows["estimate"].isin([0.0, 1.0]) & rows["domain"].isin([f"unit={unit}" for unit in whole])
    for _, same in rows[units].groupby("question", sort=False):
        rows.loc[same.index, "withheld"] = withheld(same["n_relevant"].to_numpy(float), limit)
    rows["withheld"] |= alike
    for name in _SHARES:
        if name in rows:
            rows[name] = [round_half_up(share, 2) for share in rows[name].astype(float)]
    for name in _REVEALING:
        if name in rows:
            rows[name] = np.nan
    for _, same in rows.groupby("domain", sort=False):
        hidden = {str(question) for question in same.loc[same["withheld"], "question"]}
        steps = {THEME + themes[question] for question in hidden if question in themes}
        below = same["question"].isin(steps) | ((same["question"] == ALL_QUESTIONS) & bool(hidden))
        rows.loc[same.index[below], "n_relevant"] = np.nan
    shown = [name for name in _SHARES if name in rows]
    rows.loc[rows["withheld"], ["n_relevant", *shown]] = np.nan
    if "verdict" in rows:
        rows.loc[rows["withheld"], ["verdict", "verdict_reason", "confirmed"]] = None
    for side, change in (("baseline_", ""), ("second_", "second_")):
        if f"{side}n_relevant" in rows:
            thin = rows[f"{side}n_relevant"] < limit
            names = [f"{side}{name}" for name in _OF_BASELINE] + [f"{change}{name}" for name in _OWN[3:]]
            rows.loc[thin, names] = np.nan
    return rows
