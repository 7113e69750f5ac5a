"""Every cell is read, named as a fault, or its file refused: nothing vanishes, whatever the file is like."""

from __future__ import annotations

import random
import re
from datetime import date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.builders.spreadsheets import (
    FAULTS,
    MAIN,
    STRICT,
    grid_parts,
    main_part,
    ods,
    ods_parts,
    with_fault,
    xlsx,
    xlsx_parts,
    zipped,
)
from tilsyn.base.sheets import SheetCells, Unreadable
from tilsyn.formats.sheets.reading import read

GRID = [["Sagsnr", "Svar", "Bemærkning"], ["2018-1", "ja", "<&>"], ["2018-2", "nej", "to  mellemrum"]]
CELLS = {(r, c): text for r, line in enumerate(GRID) for c, text in enumerate(line)}
ANSWER = (2, 1)
KINDS = ("xlsx", "ods")
# Faults that calamine reads as something else than an empty cell: then the file is refused.
UNLIKE = {"error with a comment in it"}
BROKEN = [(kind, fault) for kind in KINDS for fault in FAULTS[kind]]


def sheet(data: bytes) -> SheetCells:
    (found,) = read(data)
    return found


def refused(data: bytes) -> str:
    with pytest.raises(Unreadable) as told:
        read(data)
    return told.value.what


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_file_is_read_whole(kind: str) -> None:
    found = sheet(zipped(grid_parts(kind, GRID)))
    assert (found.name, found.cells, found.faults, found.hidden) == ("Ark1", CELLS, {}, False)


@pytest.mark.parametrize(("kind", "fault"), BROKEN)
def test_what_is_wrong_with_an_answer_is_never_passed_over(kind: str, fault: str) -> None:
    data = with_fault(kind, GRID, ANSWER, fault)
    if not fault.startswith(("error", "formula")) or fault in UNLIKE:
        assert refused(data) in ("twofold", "damaged", "far_cells")
        return
    found = sheet(data)
    assert found.faults == {ANSWER: "error" if fault.startswith("error") else "formula"}
    assert {place: text for place, text in CELLS.items() if place != ANSWER} == found.cells


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_type_is_refused_wherever_it_stands(kind: str) -> None:
    parts = grid_parts(kind, GRID)
    read_parts = {"xlsx": set(parts) - {"[Content_Types].xml"}, "ods": {"content.xml"}}[kind]
    for name in read_parts:
        assert refused(zipped(parts | {name: DOCTYPE + parts[name]})) == "doctype", name


