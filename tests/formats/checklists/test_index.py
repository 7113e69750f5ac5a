"""The index as LibreOffice calculates it: what comes next, acute cases first, and what is begun."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.checklists import about, cases, written
from tests.builders.libreoffice import resaved
from tests.builders.questions import law_questions


@pytest.mark.libreoffice
def test_the_next_unanswered_case_is_the_acute_one(tmp_path: Path) -> None:
    path = tmp_path / "amager.xlsx"
    proposed = {"anbragt": "nej", "undersoegelse": "ingen"}
    listed = cases("2026-1", "2026-2", "2026-3", "2026-4", proposed=proposed)
    book = written(path, about(law_questions().of_scope("core"), "2026-Q2"), listed)
    sheets = case_sheets(book)
    sheets[1].put("fact:underretning", "A")
    sheets[2].put("akut", "j")
    sheets[2].put("UND-01", "j")
    sheets[3].put("fact:anbragt", "N")
    book.save(path)
    index = load_workbook(resaved(path, tmp_path / "lo"), data_only=True)["Oversigt"]
    rows = [[cell.value for cell in row[2:9]] for row in index.iter_rows(min_row=12, max_row=15)]
    assert [row[0] for row in rows] == ["2026-3", "2026-1", "2026-2", "2026-4"]
    assert [row[5] for row in rows] == ["AKUT I gang", "Ikke begyndt", "I gang", "Ikke begyndt"]
    assert [row[6] for row in rows] == ["UND-02", "UND-01", "UND-01", "UND-01"]
    assert index["B9"].value == "Gå til næste ubesvarede: sag 2026-3, UND-02"
