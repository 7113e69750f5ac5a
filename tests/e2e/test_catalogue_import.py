"""Lawyers' spreadsheets of several fields, made into catalogues that cases can be drawn by."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from tests.builders.command_line import CommandLine
from tests.builders.libreoffice import resaved
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.evaluation import CaseSaid, evaluate
from tilsyn.questions.proposing import proposed
from tilsyn.questions.question_set import Catalogue, merged
from tilsyn.workspace.catalogues import read_catalogue

Cells = list[list[Any]]

# A children's department: themes between the rows, two laws, numbers only, and a sheet that grew by hand.
CHILDREN: Cells = [
    ["Tjekliste for myndighed – udkast 3", None, None, None, None, None],
    ["(spørgsmål til ledelsestilsyn)", None, None, None, None, None],
    [],
    ["Nr.", "Spørgsmål", "Lovgrundlag", None, "Gælder for\nsagstype", "Ansvarlig"],
    [None, None, "Serviceloven", "Barnets\nlov", None, None],
    ["A.", "Underretning", None, None, None, None],
    [1, "Er underretningen\nvurderet inden 24 timer?", "§ 155, stk. 2", "§ 136", "Underretning", "team 1"],
    [2, "Er der sendt en bekræftelse?", "§ 155 b", "§ 138", "Underretning; Anbringelse", None],
    [],
    ["B.", "Inddragelse", None, None, None, None],
    ["Nr.", "Spørgsmål", None, None, "Gælder for\nsagstype", "Ansvarlig"],
    [1, "Er barnet hørt?", "§ 48", "§ 5, stk. 3", "alle", "team 2"],
    [2, "Er ungeplanen lavet?", "–", "§ 108", None, None],
    ["I alt", 4, None, None, None, None],
    ["* Spørgsmål 2 er nyt", None, None, None, None, None],
]
# A job centre: two laws in force at once, of which neither came after the other.
JOB_CENTRE: Cells = [
    ["Tema", "Skal vi tjekke", "LAB", "Aktivloven", "Kritisk"],
    ["Samtaler", "Er der holdt samtale hver måned?", "§ 32", None, "x"],
    [None, "Er samtalen skrevet i journalen?", "§ 34", "aktivloven § 13", None],
    ["Sanktion", "Er borgeren partshørt?", None, "§ 35", "ja"],
]
# A centre for adults with disabilities: grades, and a sheet for each theme.
HANDICAP = {
    "Om denne fil": [["Rettes af faglig leder"]],
    "Udredning": [["Id", "Tekst"], ["UDR-01", "Er borgerens ønsker beskrevet?"]],
    "Indsats": [["Id", "Tekst"], ["IND-01", "Passer indsatsen til målet?"], ["IND-02", "Følges der op?"]],
}


def saved(path: Path, **sheets: Cells) -> Path:
    book = Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


def children(path: Path) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    for row in CHILDREN:
        page.append(row)
    for area in ("A1:F1", "A2:F2", "C4:D4"):
        page.merge_cells(area)
    book.save(path)
    return path


def catalogue(tilsyn: CommandLine, name: str) -> Catalogue:
    tilsyn(f"catalogue validate {name}")
    return read_catalogue(tilsyn.root / name)


def texts(found: Catalogue) -> list[tuple[str, str, str]]:
    return [(q.question_id, q.step_da, next(iter(q.law.values()), "")) for q in found.questions]


OLD = [
    ("UND-1", "Underretning", "Serviceloven § 155, stk. 2"),
    ("UND-2", "Underretning", "Serviceloven § 155 b"),
    ("IND-1", "Inddragelse", "Serviceloven § 48"),
]
NEW = [
    ("UND-1", "Underretning", "Barnets lov § 136"),
    ("UND-2", "Underretning", "Barnets lov § 138"),
    ("IND-1", "Inddragelse", "Barnets lov § 5, stk. 3"),
    ("IND-2", "Inddragelse", "Barnets lov § 108"),
]


def test_a_sheet_that_grew_by_hand_is_a_catalogue_for_each_law(tilsyn: CommandLine) -> None:
    children(tilsyn.root / "tjekliste.xlsx")
    ended = tilsyn("catalogue import tjekliste.xlsx --to checklists/vores.toml")
    old = catalogue(tilsyn, "checklists/vores-serviceloven.toml")
    new = catalogue(tilsyn, "checklists/vores-barnets-lov.toml")
    assert (texts(old), texts(new)) == (OLD, NEW)
    assert new.questions[0].text_da == "Er underretningen vurderet inden 24 timer?"
    assert old.regime is not None
    assert new.regime is not None
    assert (str(old.regime.last), str(new.regime.first)) == ("2023-12-31", "2024-01-01")
    assert len(merged([old, new]).ids) == 4
    for told in ("»I alt«", "»* Spørgsmål 2 er nyt«", "»Ansvarlig« kendes ikke", "som UND-1"):
        assert told in ended.err
    assert sorted(tilsyn.files("*.toml")) == [
        "checklists/vores-barnets-lov.toml",
        "checklists/vores-serviceloven.toml",
    ]


def test_a_question_is_asked_in_its_case_types_only(tilsyn: CommandLine) -> None:
    children(tilsyn.root / "tjekliste.xlsx")
    tilsyn("catalogue import tjekliste.xlsx")
    questions = merged([catalogue(tilsyn, "tjekliste-barnets-lov.toml")])
    (fact,) = (fact for fact in questions.facts if fact.name == "sagstype")
    asked = {}
    for case_type in ("Underretning", "Anbringelse", "Efterværn"):
        code = proposed(fact, {"case_type": case_type}) or "anden"
        found = evaluate(questions, CaseSaid({"sagstype": code}), "tjekliste-barnets-lov", WorkingDays())
        asked[case_type] = [name for name, outcome in found.items() if outcome.applies]
    assert asked == {
        "Underretning": ["UND-1", "UND-2", "IND-1", "IND-2"],
        "Anbringelse": ["UND-2", "IND-1", "IND-2"],
        "Efterværn": ["IND-1", "IND-2"],
    }


@pytest.mark.libreoffice
def test_an_ods_file_gives_the_same(tilsyn: CommandLine) -> None:
    path = children(tilsyn.root / "tjekliste.xlsx")
    again = resaved(path, tilsyn.root / "lo", "ods")
    tilsyn("catalogue import", again, "--to", "a.toml")
    assert texts(catalogue(tilsyn, "a-barnets-lov.toml")) == NEW


def test_a_csv_file_gives_the_same(tilsyn: CommandLine) -> None:
    def cell(value: Any) -> str:
        return "" if value is None else f'"{value}"'

    tilsyn.write("tjekliste.csv", "\n".join(";".join(map(cell, row)) for row in CHILDREN), "cp1252")
    tilsyn("catalogue import tjekliste.csv")
    assert texts(catalogue(tilsyn, "tjekliste-barnets-lov.toml")) == NEW


def test_laws_in_force_at_once_are_one_catalogue(tilsyn: CommandLine) -> None:
    saved(tilsyn.root / "jobcenter.xlsx", Ark1=JOB_CENTRE)
    tilsyn(
        'catalogue import jobcenter.xlsx --map question="skal vi tjekke" --map law=LAB --map law=Aktivloven '
        "--map step=Tema --acts-from 2020-01-01"
    )
    found = catalogue(tilsyn, "jobcenter.toml")
    assert texts(found) == [
        ("SAM-01", "Samtaler", "LAB § 32"),
        ("SAM-02", "Samtaler", "LAB § 34; aktivloven § 13"),
        ("SAN-01", "Sanktion", "Aktivloven § 35"),
    ]
    assert [question.critical for question in found.questions] == [True, False, True]


def test_the_laws_of_a_sheet_ask_for_one_and_the_same_case_type(tilsyn: CommandLine) -> None:
    head, *rows = JOB_CENTRE
    types = ["Sagstype", "Dagpenge", "alle", "Kontanthjælp"]
    cells = [[*row, kind] for row, kind in zip([head, *rows], types, strict=True)]
    saved(tilsyn.root / "jobcenter.xlsx", Ark1=cells)
    tilsyn(
        'catalogue import jobcenter.xlsx --map question="Skal vi tjekke" --map law.lab=LAB '
        "--map law.aktivloven=Aktivloven --map case_types=Sagstype"
    )
    lab, aktivloven = (catalogue(tilsyn, f"jobcenter-{law}.toml") for law in ("lab", "aktivloven"))
    assert lab.facts == aktivloven.facts
    assert {choice.code for choice in lab.facts[0].choices} == {"dagpenge", "kontanthjaelp", "anden"}


def test_a_law_of_ones_own_is_named_by_a_column(tilsyn: CommandLine) -> None:
    saved(tilsyn.root / "jobcenter.xlsx", Ark1=JOB_CENTRE)
    mapped = '--map question="Skal vi tjekke" --map law.lab=LAB --map law.aktivloven=Aktivloven'
    ended = tilsyn(f"catalogue import jobcenter.xlsx {mapped}")
    assert len(catalogue(tilsyn, "jobcenter-lab.toml").questions) == 2
    assert len(catalogue(tilsyn, "jobcenter-aktivloven.toml").questions) == 2
    assert ended.err.count("Skriv acts_from og acts_until i filen, hvis") == 2
    assert (
        "--acts-from"
        in tilsyn(f"catalogue import jobcenter.xlsx {mapped} --acts-from 2020-01-01", code=2).told
    )


def test_a_sheet_for_each_theme_is_one_catalogue(tilsyn: CommandLine) -> None:
    saved(tilsyn.root / "handicap.xlsx", **HANDICAP)
    ended = tilsyn("catalogue import handicap.xlsx --kind grade")
    found = catalogue(tilsyn, "handicap.toml")
    assert texts(found) == [("UDR-01", "Udredning", ""), ("IND-01", "Indsats", ""), ("IND-02", "Indsats", "")]
    assert "Om denne fil" in ended.err


UNCLEAR: Cells = [
    ["Nr.", "Spørgsmål", "Serviceloven", "Barnets lov", "Betingelse"],
    ["Underretning", None, None, None, None],
    [1, "Er den vurderet?", None, None, None],
    [None, "Er der svaret?", None, None, None],
    [2, "Er der svaret?", "§ 1", "§ 2", "når det er relevant"],
    [2, "Er der svaret igen?", "§ 1", None, None],
    [3, "Er det udgået?", "§ 1", None, None],
]


def test_every_unclear_row_is_told_and_nothing_is_written(tilsyn: CommandLine) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Spørgsmål"
    for row in UNCLEAR:
        page.append(row)
    page["B7"].font = Font(strike=True)
    book.save(tilsyn.root / "a.xlsx")
    ended = tilsyn("catalogue import a.xlsx --format json", code=3)
    assert list(tilsyn.files()) == ["a.xlsx"]
    lines = [line for line in ended.err.splitlines() if "Fejl" in line]
    places = [next((w for w in ("række 3", "B4", "E5", "A6", "B7") if w in line), line) for line in lines]
    assert sorted(places) == ["A6", "B4", "B7", "E5", "række 3"]
    assert all("Spørgsmål" in line for line in lines)


def test_an_import_that_was_interrupted_is_finished(tilsyn: CommandLine) -> None:
    children(tilsyn.root / "tjekliste.xlsx")
    tilsyn("catalogue import tjekliste.xlsx")
    whole = tilsyn.files()
    (tilsyn.root / "tjekliste-barnets-lov.toml").unlink()
    tilsyn("catalogue import tjekliste.xlsx")
    assert tilsyn.files() == whole
    tilsyn("catalogue import tjekliste.xlsx", code=4)


def test_two_files_are_written_or_none(tilsyn: CommandLine) -> None:
    children(tilsyn.root / "tjekliste.xlsx")
    tilsyn.write("tjekliste-serviceloven.toml", "# min egen\n")
    before = tilsyn.files()
    tilsyn("catalogue import tjekliste.xlsx", code=4)
    assert tilsyn.files() == before


@pytest.mark.parametrize(
    ("pair", "code", "told"),
    [
        ("Spørgsmål", 2, "law.NAME"),
        ("noget=Spørgsmål", 2, "law.NAME"),
        ("law.Barnets Lov=Spørgsmål", 2, "law.NAME"),
        ("question=", 2, "law.NAME"),
        ("question=Hvad nu", 3, "Skal vi tjekke"),
    ],
)
def test_a_heading_that_is_not_there_is_told(tilsyn: CommandLine, pair: str, code: int, told: str) -> None:
    saved(tilsyn.root / "a.xlsx", Ark1=JOB_CENTRE)
    words = ["--map", "law=LAB", "--map", pair]
    for command in ("import", "validate"):
        assert told in tilsyn(f"catalogue {command} a.xlsx", *words, code=code).told
    assert list(tilsyn.files()) == ["a.xlsx"]


def test_headings_are_named_for_validating_as_for_importing(tilsyn: CommandLine) -> None:
    saved(
        tilsyn.root / "a.xlsx",
        Ark1=[["Nr", "Skridt", "Kig efter", "Paragraf"], [1, "Start", "Er det gjort?", "§ 1"]],
    )
    named = ["--map", "question=Kig efter", "--map", "step=Skridt", "--map", "law=Paragraf"]
    tilsyn("catalogue validate a.xlsx", code=3)
    tilsyn("catalogue validate a.xlsx", *named)
    assert list(tilsyn.files()) == ["a.xlsx"]
    tilsyn("catalogue import a.xlsx", *named)
    tilsyn("catalogue validate a.toml")
    assert "--map" in tilsyn("catalogue validate a.toml", *named, code=2).err


def test_what_is_written_is_plain_toml(tilsyn: CommandLine) -> None:
    children(tilsyn.root / "tjekliste.xlsx")
    tilsyn("catalogue import tjekliste.xlsx")
    text = (tilsyn.root / "tjekliste-barnets-lov.toml").read_text("utf-8")
    first = tomllib.loads(text)["question"][0]
    assert first["condition"] == "sagstype in (underretning)"
    assert first["applies_when_da"] == "sagstype: Underretning"
