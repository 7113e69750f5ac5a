"""The corrected percentages of a re-reading: `two_phase` for every question of levels 3 and 4."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import Scheme, legal_answers, tally
from tilsyn.questions.answers import LAWFUL_NO, NO, YES
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.levels import levels
from tilsyn.statistics.two_phase import Corrected, corrected_share

COLUMNS = (
    "question", "estimate", "low", "high", "first_estimate", "first_n_eff", "ppv", "omission", "n_yes",
    "n_no", "relevance_differs", "failed",
)  # fmt: skip


@dataclass(frozen=True)
class Reread:
    """A question that was re-read.

    `strata` has per stratum `population_size` (N_h), `reread` (k_h) and the cases both found relevant, by the
    first answer and the re-reading's: `yes_yes`, `no_yes`, `yes_no`, `no_no`.
    """

    strata: pd.DataFrame
    relevance_differs: int
    corrected: Corrected


CELLS = ("yes_yes", "no_yes", "yes_no", "no_no")


def table(first: ReviewedSample | None, second: ReviewedSample, confidence: float = 0.95) -> pd.DataFrame:
    """Corrected percentage of each legal question, or what conditions fail; none without a first reading.

    A row per legal question of the re-reading with the columns `COLUMNS`: shares in [0, 1], nan when a
    condition fails; `failed` is a tuple of condition names, empty when all hold.

    >>> ids = [str(i) for i in range(8)]
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [100]})
    >>> def read(cases, answers):
    ...     table = pd.DataFrame({"case_id": cases, "stratum": "A", "unit": "A"})
    ...     said = pd.DataFrame({"case_id": cases, "question": "Q1", "answer": answers})
    ...     return ReviewedSample(table, strata, said)
    >>> first = read(ids, ["ja"] * 6 + ["nej"] * 2)
    >>> found = table(first, read(ids[2:7], ["ja", "ja", "ja", "nej", "nej"]))
    >>> found[["estimate", "ppv", "omission"]].values.tolist()
    [[0.5625, 0.75, 0.0]]
    """
    questions = {} if first is None else by_question(first, second, confidence)
    rows = [
        {"question": question, "relevance_differs": found.relevance_differs} | vars(found.corrected)
        for question, found in questions.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_question(first: ReviewedSample, second: ReviewedSample, confidence: float = 0.95) -> dict[str, Reread]:
    """Each legal question of the re-reading with what its corrected percentage is made of.

    `first` is level 2's, all its finished cases; `second` re-read a random part of them.
    """
    scheme = Scheme.of(second)
    before = _first_levels(first, confidence)
    stratum_of = second.cases.set_index("case_id")["stratum"]
    order = second.strata["stratum"].astype(str).tolist()
    reread = second.cases["stratum"].value_counts().reindex(order, fill_value=0).to_numpy(dtype=float)
    both = legal_answers(second.answers).merge(
        legal_answers(first.answers), on=["case_id", "question"], suffixes=("", "_first")
    )
    both = both[both["case_id"].isin(stratum_of.index) & both["case_id"].isin(first.cases["case_id"])]
    judged = both["answer"].isin((YES, LAWFUL_NO, NO))
    judged_first = both["answer_first"].isin((YES, LAWFUL_NO, NO))
    both = both.assign(
        stratum=both["case_id"].map(stratum_of),
        cell=(both["answer"] == NO) * 2 + (both["answer_first"] == NO) * 1,
        differs=judged != judged_first,
        judged=judged & judged_first,
    )
    result = {}
    for question in scheme.legal:
        own = both[both["question"] == question]
        cells = np.zeros((len(order), 4))
        relevant = own[own["judged"]]
        np.add.at(cells, (pd.Index(order).get_indexer(pd.Index(relevant["stratum"])), relevant["cell"]), 1)
        pi, e_pi = before.get(question, (float("nan"), float("nan")))
        differs = int(own["differs"].sum())
        found = corrected_share(
            cells,
            second.strata["population_size"].to_numpy(dtype=float),
            reread,
            pi,
            e_pi,
            confidence,
            blind=second.blind,
            relevance_differs=differs,
        )
        strata = pd.DataFrame(cells.astype(int), columns=list(CELLS))
        strata.insert(0, "stratum", order)
        strata.insert(1, "population_size", second.strata["population_size"].to_numpy())
        strata.insert(2, "reread", reread.astype(int))
        result[question] = Reread(strata, differs, found)
    return result


def _first_levels(first: ReviewedSample, confidence: float) -> dict[str, tuple[float, float]]:
    # pi and e_pi of each question: P and n_eff of level 2, all its cases.
    counted = tally(first, Scheme.of(first))
    found = levels(counted.counts, confidence)
    overall = counted.rows["domain"] == ALL_CASES
    sides = zip(counted.rows["question"], found.estimate, found.n_eff, overall, strict=True)
    return {str(question): (float(p), float(n)) for question, p, n, keep in sides if keep}
