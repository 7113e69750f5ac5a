"""Registers in spreadsheets: no sheet is chosen in silence, and what is not shown is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.formats.registers.test_opening import problems, rows, settings, workbook
from tilsyn.formats.registers.opening import read_register
from tilsyn.sampling.frame_rules import SHEET_ROWS

HEADINGS = ["Sagsnr", "Enhed", "Oprettet"]


def test_all_sheets_with_the_headings_are_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        {
            "Forside": [["Læs mig"]],
            "Amager": [HEADINGS, ["1", "Amager"]],
            "Valby": [["Udtræk"], ["Enhed", "Sagsnr", "Oprettet"], ["Valby", "2"]],
        },
    )
    table = read_register(settings(), path)
    assert [row[:3] for row in rows(table)] == [(2, "1", "Amager"), (SHEET_ROWS + 3, "2", "Valby")]
    assert table.sheets == ("Amager", "Valby")
    (note,) = table.notes
    assert "Amager, Valby" in note.found


def test_a_sheet_with_some_of_the_headings_must_be_chosen(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Alle": [HEADINGS, ["1", "A"]], "Lukkede": [["Sagsnr", "Enhed"], ["2", "A"]]})
    (found,) = problems(path)
    assert "Alle" in found.found
    assert "Lukkede" in found.found
    assert len(rows(read_register(settings(sheet="Alle"), path))) == 1


def test_hidden_sheets_and_rows_are_read_and_said(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"A": [HEADINGS, ["1", "A"], ["2", "A"]], "B": [HEADINGS, ["3", "B"]]})
    book = openpyxl.load_workbook(path)
    book["A"].row_dimensions[3].hidden = True
    book["B"].sheet_state = "hidden"
    book.save(path)
    table = read_register(settings(), path)
    assert [row[1] for row in rows(table)] == ["1", "2", "3"]
    assert {note.sheet for note in table.notes} == {"A", "B", None}
    assert all("skjult" in note.found for note in table.notes if note.sheet)


@pytest.mark.parametrize(
    ("value", "shown", "expected", "told"),
    [
        (1202, "00000000", "00001202", False),
        (1202, "General", "1202", True),
        (1202, "0", "1202", True),
        ("0012", "@", "0012", False),
    ],
)
def test_a_number_has_the_zeros_that_its_format_shows(
    tmp_path: Path, value: Any, shown: str, expected: str, told: bool
) -> None:
    path = workbook(tmp_path, {"A": [HEADINGS, [value, "A", date(2018, 2, 1)]]})
    book = openpyxl.load_workbook(path)
    book["A"]["A2"].number_format = shown
    book.save(path)
    table = read_register(settings(), path)
    assert rows(table)[0][1] == expected
    assert [note.column for note in table.notes] == ["Sagsnr"] * told
    assert table.date_columns == ("opened",)
