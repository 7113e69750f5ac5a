"""Whom a letter is for: those who read the workbook, by the narrowest name with an address."""

from __future__ import annotations

from datetime import date

import pytest

from tilsyn.base.canonical import same_name
from tilsyn.base.periods import Period
from tilsyn.reviews.checklist import Case, Part
from tilsyn.reviews.dealing import by_unit, dealt_round
from tilsyn.reviews.letters import LettersOn
from tilsyn.reviews.status_files import file_statuses
from tilsyn.settings.levels import LevelPlan

NAMES = ("Amager", "Amager, Modtagelsen", "Børn, unge", "gruppe-1", "Gruppe 2", "Tilsynet")
CONTACTS = {same_name(name): (f"{number}@example.org",) for number, name in enumerate(NAMES)}
CASES = [Case("1", "Amager"), Case("2", "Amager"), Case("3", "Børn, unge"), Case("4", "City")]


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (by_unit(CASES), ["Amager", "Børn, unge", "Tilsynet"]),
        (
            by_unit(CASES, ["Modtagelsen", "Vagten", "Vagten", ""]),
            ["Amager, Modtagelsen", "Amager", "Børn, unge", "Tilsynet"],
        ),
        # Who reads gets it, not whose cases they are.
        (by_unit(CASES, read_by={"Amager": "City", "City": "Amager"}), ["Tilsynet", "Børn, unge", "Amager"]),
        (dealt_round(CASES, 3), ["gruppe-1", "Gruppe 2", "Tilsynet"]),
        (dealt_round(CASES, 1, ["Amager", "Nord"]), ["Amager", "Tilsynet"]),
    ],
)
def test_whom_a_letter_is_for(parts: list[Part], found: list[str]) -> None:
    level = LevelPlan(level=2, name="Tilsynet", cadence="quarter", per_unit=3, due_months=0)
    cases = {case.case_id: False for case in CASES}
    files = {file.name: file for file in file_statuses({part.name: part for part in parts}, [], cases, ())}
    for contacts, names in ((CONTACTS, found), ({}, None)):
        on = LettersOn(level, Period.parse("2018-Q2"), date(2018, 8, 2), "Testby", "", contacts)
        told = [on.first(files[part.name]).to for part in parts]
        assert told == ([CONTACTS[same_name(name)] for name in names] if names else [()] * len(parts))