# What the parts of a sound .xlsx file may be changed to, and how the file is then refused; None: read as before.
BOOKS = {
    "another order of attributes": ("xl/workbook.xml", r'name="Ark1" sheetId="1"', 'sheetId="1" name="Ark1"', None),
    "a path from the root": ("xl/_rels/workbook.xml.rels", 'Target="worksheets', 'Target="/xl/worksheets', None),
    "a part in other letters": ("xl/_rels/workbook.xml.rels", "sheet1.xml", "SHEET1.xml", None),
    "two sheets of a name": ("xl/workbook.xml", "</sheets>", '<sheet name="ARK1" sheetId="2" r:id="rId1"/></sheets>', "twofold"),
    "two lists of sheets": ("xl/workbook.xml", "</sheets>", "</sheets><sheets/>", "twofold"),
    "a sheet without a part": ("xl/workbook.xml", "rId1", "rId9", "damaged"),
    "two relations of an id": ("xl/_rels/workbook.xml.rels", 'Id="rId2"', 'Id="rId1"', "twofold"),
    "another workbook for Excel": ("_rels/.rels", "xl/workbook.xml", "xl/other.xml", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("change", BOOKS)
def test_the_parts_of_a_workbook_are_found_as_excel_finds_them(change: str) -> None:
    name, old, new, what = BOOKS[change]
    parts = grid_parts("xlsx", GRID)
    assert old in parts[name]
    data = zipped(parts | {name: parts[name].replace(old, new)})
    if what is None:
        assert sheet(data).cells == CELLS
    else:
        assert refused(data) == what


def test_two_parts_that_differ_by_the_case_of_their_letters_are_refused() -> None:
    parts = grid_parts("xlsx", GRID)
    assert (
        refused(zipped(parts | {"XL/worksheets/Sheet1.xml": parts["xl/worksheets/sheet1.xml"]})) == "twofold"
    )


def test_of_two_workbooks_the_one_that_excel_opens_is_read() -> None:
    parts = grid_parts("xlsx", GRID)
    other = parts["xl/worksheets/sheet1.xml"].replace("nej", "ja")
    hidden = {
        "_rels/.rels": parts["_rels/.rels"].replace("xl/workbook", "yl/workbook"),
        "yl/workbook.xml": parts["xl/workbook.xml"],
        "yl/_rels/workbook.xml.rels": parts["xl/_rels/workbook.xml.rels"],
        "yl/styles.xml": parts["xl/styles.xml"],
        "yl/worksheets/sheet1.xml": other,
    }
    assert sheet(zipped(parts | hidden)).cells == CELLS | {ANSWER: "ja"}


@pytest.mark.parametrize("main", [MAIN, STRICT])
def test_types_of_cells(main: str) -> None:
    row = (
        '<row r="2"><c r="A2"><v>1.5</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="d"><v>2018-04-03T10:00:00</v></c>'
        '<c r="D2" t="str"><f>""</f><v></v></c><c r="E2" s="2"><v>12</v></c><c r="F2" s="1" t="str"><v>nej</v></c>'
        '<c r="G2" t="inlineStr"><is><r><t xml:space="preserve">ja </t></r><r><rPr><strike/></rPr><t>nej</t></r></is></c>'
        '<c r="H2" t="inlineStr"><is><t>a_x000D__x000A_b</t></is></c><c r="I2"><f>1+1</f><v>2</v></c></row>'
    )
    found = sheet(xlsx(row, main))
    assert found.cells == {
        (1, 0): 1.5, (1, 1): True, (1, 2): datetime(2018, 4, 3, 10), (1, 4): 12.0, (1, 5): "nej",
        (1, 6): "ja nej", (1, 7): "a\nb", (1, 8): 2.0,
    }  # fmt: skip
    assert found.number_formats == {(1, 4): "00000"}
    assert found.struck == {(1, 5), (1, 6)}


def test_types_of_cells_in_an_ods() -> None:
    cells = (
        '<table:table-cell office:value-type="float" office:value="12"><text:p>0012</text:p></table:table-cell>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>SAND</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2018-04-03"><text:p>3/4</text:p></table:table-cell>'
        '<table:table-cell office:value-type="time" office:time-value="PT10H30M00S"><text:p>10:30</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string" table:style-name="struck"><text:p>n<text:s text:c="2"/>ej</text:p><text:p>x</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>Nej</text:p></office:annotation><text:p>ja</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=&quot;&quot;"><text:p/></table:table-cell>'
        '<table:covered-table-cell office:value-type="string"><text:p>skjult</text:p></table:covered-table-cell>'
    )
    rows = f'<table:table-row-group><table:table-row table:visibility="filter">{cells}</table:table-row></table:table-row-group>'
    found = sheet(ods(rows))
    assert found.cells == {
        (0, 0): 12.0, (0, 1): True, (0, 2): date(2018, 4, 3), (0, 3): time(10, 30), (0, 4): "n  ej\nx",
        (0, 5): "ja", (0, 7): "skjult",
    }  # fmt: skip
    assert found.number_formats == {(0, 0): "0000"}
    assert (found.struck, found.commented, found.hidden_rows) == ({(0, 4)}, {(0, 5)}, {0})


def test_repeated_cells_of_an_ods_are_written_out() -> None:
    cell = '<table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>ja</text:p></table:table-cell>'
    rows = f'<table:table-row table:number-rows-repeated="2">{cell}</table:table-row>'
    assert sheet(ods(rows)).cells == dict.fromkeys([(0, 0), (0, 1), (1, 0), (1, 1)], "ja")


def test_what_openpyxl_writes_beside_the_values(tmp_path: Path) -> None:
    book = Workbook()
    form = book.worksheets[0]
    form.append(["a", "b", "c"])
    form.append([1, 2, 3])
    form["A1"].comment = Comment("Nej", "Jurist")
    form["B1"].font = Font(strike=True)
    form.row_dimensions[2].hidden = True
    form.column_dimensions["C"].hidden = True
    book.create_sheet("Skjult").sheet_state = "veryHidden"
    book.save(tmp_path / "x.xlsx")
    first, second = read((tmp_path / "x.xlsx").read_bytes())
    assert (first.commented, first.struck) == ({(0, 0)}, {(0, 1)})
    assert (first.hidden_rows, first.hidden_columns) == ({1}, {2})
    assert (first.hidden, second.hidden, second.name) == (False, True, "Skjult")


@pytest.mark.parametrize("name", ["1900", "1904"])
def test_dates_of_both_systems(name: str) -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" s="1"><v>43193</v></c></row>')
    styles = parts["xl/styles.xml"].replace('<xf numFmtId="0" fontId="1"/>', '<xf numFmtId="14"/>')
    old = f'<workbookPr date1904="{int(name == "1904")}"/><sheets>'
    book = parts["xl/workbook.xml"].replace("<sheets>", old)
    found = sheet(zipped(parts | {"xl/styles.xml": styles, "xl/workbook.xml": book}))
    assert found.cells == {(0, 0): date(2018, 4, 3) if name == "1900" else date(2022, 4, 4)}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (bytes(4096), "empty"),
        (b"%PDF-1.7\n", "pdf"),
        (b"<html>", "markup"),
        (b"case_id;answer\n", "text"),
        (b"\x89PNG\r\n\x1a\n\x01", "unknown"),
        (b"PK\x03\x04" + bytes(100), "damaged"),
        (zipped({"word/document.xml": "<x/>"}), "other"),
        (zipped({"xl/workbook.bin": "x"}), "old"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (zipped({"content.xml": "x", "META-INF/manifest.xml": "<encryption-data/>"}), "encrypted"),
    ],
)
def test_what_is_no_spreadsheet_is_told_as_what_it_is(data: bytes, what: str) -> None:
    assert refused(data) == what


def test_an_archive_that_would_fill_the_memory_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    data = zipped(grid_parts("xlsx", GRID))
    monkeypatch.setattr("tilsyn.formats.sheets.parts.MOST_BYTES", 1000)
    assert refused(data) == "huge"


# Ways to write the same XML; each is held against what it must not change.
SAME = [
    (r"<c ", "<c  "),
    (r'="([^"&]*)"', r"='\1'"),
    (r">(ja|nej)<", lambda m: f"><!-- se her -->{m[1]}<"),
    (r">(ja|nej)<", lambda m: f"><![CDATA[{m[1]}]]><"),
    (r">ja<", ">&#106;&#x61;<"),
    (r"<row ", "<!-- a -->\n<row "),
    (r"</row>", "</row><?a b?>\n"),
    (r'<c r="(\w+)" t="inlineStr">', r'<c t="inlineStr" r="\1">'),
    (r"<t>", '<t xml:space="preserve">'),
    (r"<is><t>(.*?)</t></is>", r"<is><r><t>\1</t></r></is>"),
    (r' r="\w+"', ""),
    (r"<table:table-cell ", "<table:covered-table-cell "),
    (r"<text:p>(.*?)</text:p>", r"<text:p><text:span>\1</text:span></text:p>"),
    (r"^", "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_content_written_otherwise_is_the_same_or_refused(kind: str) -> None:
    dice = random.Random(20180403)
    parts = grid_parts(kind, GRID)
    read_as_before = 0
    for _ in range(150):
        text = parts[main_part(kind)]
        for pattern, new in dice.sample(SAME, dice.randint(1, 4)):
            text = re.sub(pattern, new, text, count=dice.choice([0, 1, 2]))
        text = (
            text.replace("</table:table-cell>", "</table:covered-table-cell>")
            if "<table:covered" in text
            else text
        )
        try:
            found = sheet(zipped(parts | {main_part(kind): text}))
        except Unreadable:
            continue
        assert found.cells == CELLS, text
        read_as_before += 1
    assert read_as_before > 40


@pytest.mark.parametrize("parts", [xlsx_parts, ods_parts])
def test_xml_with_bytes_gone_or_changed_is_read_as_it_stands_or_refused(parts: object) -> None:
    kind = "xlsx" if parts is xlsx_parts else "ods"
    whole = grid_parts(kind, GRID)
    text = whole[main_part(kind)]
    dice = random.Random(7)
    for _ in range(300):
        at, size = dice.randrange(len(text)), dice.choice([1, 2, 9, 60])
        piece = dice.choice(["", "<", '"', "A", "/>", text[at : at + size] * 2, text[-at : -at + size]])
        changed = text[:at] + piece + text[at + size :]
        try:
            found = sheet(zipped(whole | {main_part(kind): changed}))
        except Unreadable:
            continue
        # A value that is read stands so in the XML that is left.
        assert all(value in changed or str(value) in "<&>" for value in map(str, found.cells.values()))
        assert set(found.faults).isdisjoint(found.cells)
