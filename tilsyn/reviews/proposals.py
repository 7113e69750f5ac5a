"""What the register proposes in the head of a case, and whether anybody has touched that head."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.questions.facts import ACT_DATE, Fact
from tilsyn.questions.proposing import proposed
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.head_values import UnknownValue, fact_code
from tilsyn.reviews.records import CaseReview

Value = str | date | datetime


def proposals(question_set: QuestionSet, known: Mapping[str, str | None]) -> dict[str, Value]:
    """Return what the register's columns propose, by fact: a code, or a date."""
    columns = {name: value for name, value in known.items() if value}
    found = {fact.name: _value(fact, proposed(fact, columns)) for fact in question_set.facts}
    return {name: value for name, value in found.items() if value is not None}


def _value(fact: Fact, text: str) -> Value | None:
    try:
        if fact.is_date:
            return read_date(text)
        return fact_code(fact, text) if text else None
    except (UnknownDate, UnknownValue):
        return None


def untouched(review: CaseReview, proposed_values: Mapping[str, Value]) -> bool:
    """Tell whether a sheet says nothing but what the register proposed there."""
    if review.urgent or any(not given.blank for given in review.answers.values()):
        return False
    said = {**review.facts, **review.dates}
    if review.act_date is not None:
        said[ACT_DATE] = review.act_date
    return all(proposed_values.get(name) == value for name, value in said.items())
