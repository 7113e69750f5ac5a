"""Documentation and local questions: their share of yes, never mixed into the compliance percentage."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tilsyn.compliance.shares import shares
from tilsyn.compliance.tally import Scheme
from tilsyn.questions.answers import LAWFUL_NO, NO
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample

COLUMNS = (
    "question", "kind", "domain", "n_relevant", "n_yes", "estimate", "standard_error", "low", "high", "few",
)  # fmt: skip


def table(
    sample: ReviewedSample, by: Sequence[str] = (), confidence: float = 0.95, few: int = 0
) -> pd.DataFrame:
    """Weighted shares of yes, by the estimator of the compliance table, of answers that are no legal ones.

    Columns `COLUMNS`: `kind` is documentation or local, "" where no question set says it; `few` whether fewer
    cases than `few` answered. No rows where all questions are legal or graded.

    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [10]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "D1", "answer": ["ja", "nej"]})
    >>> sample = ReviewedSample(cases, strata, answers.assign(legal=False))
    >>> table(sample)[["question", "n_yes", "estimate"]].values.tolist()
    [['D1', 1, 0.5]]
    """
    answers = sample.answers
    if "legal" not in answers:
        return pd.DataFrame(columns=list(COLUMNS))
    said = answers[~answers["legal"].astype(bool) & ~answers["question"].isin(Scheme.of(sample).graded)]
    kinds = _kinds(sample, said)
    if not kinds:
        return pd.DataFrame(columns=list(COLUMNS))
    # A lawful reason is an answer to a law.
    plain = said.assign(answer=said["answer"].replace({LAWFUL_NO: NO}))
    found = shares(sample, tuple(kinds), plain, by, confidence)
    rows = found.rename(columns={"n": "n_yes", "share": "estimate"})
    rows = rows.assign(kind=rows["question"].map(kinds), few=rows["n_relevant"] < few)
    return rows[list(COLUMNS)]


def _kinds(sample: ReviewedSample, said: pd.DataFrame) -> dict[str, str]:
    """Return the questions answered, in their order, and what each is where it is no legal one."""
    asked = dict.fromkeys(said["question"].astype(str))
    if not isinstance(sample.questions, QuestionSet):
        return dict.fromkeys(asked, "")
    return {
        question.question_id: row.kind
        for question in sample.questions.questions
        if question.question_id in asked
        for row in (question.versions or (question,))
        if row.kind != "legal"
    }
