"""CPR-like numbers: found as the issue's pattern says, and never shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.cpr import PATTERN, looks_like_cpr, mask

# All born 1858-1899 (seventh digit 5-8 with years 58-99): they cannot belong to anyone living.
FOUND = [
    "120374-6598",
    "1203746598",
    "120374 6598",
    "720374-6598",
    "sag 120374-6598.",
    "310199-5000",
    "æ120374-6598æ",
]
NOT_FOUND = [
    "",
    "2015-0022778",
    "320174-6598",
    "121374-6598",
    "1120374-6598",
    "120374-65981",
    "120374--6598",
    "92 03 74",
]


@pytest.mark.parametrize("text", FOUND)
def test_found(text: str) -> None:
    assert looks_like_cpr(text)
    assert re.search(PATTERN, text)
    assert "6598" not in mask(text)
    assert not looks_like_cpr(mask(text))


@pytest.mark.parametrize("gap", [".", "\u2013", "\u2011", " - ", "- "])
def test_found_as_people_type_it_in_a_remark(gap: str) -> None:
    text = f"mor 120374{gap}6598 mangler"
    assert looks_like_cpr(text)
    assert mask(text) == "mor 12xxxx-xxxx mangler"


@pytest.mark.parametrize("text", NOT_FOUND)
def test_not_found(text: str) -> None:
    assert not looks_like_cpr(text)
    assert not re.search(PATTERN, text)
    assert mask(text) == text


def test_a_number_cell_has_lost_its_leading_zero() -> None:
    assert looks_like_cpr("203746598", number_cell=True)
    assert not looks_like_cpr("203746598")
    assert not looks_like_cpr("223746598", number_cell=True)


@given(st.text(alphabet="0123456789- x", max_size=40))
def test_after_masking_nothing_is_found(text: str) -> None:
    assert not looks_like_cpr(mask(text))
