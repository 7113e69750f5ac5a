"""What a public report is scanned for before it is saved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.reports import LEVEL, material
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Material
from tilsyn.reports.scan import betrayals
from tilsyn.reviews.sample import ReviewedSample

CASE = "now-Amager-00"


def named(text: str, *, reviewer: str = "") -> Material:
    """The material with a recipient of that name, and a reader of all cases."""
    given = material(recipients=(text,))
    cases = given.sample.cases.assign(caseworker="SB17", reviewer=reviewer or "LÆS-3")
    return replace(given, sample=replace(given.sample, cases=cases))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Socialudvalget", []),
        (CASE, ["case"]),
        (f"Udvalget (se {CASE}).", ["case"]),
        (f"{CASE}1", []),
        ("now-Amager-90", ["case"]),
        ("now-Amager-18", ["case"]),
        ("SB17", ["person"]),
        ("SB17 og LÆS-3", ["person"]),
        ("SB171", []),
    ],
)
def test_case_numbers_and_codes_of_persons_are_found_whole(text: str, kinds: list[str]) -> None:
    given = named(text)
    found = betrayals(build(given, public=True), given)
    assert [one.kind for one in found] == kinds
    assert {one.place for one in found} <= {"arket Om tilsynet, række 5, Indhold"}


def test_a_role_of_the_plan_is_no_person() -> None:
    given = named("Socialudvalget", reviewer="Områdechefen")
    assert betrayals(build(given, public=True), given) == []
    given = replace(given, level=LEVEL.model_copy(update={"judged_by": ""}))
    assert betrayals(build(given, public=True), given) == []


def test_a_short_running_number_is_not_looked_for_among_counts() -> None:
    given = material()
    cases = given.sample.cases.assign(case_id=[str(n) for n in range(len(given.sample.cases))])
    given = replace(given, sample=replace(given.sample, cases=cases))
    assert betrayals(build(given, public=True), given) == []


def test_the_internal_edition_names_its_cases() -> None:
    given = material()
    assert betrayals(build(given, public=False), given)
    assert isinstance(given.sample, ReviewedSample)


def test_people_that_are_strata_are_found_too() -> None:
    given = named("SB90")
    report = build(given, public=True)
    strata = given.sample.strata.assign(stratum="SB90")
    given = replace(given, sample=replace(given.sample, strata=strata, name_strata=False))
    assert {one.kind for one in betrayals(report, given)} == {"person"}


def test_a_single_letter_is_nobody() -> None:
    given = named("Udvalg A", reviewer="A")
    assert betrayals(build(given, public=True), given) == []
