"""Scales of grades: a catalogue's own, or the usual three of a thematic question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tilsyn.base.language import chosen
from tilsyn.questions.answers import (
    HIGH,
    LOW,
    NOT_RELEVANT,
    SOME,
    Known,
    answer_text,
    meanings,
    names_of,
    plain,
    words_for,
)

# What *ikke relevant* is typed as, on every scale.
_TAKEN = "I"


@dataclass(frozen=True)
class Grade:
    """A grade, lowest first on its scale: as it is kept, what it is called, and what is typed for it."""

    name: str
    text_da: str
    text_en: str = ""
    letter: str = ""

    @property
    def text(self) -> str:
        """What it is called in the language in use."""
        return chosen(self.text_da, self.text_en)


Scale = tuple[Grade, ...]
USUAL: Scale = (
    Grade(LOW, *names_of(LOW)),
    Grade(SOME, *names_of(SOME)),
    Grade(HIGH, *names_of(HIGH)),
)


def text_on(scale: Sequence[Grade], answer: str) -> str:
    """Return what an answer is called, a grade or *ikke relevant*.

    >>> text_on((Grade("god", "god praksis"),), "god"), text_on((), "ikke relevant")
    ('god praksis', 'ikke relevant')
    """
    return next((grade.text for grade in scale if grade.name == answer), None) or answer_text(answer)


def legend(scale: Scale) -> list[str]:
    """Return what each letter stands for.

    >>> legend((Grade("a", "god praksis"), Grade("b", "ringe")))
    ['G = god praksis', 'R = ringe']
    """
    typed = letters(scale)
    return [f"{typed[grade.name]} = {grade.text}" for grade in scale]


def letters(scale: Sequence[Grade]) -> dict[str, str]:
    """Return what is typed for each grade: its letter, else its first, or its number.

    >>> letters((Grade("a", "god"), Grade("b", "middel"), Grade("c", "ringe")))
    {'a': 'G', 'b': 'M', 'c': 'R'}
    >>> letters((Grade("a", "god"), Grade("b", "god nok"), Grade("c", "dårlig", letter="x")))
    {'a': '1', 'b': '2', 'c': 'X'}
    """
    return _letters(scale, [grade.text for grade in scale])


def _letters(scale: Sequence[Grade], texts: Sequence[str]) -> dict[str, str]:
    found = [grade.letter.upper() or text[:1].upper() for grade, text in zip(scale, texts, strict=True)]
    if len(set(found)) < len(found) or _TAKEN in found:
        found = [grade.letter.upper() or str(number) for number, grade in enumerate(scale, start=1)]
    return {grade.name: letter for grade, letter in zip(scale, found, strict=True)}


def spelt(scale: Scale) -> dict[str, tuple[str, ...]]:
    """Return what can be typed for each answer of a scale, the letter first.

    >>> spelt((Grade("god", "god praksis", "good"),))["god"]
    ('G', 'god praksis', 'good', 'god')
    """
    # A workbook may be written in one language and loaded in the other.
    typed = [
        letters(scale),
        _letters(scale, [grade.text_da for grade in scale]),
        _letters(scale, [grade.text_en or grade.text_da for grade in scale]),
    ]
    found = {}
    for grade in scale:
        known = [*(by_grade[grade.name] for by_grade in typed), grade.text_da, grade.text_en, grade.name]
        found[grade.name] = tuple(dict.fromkeys(word for word in known if word))
    return found | {NOT_RELEVANT: (_TAKEN, *words_for(NOT_RELEVANT))}


def _all_words(scale: Scale) -> dict[str, tuple[str, ...]]:
    """Return what can be typed, and what else people write for a grade of the usual."""
    return {name: (*words, *words_for(name)) for name, words in spelt(scale).items()}


@cache
def known_on(scale: Scale) -> Known:
    """Return what each text means on a scale, whatever the language in use."""
    return meanings(_all_words(scale))


def clashes(scale: Scale) -> list[tuple[int, str, str]]:
    """Return where something typed would mean two answers: the grade's place, the word, the other answer.

    A word of marks alone means none, whatever the other is: there it is "".

    >>> clashes((Grade("a", "god"), Grade("b", "God!"))), clashes(USUAL)
    ([(1, 'god', 'a')], [])
    """
    taken = {plain(word): NOT_RELEVANT for word in words_for(NOT_RELEVANT)}
    found = [
        (place, word, "")
        for place, grade in enumerate(scale)
        for word in (grade.text_da, grade.text_en, grade.letter)
        if word and not plain(word)
    ]
    for place, (name, words) in enumerate(_all_words(scale).items()):
        for word in map(plain, words if name != NOT_RELEVANT else ()):
            if taken.setdefault(word, name) != name:
                found.append((place, word, taken[word]))
    return found
