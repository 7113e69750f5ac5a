"""The workbook's formulas give what the loading gives from the same cells, calculated by LibreOffice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import CaseSheet, case_sheets
from tests.builders.checklists import about, cases, written
from tests.builders.libreoffice import resaved
from tests.builders.questions import law_questions
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.evaluation import CaseSaid, Outcome, Said, evaluate
from tilsyn.questions.question import asked_dates
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews import layout
from tilsyn.reviews.resolving import regime_of

PERIOD_END = date(2026, 6, 30)
N_CASES = 12
TYPED = {YES: ("J", "ja", "j"), NO: ("N", "nej"), NOT_RELEVANT: ("I", "ikke relevant")}


@dataclass
class Filled:
    """A case filled in anyhow: what is typed in each cell, and what it says."""

    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    said: CaseSaid = field(default_factory=CaseSaid)


def spelt(rng: random.Random, moment: date | datetime) -> str:
    """A date as somebody writes it."""
    day = rng.choice(
        (
            f"{moment.day}/{moment.month}-{moment:%y}",
            f"{moment.day}.{moment.month}.{moment.year}",
            f"{moment:%d%m%y}",
            f"{moment:%Y-%m-%d}",
            f"{moment:%d-%m-%Y}",
        )
    )
    if not isinstance(moment, datetime):
        return day
    clock = rng.choice((f"{moment.hour}.{moment.minute:02d}", f"{moment.hour:02d}:{moment.minute:02d}"))
    return f"{day} {rng.choice(('', 'kl. ', 'kl '))}{clock}"


def filled(rng: random.Random, questions: QuestionSet) -> Filled:
    """Fill in a case, with blanks and with answers to questions that do not apply."""
    made = Filled()
    facts: dict[str, str] = {}
    dates: dict[str, date | datetime] = {}
    answers: dict[str, Said] = {}
    act = rng.choice((date(2023, 12, 31), date(2024, 1, 1), date(2025, 3, 20), date(2026, 5, 9), None))
    start = datetime(2026, 3, 20) if act is None else datetime(act.year, act.month, act.day)

    def moment(exact: bool) -> date | datetime:
        at = start + timedelta(minutes=rng.randrange(-200 * 1440, 200 * 1440))
        return at if exact else at.date()

    for key, name, day in (
        ("act_date", "handling_dato", act),
        ("reviewed_on", "gennemgang_dato", moment(False)),
    ):
        if day is not None:
            dates[name] = day
            made.cells[key, "answer"] = spelt(rng, day)
    for fact in questions.facts:
        if fact.computed or fact.name in ("handling_dato", "gennemgang_dato") or rng.random() < 0.2:
            continue
        key = layout.FACT_PREFIX + fact.name
        if fact.is_date:
            dates[fact.name] = moment(fact.kind == "datetime" and rng.random() < 0.7)
            made.cells[key, "answer"] = spelt(rng, dates[fact.name])
        elif fact.kind == "number":
            facts[fact.name] = str(rng.randrange(0, 20))
            made.cells[key, "answer"] = facts[fact.name]
        else:
            letter, choice = rng.choice(list(fact.letters.items()))
            facts[fact.name] = choice.code
            made.cells[key, "answer"] = rng.choice((letter, letter.lower(), choice.text_da))
    regime = regime_of(questions, act, PERIOD_END)
    names = {fact.name for fact in questions.facts}
    for question in questions.questions:
        row = question.at(regime, act) or question
        starts, end = asked_dates(question, names)
        for role, name in (("start", starts[0] if starts else ""), ("end", end)):
            if name and name not in dates and rng.random() < 0.7:
                exact = name == "fare_vurderet"
                origin = dates.get("underretning_modtaget")
                near = (
                    origin + timedelta(hours=rng.randrange(-5, 60)) if isinstance(origin, datetime) else None
                )
                dates[name] = near if exact and near else moment(False)
                made.cells[question.question_id, role] = spelt(rng, dates[name])
        answer = rng.choice((*row.answers, None, YES, NO))
        if answer is None:
            continue
        reason = ""
        typed = rng.choice(TYPED.get(answer, ("L",)))
        if answer == LAWFUL_NO and row.lawful_reasons:
            number = rng.randrange(len(row.lawful_reasons))
            reason = row.lawful_reasons[number]
            typed = f"L{number + 1}" if len(row.lawful_reasons) > 1 else "L"
        answers[question.question_id] = Said(answer, reason)
        made.cells[question.question_id, "answer"] = typed
        made.cells[question.question_id, "remark"] = rng.choice(("", "se notat", ".", " "))
    made.said = CaseSaid(facts, dates, answers)
    return made


def fill(case: CaseSheet, made: Filled) -> None:
    for (key, role), text in made.cells.items():
        if key in case.rows and text:
            case.put(key, text, role)


def lacks(outcome: Outcome, made: Filled) -> int:
    """1 when the reviewer must still do something at the question, said without the formulas."""
    if outcome.applies is False:
        return 0
    remark = made.cells.get((outcome.question, "remark"), "").strip(" .")
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
