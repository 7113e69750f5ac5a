"""The report's file: one table per sheet, texts for the blind, no clock, and a chart that programs draw."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.builders.reports import material, record
from tilsyn.formats.reports.workbook import report_bytes
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Report


@pytest.fixture(scope="module")
def report() -> Report:
    return build(material(), public=False)


@pytest.fixture(scope="module")
def data(report: Report) -> bytes:
    return report_bytes(report)


@pytest.fixture(scope="module")
def sheets(data: bytes) -> list[Worksheet]:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_the_same_report_gives_the_same_bytes(report: Report, data: bytes) -> None:
    assert report_bytes(report) == data


def test_each_sheet_has_one_table_and_no_merged_cells(sheets: list[Worksheet]) -> None:
    assert len(sheets) > 10
    for sheet in sheets[1:]:
        assert len(sheet.tables) == 1, sheet.title
        assert not sheet.merged_cells.ranges, sheet.title
        table = next(iter(sheet.tables.values()))
        first, *rows = sheet[table.ref]
        headings = [cell.value for cell in first]
        assert headings == [column.name for column in table.tableColumns]
        assert len(set(headings)) == len(headings)
        assert all(rows)


def test_sheets_are_set_up_to_be_read_and_printed(sheets: list[Worksheet]) -> None:
    for sheet in sheets[1:]:
        assert sheet["A1"].font.b, sheet.title
        assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        if not sheet._charts:
            assert sheet.freeze_panes
            assert sheet.print_title_rows


def test_numbers_are_numbers_with_formats(sheets: list[Worksheet]) -> None:
    sheet = next(s for s in sheets if s.title == "Spørgsmål")
    table = next(iter(sheet.tables.values()))
    headings, first, *_ = sheet[table.ref]
    row = {str(h.value): cell for h, cell in zip(headings, first, strict=True)}
    assert row["Procent"].value == pytest.approx(0.959, abs=0.01)
    assert row["Procent"].number_format == "0.0%"
    assert row["Overholdt"].value == "82 af 85"
    assert row["Ændring"].number_format == "+0.0;-0.0;0.0"


def test_links_on_the_cover_lead_to_the_sheets(sheets: list[Worksheet]) -> None:
    links = [cell.hyperlink for row in sheets[0].iter_rows() for cell in row if cell.hyperlink]
    targets = [str(link.location).split("!")[0].strip("'") for link in links]
    assert targets == [sheet.title for sheet in sheets[1:]]


def test_charts_and_tables_have_texts_and_the_file_its_language(data: bytes) -> None:
    files = parts(data)
    drawings = [text for name, text in files.items() if name.startswith("xl/drawings/drawing")]
    assert len(drawings) == 1
    assert all('descr="Figur' in text for text in drawings)
    tables = [text for name, text in files.items() if name.startswith("xl/tables/")]
    assert all('altText="Tabel' in text for text in tables)
    core = files["docProps/core.xml"]
    assert "<dc:language>da-DK</dc:language>" in core
    assert re.findall(r">(\d{4}-\d\d-\d\d)T", core) == ["2018-09-05", "2018-09-05"]


def test_error_bars_stand_in_the_order_of_the_standard(data: bytes) -> None:
    charts = [text for name, text in parts(data).items() if name.startswith("xl/charts/chart")]
    assert len(charts) == 1
    for chart in charts:
        assert re.search(r"<errBars><errDir.*?<plus>.*?</plus><minus>.*?</minus>.*?</errBars>", chart)


def test_text_from_outside_is_never_a_formula() -> None:
    evil = material(record=record(seed_origin="=HYPERLINK(1)\x07"))
    book = openpyxl.load_workbook(io.BytesIO(report_bytes(build(evil, public=False))))
    cells = [cell for row in book["Om tilsynet"].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert len(cells) == 1
    xml = parts(report_bytes(build(evil, public=False)))
    assert "<f>" not in "".join(text for name, text in xml.items() if name.startswith("xl/worksheets/"))


def test_no_cell_claims_a_text_that_is_not_there(data: bytes) -> None:
    for name, text in parts(data).items():
        if name.startswith("xl/worksheets/"):
            assert not re.search(r't="(?:inlineStr|s)"\s*/>', text), name


@pytest.mark.libreoffice
def test_libreoffice_opens_it_and_draws_the_charts(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(data)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = tmp_path / "report.pdf"
    assert pdf.stat().st_size > 20_000
    told = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=False)
    if told.returncode == 0:
        text = told.stdout.decode("utf-8")
        assert "Andel, hvor loven er fulgt" in text
        assert "Err:" not in text
