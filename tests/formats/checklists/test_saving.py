"""What is saved past openpyxl reads back as what openpyxl itself would have saved."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook

from tests.builders.checklists import about, cases, questions
from tilsyn.formats.checklists.saving import checklist_bytes
from tilsyn.formats.checklists.writer import build
from tilsyn.reviews.checklist import Part

ODD = ("<&>\"' æøå €", "=1+1", " to mellemrum  her ", "linje\nskift", "\x07klokke", "😀", "'citat")


def save(workbook: Workbook, path: Path) -> None:
    """Keep a workbook as the program writes it."""
    path.write_bytes(checklist_bytes(workbook, ()))


def test_every_cell_is_the_same(tmp_path: Path) -> None:
    told = about(
        questions("serviceloven", "barnets-lov", "god-sagsbehandling"), "2024-Q2", organisation="A & B"
    )
    part = Part("amager", "Amager <&>", cases(*ODD))
    mine, theirs = tmp_path / "mine.xlsx", tmp_path / "theirs.xlsx"
    save(build(told, part), mine)
    build(told, part).save(theirs)
    compared = 0
    for own, other in zip(load_workbook(mine).worksheets, load_workbook(theirs).worksheets, strict=True):
        assert own.title == other.title
        assert own.merged_cells.ranges == other.merged_cells.ranges
        assert dict(own.row_dimensions[5]) == dict(other.row_dimensions[5])
        for row, expected in zip(own.iter_rows(), other.iter_rows(), strict=True):
            for cell, wanted in zip(row, expected, strict=True):
                assert (cell.value, cell.data_type) == (wanted.value, wanted.data_type)
                assert cell.number_format == wanted.number_format
                assert (cell.hyperlink and cell.hyperlink.location) == (
                    wanted.hyperlink and wanted.hyperlink.location
                )
                compared += cell.value is not None
    assert compared > 1000


def test_the_same_workbook_has_the_same_content(tmp_path: Path) -> None:
    told, part = about(questions()), Part("amager", "Amager", cases("1"))
    contents = []
    for name in ("a.xlsx", "b.xlsx"):
        save(build(told, part), tmp_path / name)
        with ZipFile(tmp_path / name) as archive:
            contents.append({entry: archive.read(entry) for entry in archive.namelist()})
    assert contents[0] == contents[1]
    for entry, content in contents[0].items():
        ElementTree.fromstring(content)
        assert entry.endswith((".xml", ".rels"))


def test_a_date_is_the_day_it_was(tmp_path: Path) -> None:
    workbook = build(about(questions()), Part("amager", "Amager", cases("1")))
    save(workbook, tmp_path / "a.xlsx")
    days = [row[1].value for row in load_workbook(tmp_path / "a.xlsx")["Hverdage"].iter_rows(min_row=2)]
    listed = {day.date() for day in days}
    assert (date(2003, 1, 1) in listed, min(listed)) == (False, date(2003, 1, 2))
    assert (date(2018, 6, 4) in listed, date(2018, 6, 5) in listed) == (True, False)
