"""The nearest known name, for a remedy and as a rule."""

from __future__ import annotations

import pytest

from tilsyn.base.spelling import misspelt, nearest

UNITS = ("Amager", "Nørrebro", "Valby-Vesterbro-Kgs. Enghave")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Amagr", "Amager"),
        ("Nørrebro Syd", "Nørrebro"),
        ("Valby", None),
        ("42", None),
        ("", None),
    ],
)
def test_the_nearest_is_alike_enough_or_none(name: str, found: str | None) -> None:
    assert nearest(name, UNITS) == found


def test_a_part_of_a_name_is_near_where_names_are_shortened() -> None:
    assert nearest("Valby", UNITS, shortened=True) == "Valby-Vesterbro-Kgs. Enghave"


def test_without_a_limit_there_is_always_a_nearest() -> None:
    assert nearest("Nord", UNITS, alike=0) == "Nørrebro"
    assert nearest("Nord", [], alike=0) is None


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("amager", "amager"),
        ("amagre", "amager"),
        ("amag", "amager"),
        ("ama", None),
        ("valby", "valbo"),
    ],
)
def test_a_misspelling_is_two_edits_from_a_known_name_and_no_more(name: str, found: str | None) -> None:
    assert misspelt(name, ["amager", "valbo", "valbi"]) == found
