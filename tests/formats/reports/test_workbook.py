"""The report's file: one table per sheet, texts for the blind, no clock, text that stays text."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.builders.plain_reports import annex, plain_report, summary, units
from tests.builders.reports import material, record
from tilsyn.base.language import say
from tilsyn.base.problems import Refused
from tilsyn.formats.reports.workbook import report_bytes
from tilsyn.reports.edition import build
from tilsyn.reports.parts import ChartPoint, Report


@pytest.fixture(scope="module")
def report() -> Report:
    return build(material(), public=False)


@pytest.fixture(scope="module")
def data(report: Report) -> bytes:
    return report_bytes(report)


@pytest.fixture(scope="module")
def sheets(data: bytes) -> list[Worksheet]:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets


@pytest.fixture(scope="module")
def plain() -> bytes:
    return report_bytes(plain_report())


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def texts(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [cell.value for cell in cells if isinstance(cell.value, str)]


def test_the_same_report_gives_the_same_bytes(report: Report, data: bytes, plain: bytes) -> None:
    assert report_bytes(report) == data
    assert report_bytes(plain_report()) == plain


def test_each_sheet_has_one_table_and_no_merged_cells(sheets: list[Worksheet]) -> None:
    assert len(sheets) > 10
    for sheet in sheets[2:]:
        assert len(sheet.tables) == 1, sheet.title
        assert not sheet.merged_cells.ranges, sheet.title
        table = next(iter(sheet.tables.values()))
        first, *rows = sheet[table.ref]
        headings = [cell.value for cell in first]
        assert headings == [column.name for column in table.tableColumns]
        assert len(set(headings)) == len(headings)
        assert all(rows)


def test_sheets_are_set_up_to_be_read_and_printed(sheets: list[Worksheet]) -> None:
    for sheet in sheets[2:]:
        assert sheet["A1"].font.b, sheet.title
        assert sheet.page_setup.paperSize == 9
        assert sheet.freeze_panes, sheet.title
        head = re.match(r"\D+(\d+)", next(iter(sheet.tables.values())).ref)
        assert head
        assert sheet.print_title_rows == f"${head[1]}:${head[1]}"


def test_numbers_are_numbers_with_formats(sheets: list[Worksheet]) -> None:
    sheet = next(s for s in sheets if s.title == "Spørgsmål")
    table = next(iter(sheet.tables.values()))
    headings, first, *_ = sheet[table.ref]
    row = {str(h.value): cell for h, cell in zip(headings, first, strict=True)}
    assert row["Procent"].value == pytest.approx(0.959, abs=0.01)
    assert row["Procent"].number_format == "0.0%"
    assert row["Overholdt"].value == "82 af 85"
    assert row["Ændring"].number_format == "+0.0;-0.0;0.0"


def test_a_number_has_no_dust_and_no_sign_that_says_nothing(plain: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(plain))["Alle spørgsmål"]
    rows = {str(row[0].value): row for row in sheet.iter_rows(min_row=4)}
    _, p, effective, change, share = rows["=HYPERLINK(1)"]
    assert p.number_format == '[<0.001]"<0,001";0.000'
    assert (effective.value, change.value, share.value) == (12.3, 0, 0.3)
    assert [cell.value for cell in rows["+1"]] == ["+1", ".", None, ".", 1]


def test_a_public_report_has_no_more_of_a_number_than_it_shows() -> None:
    book = openpyxl.load_workbook(io.BytesIO(report_bytes(plain_report(public=True))))
    found = [
        (cell.number_format, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, int | float) and cell.number_format in ("0%", "+0;-0;0")
    ]
    assert len(found) > 100
    for shown, value in found:
        assert value == round(value, 2 if shown == "0%" else 0)


def test_links_in_the_contents_lead_to_the_sheets(sheets: list[Worksheet], plain: bytes) -> None:
    for pages in (sheets, openpyxl.load_workbook(io.BytesIO(plain)).worksheets):
        links = [cell.hyperlink for row in pages[1].iter_rows() for cell in row if cell.hyperlink]
        targets = [str(link.location).split("!")[0].strip("'") for link in links]
        assert targets == [sheet.title for sheet in pages[2:]]


def test_the_contents_name_no_layer_that_has_no_sheet() -> None:
    data = report_bytes(plain_report(sheets=[annex()]))
    contents = openpyxl.load_workbook(io.BytesIO(data)).worksheets[1]
    said = {str(cell.value) for row in contents.iter_rows() for cell in row if cell.value}
    assert say("web.annex") in said
    assert say("web.figures") not in said


def test_charts_and_tables_have_texts_and_the_file_its_language(data: bytes) -> None:
    files = parts(data)
    drawings = [text for name, text in files.items() if name.startswith("xl/drawings/drawing")]
    assert len(drawings) == 1
    assert all('descr="Figur: ' in text for text in drawings)
    tables = [text for name, text in files.items() if name.startswith("xl/tables/")]
    assert all('altText="Tabel' in text for text in tables)
    core = files["docProps/core.xml"]
    assert "<dc:language>da-DK</dc:language>" in core
    assert re.findall(r">(\d{4}-\d\d-\d\d)T", core) == ["2018-09-05", "2018-09-05"]


def test_names_lead_to_the_cells_of_a_column_without_its_heading(plain: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plain))
    assert set(book.defined_names) == {"data_maal", "data_andel"}
    ((name, cells),) = book.defined_names["data_andel"].destinations
    assert [cell.value for (cell,) in book[name][cells]] == pytest.approx([0.5 + n / 100 for n in range(12)])


def test_text_from_outside_is_never_a_formula() -> None:
    evil = build(material(record=record(seed_origin="=HYPERLINK(1)\x07")), public=False)
    written = report_bytes(evil)
    assert texts(written).count("=HYPERLINK(1)") == 1
    assert "<f>" not in "".join(
        text for name, text in parts(written).items() if name.startswith("xl/worksheets/")
    )


HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "+1",
    "-1",
    "[Red]0%",
    "'x",
    "_x0041_",
    "R&D, B&G &[Picture] &P",
    "A!B2",
    "=Data!$A$1",
    "<b>&amp;",
    "a\x00b\x1f\ud800c",
    "Æ" * 300,
    "et meget langt navn " * 200,
]


def test_hostile_texts_stand_as_they_are() -> None:
    blocks = [replace(block, heading=name) for block, name in zip(summary().blocks, HOSTILE, strict=False)]
    hostile = plain_report(
        organisation=HOSTILE[7],
        title=HOSTILE[7] * 20,
        preliminary=HOSTILE[0],
        sheets=[units(tuple(HOSTILE)), replace(annex(), title=HOSTILE[9], lines=HOSTILE)],
        summary=summary(title=HOSTILE[0], blocks=blocks),
    )
    chart = hostile.sheets[0].chart
    assert chart
    named = replace(chart, title=HOSTILE[8], alt_text=HOSTILE[9])
    hostile = replace(hostile, sheets=[replace(hostile.sheets[0], chart=named), hostile.sheets[1]])
    written = report_bytes(hostile)
    rows = [
        row for sheet in openpyxl.load_workbook(io.BytesIO(written)) for row in sheet.row_dimensions.values()
    ]
    assert max(row.height or 0 for row in rows) <= 409
    found = set(texts(written))
    assert {re.sub("[\x00\x1f\ud800]", "", name) for name in HOSTILE} <= found
    files = parts(written)
    assert "<f>" not in "".join(text for name, text in files.items() if name.startswith("xl/worksheets/"))
    drawn = [text for name, text in files.items() if name.startswith("xl/charts/chart")]
    assert drawn
    cells = re.findall(r"<c:f>(.*?)</c:f>", "".join(drawn))
    assert all(f.startswith("'Figurernes tal'!") for f in cells)
    for name, text in files.items():
        for foot in re.findall(r"<odd(?:Footer|Header)>(.*?)</odd", text, re.DOTALL):
            plain = foot.replace("&amp;", "&").replace("&quot;", '"')
            assert len(plain) <= 255, name
            # The only codes are the sides', fonts', sizes' and page numbers'; `&&` is an ampersand.
            codes = re.findall(r"&(.)", plain.replace("&&", ""))
            assert set(codes) <= set('LCR"8PN'), name


def test_nothing_is_hidden_and_charts_hold_no_more_than_is_in_sight(plain: bytes) -> None:
    files = parts(plain)
    assert not any("comments" in name or "vml" in name for name in files)
    assert not re.search(r'(?:hidden|state)="(?:1|true|hidden|veryHidden)"', "".join(files.values()))
    numbers = openpyxl.load_workbook(io.BytesIO(plain))["Figurernes tal"]
    seen = {str(cell.value) for row in numbers.iter_rows() for cell in row if cell.value is not None}
    drawn = [text for name, text in files.items() if name.startswith("xl/charts/chart")]
    assert len(drawn) == 3
    for text in drawn:
        cached = re.findall(r"<c:pt idx=\"\d+\"><c:v>(.*?)</c:v>", text)
        assert cached
        assert {re.sub(r"\.0$", "", value) for value in cached} <= {re.sub(r"\.0$", "", v) for v in seen}


def test_a_row_without_figure_has_nothing_in_the_chart(plain: bytes) -> None:
    numbers = openpyxl.load_workbook(io.BytesIO(plain))["Figurernes tal"]
    rows = {str(row[1].value): [cell.value for cell in row[2:]] for row in numbers.iter_rows()}
    assert rows["Blev handleplanen lavet, før foranstaltningen begyndte?"] == [None] * 6
    assert rows["Amager"] == [0.95, 0.88, 0.99, 0.9, 0.07, 0.04]


def test_what_is_like_a_cpr_number_is_refused_with_its_sheet_and_cell() -> None:
    rows = [["010101-9999", 1, ".", ".", "."], *annex().rows]
    with pytest.raises(Refused, match=r"Alle spørgsmål, A6\b"):
        report_bytes(plain_report(sheets=[replace(annex(), rows=rows)]))
    report_bytes(plain_report(sheets=[replace(annex(), rows=rows)]), known={"010101-9999"})
    with pytest.raises(Refused, match="xlsx skrives ikke"):
        report_bytes(plain_report(organisation="010101-9999"))
    chart = units().chart
    assert chart
    told = replace(units(), chart=replace(chart, alt_text="010101-9999"))
    with pytest.raises(Refused, match=r"Enheder, F4\b"):
        report_bytes(plain_report(sheets=[told]))


def test_the_distances_of_a_public_chart_tell_no_more_than_its_numbers() -> None:
    chart = units().chart
    assert chart
    point = ChartPoint("Amager", 0.934, 0.886, 0.966, 0.901)
    sheet = replace(units(), chart=replace(chart, points=[point]))
    numbers = openpyxl.load_workbook(io.BytesIO(report_bytes(plain_report(sheets=[sheet], public=True))))
    (row,) = [row for row in numbers["Figurernes tal"].iter_rows(values_only=True) if row[1] == "Amager"]
    assert row[2:] == (0.93, 0.89, 0.97, 0.9, 0.04, 0.04)


def test_what_is_not_final_says_so_on_every_sheet_and_page(plain: bytes) -> None:
    for sheet in openpyxl.load_workbook(io.BytesIO(plain)):
        assert "FORELØBIG" in str(sheet.oddHeader.center.text), sheet.title
        assert any("FORELØBIG" in str(cell.value) for row in sheet["A1:A3"] for cell in row), sheet.title
