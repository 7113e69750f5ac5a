"""A workbook that LibreOffice saved again, in either format, says what was typed in it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.builders.case_sheets import case_sheets
from tests.builders.checklists import about, cases, written
from tests.builders.filled_cases import Filled, fill, filled
from tests.builders.libreoffice import resaved
from tests.builders.questions import law_questions
from tilsyn.formats.checklists.reader import read_workbook
from tilsyn.questions.evaluation import CaseSaid, Said
from tilsyn.questions.facts import ACT_DATE, REVIEWED_ON
from tilsyn.reviews.reading import read_case
from tilsyn.reviews.records import CaseReview

QUESTIONS = law_questions().of_scope("core")


def reviews(path: Path) -> list[CaseReview]:
    raw = read_workbook(path, path.read_bytes())
    assert not raw.problems
    read = [read_case(case, QUESTIONS) for case in raw.cases]
    assert [problem for case in read for problem in case.problems if problem.kind == "error"] == []
    return [case.review for case in read]


def said(review: CaseReview) -> CaseSaid:
    own = {ACT_DATE: review.act_date, REVIEWED_ON: review.reviewed_on}
    dates = review.dates | {name: at for name, at in own.items() if at is not None}
    answers = {name: Said(g.answer, g.reason) for name, g in review.answers.items() if g.answer}
    return CaseSaid(dict(review.facts), dates, answers)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Filled]]:
    rng = random.Random(20260102)
    made = [filled(rng, QUESTIONS) for _ in range(6)]
    path = tmp_path_factory.mktemp("book") / "amager.xlsx"
    workbook = written(path, about(QUESTIONS, "2026-Q2"), cases(*(f"2026-{n:04d}" for n in range(6))))
    for case, one in zip(case_sheets(workbook), made, strict=True):
        fill(case, one)
    workbook.save(path)
    return path, made


def test_a_filled_in_workbook_says_what_was_typed(book: tuple[Path, list[Filled]]) -> None:
    path, made = book
    assert [said(review) for review in reviews(path)] == [one.said for one in made]


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_it_says_the_same_when_libreoffice_saved_it(
    kind: str, book: tuple[Path, list[Filled]], tmp_path: Path
) -> None:
    path, _ = book
    assert reviews(resaved(path, tmp_path / kind, kind)) == reviews(path)
