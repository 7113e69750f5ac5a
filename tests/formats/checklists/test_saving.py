"""What is saved past openpyxl reads back as what openpyxl itself would have saved."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

from tests.builders.checklists import about, cases, questions
from tilsyn.formats.checklists import writer
from tilsyn.formats.checklists.case_sheet import CaseForm
from tilsyn.formats.checklists.saving import checklist_bytes
from tilsyn.formats.checklists.sheet_writer import SheetWriter
from tilsyn.formats.checklists.writer import Press, build, workbook_bytes
from tilsyn.reviews.checklist import Case, Part

ODD = ("<&>\"' æøå €", "=1+1", " to mellemrum  her ", "linje\nskift", "\x07klokke", "😀", "'citat")

MERGED, CELL = re.compile(rb"<mergeCells.*?</mergeCells>"), re.compile(rb"<mergeCell [^>]*>")


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a workbook; which cells are merged is kept in a set, whose order is any."""
    with ZipFile(BytesIO(data)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: MERGED.sub(lambda cells: b"".join(sorted(CELL.findall(cells[0]))), xml)
        for name, xml in found.items()
    }


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


TEXTS = some.text(max_size=40)


@settings(max_examples=25, deadline=None)
@given(some.lists(some.tuples(TEXTS, TEXTS), min_size=1, max_size=4), TEXTS, TEXTS)
def test_a_stamped_sheet_is_the_one_that_is_written_in_full(
    facts: list[tuple[str, str]], unit: str, earlier: str
) -> None:
    """Also in the first workbook of a draw with one case, and in a later one with several."""
    told = about(questions(), organisation="A & B", blind=False, second_reading=True)
    answers = {question.question_id: earlier for question in questions().questions[:2]}
    listed = [
        Case(f"{n} {text}", unit, {"case_type": fact}, {}, answers) for n, (text, fact) in enumerate(facts)
    ]
    press = Press()
    for part in (Part("one", "<&>", tuple(listed[:1])), Part("all", "Alle", tuple(listed))):
        stamped = parts_of(workbook_bytes(told, part, press))
        assert stamped == parts_of(checklist_bytes(build(told, part), {unit, *map(str, facts)}))


def test_one_case_sheet_of_a_draw_is_written_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    class Counted(CaseForm):
        def __init__(self, sheet: SheetWriter) -> None:
            made.append(sheet)
            super().__init__(sheet)

    monkeypatch.setattr(writer, "CaseForm", Counted)
    press = Press()
    for name in ("amager", "valby"):
        workbook_bytes(about(questions()), Part(name, name, cases("1", "2", "3")), press)
    assert len(made) == 1


def test_every_reader_sees_the_same_in_a_stamped_sheet() -> None:
    listed = cases(*ODD, facts={"case_type": "Type: <&> \"'", "alder": "å\nø"})
    told, part = about(questions()), Part("amager", "Amager", listed)
    stamped, full = workbook_bytes(told, part, Press()), checklist_bytes(build(told, part), ())
    with (
        CalamineWorkbook.from_filelike(BytesIO(stamped)) as one,
        CalamineWorkbook.from_filelike(BytesIO(full)) as other,
    ):
        assert one.sheet_names == other.sheet_names
        for name in one.sheet_names:
            assert one.get_sheet_by_name(name).to_python() == other.get_sheet_by_name(name).to_python()
    for mine, theirs in zip(load_workbook(BytesIO(stamped)), load_workbook(BytesIO(full)), strict=True):
        assert (mine.print_area, mine.sheet_state) == (theirs.print_area, theirs.sheet_state)
        for row, expected in zip(mine.iter_rows(), theirs.iter_rows(), strict=True):
            for cell, wanted in zip(row, expected, strict=True):
                assert (cell.value, cell.style_id, cell.hyperlink) == (
                    wanted.value,
                    wanted.style_id,
                    wanted.hyperlink,
                )


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
