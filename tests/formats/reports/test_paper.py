"""The report on paper: nothing runs out of its page, its cell or its chart, and all can be read."""

from __future__ import annotations

import html
import io
import math
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from tests.builders.plain_reports import annex, data, plain_report, rounds, steps, summary, units
from tests.builders.reports import material
from tilsyn.formats.reports.workbook import report_bytes
from tilsyn.reports.edition import build
from tilsyn.reports.parts import Block, Report

LONG_NAMES = tuple(
    f"Familieafdeling {n} for børn og unge i det sydvestlige byområde, hold {n}" for n in range(45)
)
REPORTS = {
    "plain": plain_report(),
    "final": plain_report(preliminary="", warnings=[]),
    "warned": plain_report(warnings=["Amager mangler, og tallene siger intet om sagerne derfra. " * 2] * 2),
    "many units": plain_report(sheets=[units(LONG_NAMES), rounds(40), annex(), data(300)]),
    "few rounds": plain_report(sheets=[rounds(1), replace(steps(), rows=[], chart=None)]),
    "a page with little": plain_report(summary=summary(figures=[], blocks=[Block("answer", "Svar")])),
}  # fmt: skip
# Points: A4, and the widest that a character of column width is printed (LibreOffice, DejaVu Sans).
WIDTH, HEIGHT = 595.3, 841.9
WIDEST = 6.36


def opened(report: Report) -> list[Worksheet]:
    return openpyxl.load_workbook(io.BytesIO(report_bytes(report))).worksheets


@pytest.fixture(scope="module", params=REPORTS)
def sheets(request: pytest.FixtureRequest) -> list[Worksheet]:
    return opened(REPORTS[request.param])


def printed(sheet: Worksheet) -> tuple[int, int]:
    """Return the last column and row of a sheet's print area."""
    _, _, column, row = range_boundaries(str(sheet.print_area).split("!")[-1].replace("$", ""))
    return column, row


def width_of(sheet: Worksheet, column: int) -> float:
    """Return a column's width; openpyxl keeps that of columns alike with the first of them."""
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= column <= dimension.max:
            return float(dimension.width)
    raise AssertionError(f"{sheet.title}: column {column} has no width")


def scale_of(sheet: Worksheet) -> float:
    """Return the scale of print that a sheet asks for; of a page that is to be one page, what fits on one."""
    if not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return (sheet.page_setup.scale or 100) / 100
    width, height = area(sheet)
    across, down = page(sheet)
    return min(1.0, across / width, down / height)


def area(sheet: Worksheet) -> tuple[float, float]:
    column, row = printed(sheet)
    width = sum(width_of(sheet, at) * WIDEST for at in range(1, column + 1))
    return width, sum(height_of(sheet, at) for at in range(1, row + 1))


def height_of(sheet: Worksheet, row: int) -> float:
    return float(sheet.row_dimensions[row].height or sheet.sheet_format.defaultRowHeight)


def page(sheet: Worksheet) -> tuple[float, float]:
    """Return what is left between a page's margins."""
    across, down = (WIDTH, HEIGHT) if sheet.page_setup.orientation == "portrait" else (HEIGHT, WIDTH)
    margins = sheet.page_margins
    return across - 72 * (margins.left + margins.right), down - 72 * (margins.top + margins.bottom)


def test_every_sheet_is_as_wide_as_its_page_at_most(sheets: list[Worksheet]) -> None:
    for sheet in sheets:
        assert area(sheet)[0] * scale_of(sheet) <= page(sheet)[0], sheet.title


def test_the_page_for_the_committee_is_one_page(sheets: list[Worksheet]) -> None:
    first = sheets[0]
    assert first.page_setup.orientation == "portrait"
    assert (first.page_setup.fitToWidth, first.page_setup.fitToHeight) in ((1, 1), (None, None))
    assert area(first)[1] * scale_of(first) <= page(first)[1]


