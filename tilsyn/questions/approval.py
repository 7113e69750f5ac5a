"""A lawyer's approval of a question: of the words and rules as they stand, and of no others."""

from __future__ import annotations

import hashlib
from datetime import date

from tilsyn.questions.question import Question

_TO_CHECK = ("partly", "to check")


def fingerprint(question: Question) -> str:
    """Return what an approval is of: the text, its law, when it applies, its limit, reasons and links.

    >>> one, other = Question("A-1", "Er det gjort?", "s"), Question("A-1", "Blev det gjort?", "s")
    >>> fingerprint(one) == fingerprint(other), len(fingerprint(one))
    (False, 12)
    """
    limit = question.limit or question.deadline
    parts = (
        question.question_id,
        question.text_da,
        *sorted(question.law.values()),
        question.applies_when_da,
        question.condition or "",
        limit or "",
        *question.lawful_reasons,
        *question.links,
        question.kind,
        question.critical,
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode("utf-8")).hexdigest()[:12]


def approval_text(question: Question, role: str, day: date, note: str = "") -> str:
    """Return an approval as it stands in a catalogue: who, when, which wording, and a note."""
    told = f"{role}, {day.isoformat()}, {fingerprint(question)}"
    return f"{told}: {note}" if note else told


def is_approved(question: Question) -> bool:
    """Tell whether a question is approved as it reads: an approval of other words has lapsed."""
    return fingerprint(question) in question.approved


def needs_lawyer(question: Question) -> bool:
    """Tell whether a legal question's paragraph was not read whole, nor approved as it reads."""
    return question.kind == "legal" and question.law_text in _TO_CHECK and not is_approved(question)
