"""Weighted shares of answers that enter no compliance percentage, by the estimator of those that do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from tilsyn.compliance.chosen import without_limits
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import levels


def shares(
    sample: ReviewedSample,
    questions: Sequence[str],
    said: pd.DataFrame,
    by: Sequence[str] = (),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """The share of *ja* among the relevant answers, a row per question and domain.

    `said` are the answers, in the words of a legal question. Columns: question, domain, n (*ja*), n_relevant,
    share, standard_error, low, high.

    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [10]})
    >>> said = pd.DataFrame({"case_id": ["1", "2"], "question": "D1", "answer": ["ja", "nej"]})
    >>> found = shares(ReviewedSample(cases, strata, said), ["D1"], said)
    >>> found[["n", "n_relevant", "share"]].values.tolist()
    [[1.0, 2.0, 0.5]]
    """
    as_legal = replace(sample, answers=said.assign(legal=True))
    counted = tally(as_legal, Scheme(tuple(questions), {}, {}, {}), by)
    asked = counted.rows["question"].isin(questions).to_numpy()
    found = levels(counted.counts.only(asked), confidence)
    rows = counted.rows.loc[asked, ["question", "domain"]].reset_index(drop=True)
    rows = rows.assign(
        n=found.n_compliant.astype(int),
        n_relevant=found.n_relevant.astype(int),
        share=found.estimate,
        standard_error=found.standard_error,
        low=found.low,
        high=found.high,
    )
    return without_limits(rows, sample)
