import copy
import hashlib
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from tilsyn.sampling.commitment import commitment
from tilsyn.sampling.draw_record import DrawRecord
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
LOTS = {
    case_id: hashlib.sha256(f"{SEED}\n{DRAW_ID}\n{case_id}".encode()).hexdigest()
    for case_id in ("2018-005", "2018-008", "2018-010", "2018-999")
}


def manifest(
    frame: pd.DataFrame = FRAME,
    sizes: Mapping[str, int] = SIZES,
    level: int = 2,
    population: Mapping[str, int] | None = None,
    **plan: object,
) -> dict[str, Any]:
    """Return a manifest as another program could have written it, from the words of the contract."""
    draw_id = f"bbu/2018-Q2/level-{level}"
    rows = [dict(vars(case)) for case in draw(frame, sizes, SEED, draw_id, 2, population)]
    committed = commitment(as_relation(frame))
    strata = [
        {
            "stratum": row.stratum,
            "stratum_size": row.size,
            "population_size": (population or {}).get(row.stratum, row.size),
            "sample_size": sizes[row.stratum],
            "taken_whole": row.size <= sizes[row.stratum],
            "digest": row.digest,
        }
        for row in committed.strata
    ]
    return {
        "draw_id": draw_id,
        "organisation": {"slug": "bbu"},
        "level": level,
        "period": "2018-Q2",
        "seed": SEED,
        "algorithm": ALGORITHM,
        "frame": {"commitment": committed.digest, "n": len(frame)},
        "plan": {
            "level": level,
            "cadence": "quarter",
            "per_unit": 4,
            "units": {},
            "reserve": 2,
            "due_months": 0,
            "question_set": ["serviceloven"],
            "risk": [],
        }
        | plan,
        "question_set": {"name": "x", "version": "x 1.0", "regimes": [], "facts": [], "questions": []},
        "strata": strata,
        "cases": [row for row in rows if row["design_weight"] is not None],
        "reserve": [row for row in rows if row["design_weight"] is None],
    }


DRAWN = manifest()


def test_a_draw_agrees_with_itself_whatever_the_order_of_the_frame():
    assert first_difference(DRAWN, FRAME) is None
    assert first_difference(DRAWN, FRAME.sample(frac=1, random_state=1)) is None
    assert first_difference(DRAWN) is None


def test_a_draw_with_a_risk_area_is_recomputed_by_its_rule():
    risk = {"name": "klage", "column": "case_type", "values": ["Klage"], "size": 1}
    strata = ["Amager"] * 20 + ["Amager|klage"] * 13
    drawn = manifest(FRAME.assign(stratum=strata), {"Amager": 3, "Amager|klage": 1}, risk=[risk])
    assert first_difference(drawn, FRAME.assign(stratum=strata)) is None
    # Without the rule the unit's four are split in proportion.
    drawn["plan"]["risk"] = []
    assert first_difference(drawn) == Difference("strata", other("strata.Amager.sample_size", 2, 3))


def test_strata_of_a_unit_share_its_number_whatever_they_are_called():
    strata = ["x"] * 20 + ["y"] * 13
    drawn = manifest(FRAME.assign(stratum=strata), {"x": 2, "y": 2})
    assert first_difference(drawn) == Difference("strata", other("strata.x.sample_size", 4, 2))
    for row in drawn["strata"]:
        row["unit"] = "Amager"
    assert first_difference(drawn) is None


def test_the_population_of_level_one_is_what_was_drawn_from():
    drawn = manifest(level=1, per_unit=None, per_caseworker=4)
    drawn["strata"][0]["population_size"] = 31
    told = Difference("strata", other("strata.Amager.population_size", 30, 31))
    assert first_difference(drawn) == told


def test_a_draw_from_reviews_has_the_population_of_the_draw_that_they_are_of():
    sizes, population = {"Amager": 6, "Østerbro": 1}, {"Amager": 612, "Østerbro": 310}
    drawn = manifest(FRAME, sizes, 3, population, per_unit=None, total=7)
    drawn["source"] = {"name": DRAW_ID, "kind": "draw", "sha256": "ab12"}
    assert first_difference(drawn, FRAME) is None
    assert first_difference(drawn) is None
    # Of several draws the figures speak of the reviewed cases alone.
    drawn["frame"] |= {"speaks_of": "reviews", "parents": [{"draw_id": name, "sha256": "x"} for name in "ab"]}
    assert first_difference(drawn) == Difference("strata", other("strata.Amager.population_size", 30, 612))
    drawn["frame"]["parents"].pop()
    assert first_difference(drawn) is None


