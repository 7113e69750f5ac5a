"""Small rounds by numbers alone: how many cases of each unit have no fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from tilsyn.reviews.sample import ReviewedSample


def small_round(
    units: Mapping[str, tuple[int, int, int]],
    case_types: Mapping[str, Sequence[str]] | None = None,
    questions: int = 2,
) -> ReviewedSample:
    """Per unit its cases in the register, those reviewed, and how many of these have no fault.

    Cases without fault come first; a fault is one answer, to the first question. `case_types` of a unit's
    cases, in their order.
    """
    cases, answers = [], []
    for unit, (_, reviewed, good) in units.items():
        for n in range(reviewed):
            case = {"case_id": f"{unit}-{n:03}", "stratum": unit, "unit": unit}
            cases.append(case | ({"case_type": case_types[unit][n]} if case_types else {}))
            answers += [
                {
                    "case_id": case["case_id"],
                    "question": f"Q{q}",
                    "answer": "nej" if n >= good and q == 0 else "ja",
                }
                for q in range(questions)
            ]
    strata = pd.DataFrame(
        {
            "stratum": list(units),
            "unit": list(units),
            "population_size": [size for size, _, _ in units.values()],
            "sample_size": [reviewed for _, reviewed, _ in units.values()],
        }
    )
    columns = ["case_id", "question", "answer"]
    return ReviewedSample(pd.DataFrame(cases), strata, pd.DataFrame(answers, columns=columns))
