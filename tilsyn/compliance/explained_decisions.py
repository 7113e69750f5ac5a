"""Who or what decided the answers of a row: the reader, the head, the dates of a limit, or a link."""

from __future__ import annotations

from typing import Any

from tilsyn.compliance.tally import Scheme, legal_answers
from tilsyn.reviews.sample import ReviewedSample


def decided(sample: ReviewedSample, row: str) -> list[dict[str, Any]]:
    """How often each thing decided an answer of a row's questions: question, why, by, answer, n.

    `why` is that of `Outcome` ("" for the reader), `by` the name of the date or the link that decided.
    Nothing where the answers do not say, as those of 0.1.

    >>> import pandas as pd
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["nej", "nej"],
    ...                         "why": ["dates", "dates"], "by": ["modtaget", "modtaget"]})
    >>> decided(ReviewedSample(pd.DataFrame({"case_id": ["1", "2"]}), pd.DataFrame(), answers), "Q1")
    [{'question': 'Q1', 'why': 'dates', 'by': 'modtaget', 'answer': 'nej', 'n': 2}]
    """
    answers = legal_answers(sample.answers)
    if "why" not in answers or not answers["why"].any():
        return []
    mine = answers[answers["question"].isin(Scheme.of(sample).members(row))]
    columns = ["question", "why", "by", "answer"]
    counted = mine.groupby(columns, sort=True).size().reset_index(name="n")
    return [
        {**{name: str(value) for name, value in zip(columns, values, strict=True)}, "n": int(n)}
        for *values, n in counted[[*columns, "n"]].itertuples(index=False)
    ]
