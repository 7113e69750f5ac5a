"""One letter for each choice of a fact: what is typed in the case head."""

from __future__ import annotations

from collections.abc import Iterator

from tilsyn.base.canonical import visible
from tilsyn.questions.facts import Choice, Fact


def letters(fact: Fact) -> dict[str, Choice]:
    """Return a letter for each choice: the first of its code's words that is free, else any other of it.

    >>> fact = Fact("x", "?", choices=(Choice("ja", "ja"), Choice("nej_skriftlig", ""), Choice("nej_mundtlig", "")))
    >>> list(letters(fact))
    ['J', 'N', 'M']
    """
    found: dict[str, Choice] = {}
    for choice in fact.choices:
        letter = next((sign for sign in _candidates(choice) if sign not in found), str(len(found) + 1))
        found[letter] = choice
    return found


def _candidates(choice: Choice) -> Iterator[str]:
    code = choice.code.upper()
    yield from (word[0] for word in code.split("_") if word[:1].isalpha())
    yield from (sign for sign in code if sign.isalpha())


def said_of(letter: str, choice: Choice) -> tuple[str, ...]:
    """Return what may be typed for a choice, in capitals: its letter, its code, and its words."""
    words = {letter, choice.code, choice.text_da, choice.text_en}
    return tuple(sorted({" ".join(word.split()).upper() for word in words if word}))


def read_choice(fact: Fact, text: str) -> str | None:
    """Return the code that was typed for a fact, None when it is none of its choices.

    >>> read_choice(Fact("x", "?"), " J"), read_choice(Fact("x", "?"), "nej"), read_choice(Fact("x", "?"), "q")
    ('ja', 'nej', None)
    """
    typed = " ".join(visible(text).split()).strip(" .").upper()
    for letter, choice in letters(fact).items():
        if typed in said_of(letter, choice):
            return choice.code
    return None
