"""What cannot be true in a review by the rules of 2, and what was decided otherwise than it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from tilsyn.base.numbers import date_text
from tilsyn.base.problems import Problem
from tilsyn.questions.answers import NO, YES, answer_text
from tilsyn.questions.evaluation import Outcome
from tilsyn.questions.question import row_dates
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.wording import Wording
from tilsyn.reviews.cells import ReadCase
from tilsyn.reviews.records import Given
from tilsyn.reviews.resolving import Resolved


def check_by_rules(
    case: ReadCase, question_set: QuestionSet, resolved: Mapping[str, Resolved], today: date
) -> Iterator[Problem]:
    """Yield what is wrong with a case, and notes on what its head, its dates and its links decided."""
    yield from _dates(case, question_set, today)
    words = Wording(question_set)
    for name, counted in resolved.items():
        outcome = counted.outcome
        if outcome is None or counted.why in ("skipped", "regime"):
            continue
        given = case.review.answers.get(name, Given())
        if outcome.swapped:
            yield case.problem(_place(case, name, "end"), "dates_swapped", question=name)
        if given.answer == NO and not given.remark:
            place = _place(case, name, "remark")
            yield case.problem(place, "remark_missing", question=name, answer=answer_text(NO))
        yield from _turned(case, name, given, counted, outcome, words)
        for link in outcome.warnings:
            yield case.problem(name, "look_again", kind="note", question=name, link=words.link(link))


def _turned(
    case: ReadCase, name: str, given: Given, counted: Resolved, outcome: Outcome, words: Wording
) -> Iterator[Problem]:
    """Name an answer that the dates contradict, and say what decided one that counts otherwise than typed."""
    if given.answer is None or given.answer == counted.answer:
        return
    values = {"question": name, "answer": answer_text(given.answer)}
    if counted.why == "dates" and (given.answer, counted.answer) == (NO, YES):
        row = outcome.row
        limit = words.limit(row.limit) if row is not None and row.limit is not None else ""
        yield case.problem(name, "contradicts_dates", derived=answer_text(YES), limit=limit, **values)
    elif counted.answer is not None:
        told = {"counts": answer_text(counted.answer), "why": words.why(outcome)}
        yield case.problem(name, "counts_as", kind="note", **told, **values)


def _dates(case: ReadCase, question_set: QuestionSet, today: date) -> Iterator[Problem]:
    """Name the dates that have not come."""
    facts = {fact.name for fact in question_set.facts}
    places = {name: f"fact:{name}" for name in facts}
    asked = {question.question_id: row_dates(question, facts) for question in question_set.questions}
    for question, names in asked.items():
        for part, name in zip(("start", "end"), names, strict=True):
            if case.cells.get(f"{question}.{part}"):
                places.setdefault(name, f"{question}.{part}")
    words = Wording(question_set)
    for name, moment in case.review.dates.items():
        day = moment.date() if isinstance(moment, datetime) else moment
        if day > today:
            told = {"date": date_text(day), "today": date_text(today), "question": words.name(name)}
            yield case.problem(places.get(name, name), "date_future", **told)


def _place(case: ReadCase, name: str, part: str) -> str:
    """Return the part of a question's row that has a cell, else its answer."""
    return f"{name}.{part}" if case.cells.get(f"{name}.{part}") else name
