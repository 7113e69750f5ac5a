"""The compliance table: level, baseline, change and verdict of every question and domain.

The core of `tilsyn compliance` and of the report's result sheets. Levels come from `estimation`, changes and
verdicts from `comparison`; here they meet, and each row says what it leaves out and what limits it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tilsyn.compliance import corrections, grades, remarks
from tilsyn.compliance.baseline import compare
from tilsyn.compliance.sample import Round, regimes_of
from tilsyn.compliance.tally import ALL, Scheme, tally
from tilsyn.questions.question_set import QuestionSet
from tilsyn.statistics.change import Adjustment, adjust, verdicts
from tilsyn.statistics.levels import Counts, levels
from tilsyn.statistics.nonresponse import conclusions, extremes, reviewed_table

# The keys of a row in the JSON contract, in their order.
ROW_KEYS = (
    "question", "domain", "n_reviewed", "n_relevant", "n_compliant", "estimate", "unweighted",
    "standard_error", "low", "high", "baseline_estimate", "baseline_low", "baseline_high", "change",
    "change_low", "change_high", "p_value", "p_adjusted", "verdict", "comparable",
)  # fmt: skip

# A question is judged only with this many relevant answers on both sides.
FAMILY_MINIMUM = 5
# Under this many relevant answers a table shows counts; over this width it marks the interval.
FEW = 5
WIDE = 0.30

METHOD = (
    "weighted ratio in a domain of a stratified sample; Korn-Graubard beta interval on n_eff; change by "
    "Miettinen-Nurminen on n_eff without the finite population; verdict by {adjustment}"
)


def compliance_table(
    cases: pd.DataFrame,
    strata: pd.DataFrame,
    answers: pd.DataFrame,
    questions: QuestionSet | Mapping[str, str] | None = None,
    by: Sequence[str] = (),
    *,
    confidence: float = 0.95,
    baseline: Round | pd.DataFrame | None = None,
    second: Round | pd.DataFrame | None = None,
    adjustment: Adjustment = "benjamini-hochberg",
    few: int = FEW,
    wide: float = WIDE,
    name_strata: bool = True,
) -> pd.DataFrame:
    """The compliance table of one level and period.

    Parameters
    ----------
    cases : DataFrame
        Reviewed cases: `case_id`, `stratum`, `unit`, a column per name in `by`, and `regime` (the law of the
        act reviewed) where it is known.
    strata : DataFrame
        `stratum`, `unit`, `population_size` (N_h, cases of the frame).
    answers : DataFrame
        `case_id`, `question`, `answer` (canonical).
    questions : QuestionSet or mapping of question id to theme, optional
        Order, kinds and themes; without one, the questions answered, in order of appearance.
    by : sequence of str
        Columns whose values are domains; the rows of all cases are always there.
    confidence : float
        Confidence level of the intervals, in (0, 1). Verdicts do not depend on it.
    baseline, second : Round or DataFrame, optional
        What to compare with: a round, or published counts (`question`, `n_relevant`, `n_compliant`). Verdicts
        come from `baseline`; `second` adds columns `second_*`.
    adjustment : {"benjamini-hochberg", "holm"}
        How the p-values of the family are adjusted.
    few, wide : int, float
        Limits under which a percentage is not shown in tables, and over which it is marked.
    name_strata : bool
        False at level 1, where a stratum is a caseworker and is counted, never named.

    Returns
    -------
    DataFrame
        A row per question, theme, `*` and `uden_fejl` and domain: the columns `ROW_KEYS` (shares in [0, 1],
        nan or None where there is none) and `n_eff`, `n_eff_practice`, `baseline_n_relevant`,
        `baseline_n_eff`, `few` (bool), `very_uncertain` (bool), `note` (text in the language in use).

    Raises
    ------
    ValueError
        When the three tables do not fit together.

    References
    ----------
    Särndal, Swensson and Wretman (1992), section 5.8; Miettinen and Nurminen (1985); Benjamini and Hochberg
    (1995).

    Examples
    --------
    >>> cases = pd.DataFrame({"case_id": list("abcdef"), "stratum": list("AAABBB"), "unit": list("AAABBB")})
    >>> strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [30, 60]})
    >>> answers = pd.DataFrame({"case_id": list("abcdef"), "question": "Q1",
    ...                         "answer": ["ja", "nej", "ja", "ja", "ja", "ikke relevant"]})
    >>> rows = compliance_table(cases, strata, answers, by=["unit"])
    >>> rows.loc[rows["question"] == "Q1", ["domain", "n_relevant", "estimate"]].round(4).values.tolist()
    [['all', 5, 0.8571], ['unit=A', 3, 0.6667], ['unit=B', 2, 1.0]]
    """
    scheme = Scheme.of(questions, answers)
    counted = tally(cases, strata, answers, scheme, by)
    found = levels(counted.counts, confidence)
    rows = counted.rows.copy()
    rows["n_relevant"] = found.n_relevant.astype(int)
    rows["n_compliant"] = found.n_compliant.astype(int)
    for name in ("estimate", "unweighted", "standard_error", "low", "high", "n_eff", "n_eff_practice"):
        rows[name] = getattr(found, name)
    regimes = regimes_of(cases, answers)
    rows = compare(rows, "baseline_", "", baseline, scheme, regimes, by, confidence)
    family = (
        rows["question"].isin(scheme.legal)
        & (rows["domain"] == ALL)
        & (rows["n_relevant"] >= FAMILY_MINIMUM)
        & (rows["baseline_n_relevant"] >= FAMILY_MINIMUM)
    ).to_numpy()
    rows["p_adjusted"] = adjust(np.where(family, rows["p_value"].to_numpy(dtype=float), np.nan), adjustment)
    judged = verdicts(rows["p_adjusted"].to_numpy(), rows["change"].to_numpy(dtype=float))
    rows["verdict"] = pd.Series(judged, dtype=object)
    extra = ["n_eff", "n_eff_practice", "baseline_n_relevant", "baseline_n_eff"]
    if second is not None:
        rows = compare(rows, "second_", "second_", second, scheme, regimes, by, confidence)
        extra += [name for name in rows.columns if name.startswith("second_")]
    rows["few"] = rows["n_relevant"] < few
    rows["very_uncertain"] = (rows["high"] - rows["low"]) > wide
    rows["note"] = remarks.notes(rows, counted, found, name_strata)
    return rows[[*ROW_KEYS, *extra, "few", "very_uncertain", "note"]]


@dataclass(frozen=True)
class Analysis:
    """All that is known of a level and period.

    `rows` as `table`; `grades` as `grades.table`; `units` as `nonresponse.reviewed_table`; `missing` as
    `what_missing_cases_could_change`; `corrected` as `corrections.table`, empty below level 3; `sentences`
    what the missing cases could change, in the language in use.
    """

    rows: pd.DataFrame
    grades: pd.DataFrame
    units: pd.DataFrame
    missing: pd.DataFrame
    corrected: pd.DataFrame
    sentences: list[str]


def analyse(
    now: Round,
    by: Sequence[str] = (),
    *,
    confidence: float = 0.95,
    baseline: Round | pd.DataFrame | None = None,
    second: Round | pd.DataFrame | None = None,
    first_reading: Round | None = None,
    blind: bool = True,
    adjustment: Adjustment = "benjamini-hochberg",
    few: int = FEW,
    wide: float = WIDE,
    name_strata: bool = True,
) -> Analysis:
    """The compliance table and all that stands beside it.

    Parameters
    ----------
    now : Round
        The reviews; its strata with `sample_size`, the cases drawn.
    by, confidence, baseline, second, adjustment, few, wide, name_strata
        As in `table`.
    first_reading : Round, optional
        Level 2, where `now` re-read it: gives the corrected percentages.
    blind : bool
        Whether the re-readers did not see the first answers.

    Returns
    -------
    Analysis

    Raises
    ------
    ValueError
        When tables do not fit together.

    References
    ----------
    As `table`, `nonresponse` and `two_phase`.

    Examples
    --------
    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": "A", "population_size": [90], "sample_size": [3]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["ja", "nej"]})
    >>> analyse(Round(cases, strata, answers)).units[["drawn", "reviewed", "missing"]].values.tolist()
    [[3, 2, 1]]
    """
    tables = (now.cases, now.strata, now.answers)
    rows = compliance_table(
        *tables,
        now.questions,
        by,
        confidence=confidence,
        baseline=baseline,
        second=second,
        adjustment=adjustment,
        few=few,
        wide=wide,
        name_strata=name_strata,
    )
    units = reviewed_table(now.strata, now.cases["stratum"].value_counts())
    missing = what_missing_cases_could_change(
        *tables, rows, now.questions, confidence=confidence, adjustment=adjustment
    )
    return Analysis(
        rows=rows,
        grades=grades.table(*tables, now.questions, by, confidence=confidence),
        units=units,
        missing=missing,
        corrected=(
            corrections.table(first_reading, now, confidence, blind=blind)
            if first_reading is not None
            else pd.DataFrame(columns=list(corrections.COLUMNS))
        ),
        sentences=remarks.on_missing(units, missing),
    )


def what_missing_cases_could_change(
    cases: pd.DataFrame,
    strata: pd.DataFrame,
    answers: pd.DataFrame,
    rows: pd.DataFrame,
    questions: QuestionSet | Mapping[str, str] | None = None,
    *,
    confidence: float = 0.95,
    adjustment: Adjustment = "benjamini-hochberg",
) -> pd.DataFrame:
    """The two extremes of every question over all cases, and whether its conclusion depends on them.

    Parameters
    ----------
    cases, strata, answers, questions, confidence, adjustment
        As in `table`; `strata` with `sample_size`, the cases drawn.
    rows : DataFrame
        What `table` gave for the same input.

    Returns
    -------
    DataFrame
        As `nonresponse.conclusions`, for the legal questions and `uden_fejl`; empty when nothing is missing.

    Raises
    ------
    ValueError
        When the three tables do not fit together.

    References
    ----------
    Manski, C. F. (2003). Partial Identification of Probability Distributions.

    Examples
    --------
    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": "A", "population_size": [90], "sample_size": [3]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["ja", "nej"]})
    >>> rows = compliance_table(cases, strata, answers)
    >>> found = what_missing_cases_could_change(cases, strata, answers, rows)
    >>> found[["question", "missing", "worst", "best"]].round(3).values.tolist()
    [['Q1', 1, 0.333, 0.667], ['uden_fejl', 1, 0.333, 0.667]]
    """
    counted = tally(cases, strata, answers, Scheme.of(questions, answers))
    keep = ~counted.counts.index
    counts = Counts(*(getattr(counted.counts, name)[keep] for name in Counts.__dataclass_fields__))
    found = extremes(counts, strata["sample_size"].to_numpy(dtype=float), confidence)
    same = rows[(rows["domain"] == ALL).to_numpy()].reset_index(drop=True)
    result = conclusions(same[keep].reset_index(drop=True), found, adjustment)
    return result[result["missing"] > 0].reset_index(drop=True)


def records(rows: pd.DataFrame, keys: Sequence[str] = ROW_KEYS) -> list[dict[str, Any]]:
    """Rows as plain data: counts as whole numbers, None where there is no (finite) figure.

    Parameters
    ----------
    rows : DataFrame
        As `table` gives them.
    keys : sequence of str
        The columns wanted, in order.

    Returns
    -------
    list of dict

    Raises
    ------
    KeyError
        When a column is not there.

    References
    ----------
    The JSON contract `tilsyn/compliance/1`.

    Examples
    --------
    >>> records(pd.DataFrame({"n": [3], "estimate": [float("nan")]}), ["n", "estimate"])
    [{'n': 3, 'estimate': None}]
    >>> records(pd.DataFrame({"n": [3], "n_eff": [float("inf")]}), ["n", "n_eff"])
    [{'n': 3, 'n_eff': None}]
    """
    # A census has an infinite n_eff, which JSON has no word for.
    there = rows.notna() & ~rows.isin([np.inf, -np.inf])
    columns = [rows[key].astype(object).where(there[key], None).tolist() for key in keys]
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]
