from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.sampling.sizes import allocate, largest_remainder, level_sizes, plan_sizes, stratum_name, unit_of
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.plan import Risk

UNITS = ["Amager", "Brønshøj", "Nørrebro", "Valby", "Vesterbro", "Østerbro"]


def area(name, size, extra=False):
    return Risk(name=name, column="tag", values=["ja"], size=size, extra=extra)


def plan(level, **sizes):
    return LevelPlan(level=level, cadence="quarter", due_months=0, **sizes)


def test_a_split_stratum_is_named_by_its_unit_and_its_risk_area():
    assert (stratum_name("Amager", None), stratum_name("Amager", "klage")) == ("Amager", "Amager|klage")
    assert (unit_of("Amager"), unit_of("Amager|klage")) == ("Amager", "Amager")


def test_level_three_over_the_seven_units():
    reviewed = dict.fromkeys(UNITS, 20) | {"Døgnvagten": 5}
    sizes = allocate(reviewed, 60)
    # Quotas 9.6 and 2.4: nine and two, and the four left go to the first names by UTF-8 bytes.
    assert sizes == {
        "Amager": 10,
        "Brønshøj": 10,
        "Døgnvagten": 2,
        "Nørrebro": 10,
        "Valby": 10,
        "Vesterbro": 9,
        "Østerbro": 9,
    }
    assert list(sizes) == sorted(reviewed, key=lambda name: name.encode())
    assert sum(allocate(sizes, 30).values()) == 30


def test_equal_allocation_gives_what_a_small_stratum_lacks_to_the_others():
    assert allocate({"A": 20, "B": 20, "C": 5}, 36, "equal") == {"A": 16, "B": 15, "C": 5}
    assert allocate({"A": 1, "B": 20, "C": 20}, 2, "equal") == {"A": 1, "B": 1, "C": 0}


def test_fewer_cases_than_asked_for_are_all_drawn():
    assert allocate({"A": 3, "B": 2}, 60) == {"A": 3, "B": 2}


def test_ties_are_ties_and_go_by_bytes():
    third = {"ø": Fraction(1, 3), "z": Fraction(1, 3), "a": Fraction(1, 3)}
    assert largest_remainder(third, 4) == {"a": 2, "z": 1, "ø": 1}


def test_floors_and_caps():
    assert largest_remainder({"A": 98, "B": 1, "C": 1}, 10, floors={"B": 2, "C": 2}) == {
        "A": 6,
        "B": 2,
        "C": 2,
    }
    assert largest_remainder({"A": 98, "B": 1, "C": 1}, 10, caps={"A": 4}) == {"A": 4, "B": 3, "C": 3}
    # A stratum without weight has its floor, one without a floor may have nothing.
    assert largest_remainder({"A": 1, "B": 0}, 5, floors={"B": 2}) == {"A": 3, "B": 2}
    assert largest_remainder({"A": 98, "B": 1, "C": 1}, 10, floors={"B": 2}) == {"A": 8, "B": 2, "C": 0}
    assert largest_remainder({"A": 0}, 0) == {"A": 0}


@pytest.mark.parametrize(
    ("weights", "total", "floors", "caps", "expected"),
    [
        # What is short of floors is more than what is over caps, and is given first.
        ({"A": 98, "B": 1, "C": 1}, 10, {"B": 2, "C": 2}, {"A": 9}, {"A": 6, "B": 2, "C": 2}),
        # The other way round: A's 50 over its cap raise B above its floor.
        ({"A": 40, "B": 28, "C": 32}, 1000, {"B": 300}, {"A": 350}, {"A": 350, "B": 303, "C": 347}),
    ],
)
def test_the_larger_side_is_set_first(weights, total, floors, caps, expected):
    assert largest_remainder(weights, total, floors, caps) == expected


