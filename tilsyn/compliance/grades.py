"""Thematic questions and outcomes of cases: weighted shares per grade, never mixed into the percentage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from tilsyn.compliance.outcomes import outcomes
from tilsyn.compliance.shares import shares
from tilsyn.compliance.tally import Scheme
from tilsyn.questions.answers import NO, NOT_RELEVANT, YES
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample

COLUMNS = ("question", "domain", "grade", "n", "n_relevant", "share", "standard_error", "low", "high")
Scales = Mapping[str, Sequence[str]]


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
    return _shares(sample, Scheme.of(sample).scales, by, confidence)


def outcome_table(sample: ReviewedSample, by: Sequence[str] = (), confidence: float = 0.95) -> pd.DataFrame:
    """Weighted shares of cases per outcome, by the rules of the question set; columns as `table`."""
    rules = sample.questions.outcomes if isinstance(sample.questions, QuestionSet) else ()
    scales = {rule.name: [value.name for value in rule.values] for rule in rules}
    return _shares(replace(sample, answers=outcomes(sample.answers, rules)), scales, by, confidence)


def _shares(sample: ReviewedSample, scales: Scales, by: Sequence[str], confidence: float) -> pd.DataFrame:
    parts = [pd.DataFrame(columns=list(COLUMNS))]
    for scale in dict.fromkeys(map(tuple, scales.values())):
        questions = tuple(question for question, grades in scales.items() if tuple(grades) == scale)
        said = sample.answers[sample.answers["question"].isin(questions)]
        # A grade of an earlier scale is relevant, and none of these.
        none = said["answer"].isna() | (said["answer"] == NOT_RELEVANT)
        judged = np.where(none, NOT_RELEVANT, NO)
        found = []
        for grade in scale:
            # In its turn, *ja* is that grade.
            as_said = said.assign(answer=np.where(said["answer"] == grade, YES, judged))
            found.append(shares(sample, questions, as_said, by, confidence).assign(grade=grade))
        # The grades of a question stand together, in the order of the scale.
        together = pd.concat(found).reset_index(names="row")
        parts.append(together.sort_values("row", kind="stable")[list(COLUMNS)])
    return pd.concat(parts[1:] or parts, ignore_index=True)