def test_text_on_paper_is_large_enough_to_read(sheets: list[Worksheet]) -> None:
    figures = {"Sagsskridt", "Enheder", "Udvikling"}
    for at, sheet in enumerate(sheets):
        least = 10 if at == 0 else 9 if sheet.title in figures else 8
        sizes = [cell.font.sz for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert min(sizes) * scale_of(sheet) >= least, sheet.title


def test_no_text_is_higher_than_its_row(sheets: list[Worksheet]) -> None:
    for sheet in sheets:
        merged = {str(area).split(":")[0]: area for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.alignment.wrap_text:
                    across = merged.get(cell.coordinate)
                    last = across.max_col if across else cell.column
                    width = sum(width_of(sheet, at) * 6 for at in range(cell.column, last + 1))
                    # Half the size of its type is what a character takes at the least.
                    lines = math.ceil(len(cell.value) * cell.font.sz * 0.5 / width)
                    height = height_of(sheet, cell.row)
                    assert height >= lines * cell.font.sz * 1.2, (sheet.title, cell.coordinate)


def test_no_line_runs_over_the_edge_of_its_page(sheets: list[Worksheet]) -> None:
    for sheet in sheets:
        column, _ = printed(sheet)
        width = sum(width_of(sheet, at) * 6 for at in range(1, column + 1))
        for (cell,) in sheet.iter_rows(max_col=1):
            if isinstance(cell.value, str) and not cell.alignment.wrap_text:
                assert len(cell.value) * cell.font.sz * 0.5 <= width, (sheet.title, cell.coordinate)


def test_every_chart_stands_whole_on_a_page() -> None:
    for name, report in REPORTS.items():
        raw = report_bytes(report)
        book = openpyxl.load_workbook(io.BytesIO(raw))
        drawn = 0
        for sheet in book:
            column, row = printed(sheet)
            head = next(iter(sheet.tables.values()), None) and str(sheet.print_title_rows).split("$")[-1]
            for chart in sheet._charts:
                drawn += 1
                start, end = chart.anchor._from, chart.anchor.to
                assert end.col < column, (name, sheet.title)
                assert end.row < row, (name, sheet.title)
                breaks = [one.id for one in sheet.row_breaks.brk]
                first = max([at for at in breaks if at <= start.row], default=0)
                heights = [height_of(sheet, at + 1) for at in range(first, end.row + 1)]
                if first:
                    heights.append(height_of(sheet, int(head)))
                rest = sum(heights) * scale_of(sheet)
                assert first or rest <= page(sheet)[1] or sheet.title == "Enheder", (name, sheet.title)
                assert not any(start.row < at <= end.row for at in breaks)
        assert drawn == sum("charts/chart" in part for part in zipfile.ZipFile(io.BytesIO(raw)).namelist())


def pieces(text: str) -> set[str]:
    """Return a text's words, and the parts of those that a program breaks at a hyphen."""
    return set(re.split(r"[\s-]+", text))


@pytest.mark.libreoffice
def test_on_paper_no_word_is_lost_and_page_one_is_one_page(tmp_path: Path) -> None:
    written = {
        "plain": REPORTS["warned"],
        "internal": build(material(), public=False),
        "public": build(material(), public=True),
    }
    for name, report in written.items():
        (tmp_path / f"{name}.xlsx").write_bytes(report_bytes(report))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    books = [str(tmp_path / f"{name}.xlsx") for name in written]
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *books]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    for name, report in written.items():
        told = ["pdftotext", "-bbox", str(tmp_path / f"{name}.pdf"), "-"]
        pages = (
            subprocess.run(told, capture_output=True, check=True).stdout.decode("utf-8").split("<page ")[1:]
        )
        words = [[html.unescape(word) for word in re.findall(r">([^<]+)</word>", page)] for page in pages]
        said = " ".join(word for page in words for word in page)
        assert "Err:" not in said
        # What a program shows where a number is wider than its column.
        assert "###" not in said
        last = report.summary.blocks[-1].heading.split()
        assert set(last) <= set(words[0]), name
        assert report.sheets[0].name.split()[0] in words[1], name
        everything = pieces(" ".join(word for page in words for word in page))
        for sheet in openpyxl.load_workbook(tmp_path / f"{name}.xlsx"):
            rows = sheet.iter_rows(max_row=printed(sheet)[1])
            cells = [cell.value for row in rows for cell in row if isinstance(cell.value, str)]
            # A longer word is broken where its column is narrower.
            wanted = {word for word in pieces(" ".join(cells)) if len(word) < 18}
            assert wanted - everything == set(), (name, sheet.title)
        for page in pages:
            across = float(page.split('"')[1])
            ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', page)]
            assert max(ends) <= across - 72 * 0.45, name
