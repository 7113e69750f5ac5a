"""Many problems of one kind are told as one: how many, where the first stand, and what was found there."""

from __future__ import annotations

from typing import Any

import pytest

from tilsyn.base.problems import Problem
from tilsyn.sampling.row_problems import RowProblem, grouped


def problem(found: str, row: int | None = None, **more: Any) -> RowProblem:
    usual = {"what": "missing_unit", "column": "Enhed", "remedy": "Ret."}
    return RowProblem(**(usual | {"found": found, "row": row} | more))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, None),
        ({"row": 7}, "række 7"),
        ({"row": 7, "sheet": "Nord"}, "ark Nord, række 7"),
        ({"case_id": "2018-1"}, "sag 2018-1"),
        ({"case_id": "2018-1", "row": 7}, "sag 2018-1"),
    ],
)
def test_a_place_in_words(place: dict[str, Any], words: str | None) -> None:
    assert problem("x", **place).where == words


# The problems, and the one that they are: its words, how many, and the places of the first.
@pytest.mark.parametrize(
    ("given", "found", "n", "places"),
    [
        ([problem("tom", 2)], "tom", 1, ("række 2",)),
        ([problem("tom")], "tom", 1, ()),
        ([problem("tom", case_id="a")], "tom (sag a)", 1, ("sag a",)),
        ([problem("tom", 2), problem("tom", 3)], "tom (i alt 2: række 2, række 3 …)", 2, ("række 2", "række 3")),
        ([problem("tom"), problem("tom")], "tom (i alt 2)", 2, ()),
        ([problem("x", 2), problem("y", 3)], "i alt 2; de første: x (række 2); y (række 3)", 2, ("række 2", "række 3")),
        ([problem("x"), problem("y")], "i alt 2; de første: x; y", 2, ()),
        ([problem("x", 2), problem("x", 3), problem("y", 4)], "i alt 3; de første: x (række 2); x (række 3); y (række 4)", 3, ("række 2", "række 3", "række 4")),
        # Three are named; the last tells how many more there are, and has no place.
        ([problem("x", n) for n in range(2, 6)], "x (i alt 4: række 2, række 3, række 4 …)", 4, ("række 2", "række 3", "række 4")),
        ([problem("x", 2), problem("… flere", n=1500)], "x (i alt 1.501: række 2 …)", 1501, ("række 2",)),
    ],
)  # fmt: skip
def test_those_of_a_kind_are_one(given: list[Problem], found: str, n: int, places: tuple[str, ...]) -> None:
    (one,) = grouped(given)
    assert isinstance(one, RowProblem)
    assert (one.found, one.n, one.places) == (found, n, places)
    assert (one.remedy, one.column, one.row) == ("Ret.", "Enhed", given[0].row)


def test_kinds_stay_apart_and_in_the_order_of_their_first() -> None:
    whole = Problem("hele listen", "Ret.", kind="note")
    given = [
        problem("a", 2),
        whole,
        problem("b", 2, kind="note"),
        problem("c", 2, column="Navn"),
        problem("d", 2, what="other"),
        problem("a", 3),
        whole,
    ]
    told = grouped(given)
    assert [each.found for each in told] == [
        "a (i alt 2: række 2, række 3 …)",
        "hele listen",
        "b",
        "c",
        "d",
        "hele listen",
    ]
