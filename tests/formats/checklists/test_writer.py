"""Checklist workbooks, read back: what they hold, what is locked, and what must not be there."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tests.builders.case_sheets import CaseSheet, case_sheets
from tests.builders.checklists import about, cases, questions, written
from tests.builders.questions import law_questions
from tilsyn.base.language import using
from tilsyn.base.problems import Refused
from tilsyn.formats.checklists.sheet_writer import POINTS_A_UNIT
from tilsyn.formats.checklists.text_size import lines
from tilsyn.formats.checklists.writer import sheet_names
from tilsyn.reviews import layout
from tilsyn.reviews.layout import workbook_id


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("book") / "amager.xlsx"
    return written(path, about(questions(), "2024-Q2"), cases("2015-0022778", "=1+1", "0012"))


@pytest.fixture(scope="module")
def law_book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("laws") / "amager.xlsx"
    known = {"handling_dato": date(2026, 7, 8), "anbragt": "under_1_aar"}
    listed = (*cases("2026-1"), *cases("2026-2", proposed=known))
    return written(path, about(law_questions().of_scope("core"), "2026-Q3"), listed)


def test_it_has_an_index_a_guide_and_a_sheet_per_case(book: Workbook) -> None:
    assert [sheet.title for sheet in book.worksheets] == [
        "Oversigt",
        "Vejledning",
        "2015-0022778",
        "=1+1",
        "0012",
        "Hverdage",
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
    kept = next(cell.column for cell in index[11] if cell.value == "Sagsnummer")
    assert [(index.cell(row, kept).value, index.cell(row, kept).data_type) for row in (12, 13, 14)] == [
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
                assert cell.data_type != "f" or "http" not in str(cell.value)


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
    lines = ("conclusion", "learning", "note")
    for key in case.rows:
        if key in lines:
            columns = range(case.columns["head_left"], case.columns["remark"] + 1)
            wanted |= {case.sheet.cell(case.rows[key], column).coordinate for column in columns}
        elif key in case.roles:
            wanted |= {case.cell(key).coordinate} - {case.cell(k).coordinate for k in OWN}
        else:
            roles = layout.INPUT_ROLES if key in computed else ("answer", "remark")
            wanted |= {case.cell(key, role).coordinate for role in roles}
    return wanted


OWN = ("case_id", "draw_id", "workbook_id")


def test_every_answer_cell_takes_letters_and_words_and_every_field_says_what_belongs_in_it(
    law_book: Workbook,
) -> None:
    case = case_sheets(law_book)[0]
    rules = {next(iter(rule.sqref.ranges)).coord: rule for rule in case.sheet.data_validations.dataValidation}
    for question in law_questions().of_scope("core").questions:
        rule = rules[case.cell(question.question_id).coordinate]
        assert "|J|N|" in rule.formula1
        assert ("|L|" in rule.formula1) == ("nej (lovlig grund)" in question.answers)
        assert len(rule.formula1) <= 255
        assert question.text[:100] in rule.prompt
        assert rule.promptTitle.startswith(question.question_id)
    for rule in rules.values():
        assert len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32
    fact = rules[case.cell("fact:anbragt").coordinate]
    assert "|N|B|U|M|" in fact.formula1
    assert "U = ja, under et år" in fact.prompt


# A4 upright, in points; the digit of Arial 10 that LibreOffice's columns are reckoned in.
A4 = (595.3, 841.9)
DIGIT = 5.562


def test_a_case_is_one_upright_page_in_letters_that_can_be_read(law_book: Workbook) -> None:
    case = case_sheets(law_book)[0]
    sheet = case.sheet
    setup, margins = sheet.page_setup, sheet.page_margins
    assert (setup.orientation, setup.paperSize, setup.fitToWidth, setup.fitToHeight) == ("portrait", 9, 1, 1)
    (area,) = sheet.print_area.split(",")
    first, last = area.rsplit("!", 1)[-1].replace("$", "").split(":")
    cells = sheet[f"{first}:{last}"]
    letters = [cell.column_letter for cell in cells[0]]
    shown = [letter for letter in letters if not sheet.column_dimensions[letter].hidden]
    wide = sum(sheet.column_dimensions[letter].width for letter in shown) * DIGIT
    rows = [sheet.row_dimensions[row[0].row] for row in cells]
    default = sheet.sheet_format.defaultRowHeight
    high = sum(row.height or default for row in rows if not row.hidden)
    room = (A4[0] - 72 * (margins.left + margins.right), A4[1] - 72 * (margins.top + margins.bottom))
    assert wide <= room[0]
    assert high <= room[1]
    written = [
        cell for row in cells for cell in row if cell.value is not None and not rows[cell.row - 1].hidden
    ]
    assert min(cell.font.size for cell in written) >= 8.5
    assert {"UND-01", "RSK-04"} <= {cell.value for cell in written}


# A unit and facts of a register that say much, and a word that no line holds.
LONG = {
    name: f"Områdets egen kategori {n}: samarbejde med psykiatrien og PPR"
    for n, name in enumerate("abcdefgh")
}
WORD = {"a": "Børnefamilieafdelingen" * 9}


@pytest.mark.parametrize(
    ("facts", "most", "whole"), [({"a": "Alder: 12"}, 1, True), (LONG, 3, False), (WORD, 3, True)]
)
def test_what_the_register_knows_is_never_cut_off_by_the_edge_of_the_page(
    tmp_path: Path, facts: dict[str, str], most: int, whole: bool
) -> None:
    listed = cases("2026-1", facts=facts)
    book = written(tmp_path / "amager.xlsx", about(law_questions().of_scope("core"), "2026-Q3"), listed)
    sheet = case_sheets(book)[0].sheet
    told = next(cell for cell in sheet[2] if str(cell.value).startswith("Amager · "))
    (merged,) = (area for area in sheet.merged_cells.ranges if told.coordinate in area)
    letters = [get_column_letter(column) for column in range(merged.min_col, merged.max_col + 1)]
    wide = sum(sheet.column_dimensions[letter].width for letter in letters) * POINTS_A_UNIT
    # Another font than Arial can have wider letters beside its digits.
    taken = lines(str(told.value), wide * 0.94, told.font.size)
    assert told.alignment.wrap_text
    assert taken <= most
    assert sheet.row_dimensions[2].height >= taken * told.font.size * 1.15
    assert str(told.value).endswith("…") is not whole
    assert sheet.print_area.split("!")[-1].startswith(f"${letters[0]}$1:${letters[-1]}$")


# What LibreOffice's menus, tool bars and headings leave of a screen of 768 pixels for rows, 96 pixels an inch.
SCREEN = (768 - 202) * 72 / 96


def test_eighteen_questions_are_seen_on_the_first_screen(law_book: Workbook) -> None:
    """From the top, where a sheet opens: title, head and questions, row by row, until the screen is full."""
    case = case_sheets(law_book)[0]
    sheet = case.sheet
    assert (sheet.freeze_panes, sheet.sheet_view.zoomScale) == ("A5", 100)
    left, seen = SCREEN, 0
    questions = {case.rows[question] for question in case.questions}
    for row in range(1, sheet.max_row + 1):
        dimension = sheet.row_dimensions[row]
        left -= 0 if dimension.hidden else dimension.height or sheet.sheet_format.defaultRowHeight
        seen += row in questions and left >= 0
    assert seen >= 18


def test_every_field_of_the_head_says_its_whole_question_and_letters_when_it_is_chosen(
    law_book: Workbook,
) -> None:
    case = case_sheets(law_book)[0]
    rules = {next(iter(rule.sqref.ranges)).coord: rule for rule in case.sheet.data_validations.dataValidation}
    for fact in law_questions().of_scope("core").facts:
        key = {"handling_dato": "act_date", "gennemgang_dato": "reviewed_on"}.get(
            fact.name, f"fact:{fact.name}"
        )
        if key in case.rows and not fact.computed:
            rule = rules[case.cell(key).coordinate]
            assert fact.text in f"{rule.promptTitle}\n{rule.prompt}"
            if fact.kind == "choice":
                assert all(f"{letter} = " in rule.prompt for letter in fact.letters)


def test_no_question_is_cut_off_by_its_row(law_book: Workbook) -> None:
    case = case_sheets(law_book)[0]
    dimensions = case.sheet.column_dimensions
    columns = ("text", "head_left", "text_end")
    room = sum(dimensions[get_column_letter(case.columns[role])].width for role in columns) * POINTS_A_UNIT
    for question in law_questions().of_scope("core").questions:
        needed = (
            lines(f"● {question.short}" if question.critical else question.short, room, 8.5) * 8.5 * 1.149
        )
        height = case.sheet.row_dimensions[case.rows[question.question_id]].height
        assert (height or case.sheet.sheet_format.defaultRowHeight) >= needed


def test_the_first_empty_field_is_where_one_begins(law_book: Workbook) -> None:
    first, second = case_sheets(law_book)
    starts = [case.sheet.sheet_view.selection[-1].activeCell for case in (first, second)]
    assert starts == [first.cell("act_date").coordinate, second.cell("fact:underretning").coordinate]
    assert second.cell("fact:anbragt").value == "U"


def test_the_mark_of_a_critical_question_stands_before_its_text(law_book: Workbook) -> None:
    """Not in its number, which the loader looks for, nor in its format: LibreOffice writes that into an .ods."""
    case = case_sheets(law_book)[0]
    for question in law_questions().of_scope("core").questions:
        number, shown = (case.cell(question.question_id, role) for role in ("question", "text"))
        assert (number.value, number.number_format) == (question.question_id, "@")
        assert (f"● {question.short}" in str(shown.value)) == question.critical
        assert number.font.bold == question.critical


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
    assert found == 1 + 3 + 2


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
    titles = [rule.promptTitle for rule in case.sheet.data_validations.dataValidation]
    assert "UND-01 · SEL § 155, stk. 2" in titles


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


def test_what_the_register_knows_stands_over_the_case_and_what_it_proposes_in_the_head(
    book: Workbook, law_book: Workbook
) -> None:
    assert case_sheets(book)[0].sheet["C2"].value == "Amager · Anbringelse · Afgørelsesdato: 08-07-2015"
    case = case_sheets(law_book)[1]
    assert case.cell("act_date").value == "08-07-2026"
    label = case.sheet.cell(case.rows["act_date"], case.columns["text_end"])
    assert (
        "(fra registret)"
        in f"{label.value}{case.sheet.cell(case.rows['act_date'], case.columns['step']).value}"
    )


def test_a_thematic_checklist_is_answered_in_grades(tmp_path: Path) -> None:
    book = written(tmp_path / "g.xlsx", about(questions("god-sagsbehandling")), cases("1"))
    case = case_sheets(book)[0]
    asked = [rule.formula1 for rule in case.sheet.data_validations.dataValidation if rule.type == "custom"]
    assert any("|L|N|H|I|LAV GRAD|" in formula for formula in asked)
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
