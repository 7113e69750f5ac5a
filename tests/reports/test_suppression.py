"""Which units and case types a public report withholds, so that no count can be worked out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders.small_rounds import small_round
from tilsyn.reports.suppression import Restraint, restraint
from tilsyn.reports.worlds import Rule

# Seven units of a town, each with its cases in the register and those reviewed.
TOWN = {"A": 500, "B": 600, "C": 450, "D": 800, "E": 700, "F": 300}


def town(**good: int) -> dict[str, tuple[int, int, int]]:
    return {unit: (size, 20, good.get(unit, 10)) for unit, size in TOWN.items()}


@pytest.mark.parametrize(
    ("cases", "good", "up_to", "whole", "hidden"),
    [
        (20, 20, 2, False, False),
        (20, 20, 2, True, True),
        (20, 19, 2, False, True),
        (20, 18, 2, False, True),
        (20, 17, 2, False, False),
        (20, 17, 2, True, False),
        (20, 17, 3, False, True),
        (20, 16, 4, False, True),
        (20, 15, 4, False, False),
        (20, 3, 2, False, False),
        (20, 2, 2, False, True),
        (20, 1, 2, False, True),
        (20, 0, 2, False, False),
        (20, 0, 2, True, True),
        (4, 4, 2, False, True),
        (5, 5, 2, False, False),
        (5, 3, 2, False, True),
        (0, 0, 2, True, False),
    ],
)
def test_a_domain_is_withheld_where_few_cases_have_a_fault_or_none(
    cases: int, good: int, up_to: int, whole: bool, hidden: bool
) -> None:
    found = Rule(5, up_to).withholds(np.array([float(cases)]), np.array([float(good)]), np.array([whole]))
    assert found.tolist() == [hidden]


def test_nothing_is_withheld_where_no_number_is_small() -> None:
    assert restraint(small_round(town()), ["unit"], Rule()) == Restraint()


def test_a_unit_alone_among_the_shown_is_not_withheld_alone() -> None:
    found = restraint(small_round(town(C=18)), ["unit"], Rule())
    assert "unit=C" in found.domains
    assert len(found.domains) >= 2
    assert found.overall == ""


def test_the_one_that_is_withheld_with_it_is_the_smallest_whatever_its_cases_came_to() -> None:
    units = town(C=18) | {"F": (340, 15, 7)}
    assert restraint(small_round(units), ["unit"], Rule()).domains == {"unit=C", "unit=F"}


def test_a_higher_limit_withholds_more() -> None:
    units = small_round(town(C=17))
    assert restraint(units, ["unit"], Rule(up_to=2)).domains == set()
    assert "unit=C" in restraint(units, ["unit"], Rule(up_to=3)).domains


def test_a_single_unit_has_no_row_of_its_own() -> None:
    found = restraint(small_round({"A": (500, 20, 18), "B": (300, 0, 0)}), ["unit"], Rule())
    assert found == Restraint(alone=frozenset({"unit=A"}))


def test_where_nothing_else_is_left_the_cases_without_fault_over_all_go_too() -> None:
    found = restraint(small_round({"A": (500, 20, 18), "B": (90, 20, 9)}), ["unit"], Rule())
    assert found.domains == {"unit=A", "unit=B"}
    assert found.overall == "without_fault"


def test_with_one_question_every_row_over_all_cases_tells_the_same() -> None:
    sample = small_round({"A": (500, 20, 18), "B": (90, 20, 9)}, questions=1)
    assert restraint(sample, ["unit"], Rule()).overall == "every"


def test_all_right_everywhere_is_shown_but_for_a_unit_read_whole() -> None:
    units = {unit: (size, n, n) for unit, (size, n, _) in town().items()}
    assert restraint(small_round(units), ["unit"], Rule()) == Restraint()
    found = restraint(small_round(units | {"W": (20, 20, 20)}), ["unit"], Rule())
    assert "unit=W" in found.domains


def typed(good: dict[str, int]) -> dict[str, list[str]]:
    """Half of each unit's cases of one type; the odd ones of the other."""
    return {unit: ["x" if n % 2 else "y" for n in range(20)] for unit in good}


def test_case_types_are_protected_against_the_units() -> None:
    # All cases with a fault but one are of type y: what x has is the units' sum less y's.
    units = town(A=19, B=20, C=20, D=20, E=20, F=20)
    types = {unit: ["x"] * 10 + ["y"] * 10 for unit in units}
    types["A"] = ["y"] * 10 + ["x"] * 10
    sample = small_round(units | {"G": (400, 20, 8)}, types | {"G": ["z"] * 8 + ["y"] * 12})
    found = restraint(sample, ["unit", "case_type"], Rule())
    hidden = {name for name in found.domains if name.startswith("case_type=")}
    assert "case_type=x" in hidden
    assert len(hidden) >= 2


def test_case_types_with_no_small_number_are_shown() -> None:
    units = town()
    found = restraint(small_round(units, typed(dict.fromkeys(units, 0))), ["unit", "case_type"], Rule())
    assert found == Restraint()


def test_the_same_sample_is_always_withheld_alike() -> None:
    sample = small_round(town(C=18, E=1))
    assert restraint(sample, ["unit"], Rule()) == restraint(sample, ["unit"], Rule())


def test_people_as_strata_are_put_together_by_their_unit() -> None:
    sample = small_round(town(C=18))
    strata = sample.strata.loc[sample.strata.index.repeat(2)].reset_index(drop=True)
    strata["stratum"] = [f"{unit}{n % 2}" for n, unit in enumerate(strata["stratum"])]
    strata["population_size"] //= 2
    strata["sample_size"] //= 2
    cases = sample.cases
    cases["stratum"] = [f"{unit}{n % 2}" for n, unit in enumerate(cases["unit"])]
    found = restraint(sample.__class__(cases, strata, sample.answers), ["unit"], Rule())
    assert "unit=C" in found.domains
    assert len(found.domains) >= 2
