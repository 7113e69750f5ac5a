import copy
import hashlib

import pandas as pd
import pytest

from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.frame import commitment
from tilsyn.sampling.recomputing import Difference, first_difference, first_frame_difference
from tilsyn.sampling.tickets import ALGORITHM, as_relation, draw

SEED, DRAW_ID = "6 2 5 1 1 4 3 2 6 5 5 1", "bbu/2018-Q2/level-2"
SIZES = {"Amager": 4, "Østerbro": 3}
FRAME = pd.DataFrame(
    {
        "case_id": [f"2018-{n:03}" for n in range(33)],
        "stratum": ["Amager"] * 30 + ["Østerbro"] * 3,
    },
    dtype="str",
)


def manifest() -> dict:
    """Return a manifest as another program could have written it, from the words of the contract."""
    lots = draw(FRAME, SIZES, SEED, DRAW_ID, reserve=2)
    rows = [
        {key: None if value != value else value for key, value in row.items()}
        for row in lots.to_dict("records")
    ]
    committed = commitment(as_relation(FRAME))
    strata = [
        {
            "stratum": row.stratum,
            "stratum_size": int(row.stratum_size),
            "population_size": int(row.stratum_size),
            "sample_size": SIZES[row.stratum],
            "taken_whole": row.stratum_size <= SIZES[row.stratum],
            "digest": row.digest,
        }
        for row in committed.strata.itertuples()
    ]
    return {
        "draw_id": DRAW_ID,
        "organisation": {"slug": "bbu"},
        "level": 2,
        "period": "2018-Q2",
        "seed": SEED,
        "algorithm": ALGORITHM,
        "frame": {"commitment": committed.digest, "n": 33},
        "plan": {
            "level": 2,
            "cadence": "quarter",
            "per_unit": 4,
            "units": {},
            "reserve": 2,
            "due_months": 0,
            "question_set": ["serviceloven"],
            "risk": [],
        },
        "question_set": {"name": "x", "version": "x 1.0", "regimes": [], "facts": [], "questions": []},
        "strata": strata,
        "cases": [row for row in rows if row["design_weight"] is not None],
        "reserve": [row for row in rows if row["design_weight"] is None],
    }


def test_a_draw_agrees_with_itself_whatever_the_order_of_the_frame():
    assert first_difference(manifest(), FRAME) is None
    assert first_difference(manifest(), FRAME.sample(frac=1, random_state=1)) is None
    assert first_difference(manifest()) is None


def test_the_commitment_is_the_contracts():
    lines = ""
    for stratum in ("Amager", "Østerbro"):
        ids = sorted(FRAME.loc[FRAME["stratum"] == stratum, "case_id"])
        digest = hashlib.sha256("".join(case + "\n" for case in ids).encode()).hexdigest()
        lines += f"{stratum}\t{len(ids)}\t{digest}\n"
    assert manifest()["frame"]["commitment"] == hashlib.sha256(lines.encode()).hexdigest()


def test_one_case_more_or_fewer_or_in_another_stratum_is_another_frame():
    assert first_frame_difference(DrawRecord.from_dict(manifest()), FRAME) is None
    for frame in (
        FRAME.iloc[1:],
        pd.concat([FRAME, pd.DataFrame({"case_id": ["x"], "stratum": ["Amager"]})]),
        FRAME.replace("2018-001", "2018-999"),
        FRAME.assign(stratum=["Østerbro", *FRAME["stratum"][1:]]),
    ):
        difference = first_difference(manifest(), frame)
        assert difference is not None
        assert difference.where == "frame"


def test_a_case_that_stands_twice_in_the_frame_is_told():
    twice = pd.concat([FRAME, FRAME.iloc[:1]])
    changed = manifest()
    committed = commitment(as_relation(twice))
    changed["frame"] |= {"commitment": committed.digest, "n": 34}
    changed["strata"][0] |= {
        "stratum_size": 31,
        "population_size": 31,
        "digest": committed.strata["digest"][0],
    }
    difference = first_difference(changed, twice)
    assert difference == Difference(
        "manifest",
        "draw.json eller populationen kan ikke regnes om: ValueError: case 2018-000 stands in the frame twice",
    )


@pytest.mark.parametrize("key", sorted(manifest()))
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [7], [{}]])
def test_nothing_in_a_manifest_ends_in_a_traceback(key, value):
    changed = copy.deepcopy(manifest())
    changed[key] = value
    assert first_difference(changed, FRAME) is not None
    assert first_difference(changed) is not None
