"""What people type, and the canonical answer it means.

Only what has one meaning is accepted; all else is named together with the nearest known answer.
"""

from __future__ import annotations

import re
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


def _plain(text: str) -> str:
    """Return the text without case, outer space and the marks that change nothing."""
    return _SEPARATORS.sub(" ", visible(text).casefold()).strip()


def _known_words(kind: Kind) -> dict[str, str]:
    """Return what people type on a scale, in either language, and the answer it means."""
    words: dict[str, str] = {}
    for answer in ANSWERS[kind]:
        name = _ENTRIES[answer]
        for text in (*spellings(f"answers.{name}"), *spellings(f"answers.{name}_words")):
            words |= {_plain(word): answer for word in text.split("|")}
    return words


_KNOWN: dict[Kind, dict[str, str]] = {kind: _known_words(kind) for kind in ANSWERS}


def answer_text(answer: str) -> str:
    """Return what a canonical answer is called in the language in use.

    >>> answer_text("nej (lovlig grund)")
    'nej (lovlig grund)'
    """
    return say(f"answers.{_ENTRIES[answer]}")


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
    return value is None or (isinstance(value, str) and not visible(value).strip())


def read_answer(value: Any, kind: Kind = "legal") -> str | None:
    """Return the canonical answer that a cell means, None when it is blank; raises UnknownAnswer.

    >>> [read_answer(text) for text in ("Ja ", "J", "N/A", "ir.", "nej, lovlig grund", "no")]
    ['ja', 'ja', 'ikke relevant', 'ikke relevant', 'nej (lovlig grund)', 'nej']
    >>> read_answer("I høj grad", "grade")
    'høj grad'
    >>> read_answer("jaa")
    Traceback (most recent call last):
    ...
    tilsyn.questions.answers.UnknownAnswer: jaa
    """
    if is_blank(value):
        return None
    text = str(value)
    known = _KNOWN[kind]
    answer = known.get(_plain(text))
    if answer is None:
        raise UnknownAnswer(text, nearest_answer(text, kind))
    return answer


def nearest_answer(text: str, kind: Kind = "legal") -> str | None:
    """Return the canonical answer that a text looks most like, or None when it looks like none.

    >>> nearest_answer("ikke relevnt"), nearest_answer("42")
    ('ikke relevant', None)
    """
    plain = _plain(text)
    known = _KNOWN[kind]
    # Short words are near everything, so only words of two letters and more are compared.
    if word := nearest(plain, (word for word in known if len(word) > 1)):
        return known[word]
    first = plain.split(" ", 1)[0]
    return known.get(first) if len(first) > 1 else None


def heading_answer(text: Any) -> str | None:
    """Return the legal answer that a column heading stands for, when people tick columns instead.

    >>> heading_answer("Ja"), heading_answer("Ikke relevant"), heading_answer("Svar")
    ('ja', 'ikke relevant', None)
    """
    return _KNOWN["legal"].get(_plain(text)) if isinstance(text, str) and len(_plain(text)) > 1 else None


def is_tick(value: Any) -> bool:
    """Tell whether a cell in a column of its own is ticked off.

    >>> is_tick("x"), is_tick("✓"), is_tick(True), is_tick("")
    (True, True, True, False)
    """
    return value is True or (isinstance(value, str) and _plain(value) in {"x", "✓", "✔", "✗", "☒", "☑", "v"})
