"""The steps of the corrected percentage: recomputed from the numbers they show."""

import json
import re
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.compliance.test_explanation import beta_typed, typed
from tests.statistics.test_two_phase import N7, T1, K
from tilsyn.compliance import explanation
from tilsyn.compliance.corrections import CELLS, Reread, by_question
from tilsyn.compliance.explained_correction import correction_steps
from tilsyn.compliance.explained_step import plain
from tilsyn.compliance.table import compliance_table
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics import two_phase


def reread(cells, first=(0.866886, 117.934373), **conditions):
    strata = pd.DataFrame(cells, columns=list(CELLS))
    strata = strata.assign(stratum=[f"u{i}" for i in range(len(cells))], population_size=N7, reread=K)
    return Reread(strata, 0, two_phase.corrected_share(cells, N7, K, *first, **conditions))


# The second has more compliant among the first reading's nej than among its ja: D < 0.
@pytest.mark.parametrize("cells", [T1, [(b, a, d, c) for a, b, c, d in T1]])
def test_a_calculator_gets_what_is_printed(cells):
    found = reread(cells)
    steps = correction_steps(found)
    value = {step.symbol: step.value for step in steps}
    assert (value["P̂"], value["low"], value["high"]) == pytest.approx(
        (found.corrected.estimate, found.corrected.low, found.corrected.high)
    )
    assert (value["D"] < 0) == (cells is not T1)
    for step in steps:
        if "Beta" in step.numbers:
            again = beta_typed(step.numbers)
        elif step.symbol in ("low", "high"):
            again = typed(re.sub(r"√\[(.*)\]", r"sqrt(\1)", step.numbers))
        elif step.numbers:
            again = typed(step.numbers)
        else:
            continue
        assert plain(again, 7) == plain(step.value, 7), step


def test_a_share_of_one_is_its_own_limit():
    cells = [(a + c, b, 0, d) for a, b, c, d in T1]
    steps = {step.symbol: step for step in correction_steps(reread(cells))}
    assert steps["u_PPV"].value == 1
    assert steps["u_PPV"].note == "closed"


def test_a_condition_that_fails_leaves_no_steps():
    assert correction_steps(reread(T1, blind=False)) == ()


def read(cases, answers):
    ids = [str(case) for case in cases]
    strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [100]})
    answered = pd.DataFrame({"case_id": ids, "question": "Q1", "answer": answers})
    return ReviewedSample(pd.DataFrame({"case_id": ids, "stratum": "A", "unit": "A"}), strata, answered)


def test_a_question_that_was_reread_is_explained_with_its_correction():
    first = read(range(8), ["ja"] * 6 + ["nej"] * 2)
    now = read(range(2, 7), ["ja", "ja", "ja", "nej", "nej"])
    rows = compliance_table(now)
    found = explanation.explain(now, "Q1", rows, first_reading=first)
    assert found.reread.strata[list(CELLS)].values.tolist() == [[3, 0, 1, 1]]
    value = {step.symbol: step.value for step in found.corrected}
    assert (value["PPV"], value["FOM"], value["P̂"]) == pytest.approx((0.75, 0, 0.5625))
    assert by_question(first, now)["Q1"].corrected == found.reread.corrected
    assert explanation.explain(now, "*", rows, first_reading=first).reread is None


def test_plain_data_of_a_correction_can_be_written_as_json():
    from tilsyn.cli.explanation_tables import explanation_data

    first, now = read(range(8), ["ja"] * 6 + ["nej"] * 2), read(range(2, 7), ["ja"] * 4 + ["nej"])
    rows = compliance_table(now)
    data = explanation_data(
        explanation.explain(now, "Q1", rows, first_reading=first),
        SimpleNamespace(now=now, first_reading=first),
    )
    again = json.loads(json.dumps(data, allow_nan=False))
    assert again["corrected"]["failed"] == []
    assert again["corrected"]["strata"][0]["reread"] == 5
