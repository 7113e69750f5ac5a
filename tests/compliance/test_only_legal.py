"""Only legal questions enter a percentage, as they read for the case: other answers move no figure."""

from __future__ import annotations

import pandas as pd
import pytest

from tilsyn.compliance.corrections import table as corrected
from tilsyn.compliance.explained_decisions import decided
from tilsyn.compliance.table import compliance_table
from tilsyn.reviews.sample import ReviewedSample

IDS = [str(number) for number in range(12)]
# Documentation in the version that reads for the first four cases, legal in that of the others.
DOCUMENTED = IDS[:4]


def sample(ids: list[str], said: str, documented: str) -> ReviewedSample:
    cases = pd.DataFrame({"case_id": ids, "stratum": "A", "unit": "A"})
    strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [100]})
    answers = pd.DataFrame(
        {
            "case_id": ids,
            "question": "NOT-01",
            "answer": [documented if case in DOCUMENTED else said for case in ids],
            "legal": [case not in DOCUMENTED for case in ids],
            "why": "dates",
            "by": "modtaget",
        }
    )
    return ReviewedSample(cases, strata, answers)


@pytest.mark.parametrize("documented", ["ja", "nej"])
def test_a_row_counts_the_legal_answers_alone(documented: str) -> None:
    for row in compliance_table(sample(IDS, "ja", documented)).to_dict("records"):
        assert row["n_relevant"] == 8, row["question"]
        assert row["estimate"] == 1, row["question"]


@pytest.mark.parametrize("documented", ["ja", "nej"])
def test_a_corrected_percentage_pairs_the_legal_answers_alone(documented: str) -> None:
    first = sample(IDS, "ja", "ja")
    (row,) = corrected(first, sample(IDS[2:8], "ja", documented)).to_dict("records")
    assert (row["n_yes"], row["n_no"], row["relevance_differs"]) == (4, 0, 0)


@pytest.mark.parametrize("documented", ["ja", "nej"])
def test_an_explanation_counts_the_legal_answers_alone(documented: str) -> None:
    (told,) = decided(sample(IDS, "ja", documented), "NOT-01")
    assert (told["answer"], told["n"]) == ("ja", 8)
