"""Checklist workbooks, read back: what they hold, what is locked, and what must not be there."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.builders.case_sheets import CaseSheet, case_sheets
from tests.builders.checklists import FACTS, about, cases, questions, written
from tilsyn.base.language import using
from tilsyn.base.problems import Refused
from tilsyn.formats.checklists.writer import sheet_names
from tilsyn.reviews import layout
from tilsyn.reviews.layout import workbook_id


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("book") / "amager.xlsx"
    return written(path, about(questions(), "2024-Q2"), cases("2015-0022778", "=1+1", "0012"))


def test_it_has_an_index_a_guide_and_a_sheet_per_case(book: Workbook) -> None:
    assert [sheet.title for sheet in book.worksheets] == [
        "Oversigt",
        "Vejledning",
        "2015-0022778",
        "=1+1",
        "0012",
        "Fridage",
        "_tilsyn",
    ]
    assert [sheet.sheet_state for sheet in book.worksheets[-2:]] == ["hidden", "veryHidden"]


def test_it_says_whose_it_is(book: Workbook) -> None:
    sheet = book[layout.METADATA_SHEET]
    assert sheet["A1"].value == layout.METADATA_MARK
    said = dict(sheet.iter_rows(min_row=2, max_col=2, values_only=True))
    assert list(said) == list(layout.METADATA_KEYS)
    assert said["workbook_id"] == book.properties.identifier == workbook_id("bbu/2024-Q2/level-2", "amager")
    assert (said["draw_id"], said["cases"], said["simulated"]) == ("bbu/2024-Q2/level-2", "3", "false")
    assert book.properties.language == "da-DK"
    for case in case_sheets(book):
        assert case.cell("workbook_id").value == said["workbook_id"]
        assert case.cell("draw_id").value == said["draw_id"]


def test_case_ids_are_text_whatever_they_look_like(book: Workbook) -> None:
    for case, case_id in zip(case_sheets(book), ("2015-0022778", "=1+1", "0012"), strict=True):
        cell = case.cell("case_id")
        assert (cell.value, cell.data_type, cell.number_format) == (case_id, "s", "@")
        assert cell.quotePrefix
    index = book["Oversigt"]
    assert [(index.cell(row, 3).value, index.cell(row, 3).data_type) for row in (9, 10, 11)] == [
        ("2015-0022778", "s"),
        ("=1+1", "s"),
        ("0012", "s"),
    ]


def test_no_text_from_outside_becomes_a_formula(tmp_path: Path) -> None:
    bad = '=HYPERLINK("http://x")'
    facts = {"case_type": bad, "safety_plan": "@SUM(1)"}
    workbook = written(
        tmp_path / "b.xlsx", about(questions(), organisation=bad), cases("+1", "-2", facts=facts)
    )
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f" or "HYPERLINK" not in str(cell.value)


def test_only_answer_cells_are_unlocked_and_there_is_no_password(book: Workbook) -> None:
    for sheet in book.worksheets:
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        unlocked = {
            cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
        }
        if sheet["A1"].value != layout.CASE_MARK:
            assert not unlocked
            continue
        assert unlocked == inputs(CaseSheet(sheet))


def inputs(case: CaseSheet) -> set[str]:
    """The cells a reviewer fills in."""
    wanted = set()
    computed = {q.question_id for q in questions().questions if q.computed}
    for key in case.rows:
        if key == "look_back":
            roles: tuple[str, ...] = ("start", "end")
        elif key == "note":
            roles = ("answer", "remark")
        elif key in layout.HEAD_KEYS or key.startswith(layout.FACT_PREFIX):
            roles = () if key in ("case_id", "draw_id", "workbook_id", "regime", "case_type") else ("answer",)
        else:
            roles = layout.INPUT_ROLES if key in computed else ("answer", "remark")
        wanted |= {case.cell(key, role).coordinate for role in roles}
    return wanted


def test_every_answer_cell_has_its_list_and_every_date_cell_its_rule(book: Workbook) -> None:
    case = case_sheets(book)[0]
    sheet = case.sheet
    rules = {rule.type: set() for rule in sheet.data_validations.dataValidation}
    for rule in sheet.data_validations.dataValidation:
        rules[rule.type] |= {coordinate for area in rule.sqref for coordinate in cells_of(sheet, area.coord)}
    ids = [q.question_id for q in questions().questions]
    assert {case.cell(key).coordinate for key in ids} <= rules["list"]
    dated = {
        case.cell(q.question_id, role).coordinate
        for q in questions().questions
        if q.computed
        for role in ("start", "end")
    }
    assert dated <= rules["date"]
    legal = next(r for r in sheet.data_validations.dataValidation if "lovlig" in str(r.formula1))
    assert legal.formula1 == '"ja,nej,nej (lovlig grund),ikke relevant"'


def cells_of(sheet: Worksheet, area: str) -> set[str]:
    found = sheet[area]
    return {cell.coordinate for row in (found if isinstance(found, tuple) else ((found,),)) for cell in row}


def test_it_prints_on_a4_across_with_the_headings_on_every_page(book: Workbook) -> None:
    for sheet in book.worksheets[:-2]:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == (
            "landscape",
            9,
            1,
            0,
        )
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert sheet.freeze_panes
    assert case_sheets(book)[0].sheet.print_title_rows == "$1:$4"


def test_every_link_leads_to_a_sheet_and_says_where(book: Workbook) -> None:
    found = 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None:
                    found += 1
                    name = cell.hyperlink.location.rsplit("!", 1)[0].strip("'").replace("''", "'")
                    assert name in book.sheetnames
                    assert cell.hyperlink.tooltip
    assert found == 1 + 3 + 3 + 2


def test_texts_and_background_have_contrast(book: Workbook) -> None:
    def luminance(rgb: str) -> float:
        parts = [int(rgb[-6:][n : n + 2], 16) / 255 for n in (0, 2, 4)]
        lin = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]

    for sheet in book.worksheets[:4]:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                back = cell.fill.fgColor.rgb if cell.fill.fill_type else "FFFFFFFF"
                front = cell.font.color.rgb if cell.font.color is not None else "FF000000"
                if not (isinstance(front, str) and isinstance(back, str)):
                    continue
                light, dark = sorted((luminance(front), luminance(back)), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, cell.coordinate


def test_a_period_before_2024_is_not_asked_of_barnets_lov(tmp_path: Path) -> None:
    case = case_sheets(written(tmp_path / "b.xlsx", about(questions()), cases("1")))[0]
    assert "SCR-01" not in case.rows
    assert "OPF-02" in case.rows
    assert case.cell("regime").value == "Serviceloven"
    assert case.cell("UND-01", "law").value == "SEL § 155, stk. 2"


def test_a_blind_workbook_does_not_hold_what_was_answered_before(tmp_path: Path) -> None:
    path = tmp_path / "gruppe-1.xlsx"
    earlier = {"UND-01": "nej (lovlig grund)"}
    book = written(path, about(questions(), level=3), cases("1", earlier=earlier))
    assert "earlier" not in case_sheets(book)[0].columns
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "sheet3" in name]
    assert not any("Tidligere" in text for text in sheets)


def test_an_open_review_shows_it_beside(tmp_path: Path) -> None:
    earlier = {"UND-01": "nej (lovlig grund)"}
    book = written(tmp_path / "g.xlsx", about(questions(), level=3, blind=False), cases("1", earlier=earlier))
    case = case_sheets(book)[0]
    assert case.cell("UND-01", "earlier").value == "nej (lovlig grund)"
    assert case.cell("UND-01", "earlier").protection.locked
    assert case.cell("UND-02", "earlier").value is None


@pytest.mark.parametrize("simulated", [True, False])
def test_simulated_data_say_so_on_every_sheet(tmp_path: Path, simulated: bool) -> None:
    book = written(tmp_path / "b.xlsx", about(questions(), simulated=simulated), cases("1", "2"))
    for sheet in (book["Oversigt"], *(case.sheet for case in case_sheets(book))):
        texts = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row]
        assert any("SIMULEREDE" in text for text in texts) is simulated


def test_what_the_register_knows_stands_beside_and_is_no_answer(book: Workbook) -> None:
    case = case_sheets(book)[0]
    assert case.cell("fact:anbringelse", "remark").value == f"Registret: {FACTS['case_type']}"
    assert case.cell("fact:anbringelse").value is None
    assert FACTS["decided"] in case.cell("INV-01", "when").value


def test_a_thematic_checklist_is_answered_in_grades(tmp_path: Path) -> None:
    book = written(tmp_path / "g.xlsx", about(questions("god-sagsbehandling")), cases("1"))
    case = case_sheets(book)[0]
    lists = [rule.formula1 for rule in case.sheet.data_validations.dataValidation if rule.type == "list"]
    assert '"lav grad,nogen grad,høj grad,ikke relevant"' in lists
    assert "act_date" in case.rows


def test_an_english_workbook_is_english(tmp_path: Path) -> None:
    with using("en"):
        book = written(tmp_path / "b.xlsx", about(questions()), cases("1"))
        assert book.sheetnames[:2] == ["Overview", "Guide"]
        assert book.properties.language == "en-GB"
        question = questions().question("UND-01")
        assert question.text in str(case_sheets(book)[0].cell("UND-01", "text").value)


def test_a_workbook_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(b"filled in")
    with pytest.raises(Refused):
        written(path, about(questions()), cases("1"))
    assert path.read_bytes() == b"filled in"
    assert list(tmp_path.iterdir()) == [path]


def test_it_has_no_macros_and_nothing_from_outside(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    written(path, about(questions()), cases("1"))
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "externalLink" in name]


def test_sheet_names_are_short_legal_and_different() -> None:
    names = sheet_names(["A" * 40, "A" * 41, "2018/1", "2018:1", "'", "historY"], ["Oversigt"])
    assert len({name.lower() for name in names}) == 6
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2023-Q4", "DATE(2023,12,31)"),
        ("2024-Q1", "DATE(2028,12,31)"),
    ],
)
def test_an_act_under_a_law_after_the_period_cannot_be_typed(period: str, last: str, tmp_path: Path) -> None:
    workbook = written(tmp_path / "a.xlsx", about(questions(), period), cases("2023-1"))
    (case,) = case_sheets(workbook)
    act = case.cell("act_date").coordinate
    (rule,) = (r for r in case.sheet.data_validations.dataValidation if act in r.sqref)
    assert rule.formula2 == last
