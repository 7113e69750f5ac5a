"""The compliance table: level, baseline, change and verdict of every question and domain.

The core of `tilsyn compliance` and of the report's result sheets. Each row says what it leaves out and what
limits it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tilsyn.base.which import Which
from tilsyn.compliance import corrections, grades, other_questions, remarks
from tilsyn.compliance.baseline import Baseline, compare
from tilsyn.compliance.chosen import without_limits
from tilsyn.compliance.judgement import confirmed, judged
from tilsyn.compliance.method import USUAL, Method
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.replacement_reasons import still_missing
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import levels, practice_limits
from tilsyn.statistics.nonresponse import conclusions, extremes, reviewed_table
from tilsyn.statistics.pooled import many_answers

# The keys of a row in the JSON contract, in their order.
ROW_KEYS = (
    "question", "domain", "n_reviewed", "n_relevant", "n_compliant", "n_lawful", "estimate", "unweighted",
    "standard_error", "low", "high", "baseline_estimate", "baseline_low", "baseline_high", "change",
    "change_low", "change_high", "p_value", "p_adjusted", "verdict", "comparable",
    "detectable", "verdict_reason", "confirmed",
)  # fmt: skip


def compliance_table(
    sample: ReviewedSample,
    by: Sequence[str] = (),
    method: Method = USUAL,
    *,
    baseline: Baseline | None = None,
    second: Baseline | None = None,
    previous: ReviewedSample | None = None,
) -> pd.DataFrame:
    """The compliance table of one level and period, of finished cases.

    A row per question, theme, `*` and `uden_fejl`, over all cases and for each value of the columns `by`. Its
    columns are `ROW_KEYS` (shares in [0, 1], nan or None where there is none) and n_cases (with a relevant
    answer), n_eff, n_eff_practice, baseline_n_relevant, baseline_n_cases, baseline_n_eff, few (bool),
    very_uncertain (bool), many_answers (bool: of one case, in a pooled row), note and public_note (text in
    the language in use). Verdicts come from `baseline`; `second` adds columns second_*; `previous` is the
    round before, whose verdicts against the same baseline confirm this one's. Tables that do not fit together
    are a ValueError.

    >>> cases = pd.DataFrame({"case_id": list("abcdef"), "stratum": list("AAABBB"), "unit": list("AAABBB")})
    >>> strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [30, 60]})
    >>> answers = pd.DataFrame({"case_id": list("abcdef"), "question": "Q1",
    ...                         "answer": ["ja", "nej", "ja", "ja", "ja", "ikke relevant"]})
    >>> rows = compliance_table(ReviewedSample(cases, strata, answers), ["unit"])
    >>> rows.loc[rows["question"] == "Q1", ["domain", "n_relevant", "estimate"]].round(4).values.tolist()
    [['all', 5, 0.8571], ['unit=A', 3, 0.6667], ['unit=B', 2, 1.0]]
    """
    scheme = Scheme.of(sample)
    counted = tally(sample, scheme, by)
    found = levels(counted.counts, method.confidence)
    rows = counted.rows.copy()
    rows["n_relevant"] = found.n_relevant.astype(int)
    rows["n_compliant"] = found.n_compliant.astype(int)
    rows["n_cases"] = found.n_cases.astype(int)
    for name in ("estimate", "unweighted", "standard_error", "low", "high", "n_eff", "n_eff_practice"):
        rows[name] = getattr(found, name)
    rows = without_limits(rows, sample)
    rows["pooled"] = counted.counts.pooled
    rows["practice_low"], rows["practice_high"] = np.nan, np.nan
    if baseline is not None:
        rows["practice_low"], rows["practice_high"] = practice_limits(
            counted.counts, found, method.confidence
        )
    regimes = sample.regimes
    rows = compare(rows, "baseline_", "", baseline, scheme, regimes, by, method.confidence)
    rows = judged(rows, scheme.legal, method)
    before = None
    if previous is not None:
        # The same questions and the same baseline, one round earlier.
        earlier = compliance_table(previous.with_later_ids(scheme.earlier), (), method, baseline=baseline)
        before = dict(zip(earlier["question"], earlier["verdict"], strict=True))
    rows["confirmed"] = pd.Series(confirmed(rows, before), dtype=object, index=rows.index)
    extra = [
        "n_cases",
        "n_eff",
        "n_eff_practice",
        "baseline_n_relevant",
        "baseline_n_cases",
        "baseline_n_eff",
    ]
    if second is not None:
        rows = compare(rows, "second_", "second_", second, scheme, regimes, by, method.confidence)
        extra += [name for name in rows.columns if name.startswith("second_")]
    # Answers of one case are never independent: a pooled row is as large as its cases.
    rows["few"] = rows["n_cases"] < method.few
    rows["many_answers"] = many_answers(counted.counts)
    rows["very_uncertain"] = (rows["high"] - rows["low"]) > method.wide
    rows["note"] = remarks.notes(rows, counted, found, sample)
    rows["public_note"] = remarks.notes(rows, counted, found, sample, public=True)
    return rows[[*ROW_KEYS, *extra, "few", "very_uncertain", "many_answers", "note", "public_note"]]


@dataclass(frozen=True)
class Analysis:
    """All that is known of a level and period.

    `rows` as `compliance_table`; `grades` and `outcomes` as `grades.table`; `others` as
    `other_questions.table`; `units` as `nonresponse.reviewed_table`; `missing` as
    `what_missing_cases_could_change`; `corrected` as `corrections.table`, of `reread_level`, empty where no
    level was; `sentences` what the missing cases could change, in the language in use.
    """

    rows: pd.DataFrame
    grades: pd.DataFrame
    others: pd.DataFrame
    outcomes: pd.DataFrame
    units: pd.DataFrame
    missing: pd.DataFrame
    corrected: pd.DataFrame
    reread_level: Which | None
    sentences: list[str]


def analyse(
    sample: ReviewedSample,
    by: Sequence[str] = (),
    method: Method = USUAL,
    *,
    baseline: Baseline | None = None,
    second: Baseline | None = None,
    first_reading: ReviewedSample | None = None,
    previous: ReviewedSample | None = None,
) -> Analysis:
    """The compliance table and all that stands beside it; the strata have `sample_size`, the cases drawn.

    `first_reading` is the level's whose cases `sample` re-read: it gives the corrected percentages.
    `previous` is the round before.

    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": "A", "population_size": [90], "sample_size": [3]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["ja", "nej"]})
    >>> found = analyse(ReviewedSample(cases, strata, answers))
    >>> found.units[["drawn", "reviewed", "missing"]].values.tolist()
    [[3, 2, 1]]
    """
    rows = compliance_table(sample, by, method, baseline=baseline, second=second, previous=previous)
    units = reviewed_table(sample.strata, sample.cases["stratum"].value_counts())
    missing = what_missing_cases_could_change(sample, rows, method)
    return Analysis(
        rows=rows,
        grades=grades.table(sample, by, method.confidence),
        others=other_questions.table(sample, by, method.confidence, method.few),
        outcomes=grades.outcome_table(sample, by, method.confidence),
        units=units,
        missing=missing,
        corrected=corrections.table(first_reading, sample, method.confidence),
        reread_level=first_reading.level if first_reading is not None else None,
        sentences=[*remarks.on_replaced(sample.replacements), *remarks.on_missing(units, missing)],
    )


def what_missing_cases_could_change(
    sample: ReviewedSample, rows: pd.DataFrame, method: Method = USUAL
) -> pd.DataFrame:
    """The two extremes of every row over all cases, and whether its conclusion depends on them.

    `rows` is what `compliance_table` gave for the same sample. The columns are those of
    `nonresponse.conclusions`; no rows when nothing is missing. A replaced case stays missing, unless the
    reason puts it outside the population.

    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": "A", "population_size": [90], "sample_size": [3]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["ja", "nej"]})
    >>> sample = ReviewedSample(cases, strata, answers)
    >>> found = what_missing_cases_could_change(sample, compliance_table(sample))
    >>> found[["question", "missing", "worst", "best"]].round(3).values.tolist()
    [['Q1', 1, 0.333, 0.667], ['*', 1, 0.333, 0.667], ['uden_fejl', 1, 0.333, 0.667]]
    """
    counted = tally(sample, Scheme.of(sample))
    drawn = sample.strata["sample_size"].to_numpy(dtype=float)
    cases = sample.cases["stratum"].value_counts()
    read = sample.strata["stratum"].map(cases).fillna(0).to_numpy(dtype=float)
    replaced = still_missing(sample.replacements).groupby("stratum").size()
    lost = sample.strata["stratum"].map(replaced).fillna(0).to_numpy(dtype=float)
    found = extremes(counted.counts, np.maximum(drawn - read, 0.0) + lost, method.confidence)
    same = rows[(rows["domain"] == ALL_CASES).to_numpy()].reset_index(drop=True)
    result = conclusions(same, found, method.adjustment)
    return result[result["missing"] > 0].reset_index(drop=True)


def records(rows: pd.DataFrame, keys: Sequence[str] = ROW_KEYS) -> list[dict[str, Any]]:
    """Rows as plain data: counts as whole numbers, None where there is no (finite) figure.

    >>> records(pd.DataFrame({"n": [3], "estimate": [float("nan")]}), ["n", "estimate"])
    [{'n': 3, 'estimate': None}]
    >>> records(pd.DataFrame({"n": [3], "n_eff": [float("inf")]}), ["n", "n_eff"])
    [{'n': 3, 'n_eff': None}]
    """
    # A census has an infinite n_eff, which JSON has no word for.
    there = rows.notna() & ~rows.isin([np.inf, -np.inf])
    columns = [rows[key].astype(object).where(there[key], None).tolist() for key in keys]
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]
