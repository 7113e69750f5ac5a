"""Shares, intervals and questions in the words of somebody who knows no statistics."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.numbers import percent
from tilsyn.reports.parts import Material, known


def of_100(share: float) -> str:
    """A share as a whole number of a hundred.

    >>> of_100(0.6049)
    '60'
    """
    return percent(share, 0).rstrip(" %\N{NO-BREAK SPACE}")


def between(low: float, high: float) -> str:
    """An interval in words.

    >>> between(0.504, 0.7)
    'mellem 50 og 70'
    """
    return say("summary.between", low=of_100(low), high=of_100(high))


def span(low: object, high: object) -> str:
    """An interval as it stands in a table, in whole per cent, or nothing where there is none.

    >>> span(0.504, 0.7), span(None, None)
    ('50–70 %', '')
    """
    if not known(low) or not known(high):
        return ""
    return f"{of_100(float(str(low)))}–{percent(float(str(high)), 0)}"


def asked(material: Material, question: str) -> str:
    """A question's topic as it stands in a sentence; its short text, quoted, where the catalogue has none."""
    found = material.question_set.question(question)
    return found.topic or say("summary.quoted", text=found.short)


def asked_first(material: Material, question: str) -> str:
    """The same at the beginning of a sentence."""
    return capital(asked(material, question))


def capital(text: str) -> str:
    """A text as it begins a sentence.

    >>> capital("niveau 2 og BBU")
    'Niveau 2 og BBU'
    """
    return text[:1].upper() + text[1:]
