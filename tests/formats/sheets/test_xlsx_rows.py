"""Rows taken out as text say what the walk says of them, to the cell; what is not plain is left to the walk."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook

from tests.builders.checklists import about, cases, questions
from tests.builders.spreadsheets import FAULTS, grid_parts, with_fault, xlsx, xlsx_parts, zipped
from tilsyn.base.sheets import SheetCells, Unread, Unreadable
from tilsyn.formats.checklists.writer import Press, workbook_bytes
from tilsyn.formats.sheets import xlsx_sheet
from tilsyn.formats.sheets.reading import read
from tilsyn.formats.sheets.xlsx_rows import first_cell, take_out
from tilsyn.reviews import layout
from tilsyn.reviews.checklist import Part

CELLS = (
    '<c r="{}"/>',
    '<c r="{}" s="1"></c>',
    '<c r="{}" s="2" t="n"><v>7</v></c>',
    '<c r="{}" t="b"><v>1</v></c>',
    '<c r="{}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="{}" t="d"><v>2018-04-03T10:00:00</v></c>',
    '<c r="{}"><f>A1&amp;"x"</f><v /></c>',
    '<c r="{}"><f t="shared" si="0"/><v>2.5</v></c>',
    '<c r="{}" t="str"><f aca="false">1</f><v>a&lt;b&amp;lt;</v></c>',
    '<c r="{}" t="inlineStr"><is><t> æ_x0041_ </t></is></c>',
    '<c r="{}" t="inlineStr"><is><t xml:space="preserve"> to\nlinjer </t></is></c>',
    '<c r="{}" t="inlineStr"><is><r><t>ja</t></r></is></c>',
    '<c r="{}" t="inlineStr"><is><t>&#230;</t></is></c>',
    '<c r="{}" t="str"><v>\U0001f600\ufb01</v></c>',
    '<c r="{}" t="str"><v>a > b [c]</v></c>',
    '<c r="{}" t="str"><v>a]]>b</v></c>',
    '<c r="{}" t="str"><v>&uuml;</v></c>',
    '<c r="{}" t="str"><v>\r\x01</v></c>',
    '<c r="{}" t="n"><v>syv</v></c>',
    '<c t="n" r="{}"><v>7</v></c>',
    '<c r="{}"><v>7</v><!-- 8 --></c>',
    '<c r="{}"><v>7</v><v>8</v></c>',
    "<c><v>7</v></c>",
    '<c r="A3"/>',
    '<c r="A3"><v>7</v></c>',
)
ROWS = (
    '<row r="{}">{}</row>',
    '<row r="{}" hidden="1" spans="1:3">{}</row>',
    "<row r='{}'>{}</row>",
    "<row><!--{}-->{}</row>",
    '<row r="{}"><!-- {} --></row>',
    '<row r="{}"><row>{}</row></row>',
)
COLUMNS = some.sampled_from(["A", "B", "C", "AA", "XFE"])


def told(data: bytes) -> list[SheetCells] | tuple[object, ...]:
    try:
        return read(data)
    except Unreadable as refused:
        return (refused.what, refused.sheet)


def as_walked(data: bytes) -> list[SheetCells] | tuple[object, ...]:
    """What is told where no row is taken out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx_sheet, "take_out", lambda xml: (xml, {}))
        return told(data)


@settings(max_examples=300)
@given(
    some.lists(
        some.tuples(
            some.sampled_from(ROWS),
            some.integers(1, 4),
            some.lists(some.tuples(some.sampled_from(CELLS), COLUMNS), max_size=4),
        ),
        max_size=4,
    )
)
def test_whatever_is_written_both_ways_say_the_same(
    rows: list[tuple[str, int, list[tuple[str, str]]]],
) -> None:
    written = [
        row.format(number, "".join(cell.format(f"{column}{number}") for cell, column in line))
        for row, number, line in rows
    ]
    data = xlsx("".join(written))
    assert told(data) == as_walked(data)


@pytest.mark.parametrize("fault", FAULTS["xlsx"])
def test_whatever_is_wrong_both_ways_say_the_same(fault: str) -> None:
    data = with_fault("xlsx", [["Sagsnr", "Svar"], ["1", "ja"]], (1, 1), fault)
    assert told(data) == as_walked(data)


