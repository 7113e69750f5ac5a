"""What was drawn but not reviewed, and what it could change.

Nothing is imputed. The two extremes say how far the missing cases could move a percentage: all of them
relevant and compliant, or all relevant and none compliant. Where a conclusion stands or falls with them,
that is said.

References
----------
Särndal, C.-E., Swensson, B. and Wretman, J. (1992). Model Assisted Survey Sampling, chapter 15.
Manski, C. F. (2003). Partial Identification of Probability Distributions, chapter 1 (the two extremes).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tilsyn.statistics.change import NO_SURE_CHANGE, Adjustment, adjust, difference_p_value, verdicts
from tilsyn.statistics.counts import Counts, ratio, weights
from tilsyn.statistics.intervals import Floats
from tilsyn.statistics.levels import Levels, levels

# Reviewing is uneven when a unit's share of its drawn cases is below this part of the best unit's share.
UNEVEN_BELOW = 0.5


@dataclass(frozen=True)
class Extremes:
    """Levels with the missing cases counted relevant: none compliant (`worst`), all compliant (`best`).

    `missing` is how many there are per row, in cases.
    """

    worst: Levels
    best: Levels
    missing: Floats


def reviewed_table(strata: pd.DataFrame, reviewed: pd.Series[int]) -> pd.DataFrame:
    """Drawn, reviewed and missing cases per unit, with a flag where reviewing was very uneven.

    Parameters
    ----------
    strata : DataFrame
        `stratum`, `unit`, `population_size`, `sample_size` (drawn; cases).
    reviewed : Series
        Reviewed cases, indexed by stratum; a stratum that is not there has none.

    Returns
    -------
    DataFrame
        `unit`, `population_size`, `drawn`, `reviewed`, `missing`, `share` (reviewed of drawn, nan when none
        was drawn), `uneven` (bool), in the order of the strata.

    Examples
    --------
    >>> strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [500, 600],
    ...                        "sample_size": [20, 20]})
    >>> found = reviewed_table(strata, pd.Series({"A": 20, "B": 4}))
    >>> found["missing"].tolist(), found["uneven"].tolist()
    ([0, 16], [False, True])
    """
    here = strata["stratum"].map(reviewed).fillna(0).astype(int)
    drawn = np.maximum(strata["sample_size"].fillna(0).astype(int), here)
    table = pd.DataFrame(
        {
            "unit": strata["unit"].astype(str),
            "population_size": strata["population_size"].astype(int),
            "drawn": drawn,
            "reviewed": here,
        }
    )
    table = table.groupby("unit", sort=False, as_index=False).sum()
    table["missing"] = table["drawn"] - table["reviewed"]
    table["share"] = table["reviewed"] / table["drawn"]
    best = table["share"].max()
    table["uneven"] = (table["reviewed"] > 0) & (table["share"] < UNEVEN_BELOW * best)
    return table


def extremes(counts: Counts, missing: Floats, confidence: float = 0.95) -> Extremes:
    """Levels of rows if the missing cases had all been relevant: none, or all, compliant.

    Parameters
    ----------
    counts : Counts
    missing : ndarray
        Cases per stratum that were drawn and not read: not reviewed in time, or replaced though they belong
        to the population. No more of them count than a stratum has unread cases.
    confidence : float
        Confidence level in (0, 1).

    Returns
    -------
    Extremes
        In a pooled row a missing case has r̄ relevant answers, the weighted mean of those read.

    References
    ----------
    Manski (2003).

    Examples
    --------
    >>> counts = Counts.of_question([500, 600], [20, 10], [20, 10], [18, 9])
    >>> found = extremes(counts, np.array([0.0, 10.0]))
    >>> round(float(found.worst.estimate), 4), round(float(found.best.estimate), 4)
    (0.6545, 0.9273)
    """
    missing = np.minimum(missing, counts.population_size - counts.sample_size)
    each = _answers_each(counts)[..., np.newaxis]
    worst = replace(
        counts,
        sample_size=counts.sample_size + missing,
        relevant=counts.relevant + missing * each,
        relevant_cases=counts.relevant_cases + missing,
        relevant_squared=counts.relevant_squared + missing * each**2,
        answered=_with_missing(counts, missing, each, compliant=False),
    )
    best = replace(
        worst,
        compliant=counts.compliant + missing * each,
        relevant_compliant=counts.relevant_compliant + missing * each**2,
        compliant_squared=counts.compliant_squared + missing * each**2,
        answered=_with_missing(counts, missing, each, compliant=True),
    )
    return Extremes(levels(worst, confidence), levels(best, confidence), missing.sum(axis=-1))


def _answers_each(counts: Counts) -> Floats:
    # r̄ of a pooled row, one answer in any other; nothing where no case has one.
    w = weights(counts)
    mean = ratio((w * counts.relevant_squared).sum(axis=-1), (w * counts.relevant).sum(axis=-1), empty=0.0)
    return np.where(counts.pooled, mean, 1.0)


def _with_missing(counts: Counts, missing: Floats, each: Floats, compliant: bool) -> NDArray[np.object_]:
    result = counts.answered.copy()
    for at in counts.pooled_rows:
        answers = float(each[at][0])
        if answers > 0:
            result[at] = result[at].with_missing(missing[at], answers, answers if compliant else 0.0)
    return result


def conclusions(
    table: pd.DataFrame, found: Extremes, adjustment: Adjustment = "benjamini-hochberg"
) -> pd.DataFrame:
    """Whether what a row says would stand if the missing cases had all gone one way.

    Parameters
    ----------
    table : DataFrame
        The rows that `found` was computed for: `question`, `estimate`, `low`, `high`, `verdict`,
        `p_adjusted`, `baseline_estimate`, `baseline_n_eff`.
    found : Extremes
        The two extremes of the same rows.
    adjustment : str
        As in `change.adjust`; the family is the rows with an adjusted p-value. One of them without a verdict
        had too few cases for one.

    Returns
    -------
    DataFrame
        `question`, `missing`, `estimate`, `worst`, `best` (shares), `verdict`, `verdict_worst`,
        `verdict_best`, `depends` (bool): another verdict at an extreme, or, where there is no verdict, an
        extreme outside the interval.

    References
    ----------
    Manski (2003).

    Examples
    --------
    >>> rows = pd.DataFrame({"question": ["Q1"], "estimate": [0.9], "low": [0.7], "high": [0.99],
    ...     "verdict": [None], "p_adjusted": [np.nan], "baseline_estimate": [np.nan],
    ...     "baseline_n_eff": [np.nan]})
    >>> counts = Counts.of_question([[500, 600]], [[20, 10]], [[20, 10]], [[18, 9]])
    >>> bool(conclusions(rows, extremes(counts, np.array([0.0, 10.0])))["depends"].iloc[0])
    True
    """
    family = table["p_adjusted"].notna().to_numpy()
    result = pd.DataFrame(
        {
            "question": table["question"].to_numpy(),
            "missing": found.missing.astype(int),
            "estimate": table["estimate"].to_numpy(dtype=float),
            "worst": found.worst.estimate,
            "best": found.best.estimate,
            "verdict": pd.Series(table["verdict"].tolist(), dtype=object),
        }
    )
    silent = family & table["verdict"].isna().to_numpy()
    differs = np.zeros(len(table), dtype=bool)
    for name, side in (("worst", found.worst), ("best", found.best)):
        p = np.full(len(table), np.nan)
        before = table.loc[family, ["baseline_estimate", "baseline_n_eff"]].to_numpy(dtype=float)
        p[family] = difference_p_value(
            side.estimate[family], side.n_eff_practice[family], before[:, 0], before[:, 1]
        )
        change = side.estimate - table["baseline_estimate"].to_numpy(dtype=float)
        verdict = verdicts(adjust(p, adjustment), change)
        # A row that could not have seen anything says no more at an extreme.
        verdict = [
            None if says_nothing and found_there == NO_SURE_CHANGE else found_there
            for says_nothing, found_there in zip(silent, verdict, strict=True)
        ]
        result[f"verdict_{name}"] = pd.Series(verdict, dtype=object)
        other = [new != old for new, old in zip(verdict, result["verdict"], strict=True)]
        differs |= family & np.asarray(other, dtype=bool)
    outside = (found.worst.estimate < table["low"].to_numpy(dtype=float)) | (
        found.best.estimate > table["high"].to_numpy(dtype=float)
    )
    result["depends"] = (found.missing > 0) & np.where(family, differs, outside)
    return result
