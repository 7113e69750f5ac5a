"""One side of a comparison: the reviewed cases of a round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tilsyn.questions.answers import NOT_RELEVANT
from tilsyn.questions.question_set import QuestionSet


@dataclass(frozen=True)
class Round:
    """One side of a comparison: reviewed cases, strata, answers, and the question set they answer."""

    cases: pd.DataFrame
    strata: pd.DataFrame
    answers: pd.DataFrame
    questions: QuestionSet | Mapping[str, str] | None = None


def regimes_of(cases: pd.DataFrame, answers: pd.DataFrame) -> dict[str, set[str]]:
    """Per question, the laws its relevant answers were given under; of all cases where it was never relevant.

    Parameters
    ----------
    cases : DataFrame
        `case_id` and, where it is known, `regime`.
    answers : DataFrame
        `case_id`, `question`, `answer`.

    Returns
    -------
    dict of str to set of str
        Empty where no regime is known.

    Examples
    --------
    >>> cases = pd.DataFrame({"case_id": ["1"], "regime": ["serviceloven"]})
    >>> regimes_of(cases, pd.DataFrame({"case_id": ["1"], "question": ["Q1"], "answer": ["ja"]}))
    {'Q1': {'serviceloven'}}
    """
    if "regime" not in cases.columns:
        return {}
    known = cases.loc[cases["regime"].notna(), ["case_id", "regime"]]
    everywhere = set(known["regime"].astype(str))
    found = {str(question): everywhere for question in answers["question"].unique()}
    relevant = answers[answers["answer"].notna() & (answers["answer"] != NOT_RELEVANT)].merge(
        known, on="case_id"
    )
    return found | {str(q): set(part["regime"].astype(str)) for q, part in relevant.groupby("question")}