def test_the_commitment_is_the_contracts():
    lines = ""
    for stratum in ("Amager", "Østerbro"):
        ids = sorted(FRAME.loc[FRAME["stratum"] == stratum, "case_id"])
        digest = hashlib.sha256("".join(case + "\n" for case in ids).encode()).hexdigest()
        lines += f"{stratum}\t{len(ids)}\t{digest}\n"
    assert DRAWN["frame"]["commitment"] == hashlib.sha256(lines.encode()).hexdigest()


def test_one_case_more_or_fewer_or_in_another_stratum_is_another_frame():
    assert first_frame_difference(DrawRecord.from_dict(DRAWN), FRAME) is None
    for frame in (
        FRAME.iloc[1:],
        pd.concat([FRAME, pd.DataFrame({"case_id": ["x"], "stratum": ["Amager"]})]),
        FRAME.replace("2018-001", "2018-999"),
        FRAME.assign(stratum=["Østerbro", *FRAME["stratum"][1:]]),
    ):
        difference = first_difference(DRAWN, frame)
        assert difference is not None
        assert difference.where == "frame"


def test_a_case_that_stands_twice_in_the_frame_is_told():
    twice = pd.concat([FRAME, FRAME.iloc[:1]])
    changed = copy.deepcopy(DRAWN)
    committed = commitment(as_relation(twice))
    changed["frame"] |= {"commitment": committed.digest, "n": 34}
    changed["strata"][0] |= {
        "stratum_size": 31,
        "population_size": 31,
        "digest": committed.strata[0].digest,
    }
    difference = first_difference(changed, twice)
    assert difference == Difference(
        "manifest",
        "draw.json eller populationen kan ikke regnes om: ValueError: case 2018-000 stands in the frame twice",
    )


@pytest.mark.parametrize("key", sorted(DRAWN))
@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [7], [{}]])
def test_nothing_in_a_manifest_ends_in_a_traceback(key, value):
    changed = copy.deepcopy(DRAWN)
    changed[key] = value
    assert first_difference(changed, FRAME) is not None
    assert first_difference(changed) is not None


def test_what_is_no_record_is_told_by_its_own_fault():
    changed = copy.deepcopy(DRAWN)
    changed["frame"] = {"n": 33}
    told = "draw.json eller populationen kan ikke regnes om: KeyError: 'commitment'"
    assert first_difference(changed) == Difference("manifest", told)


def changed_at(path: tuple, value: object) -> dict:
    """Return the manifest with one value changed."""
    changed = copy.deepcopy(DRAWN)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    "key",
    [
        "draw_id",
        "level",
        "period",
        "seed",
        "algorithm",
        "frame",
        "strata",
        "cases",
        "reserve",
        "plan",
        "organisation",
    ],
)
def test_what_a_manifest_lacks_is_named(key):
    changed = copy.deepcopy(DRAWN)
    del changed[key]
    assert first_difference(changed) == Difference("manifest", f"draw.json mangler »{key}«")


@pytest.mark.parametrize(
    ("path", "value", "name"),
    [
        (("frame",), [], "frame"),
        (("plan",), 7, "plan"),
        (("organisation",), "bbu", "organisation"),
        (("seed",), 7, "seed"),
        (("strata",), {}, "strata"),
        (("cases",), None, "cases"),
        (("reserve",), "x", "reserve"),
        (("strata", 1), 7, "strata[2]"),
        (("cases", 0), None, "cases[1]"),
        (("strata", 0, "stratum"), 7, "strata[1].stratum"),
        (("strata", 0, "stratum_size"), "30", "strata[1].stratum_size"),
        (("strata", 0, "population_size"), None, "strata[1].population_size"),
        (("strata", 0, "sample_size"), True, "strata[1].sample_size"),
        (("cases", 0, "case_id"), 1, "cases[1].case_id"),
        (("cases", 0, "stratum"), None, "cases[1].stratum"),
        (("cases", 0, "order"), "1", "cases[1].order"),
        (("reserve", 1, "ticket"), 7, "reserve[2].ticket"),
    ],
)
def test_what_no_draw_writes_is_named(path, value, name):
    words = f"draw.json: {name} er »{value}«, og det skriver ingen udtrækning"
    assert first_difference(changed_at(path, value)) == Difference("manifest", words)


NO_HASH = "0" * 64
COMMITMENT = "populationens samlede fingeraftryk passer ikke til strataene"


def other(key: str, expected: object, found: object) -> str:
    """Return the words for a value that somebody changed."""
    return f"draw.json: {key} skal være »{expected}«, men er »{found}«"


