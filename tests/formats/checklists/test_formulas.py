"""The workbook's formulas give what the loading gives from the same cells, calculated by LibreOffice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.checklists import about, cases, written
from tests.builders.filled_cases import PERIOD_END, Filled, fill, filled
from tests.builders.libreoffice import resaved
from tests.builders.questions import law_questions
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.evaluation import Outcome, evaluate
from tilsyn.reviews.resolving import regime_of

N_CASES = 12


def lacks(outcome: Outcome, made: Filled) -> int:
    """1 when the reviewer must still do something at the question, said without the formulas."""
    if outcome.applies is False:
        return 0
    remark = made.cells.get((outcome.question, "remark"), "").strip(" .-…")
    if outcome.answer is None or outcome.swapped:
        return 1
    return int(outcome.answer == NO and not remark)


def missing_of(outcomes: Mapping[str, Outcome], made: Filled) -> int:
    return sum(lacks(outcome, made) for outcome in outcomes.values())


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("scope", "working_days"),
    [("core", WorkingDays()), ("extended", WorkingDays(True, True, True, True))],
    ids=["core", "extended, all days count"],
)
def test_the_formulas_say_what_the_loading_finds(
    tmp_path: Path, scope: Any, working_days: WorkingDays
) -> None:
    rng = random.Random(20260101)
    questions = law_questions().of_scope(scope)
    made = [filled(rng, questions) for _ in range(N_CASES)]
    path = tmp_path / "amager.xlsx"
    told = about(questions, "2026-Q2", working_days=working_days)
    book = written(path, told, cases(*(f"2026-{n:04d}" for n in range(N_CASES)), facts={}))
    for case, one in zip(case_sheets(book), made, strict=True):
        fill(case, one)
    book.save(path)
    calculated = load_workbook(resaved(path, tmp_path / "lo"), data_only=True)
    seen = set()
    for case, one in zip(case_sheets(calculated), made, strict=True):
        act = one.said.dates.get("handling_dato")
        regime = regime_of(questions, act, PERIOD_END)
        outcomes = evaluate(questions, one.said, regime, working_days)
        for name, outcome in outcomes.items():
            place = f"{case.sheet.title} {name} {outcome} {one.cells}"
            applies = {True: 1, False: 0, None: 0.5}[outcome.applies]
            assert case.cell(name, "applies").value == applies, place
            counted = {LAWFUL_NO: "lovlig", NOT_RELEVANT: "ikke_relevant"}.get(
                outcome.answer or "", outcome.answer
            )
            assert (case.cell(name, "effective").value or "") == (counted or ""), place
            assert case.cell(name, "missing").value == lacks(outcome, one), place
            seen.add(outcome.why)
        missing = missing_of(outcomes, one) + (act is None)
        assert case.sheet.cell(1, case.columns["missing"]).value == missing
        shown = str(case.sheet.cell(1, case.columns["remark"]).value)
        assert shown.startswith(f"Mangler {missing} af ") or not missing
    assert seen == {"", "regime", "skipped", "dates", "running", "head", "link"}