@pytest.mark.parametrize(
    ("weights", "total", "floors", "caps", "said"),
    [
        ({"A": 1}, 1, {"A": 2}, None, "floors above what can be allocated"),
        ({"A": 1}, 5, {"A": 2}, {"A": 1}, "floors above what can be allocated"),
        ({"A": 1, "B": 1}, 1, {"A": 1, "B": 1}, None, "floors above what can be allocated"),
        ({"A": -1}, 1, None, None, "numbers to allocate are not negative"),
        ({"A": 1}, -1, None, None, "numbers to allocate are not negative"),
        ({"A": 1}, 1, {"A": -1}, None, "numbers to allocate are not negative"),
    ],
)
def test_what_cannot_be_split_is_refused(weights, total, floors, caps, said):
    with pytest.raises(ValueError, match=f"^{said}$"):
        largest_remainder(weights, total, floors, caps)


@given(
    st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 50), min_size=1, max_size=8),
    st.integers(0, 200),
    st.sampled_from(["proportional", "equal"]),
)
def test_an_allocation_is_whole_and_within_what_is_there(stratum_sizes, total, method):
    sizes = allocate(stratum_sizes, total, method)
    assert sum(sizes.values()) == min(total, sum(stratum_sizes.values()))
    assert all(0 <= sizes[name] <= stratum_sizes[name] for name in stratum_sizes)
    assert sizes == allocate(dict(reversed(stratum_sizes.items())), total, method)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.integers(0, 60))
def test_no_stratum_is_a_whole_case_from_its_quota(counts, total):
    stratum_sizes = {f"u{number}": count for number, count in enumerate(counts)}
    sizes = allocate(stratum_sizes, min(total, sum(counts)))
    for name, count in stratum_sizes.items():
        assert abs(sizes[name] - Fraction(min(total, sum(counts)) * count, sum(counts))) < 1


@pytest.mark.parametrize(
    ("there", "rule", "expected"),
    [
        (40, area("klage", 5), {"Amager": 15, "Amager|klage": 5}),
        (3, area("klage", 5), {"Amager": 17, "Amager|klage": 3}),
        (40, area("klage", 5, extra=True), {"Amager": 20, "Amager|klage": 5}),
        (3, area("klage", 5, extra=True), {"Amager": 20, "Amager|klage": 3}),
        (7, area("klage", "all"), {"Amager": 13, "Amager|klage": 7}),
        (40, area("klage", "all"), {"Amager": 1, "Amager|klage": 40}),
        (40, area("klage", "all", extra=True), {"Amager": 20, "Amager|klage": 40}),
        (40, area("klage", 20), {"Amager": 1, "Amager|klage": 19}),
    ],
)
def test_a_risk_area_takes_its_number_out_of_the_unit_or_on_top(there, rule, expected):
    assert plan_sizes({"Amager": 600, "Amager|klage": there}, {"Amager": 20}, [rule]) == expected


def test_two_risk_areas_choose_in_order():
    strata = {"Amager": 600, "Amager|klage": 2, "Amager|sikkerhedsplan": 30}
    rules = [area("klage", 5), area("sikkerhedsplan", 5)]
    assert plan_sizes(strata, {"Amager": 20}, rules) == {
        "Amager": 13,
        "Amager|klage": 2,
        "Amager|sikkerhedsplan": 5,
    }


@pytest.mark.parametrize(("size", "expected"), [(5, 5), (25, 20)])
def test_a_unit_without_cases_outside_its_risk_area(size, expected):
    found = plan_sizes({"Amager|klage": 30}, {"Amager": 20}, [area("klage", size)])
    assert found == {"Amager|klage": expected}


def test_a_unit_that_gets_nothing_gives_its_risk_area_nothing():
    found = plan_sizes({"Amager": 600, "Amager|klage": 40}, {"Amager": 0}, [area("klage", 5)])
    assert found == {"Amager": 0, "Amager|klage": 0}


def test_sizes_of_each_level():
    frame = {"Amager": 612, "Døgnvagten": 310}
    assert level_sizes(plan(1, per_caseworker=1), {"AMA01": 17, "AMA02": 1}) == {"AMA01": 1, "AMA02": 1}
    assert level_sizes(plan(2, per_unit=20, units={"Døgnvagten": 5}), frame) == {
        "Amager": 20,
        "Døgnvagten": 5,
    }
    assert level_sizes(plan(3, total=10, allocation="equal"), frame) == {"Amager": 5, "Døgnvagten": 5}
    assert level_sizes(plan(3, total=10), frame) == {"Amager": 7, "Døgnvagten": 3}
    # Without a rule of its own, a split unit shares its number in proportion.
    assert level_sizes(plan(2, per_unit=10), {"Amager": 15, "Amager|klage": 5}) == {
        "Amager": 8,
        "Amager|klage": 2,
    }


