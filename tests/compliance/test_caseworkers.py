"""Whose cases a unit's sample is made of: said where one caseworker has most of them, and never by code."""

import pandas as pd
import pytest

from tilsyn.base import language
from tilsyn.compliance.caseworkers import COLUMNS, mostly_one, on_caseworkers
from tilsyn.reviews.sample import ReviewedSample


def sample(workers, name_strata=True):
    cases = pd.DataFrame({"unit": ["Nord"] * len(workers), "caseworker": list(workers)})
    return ReviewedSample(cases, pd.DataFrame(), pd.DataFrame(), name_strata=name_strata)


@pytest.mark.parametrize(
    ("workers", "expected"),
    [
        ("aaaabc", [["Nord", 6, 3, 4]]),
        ("aaabbb", []),
        ("aaabbc", []),
        ("aaaab", [["Nord", 5, 2, 4]]),
        ("aaaa", []),
        ("aaaaaaaa", [["Nord", 8, 1, 8]]),
        (["a", "a", "a", "a", None, " "], [["Nord", 6, 1, 4]]),
        (["a", "a", "a", None, None, None], []),
        ([None] * 6, []),
    ],
)
def test_more_than_half_of_five_or_more(workers, expected):
    assert mostly_one(sample(workers)).to_numpy().tolist() == expected


def test_each_unit_is_looked_at_alone():
    cases = pd.DataFrame({"unit": ["Syd"] * 6 + ["Nord"] * 6, "caseworker": list("aaaabcabcdef")})
    found = mostly_one(ReviewedSample(cases, pd.DataFrame(), pd.DataFrame()))
    assert found.to_numpy().tolist() == [["Syd", 6, 3, 4]]


def test_level_1_and_registers_without_caseworkers_have_none():
    assert mostly_one(sample("aaaaaa", name_strata=False)).empty
    without = ReviewedSample(pd.DataFrame({"unit": ["Nord"] * 6}), pd.DataFrame(), pd.DataFrame())
    assert list(mostly_one(without)) == list(COLUMNS)
    assert on_caseworkers(mostly_one(without)) == []


def test_no_code_is_said():
    found = mostly_one(sample(["KODE1"] * 4 + ["KODE2", "KODE3"]))
    assert on_caseworkers(found) == [
        "Nord: én sagsbehandler har 4 af de 6 gennemgåede sager (3 sagsbehandlere i alt). "
        "En ændring af enhedens tal kan være den enes."
    ]
    with language.using("en"):
        assert "one caseworker has 6 of the 6" in on_caseworkers(mostly_one(sample(["KODE1"] * 6)))[0]
    assert "KODE" not in str(found.to_dict())
