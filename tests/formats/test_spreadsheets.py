"""Cells that read as empty but are not are found, whatever program wrote the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.spreadsheets import MAIN, STRICT, ods, xlsx
from tilsyn.base.problems import InputError
from tilsyn.base.sheets import SheetCells, cell_name, cell_position
from tilsyn.formats.spreadsheets import read_sheets


def read(data: bytes) -> SheetCells:
    return read_sheets(Path("prøve.xlsx"), data)[0]


ROW = (
    '<row r="3"><c r="B3"><v>1</v></c><c r="C3" t="e"><f>NA()</f><v>#N/A</v></c><c r="D3"><f>1+1</f></c>'
    '<c r="E3"><f>1+1</f><v></v></c><c r="F3" t="str"><f>""</f><v></v></c><c r="G3" s="1"/>'
    '<c r="H3"><f t="shared" si="0"/><v/></c><c r="I3" t="inlineStr"><is><t>hej</t></is></c></row>'
)


@pytest.mark.parametrize("main", [MAIN, STRICT])
def test_hidden_content_and_absolute_places(main: str) -> None:
    sheet = read(xlsx(ROW, main))
    assert sheet.faults == {(2, 2): "error", (2, 3): "formula", (2, 4): "formula", (2, 7): "formula"}
    assert sheet.cells[2, 1] == 1
    assert sheet.cells[2, 8] == "hej"
    assert list(sheet.rows()) == [2]


def test_a_prefixed_namespace_hides_nothing() -> None:
    row = ROW.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    assert read(xlsx(row, prefix="x")).faults.keys() == {(2, 2), (2, 3), (2, 4), (2, 7)}


@pytest.mark.parametrize("row", [1048576, 500000])
def test_far_corners_are_refused_and_far_rows_are_not(row: int) -> None:
    near = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{row}"><c r="B{row}"><v>2</v></c></row>'
    assert read(xlsx(near)).cells[row - 1, 1] == 2
    with pytest.raises(InputError) as told:
        read(xlsx(near.replace('r="A1"', 'r="XFD1"')))
    assert told.value.problems[0].cell == f"B{row}"


def test_an_ods_that_would_fill_the_memory_is_refused() -> None:
    cell = '<table:table-cell office:value-type="float" office:value="1"/>'
    wide = (
        f'<table:table-row><table:table-cell table:number-columns-repeated="16000"/>{cell}</table:table-row>'
    )
    deep = f'<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row>{cell}</table:table-row>'
    with pytest.raises(InputError) as told:
        read(ods(wide + deep))
    assert told.value.problems[0].sheet == "Ark1"


def test_names_of_cells_go_both_ways() -> None:
    for place in ((0, 0), (6, 25), (6, 26), (1048575, 16383)):
        assert cell_position(cell_name(*place)) == place


def test_a_text_file_is_told_with_the_name_it_goes_by(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_sheets(tmp_path / "amager.xlsx", b"case_id;answer\n1;ja\n")
    assert error.value.problems[0].found == "filen er en tekstfil (CSV), selv om den hedder .xlsx"