@pytest.mark.parametrize(
    ("level", "strata", "expected"),
    [
        (plan(2, per_unit=20), {"Amager": 600, "Amager|klage": 40}, {"Amager": 15, "Amager|klage": 5}),
        (
            plan(3, total=45),
            {"Amager": 80, "Amager|klage": 10, "Valby": 45},
            {"Amager": 25, "Amager|klage": 5, "Valby": 15},
        ),
        (
            plan(3, total=10, allocation="equal"),
            {"Amager": 80, "Amager|klage": 10, "Valby": 45},
            {"Amager": 1, "Amager|klage": 4, "Valby": 5},
        ),
        (
            plan(2, per="total", size=10, floor=3),
            {"Amager": 90, "Amager|klage": 10, "Valby": 5},
            {"Amager": 2, "Amager|klage": 5, "Valby": 3},
        ),
        # Quotas 0.45 and 4.55 of the units' cases.
        (plan(3, total=5), {"Amager|klage": 1, "Valby": 10}, {"Amager|klage": 0, "Valby": 5}),
    ],
)
def test_sizes_of_each_level_with_a_risk_area(level, strata, expected):
    assert level_sizes(level, strata, [area("klage", 5)]) == expected


# Where the names do not tell which unit the strata are in.
@pytest.mark.parametrize(
    ("level", "areas", "expected"),
    [
        (plan(2, per_unit=5), [], {"x": 4, "y": 1, "z": 5}),
        (plan(2, per_unit=5), [area("klage", 5)], {"x": 4, "y": 1, "z": 5}),
        (plan(3, total=10), [area("klage", 5)], {"x": 6, "y": 2, "z": 2}),
    ],
)
def test_strata_whose_units_are_given(level, areas, expected):
    units = {"x": "Amager", "y": "Amager", "z": "Valby"}
    assert level_sizes(level, {"x": 20, "y": 8, "z": 9}, areas, units) == expected


@pytest.mark.parametrize(
    ("level", "strata", "expected"),
    [
        # A share is rounded up, and 5 % of 100 are 5.
        (plan(2, per="unit", share=0.05), {"Amager": 100, "Valby": 101}, {"Amager": 5, "Valby": 6}),
        (plan(2, per="unit", share=0.05, floor=3), {"Amager": 20, "Valby": 2}, {"Amager": 3, "Valby": 2}),
        (
            plan(2, per="unit", size=3, sizes={"Valby": 1}),
            {"Amager": 20, "Valby": 9},
            {"Amager": 3, "Valby": 1},
        ),
        (plan(1, per="case_type", share=0.1), {"A": 70, "B": 30}, {"A": 7, "B": 3}),
        (plan(1, per="case_type", size=2, sizes={"A": 9}), {"A": 7, "B": 30}, {"A": 7, "B": 2}),
        (plan(2, per="total", share=0.1, floor=2), {"Amager": 90, "Valby": 10}, {"Amager": 8, "Valby": 2}),
        # The floors go before the total.
        (plan(2, per="total", size=2, floor=2), {"Amager": 90, "Valby": 10}, {"Amager": 2, "Valby": 2}),
    ],
)
def test_shares_floors_and_numbers_of_their_own(level, strata, expected):
    assert level_sizes(level, strata) == expected


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 50), min_size=1, max_size=6),
    st.floats(0.01, 1),
    st.integers(0, 5),
    st.sampled_from(["unit", "total", "case_type"]),
)
def test_a_share_gives_no_stratum_more_than_it_has_nor_less_than_its_floor(strata, share, floor, per):
    sizes = level_sizes(plan(2, per=per, share=share, floor=floor), strata)
    assert all(min(floor, strata[name]) <= n <= strata[name] for name, n in sizes.items())
    assert sum(sizes.values()) >= share * sum(strata.values()) - 1e-9