def test_a_checklist_is_plain_from_end_to_end_and_read_as_it_was() -> None:
    data = workbook_bytes(about(questions()), Part("amager", "Amager <&>", cases("<1> & æ", "=2")), Press())
    assert told(data) == as_walked(data)
    saved = io.BytesIO()
    load_workbook(io.BytesIO(data)).save(saved)
    assert told(saved.getvalue()) == as_walked(saved.getvalue())
    assert take_out(grid_parts("xlsx", [["ja"]])["xl/worksheets/sheet1.xml"].encode())[1]


def test_of_what_nobody_reads_there_are_no_cells() -> None:
    data = workbook_bytes(about(questions()), Part("amager", "Amager", cases("1")), Press())
    whole, short = (read(data), read(data, layout.UNREAD))
    for sheet, left in zip(whole, short, strict=True):
        if sheet.cells[0, 0] in layout.UNREAD.marks:
            assert left.cells == {(0, 0): sheet.cells[0, 0]}
            continue
        unread = {
            place for place in {**sheet.cells, **sheet.faults} if place not in {**left.cells, **left.faults}
        }
        assert {column for _, column in unread} <= set(range(layout.ROLES.index("typed") - 1, 40))
        assert bool(unread) == (sheet.cells[0, 0] == layout.CASE_MARK)
        kept = {place: value for place, value in sheet.cells.items() if place not in unread}
        assert dataclasses.replace(left, faults={}, hidden_columns=frozenset()).cells == kept


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>tilsyn/guide/1</t></is></c></row>'


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (HEAD, True),
        (f"<!-- {HEAD} -->", False),
        (f'<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>{HEAD.replace("1", "2")}', False),
    ],
)
def test_only_a_plain_first_cell_says_that_a_sheet_is_passed_over(rows: str, found: bool) -> None:
    xml = f'<worksheet xmlns="x"><sheetData>{rows}</sheetData></worksheet>'.encode()
    assert (first_cell(xml) is not None) is found


def test_rows_outside_the_table_are_none_of_the_sheet() -> None:
    row = '<row r="2"><c r="A2"><v>1</v></c></row>'
    for before, after in ((f'<x xmlns="y">{HEAD}</x>', ""), ("", f"<x>{HEAD}</x>")):
        xml = f'<worksheet xmlns="x">{before}<sheetData>{row}</sheetData>{after}</worksheet>'.encode()
        assert first_cell(xml) is None
        left, taken = take_out(xml)
        assert HEAD.encode() in left
        assert list(taken) == [1]
    twice = (
        f'<worksheet xmlns="x"><sheetData>{HEAD}</sheetData><sheetData>{row}</sheetData></worksheet>'.encode()
    )
    assert take_out(twice) == (twice, {})


@pytest.mark.parametrize(
    ("below", "left"),
    [
        ('<mergeCells><mergeCell ref="A1:B1"/></mergeCells><x:c xmlns:x="y"/>', True),
        ('<cfRule type="expression"><formula>A1&lt;2</formula></cfRule><!-- <mergeCells> -->', False),
        ("<mergeCells>", True),
        ("<x:mergeCells/>", True),
        ("&nbsp;", True),
        ('<cols><col min="1" max="1" hidden="1"/></cols>', True),
    ],
)
def test_what_stands_below_the_table_stays_where_the_walk_has_to_tell_of_it(below: str, left: bool) -> None:
    xml = f'<worksheet xmlns="w"><sheetData>{HEAD}</sheetData>{below}</worksheet>'.encode()
    assert (below.encode() in take_out(xml)[0]) is left
    parts = xlsx_parts(HEAD)
    sheet = "xl/worksheets/sheet1.xml"
    data = zipped(parts | {sheet: parts[sheet].replace("</sheetData>", f"</sheetData>{below}")})
    assert told(data) == as_walked(data)


def test_of_two_unread_columns_with_one_heading_only_the_last_is_passed_over() -> None:
    rows = [["columns", "missing", "missing"], ["question", "ja", "nej"]]
    unread = Unread(frozenset(), "columns", frozenset({"missing"}))
    (sheet,) = read(zipped(grid_parts("xlsx", rows)), unread)
    assert sheet.cells[1, 1] == "ja"
    assert (1, 2) not in sheet.cells


def test_a_text_that_is_no_utf_8_is_damaged() -> None:
    parts = xlsx_parts('<row r="1"><c r="A1" t="inlineStr"><is><t>\udcff</t></is></c></row>')
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text.encode("utf-8", "surrogateescape"))
    assert told(data.getvalue())[0] == as_walked(data.getvalue())[0] == "damaged"
