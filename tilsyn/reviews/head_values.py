"""What people type at a fact of the case head, and the code it means."""

from __future__ import annotations

import re
from typing import Any

from tilsyn.base.canonical import visible
from tilsyn.base.language import say
from tilsyn.questions.answers import NO, YES, UnknownAnswer, is_tick, read_answer
from tilsyn.questions.facts import Fact

_OLDEST = 150


class UnknownValue(ValueError):
    """A cell of the case head holds none of the values that its fact can have; `known` are those."""

    def __init__(self, known: str) -> None:
        super().__init__(known)
        self.known = known


def fact_code(fact: Fact, value: Any) -> str:
    """Return the code that a cell means: a choice by letter, code or words, a number in whole years.

    >>> from tilsyn.questions.facts import Choice
    >>> choices = (Choice("ja", "ja"), Choice("besluttet", "ikke lavet"))
    >>> plan = Fact("plan", "?", kind="choice", choices=choices)
    >>> [fact_code(plan, text) for text in ("J", "b", "Besluttet", "ikke lavet")]
    ['ja', 'besluttet', 'besluttet', 'besluttet']
    >>> fact_code(Fact("alder", "?", kind="number"), 7.0)
    '7'
    """
    if fact.kind == "number":
        return _number(value)
    if fact.kind == "yes-no":
        return _yes_or_no(value)
    text = _plain(str(value))
    letters = {letter.casefold(): choice.code for letter, choice in fact.letters.items()}
    words = {_plain(word): c.code for c in fact.choices for word in (c.code, c.text_da, c.text_en) if word}
    # "O = overgreb, en forælder" is what a list shows and people pick.
    first = re.match(r"(\w)\s*=", text)
    code = words.get(text) or letters.get(first[1] if first else text)
    if code is None:
        raise UnknownValue(shown_choices(fact))
    return code


def shown_choices(fact: Fact) -> str:
    """Return the values of a fact as people read them: `I = ingen, A = anden`."""
    return ", ".join(f"{letter} = {choice.text}" for letter, choice in fact.letters.items())


def _plain(text: str) -> str:
    return " ".join(visible(text).replace("_", " ").casefold().split()).strip(" .")


def _number(value: Any) -> str:
    text = str(value).strip().removesuffix("år").strip().replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        number = -1
    if isinstance(value, bool) or not 0 <= number < _OLDEST or number != int(number):
        raise UnknownValue("0-149")
    return str(int(number))


def _yes_or_no(value: Any) -> str:
    if is_tick(value):
        return YES
    try:
        answer = read_answer(value)
    except UnknownAnswer:
        answer = None
    if answer not in (YES, NO):
        raise UnknownValue(f"{say('answers.yes')}, {say('answers.no')}")
    return str(answer)
