"""Cases filled in anyhow: what is typed in the cells of a sheet, and what it says."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.builders.case_sheets import CaseSheet
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES
from tilsyn.questions.evaluation import CaseSaid, Said
from tilsyn.questions.question import asked_dates
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews import layout
from tilsyn.reviews.resolving import regime_of

PERIOD_END = date(2026, 6, 30)
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
        made.cells[question.question_id, "remark"] = rng.choice(("", "se notat", ".", " ", "-", "…"))
    made.said = CaseSaid(facts, dates, answers)
    return made


def fill(case: CaseSheet, made: Filled) -> None:
    for (key, role), text in made.cells.items():
        if key in case.rows and text:
            case.put(key, text, role)
