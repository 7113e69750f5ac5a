"""What people type, and the canonical answer it means.

Only what has one meaning is accepted; all else is named together with the nearest known answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from tilsyn.base.canonical import visible
from tilsyn.base.language import say, spellings
from tilsyn.base.spelling import nearest

YES = "ja"
NO = "nej"
LAWFUL_NO = "nej (lovlig grund)"
LAWFUL = "lovlig"
NOT_RELEVANT = "ikke relevant"
LOW, SOME, HIGH = "lav grad", "nogen grad", "høj grad"

# Only a `legal` question enters a percentage; documentation and local ones are answered alike.
Kind = Literal["legal", "documentation", "local", "grade"]
_LEGAL = (YES, NO, LAWFUL_NO, NOT_RELEVANT)
ANSWERS: dict[Kind, tuple[str, ...]] = {
    "legal": _LEGAL,
    "documentation": _LEGAL,
    "local": _LEGAL,
    "grade": (LOW, SOME, HIGH, NOT_RELEVANT),
}
REMARK_REQUIRED = frozenset({NO, LAWFUL_NO})

# The dictionary's entry of each answer.
_ENTRIES = {
    YES: "yes",
    NO: "no",
    LAWFUL_NO: "lawful_no",
    NOT_RELEVANT: "not_relevant",
    LOW: "low",
    SOME: "some",
    HIGH: "high",
}

# Marks that change nothing; "?" and "*" are kept, for a doubt is not an answer.
_SEPARATORS = re.compile(r"[\s.,;:/\\()\[\]'\"´`’“”_!–—-]+")


def plain(text: str) -> str:
    """Return the text without case, outer space and the marks that change nothing."""
    return _SEPARATORS.sub(" ", visible(text).casefold()).strip()


def names_of(answer: str) -> tuple[str, ...]:
    """Return what an answer of ours is called in Danish and in English.

    >>> names_of("høj grad")
    ('høj grad', 'high degree')
    """
    return spellings(f"answers.{_ENTRIES[answer]}")


def words_for(answer: str) -> tuple[str, ...]:
    """Return what people type for an answer of ours, in either language; nothing for a catalogue's own."""
    if answer not in _ENTRIES:
        return ()
    texts = (*names_of(answer), *spellings(f"answers.{_ENTRIES[answer]}_words"))
    return tuple(dict.fromkeys(word for text in texts for word in text.split("|")))


# What is typed, in its plain form, and the answer that it means.
Known = Mapping[str, str]


def meanings(words: Mapping[str, Iterable[str]]) -> Known:
    """Return what each of the words means, from the words of each answer."""
    return {plain(word): answer for answer, listed in words.items() for word in listed}


YES_OR_NO = meanings({answer: words_for(answer) for answer in _LEGAL})


def answer_text(answer: str) -> str:
    """Return what a canonical answer is called in the language in use; a catalogue's own grade is its name.

    >>> answer_text("nej (lovlig grund)")
    'nej (lovlig grund)'
    """
    return say(f"answers.{_ENTRIES[answer]}") if answer in _ENTRIES else answer


def code_of(answer: str) -> str:
    """Return the word that stands for a canonical answer in conditions.

    >>> code_of("nej (lovlig grund)"), code_of("ikke relevant")
    ('lovlig', 'ikke_relevant')
    """
    return LAWFUL if answer == LAWFUL_NO else answer.replace(" ", "_")


class UnknownAnswer(ValueError):
    """A cell holds something that is no answer; `nearest` is the canonical one that it looks most like."""

    def __init__(self, found: str, nearest: str | None) -> None:
        super().__init__(found)
        self.found = found
        self.nearest = nearest


def is_blank(value: Any) -> bool:
    """Tell whether a cell holds nothing that can be seen.

    >>> is_blank(None), is_blank(" \\u00a0"), is_blank(0), is_blank("-")
    (True, True, False, False)
    """
    if not isinstance(value, str):
        return value is None
    return not value.strip() or not (value.isascii() or visible(value).strip())


def read_answer(value: Any, known: Known = YES_OR_NO) -> str | None:
    """Return the canonical answer that a cell means, None when it is blank; raises UnknownAnswer.

    >>> [read_answer(text) for text in ("Ja ", "J", "N/A", "ir.", "nej, lovlig grund", "no")]
    ['ja', 'ja', 'ikke relevant', 'ikke relevant', 'nej (lovlig grund)', 'nej']
    >>> read_answer("I høj grad", meanings({HIGH: words_for(HIGH)}))
    'høj grad'
    >>> read_answer("jaa")
    Traceback (most recent call last):
    ...
    tilsyn.questions.answers.UnknownAnswer: jaa
    """
    if is_blank(value):
        return None
    # A spreadsheet keeps a typed 2 as 2.0.
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    answer = known.get(plain(text))
    if answer is None:
        raise UnknownAnswer(text, nearest_answer(text, known))
    return answer


def nearest_answer(text: str, known: Known = YES_OR_NO) -> str | None:
    """Return the canonical answer that a text looks most like, or None when it looks like none.

    >>> nearest_answer("ikke relevnt"), nearest_answer("42")
    ('ikke relevant', None)
    """
    words = plain(text)
    # Short words are near everything, so only words of two letters and more are compared.
    if word := nearest(words, (word for word in known if len(word) > 1)):
        return known[word]
    first = words.split(" ", 1)[0]
    return known.get(first) if len(first) > 1 else None


def heading_answer(text: Any) -> str | None:
    """Return the legal answer that a column heading stands for, when people tick columns instead.

    >>> heading_answer("Ja"), heading_answer("Ikke relevant"), heading_answer("Svar")
    ('ja', 'ikke relevant', None)
    """
    words = plain(text) if isinstance(text, str) else ""
    return YES_OR_NO.get(words) if len(words) > 1 else None


def is_tick(value: Any) -> bool:
    """Tell whether a cell in a column of its own is ticked off.

    >>> is_tick("x"), is_tick("✓"), is_tick(True), is_tick("")
    (True, True, True, False)
    """
    return value is True or (isinstance(value, str) and plain(value) in {"x", "✓", "✔", "✗", "☒", "☑", "v"})
