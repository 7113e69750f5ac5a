"""Headings as case systems write them are recognised, whatever the file's kind."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tilsyn.formats.registers.recognised_register import recognise_register
from tilsyn.formats.registers.recognition import recognise
from tilsyn.settings.schema import COLUMNS


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ["Sags-nr.", "OMRÅDE", "Rådgiver"],
            {"case_id": "Sags-nr.", "unit": "OMRÅDE", "caseworker": "Rådgiver"},
        ),
        (["Case ID", "Unit", "Date opened"], {"case_id": "Case ID", "unit": "Unit", "opened": "Date opened"}),
        (["Sag", "Sagsnummer", "Enhed"], {"case_id": "Sagsnummer", "unit": "Enhed"}),
        (
            ["sagsnummer", "distrikt", "Afsluttet", "slutdato"],
            {"case_id": "sagsnummer", "unit": "distrikt", "closed": "Afsluttet"},
        ),
        (list(COLUMNS), {column: column for column in COLUMNS}),
    ],
)
def test_headings(headings: list[str], columns: dict[str, str]) -> None:
    found = recognise(headings)
    assert found.columns == columns
    assert set(found.left_out) == set(headings) - set(columns.values())


@pytest.mark.parametrize(
    "heading", ["CPR", "CPR-nr", "Personnummer", "Navn", "Barnets navn", "Adresse", "Fødselsdato"]
)
def test_what_names_a_person_is_never_recognised(heading: str) -> None:
    assert recognise(["Sagsnr", "Enhed", heading]).left_out == [heading]


def test_headings_under_a_title_in_any_kind_of_file(tmp_path: Path) -> None:
    text = "Udtræk;;\n\nSagsnr,Enhed,Lukket\n1,A,\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-16")
    book = openpyxl.Workbook()
    book.active.append(["Udtræk"])  # type: ignore[union-attr]
    book.create_sheet("Data").append(["Sagsnr", "Enhed", "Lukket"])
    book["Data"].append(["1", "A", ""])
    book.save(tmp_path / "a.xlsx")
    for name in ("a.csv", "a.xlsx"):
        assert recognise_register(tmp_path / name).found.columns == {
            "case_id": "Sagsnr",
            "unit": "Enhed",
            "closed": "Lukket",
        }
