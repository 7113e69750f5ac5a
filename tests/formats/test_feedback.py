"""The feedback as a workbook: an upright A4 page a case, nothing cut off, nothing a formula."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.builders.libreoffice import resaved
from tilsyn.base.problems import Refused
from tilsyn.formats.checklists import text_size
from tilsyn.formats.feedback import feedback_bytes
from tilsyn.reports.feedback import FeedbackLine, FeedbackPage

ANCHOR = "12:0123456789abcdef"
LONG = "Der blev ikke talt med barnet, før afgørelsen blev truffet, og grunden står ikke i sagen. " * 6


def lines(count: int, *told: str) -> tuple[FeedbackLine, ...]:
    text = "Blev barnet inddraget, inden afgørelsen blev truffet?"
    return tuple(
        FeedbackLine(f"INV-{n:02}", text, "barnets lov § 5, stk. 3", n == 1, told)
        for n in range(1, count + 1)
    )


def page(case_id: str = "2018-0001", **parts: object) -> FeedbackPage:
    given = {
        "facts": (("Niveau", "Niveau 2"), ("Enhed", "Nord")),
        "right": lines(2),
        "wrong": (),
        "graded": (),
        "closing": (("Konklusion", "God sag."), ("Læringspunkt", "ikke oplyst")),
        "simulated": False,
    }
    return FeedbackPage(case_id, **(given | parts))


def made(*pages: FeedbackPage) -> Workbook:
    return load_workbook(io.BytesIO(feedback_bytes("Tilbagemelding", pages, ANCHOR)))


def column(book: Workbook, name: str = "A") -> list[str]:
    return [str(cell.value) for cell in book.worksheets[0][name] if cell.value is not None]


def test_a_case_has_a_sheet_of_its_own_upright_on_one_page() -> None:
    book = made(page("2018/1"), page("2018-1"), page("2018-2"))
    assert book.sheetnames == ["2018-1", "2018-1 (2)", "2018-2"]
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation) == (9, "portrait")
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 1)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.oddFooter.center.text == f"Log {ANCHOR}"
    assert book["2018-1"]["A1"].value == "Tilbagemelding på sag 2018/1"


def test_what_was_right_comes_first_and_what_is_empty_says_so() -> None:
    told = column(made(page(right=lines(1), wrong=())))
    assert told.index("Det var i orden") < told.index("INV-01") < told.index("Det var ikke i orden")
    assert told[told.index("Det var ikke i orden") + 1] == "Intet."
    assert "Svar i grader" not in told
    assert "Svar i grader" in column(made(page(graded=lines(1, "høj grad"))))


@pytest.mark.parametrize("place", ["right", "wrong", "graded"])
def test_a_critical_question_has_its_mark_and_the_mark_is_told(place: str) -> None:
    book = made(page(**{"right": (), place: lines(2)}))
    assert [text[0] == "●" for text in column(book, "B") if text.endswith("truffet?")] == [True, False]
    assert column(book)[-1].startswith("● Kritisk")
    assert not column(made(page(right=(), wrong=())))[-1].startswith("●")


def test_made_up_cases_are_said_to_be() -> None:
    assert "SIMULEREDE DATA" in column(made(page(simulated=True)))[1]
    assert not [text for text in column(made(page())) if "SIMULEREDE" in text]


@pytest.mark.parametrize("text", ["=1+1", "+45", "-x", "@SUM(A1)", '=HYPERLINK("x")', "a\x07b"])
def test_what_people_wrote_is_text(text: str) -> None:
    given = page(text, wrong=lines(1, text), closing=(("Konklusion", text),))
    cells = [cell for row in made(given).worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells].count(text.replace("\x07", "")) == 2


def test_rows_are_as_high_as_their_texts() -> None:
    sheet = made(
        page(wrong=lines(1, LONG, "Afgjort af: 24 timer"), closing=(("Konklusion", LONG),))
    ).worksheets[0]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == LONG or str(cell.value).startswith(LONG):
                room = 33 if cell.column == 4 else 8 + 38 + 17 + 33
                needed = text_size.height(str(cell.value), room * 5.6, 8.5)
                assert sheet.row_dimensions[cell.row].height >= needed > 40


def test_a_number_is_refused_but_in_what_is_known_to_be_none() -> None:
    with pytest.raises(Refused):
        feedback_bytes("Tilbagemelding", [page("120374-6598")], ANCHOR)
    assert feedback_bytes("Tilbagemelding", [page("120374-6598")], ANCHOR, {"120374-6598"})


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("given", "pages"),
    [
        (page(), 1),
        (page(right=lines(44)), 1),
        (page(right=lines(20), wrong=lines(20, "mangler"), graded=lines(4, "høj grad")), 1),
        (page(wrong=lines(3, LONG), closing=(("Konklusion", LONG), ("Læringspunkt", LONG))), 1),
        (page(wrong=lines(3, "x" * 400)), 1),
        # Rather two pages than one that nobody can read.
        (page(right=lines(24), wrong=lines(20, LONG)), 4),
    ],
)
def test_a_case_is_one_page_on_paper(given: FeedbackPage, pages: int, tmp_path: Path) -> None:
    path = tmp_path / "side.xlsx"
    path.write_bytes(feedback_bytes("Tilbagemelding", [given, page("2018-0002")], ANCHOR))
    printed = resaved(path, tmp_path / "lo", "pdf").read_bytes()
    # The other case has its page too.
    assert len(re.findall(rb"/Type ?/Page\b", printed)) == pages + 1
    assert set(re.findall(rb"/MediaBox ?\[0 0 (\d+)[.\d]* (\d+)", printed)) == {(b"595", b"841")}
