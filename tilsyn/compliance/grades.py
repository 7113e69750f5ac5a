"""Thematic questions: weighted shares per grade, never mixed into the compliance percentage."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tilsyn.compliance.tally import GRADES, Scheme, Tally, tally_apart
from tilsyn.questions.answers import NO, NOT_RELEVANT, YES
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import levels


def table(sample: ReviewedSample, by: Sequence[str] = (), confidence: float = 0.95) -> pd.DataFrame:
    """Weighted shares per grade of the graded (thematic) questions, each grade a share of its own.

    Columns: question, domain, grade, n (cases with that grade), n_relevant, share, standard_error, low, high;
    no rows when no question is graded.

    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [10]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "T1", "answer": ["lav grad", "høj grad"]})
    >>> table(ReviewedSample(cases, strata, answers))[["grade", "n", "share"]].values.tolist()
    [['lav grad', 1, 0.5], ['nogen grad', 0, 0.0], ['høj grad', 1, 0.5]]
    """
    parts = []
    for grade, counted in _counted(sample, Scheme.of(sample), by):
        found = levels(counted.counts, confidence)
        parts.append(
            counted.rows[["question", "domain"]].assign(
                grade=grade,
                n=found.n_compliant.astype(int),
                n_relevant=found.n_relevant.astype(int),
                share=found.estimate,
                standard_error=found.standard_error,
                low=found.low,
                high=found.high,
            )
        )
    if not parts:
        columns = ["question", "domain", "grade", "n", "n_relevant", "share", "standard_error", "low", "high"]
        return pd.DataFrame(columns=columns)
    # The grades of a question stand together, in the order of the scale.
    together = pd.concat(parts).reset_index(names="row")
    return together.sort_values("row", kind="stable").drop(columns="row").reset_index(drop=True)


def _counted(sample: ReviewedSample, scheme: Scheme, by: Sequence[str]) -> list[tuple[str, Tally]]:
    # Grade by grade: in each, "compliant" means that grade.
    said = sample.answers[sample.answers["question"].isin(scheme.graded)]
    judged = np.where(said["answer"].isin(GRADES), NO, NOT_RELEVANT)
    result = []
    for grade in GRADES if scheme.graded else ():
        as_said = said.assign(answer=np.where(said["answer"] == grade, YES, judged))
        result.append((grade, tally_apart(sample, scheme.graded, as_said, by)))
    return result