# What somebody changed, and what is said of it where the frame is at hand, and where it is not.
@pytest.mark.parametrize(
    ("path", "value", "with_frame", "without"),
    [
        (("draw_id",), "bbu/2018-Q1/level-2", ("manifest", other("draw_id", "bbu/2018-Q2/level-2", "bbu/2018-Q1/level-2")), None),
        (("attempt",), 2, ("manifest", other("draw_id", "bbu/2018-Q2/level-2/2", "bbu/2018-Q2/level-2")), None),
        (("algorithm",), "x", ("manifest", other("algorithm", ALGORITHM, "x")), None),
        (("frame", "n"), 34, ("frame", other("n", 33, 34)), None),
        (("frame", "commitment"), NO_HASH, ("frame", COMMITMENT), ("strata", COMMITMENT)),
        (("strata", 0, "stratum_size"), 31, ("frame", "Amager: fingeraftrykket dækker 31 sager, men der er 30"), ("strata", COMMITMENT)),
        (("strata", 0, "digest"), NO_HASH, ("frame", "Amager: antallet passer, men det er ikke de sager, fingeraftrykket dækker"), ("strata", COMMITMENT)),
        (("strata", 1, "stratum"), "Vanløse", ("frame", "Vanløse: fingeraftrykket dækker 3 sager, men der er 0"), ("strata", COMMITMENT)),
        (("strata", 0, "population_size"), 31, ("strata", other("strata.Amager.population_size", 30, 31)), None),
        (("strata", 0, "sample_size"), 3, ("strata", other("strata.Amager.sample_size", 4, 3)), None),
        (("strata", 1, "taken_whole"), False, ("strata", other("strata.Østerbro.taken_whole", True, False)), None),
        (("cases", 0, "case_id"), "2018-999", ("sample", "stikprøven, Amager nr. 1: skal være sag 2018-005, men er 2018-999"), ("sample", other("2018-999.ticket", LOTS["2018-999"], LOTS["2018-005"]))),
        (("cases", 0, "stratum"), "Østerbro", ("sample", other("2018-005.stratum", "Amager", "Østerbro")), None),
        (("cases", 1, "order"), 9, ("sample", other("2018-010.order", 2, 9)), None),
        (("cases", 1, "ticket"), NO_HASH, ("sample", other("2018-010.ticket", LOTS["2018-010"], NO_HASH)), None),
        (("cases", 1, "inclusion_probability"), 0.5, ("sample", other("2018-010.inclusion_probability", 4 / 30, 0.5)), None),
        (("cases", 1, "design_weight"), 2.0, ("sample", other("2018-010.design_weight", 7.5, 2.0)), None),
        (("cases", slice(6, None)), [], ("sample", "stikprøven skal have 7 sager, men har 6"), None),
        (("reserve", 0, "case_id"), "2018-999", ("reserve", "reserven, Amager nr. 5: skal være sag 2018-008, men er 2018-999"), ("sample", other("2018-999.ticket", LOTS["2018-999"], LOTS["2018-008"]))),
        (("reserve", 0, "order"), 9, ("reserve", other("2018-008.order", 5, 9)), None),
        (("reserve", slice(1, None)), [], ("reserve", "reserven skal have 2 sager, men har 1"), ("sample", "reserven skal have 2 sager, men har 1")),
    ],
)  # fmt: skip
def test_what_somebody_changed_is_named(path, value, with_frame, without):
    changed = changed_at(path, value)
    assert first_difference(changed, FRAME) == Difference(*with_frame)
    assert first_difference(changed) == Difference(*(without or with_frame))


def test_two_cases_that_changed_places_are_named():
    changed = copy.deepcopy(DRAWN)
    changed["cases"][:2] = reversed(changed["cases"][:2])
    assert first_difference(changed) == Difference(
        "sample", "Amager: sag 2018-005 står ikke i lodnumrenes rækkefølge"
    )


def test_a_case_that_stands_twice_in_the_sample_is_named():
    changed = copy.deepcopy(DRAWN)
    changed["cases"][1] = changed["cases"][0] | {"order": 2}
    assert first_difference(changed) == Difference(
        "sample", "Amager: sag 2018-005 står ikke i lodnumrenes rækkefølge"
    )


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (FRAME.iloc[1:], "Amager: fingeraftrykket dækker 30 sager, men der er 29"),
        (FRAME.replace("2018-001", "2018-999"), "Amager: antallet passer, men det er ikke de sager, fingeraftrykket dækker"),
        (FRAME[FRAME["stratum"] == "Amager"], "Østerbro: fingeraftrykket dækker 3 sager, men der er 0"),
        (FRAME.assign(stratum=FRAME["stratum"].replace("Østerbro", "Valby")), "Østerbro: fingeraftrykket dækker 3 sager, men der er 0"),
        (pd.concat([FRAME, FRAME.iloc[:1].assign(stratum="Valby")]), "Valby: fingeraftrykket dækker 0 sager, men der er 1"),
    ],
)  # fmt: skip
def test_the_first_stratum_that_differs_is_named(frame, told):
    record = DrawRecord.from_dict(DRAWN)
    assert first_frame_difference(record, frame) == Difference("frame", told)
    assert first_frame_difference(record, frame, "register") == Difference("register", told)
