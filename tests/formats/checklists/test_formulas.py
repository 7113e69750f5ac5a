"""The workbook's formulas give what the loading gives from the same raw cells, calculated by LibreOffice."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import CaseSheet, case_sheets
from tests.builders.checklists import about, cases, questions, written
from tests.builders.libreoffice import resaved
from tilsyn.questions.answers import ANSWERS, LAWFUL_NO, NO, NOT_RELEVANT, YES
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays, contradicts, derive
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews import layout
from tilsyn.reviews.records import CaseReview, Given
from tilsyn.reviews.resolving import regime_of, resolve

PERIOD_END = date(2024, 6, 30)
N_CASES = 40


def reviewed(rng: random.Random, question_set: QuestionSet, case_id: str) -> CaseReview:
    """A case filled in anyhow: blanks, contradictions, swapped dates and answers to skipped questions too."""
    answers = {}
    for question in question_set.questions:
        start = end = None
        if question.computed and rng.random() < 0.8:
            start = datetime(2023, 6, 1) + timedelta(minutes=rng.randrange(400 * 1440))
            longest = {"hours": 4, "weekdays": 16, "months": 240}[question.deadline.unit]
            end = start + timedelta(minutes=rng.randrange(-1440, longest * 1440))
            start, end = (m if rng.random() < 0.5 else datetime(m.year, m.month, m.day) for m in (start, end))
            start, end = (m if rng.random() < 0.93 else None for m in (start, end))
        answer = rng.choice((*ANSWERS[question.kind], None))
        remark = rng.choice(("", "", "se notat", " "))
        answers[question.question_id] = Given(answer, remark, start, end)
    facts = {f.name: rng.choice((YES, NO)) for f in question_set.facts if rng.random() < 0.7}
    act = rng.choice((date(2023, 12, 31), date(2024, 1, 1), date(2024, 5, 9), None))
    return CaseReview(case_id, answers, facts, act)


def fill(case: CaseSheet, review: CaseReview) -> None:
    case.put("act_date", review.act_date)
    for name, value in review.facts.items():
        case.put(layout.FACT_PREFIX + name, value)
    for question_id, given in review.answers.items():
        said = {
            "answer": given.answer,
            "remark": given.remark or None,
            "start": given.start,
            "end": given.end,
        }
        for role, value in said.items():
            if value is not None:
                case.put(question_id, value, role)


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "working_days", [WorkingDays(), WorkingDays(True, True, True, True)], ids=["default", "all-count"]
)
def test_the_formulas_say_what_the_loading_finds(tmp_path: Path, working_days: WorkingDays) -> None:
    rng = random.Random(20240101)
    question_set = questions("serviceloven", "barnets-lov", "god-sagsbehandling")
    reviews = [reviewed(rng, question_set, f"2024-{n:04d}") for n in range(N_CASES)]
    path = tmp_path / "amager.xlsx"
    told = about(question_set, "2024-Q2", working_days=working_days)
    book = written(path, told, cases(*(review.case_id for review in reviews)))
    for case, review in zip(case_sheets(book), reviews, strict=True):
        fill(case, review)
    book.save(path)
    calculated = load_workbook(resaved(path, tmp_path / "lo"), data_only=True)
    index = calculated["Oversigt"]
    everything = 0
    seen = set()
    for number, (case, review) in enumerate(zip(case_sheets(calculated), reviews, strict=True)):
        regime = regime_of(question_set, review.act_date, PERIOD_END)
        missing = int(review.act_date is None)
        for found in resolve(question_set, review, regime, working_days):
            given = review.answers[found.question]
            place = f"{review.case_id} {found.question} {given} {review.act_date}"
            assert (case.cell(found.question, "effective").value or "") == (found.answer or ""), place
            lacks = lacking(question_set, found, given, working_days)
            assert case.cell(found.question, "missing").value == lacks, place
            missing += lacks
            state = case.cell(found.question, "status").value
            assert state, place
            assert state.startswith("Springes over") == (found.why in ("skipped", "regime")), place
            seen.add(state.split(":")[0].split(".")[0])
        assert case.sheet.cell(1, case.columns["missing"]).value == missing
        assert case.sheet.cell(1, case.columns["status"]).value == f"Mangler: {missing}"
        assert index.cell(9 + number, 6).value == missing
        everything += missing
    assert index["E6"].value == everything
    assert seen == {
        "OK",
        "Svar mangler",
        "Bemærkning kræves",
        "Beregnet",
        "Springes over",
        "Datoerne afgør det ikke",
        "Ret datoerne",
        "Svar og datoer passer ikke sammen",
    }


def lacking(question_set: QuestionSet, found: Any, given: Given, working_days: WorkingDays) -> int:
    """1 when the reviewer must still do something at the question, said without the formulas."""
    if found.why in ("skipped", "regime"):
        return 0
    question = question_set.question(found.question)
    if question.deadline is not None:
        try:
            derived = derive(question.deadline, given.start, given.end, working_days)
        except DatesSwapped:
            return 1
        if given.answer and contradicts(given.answer, derived):
            return 1
    if found.answer is None:
        return 1
    return int(found.answer in (NO, LAWFUL_NO) and not given.remark.strip())


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_what_identifies_a_workbook_survives_being_saved_again(tmp_path: Path, suffix: str) -> None:
    from tilsyn.formats.checklists.reader import read_workbook
    from tilsyn.formats.spreadsheets import read_sheets

    path = tmp_path / "amager.xlsx"
    question_set = questions()
    book = written(path, about(question_set, "2024-Q2"), cases("2015-0022778", "=1+1", "0012"))
    second = case_sheets(book)[1]
    second.put("UND-02", NOT_RELEVANT)
    second.put("UND-02", "=2+2", "remark")
    for row in second.sheet.iter_rows():
        for cell in row:
            if cell.value == "=2+2":
                cell.data_type = "s"
    book.save(path)
    again = resaved(path, tmp_path / "lo", suffix)
    metadata = next(s for s in read_sheets(again, again.read_bytes()) if s.name == layout.METADATA_SHEET)
    assert metadata.hidden
    read = read_workbook(again, again.read_bytes())
    assert not read.problems
    assert [case.case_id for case in read.cases] == ["2015-0022778", "=1+1", "0012"]
    assert {case.workbook for case in read.cases} == {book.properties.identifier}
    rows = {row.question.value: row for row in read.cases[1].rows}
    assert (rows["UND-02"].answer.value, rows["UND-02"].remark.value) == (NOT_RELEVANT, "=2+2")


@pytest.mark.libreoffice
def test_no_cell_shows_an_error_or_hashes_in_print(tmp_path: Path) -> None:
    path = tmp_path / "amager.xlsx"
    rng = random.Random(7)
    question_set = questions()
    book = written(path, about(question_set, "2024-Q2"), cases("1", "2"))
    for case in case_sheets(book):
        fill(case, reviewed(rng, question_set, "1"))
    book.save(path)
    text = resaved(path, tmp_path / "csv", "html").read_text("utf-8", errors="replace")
    for sign in ("#NAVN?", "#NAME?", "#VALUE!", "#VÆRDI!", "#REF!", "Err:5", "###"):
        assert sign not in text
