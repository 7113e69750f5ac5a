"""`tilsyn catalogue`."""

from __future__ import annotations

from tests.builders.command_line import CommandLine
from tests.formats.test_catalogue_sheets import GOOD, sheet
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue

CATALOGUE = packaged_folder() / "barnets-lov.toml"


def test_a_good_catalogue_is_said_to_be_good(tilsyn: CommandLine) -> None:
    assert tilsyn("catalogue validate", CATALOGUE).out == (
        "barnets-lov.toml: 39 spørgsmål, ingen fejl\n16 af 39 paragraffer skal efterses af en jurist\n"
    )


def test_every_fault_of_a_bad_one_is_told_with_its_line(tilsyn: CommandLine) -> None:
    text = CATALOGUE.read_text("utf-8").replace('id = "UND-02"', 'id = "UND 02"')
    text = text.replace('condition = "BFU-02 = nej"', 'condition = "BFU-99 = nej"')
    ended = tilsyn("catalogue validate eget.toml --format json", files={"eget.toml": text}, code=3)
    lines = text.splitlines()
    told = ended.json["problems"]
    assert [lines[p["row"] - 1] for p in told] == ['id = "UND 02"', 'condition = "BFU-99 = nej"']
    assert ended.err.count("Fejl:") == 2


def test_a_spreadsheet_becomes_a_catalogue(tilsyn: CommandLine) -> None:
    sheet(tilsyn.root / "spørgsmål.xlsx", GOOD)
    command = "catalogue import spørgsmål.xlsx --to checklists/eget.toml --acts-from 2024-01-01"
    assert "3 spørgsmål" in tilsyn(command).out
    made = read_catalogue(tilsyn.root / "checklists" / "eget.toml")
    assert (made.name, len(made.questions)) == ("eget", 3)
    before = tilsyn.files("*.toml")
    tilsyn(command, code=4)
    assert tilsyn.files("*.toml") == before
    tilsyn("catalogue validate spørgsmål.xlsx")


def test_a_bad_spreadsheet_leaves_nothing_behind(tilsyn: CommandLine) -> None:
    sheet(tilsyn.root / "a.xlsx", "Nr.|Spørgsmål\nA-1|Er det?")
    ended = tilsyn("catalogue import a.xlsx", code=3)
    assert list(tilsyn.files()) == ["a.xlsx"]
    assert ended.out == ""
    assert "kolonnen »Lov« mangler" in ended.err


def test_the_catalogues_are_listed(tilsyn: CommandLine) -> None:
    listed = tilsyn("catalogue list --format json").json["catalogues"]
    assert {c["name"]: c["questions"] for c in listed} == {
        "barnets-lov": 39,
        "god-sagsbehandling": 10,
        "koordination-og-samarbejde": 4,
        "serviceloven": 36,
    }
