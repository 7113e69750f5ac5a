import hashlib
import math
from collections import Counter
from itertools import combinations

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tilsyn.sampling import tickets
from tilsyn.sampling.draw_record import DrawnCase
from tilsyn.sampling.tickets import ticket

SEED = "terningkast 3. juli: 6 2 5 1 1 4"
DRAW_ID = "bbu/2018-Q2/level-2"
ids = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)


def frame_of(cases: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({"case_id": list(cases), "stratum": list(cases.values())}, dtype="str")


def draw(*given: object, **named: object) -> pd.DataFrame:
    """Return the cases of a draw as a table."""
    drawn = [vars(case) for case in tickets.draw(*given, **named)]
    return pd.DataFrame(drawn, columns=list(DrawnCase.__dataclass_fields__))


def by_hand(
    cases: dict[str, str], size: int, reserve: int, seed: str = SEED
) -> list[tuple[str, str, str, int]]:
    """The contract in its own words: hashlib and sort."""
    rows = []
    for stratum in sorted(set(cases.values()), key=lambda name: name.encode()):
        lots = sorted(
            (hashlib.sha256(f"{seed}\n{DRAW_ID}\n{case}".encode()).hexdigest(), case)
            for case, own in cases.items()
            if own == stratum
        )
        rows += [(case, stratum, lot, n) for n, (lot, case) in enumerate(lots[: size + reserve], start=1)]
    return rows


def as_tuples(lots: pd.DataFrame) -> list[tuple[str, str, str, int]]:
    return list(lots[["case_id", "stratum", "ticket", "order"]].itertuples(index=False, name=None))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(ids, st.sampled_from(["Amager", "Østerbro", "O'Hara", "Amager|klage"]), max_size=40),
    st.integers(0, 5),
)
def test_a_draw_is_what_hashlib_and_sort_say(cases, size):
    lots = draw(frame_of(cases), dict.fromkeys(cases.values(), size), SEED, DRAW_ID, reserve=2)
    assert as_tuples(lots) == by_hand(cases, size, 2)


def test_a_seed_with_quotes_and_danish_letters_is_text_like_any_other():
    seed = "Æblekast på gården; 'DROP TABLE frame'"
    cases = {f"2018-{n:04}": "Nørrebro" for n in range(30)}
    assert as_tuples(draw(frame_of(cases), {"Nørrebro": 4}, seed, DRAW_ID)) == by_hand(cases, 4, 5, seed)


@settings(max_examples=40, deadline=None)
@given(st.permutations([f"2018-{n:04}" for n in range(60)]))
def test_the_order_of_the_rows_changes_nothing(order):
    stratum = {case: f"u{int(case[-1]) % 3}" for case in order}
    sizes = {"u0": 4, "u1": 4, "u2": 4}
    expected = draw(frame_of(dict(sorted(stratum.items()))), sizes, SEED, DRAW_ID)
    pd.testing.assert_frame_equal(draw(frame_of(stratum), sizes, SEED, DRAW_ID), expected)


@settings(max_examples=40, deadline=None)
@given(ids)
def test_one_late_case_changes_at_most_itself(late):
    cases = {f"2018-{n:04}": "Amager" for n in range(80)}
    before = draw(frame_of(cases), {"Amager": 20}, SEED, DRAW_ID, reserve=0)
    after = draw(frame_of({**cases, late: "Amager"}), {"Amager": 20}, SEED, DRAW_ID, reserve=0)
    assert len(set(after["case_id"]) - set(before["case_id"])) <= 1
    assert set(after["case_id"]) - set(before["case_id"]) <= {late}
    kept = before.merge(after, on="case_id")
    assert (kept["ticket_x"] == kept["ticket_y"]).all()


def test_probabilities_and_weights_of_a_sample_and_its_reserve():
    cases = {f"a{n}": "A" for n in range(40)} | {f"b{n}": "B" for n in range(3)}
    lots = draw(frame_of(cases), {"A": 20, "B": 5}, SEED, DRAW_ID)
    sample = lots[lots["order"] <= 20].groupby("stratum")
    assert sample["inclusion_probability"].unique().map(list).to_dict() == {"A": [0.5], "B": [1.0]}
    assert sample["design_weight"].sum().to_dict() == {"A": 40.0, "B": 3.0}
    reserve = lots[lots["order"] > 20]
    assert list(reserve["order"]) == [21, 22, 23, 24, 25]
    assert reserve[["inclusion_probability", "design_weight"]].isna().all(axis=None)


def test_a_second_phase_weighs_up_to_the_register():
    reviewed = {f"a{n}": "A" for n in range(20)} | {f"b{n}": "B" for n in range(5)}
    lots = draw(
        frame_of(reviewed), {"A": 2, "B": 4}, SEED, DRAW_ID, reserve=0, population={"A": 612, "B": 310}
    )
    assert lots.groupby("stratum")["design_weight"].sum().round(9).to_dict() == {"A": 612.0, "B": 310.0}
    assert lots.groupby("stratum")["inclusion_probability"].first().to_dict() == {"A": 2 / 612, "B": 4 / 310}


def test_a_case_that_stands_twice_is_refused():
    frame = pd.DataFrame({"case_id": ["1", "1"], "stratum": ["A", "B"]})
    with pytest.raises(ValueError, match="case 1 stands in the frame twice"):
        draw(frame, {"A": 1, "B": 1}, SEED, DRAW_ID)


def test_nothing_is_drawn_of_an_empty_frame():
    assert tickets.draw(frame_of({}), {}, SEED, DRAW_ID) == []


def test_a_table_in_duckdb_gives_the_same_draw():
    cases = {f"2018-{n:04}": f"u{n % 3}" for n in range(100)}
    sizes = {"u0": 3, "u1": 3, "u2": 3}
    database = duckdb.connect()
    database.register("given", frame_of(cases))
    database.execute("CREATE TABLE register AS SELECT * FROM given ORDER BY case_id DESC")
    pd.testing.assert_frame_equal(
        draw(database.table("register"), sizes, SEED, DRAW_ID), draw(frame_of(cases), sizes, SEED, DRAW_ID)
    )


def test_levels_have_tickets_of_their_own():
    assert ticket(SEED, "bbu/2018-Q2/level-2", "1") != ticket(SEED, "bbu/2018-Q2/level-3", "1")


@pytest.mark.slow
def test_every_case_and_every_pair_has_the_same_chance():
    cases = {f"2018-{n:04}": "A" for n in range(12)}
    rounds, size = 6000, 4
    singles, pairs = Counter(), Counter()
    for n in range(rounds):
        drawn = sorted(case for case, *_ in by_hand(cases, size, 0, f"{SEED}{n}"))
        singles.update(drawn)
        pairs.update(combinations(drawn, 2))
    for counts, share, outcomes in ((singles, 4 / 12, 12), (pairs, 4 * 3 / (12 * 11), 66)):
        assert len(counts) == outcomes
        # Each count is binomial; 4.5 standard deviations in 78 counts is passed once in two thousand sets of seeds.
        spread = math.sqrt(rounds * share * (1 - share))
        assert max(abs(count - rounds * share) for count in counts.values()) < 4.5 * spread
