"""A catalogue from a spreadsheet: what lawyers write, and every problem at its cell."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.builders.libreoffice import resaved
from tilsyn.base.problems import InputError
from tilsyn.formats.catalogue_sheets import Imported, ImportedCatalogue, WantedCatalogue, import_catalogue
from tilsyn.questions.records import read
from tilsyn.workspace.catalogues import as_toml

GOOD = """
Nr.   | Sagsskridt             | Spørgsmål      | Lov   | Gælder når | Betingelse  | Frist     | Frist fra | Frist til | Kritisk | Sammenlignelig | Lovtekst      | Tidligere nr
NY-01 | Børnefaglig undersøgelse | Er den færdig? | BL § 20 | altid    |             | 4 måneder | behov     | færdig    | x       | delvist        | skal efterses | GL-01, GL-02
NY-02 | børnefaglig undersøgelse | Foreløbig?     | BL § 20 |          | NY-01 = nej |           |           |           | nej     | ja             | læst          |
NY-03 | Plan                   | Er der mål?    | BL § 92 |          |             | se lov    |           |           |         |                |               |
"""


def sheet(path: Path, table: str, above: int = 0) -> Path:
    book = Workbook()
    page = book.worksheets[0]
    page.title = "Vores spørgsmål"
    for _ in range(above):
        page.append(["Udkast", None])
    for line in table.strip().splitlines():
        page.append([cell.strip() or None for cell in line.split("|")])
    book.save(path)
    return path


def told(path: Path, **options: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(InputError) as caught:
        import_catalogue(path, WantedCatalogue("eget", **options))
    assert all(p.file == path.name and p.found and p.remedy for p in caught.value.problems)
    return [(p.cell, p.found) for p in caught.value.problems if p.kind == "error"]


def imported(path: Path) -> ImportedCatalogue:
    return read_sheet(path).made[0]


def read_sheet(path: Path) -> Imported:
    return import_catalogue(path, WantedCatalogue("eget", acts_from=date(2024, 1, 1)))


@pytest.mark.parametrize("above", [0, 3])
def test_danish_headings_make_a_whole_catalogue(tmp_path: Path, above: int) -> None:
    found = imported(sheet(tmp_path / "a.xlsx", GOOD, above)).catalogue
    first, second, third = found.questions
    assert [step.title_da for step in found.steps] == ["Børnefaglig undersøgelse", "Plan"]
    assert (first.question_id, first.step, dict(first.law)) == (
        "NY-01",
        "boernefaglig-undersoegelse",
        {"eget": "BL § 20"},
    )
    assert first.deadline is not None
    assert (first.deadline.amount, first.deadline.unit, first.deadline.start_da) == (4, "months", "behov")
    assert (first.critical, first.comparable, first.law_text) == (True, "partly", "to check")
    assert first.same_as == ("GL-01", "GL-02")
    assert (str(second.condition), second.critical, second.law_text) == (
        "NY-01 = nej",
        False,
        "seen",
    )
    assert third.deadline is not None
    assert not third.computed
    assert found.regime is not None
    assert found.regime.first == date(2024, 1, 1)


def test_what_is_imported_reads_back_as_toml(tmp_path: Path) -> None:
    found = imported(sheet(tmp_path / "a.xlsx", GOOD))
    assert read(tomllib.loads(as_toml(found.records)))[0] == found.catalogue


def test_the_headings_of_the_fields_themselves_are_read_too(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", "id|step|text_da|law|critical\nA-1|S|Er det gjort?|§ 1|ja")
    assert imported(path).catalogue.questions[0].critical


def test_all_problems_are_told_by_cell(tmp_path: Path) -> None:
    table = """
Nr. | Sagsskridt | Spørgsmål | Lov | Kritisk | Betingelse | Frist beregnes
A-1 | S          | ?         | § 1 | måske   |            |
A-1 | S          |           |     |         | A-9 = nej  | 4 uger
"""
    cells = [cell for cell, _ in told(sheet(tmp_path / "a.xlsx", table))]
    assert sorted(map(str, cells)) == ["A3", "C3", "D3", "E2", "F3", "G3"]


def test_a_missing_column_is_told_once(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", "Nr.|Spørgsmål\nA-1|Er det?\nA-2|Er det?")
    assert [text for _, text in told(path)] == [
        "kolonnen »Sagsskridt« mangler",
        "kolonnen »Lov« mangler",
    ]
    assert [text for _, text in told(path, kind="grade")] == ["kolonnen »Sagsskridt« mangler"]


def test_columns_that_are_not_known_are_noted(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", "Nr.|Sagsskridt|Spørgsmål|Lov|Ansvarlig|Lov\nA-1|S|?|§ 1|JUR1|§ 2")
    found = read_sheet(path)
    assert [(note.cell, note.kind) for note in found.notes] == [("E1", "note"), ("F1", "note")]
    assert dict(found.made[0].catalogue.questions[0].law) == {"eget": "§ 1"}


def test_a_formula_that_was_never_calculated_is_told(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", "Nr.|Sagsskridt|Spørgsmål|Lov\nA-1|S|=A1&1|§ 1")
    assert "C2" in [cell for cell, _ in told(path)]


def test_a_sheet_without_questions_is_told(tmp_path: Path) -> None:
    assert told(sheet(tmp_path / "a.xlsx", "Navn|Adresse\nx|y"))
    assert told(sheet(tmp_path / "b.xlsx", "Nr.|Sagsskridt|Spørgsmål|Lov"))


@pytest.mark.parametrize("content", [b"", b"Nr;Tekst\n", b"%PDF-1.4"])
def test_a_file_that_is_no_spreadsheet_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert told(path)
    path.unlink()
    assert told(path)


@pytest.mark.libreoffice
def test_an_ods_file_is_read_alike(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", GOOD)
    again = resaved(path, tmp_path / "lo", "ods")
    assert imported(again).catalogue == imported(path).catalogue


def test_notes_and_totals_between_the_questions_are_passed_over_and_told(tmp_path: Path) -> None:
    lines = GOOD.strip().splitlines()
    table = "\n".join(
        [*lines[:2], "NOTE: resten kommer senere", lines[2], " | | | ", lines[3], " | | I alt 3"]
    )
    found = read_sheet(sheet(tmp_path / "a.xlsx", table))
    assert [question.question_id for question in found.made[0].catalogue.questions] == [
        "NY-01",
        "NY-02",
        "NY-03",
    ]
    assert [(note.cell, note.kind) for note in found.notes] == [("A3", "note"), ("C7", "note")]
    assert "NOTE: resten kommer senere" in found.notes[0].found
