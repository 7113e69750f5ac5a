"""Where two workbooks say different things of one case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tilsyn.reviews.records import CaseReview, Given


def conflicts(first: CaseReview, second: CaseReview) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of which two reviews say different things, and what each says.

    A part is `BFU-02`, `BFU-02.start`, `act_date` or `fact:<name>`.
    """
    for part, one, other in _pairs(first, second):
        # What only one of them says is no conflict.
        if one and other and one != other:
            yield part, str(one), str(other)


def _pairs(first: CaseReview, second: CaseReview) -> Iterator[tuple[str, Any, Any]]:
    yield "act_date", first.act_date, second.act_date
    yield "criticism", first.criticism, second.criticism
    for name in first.facts.keys() & second.facts.keys():
        yield f"fact:{name}", first.facts[name], second.facts[name]
    for name in first.dates.keys() & second.dates.keys():
        yield f"fact:{name}", first.dates[name], second.dates[name]
    for name in sorted(first.answers.keys() & second.answers.keys()):
        one, other = first.answers[name], second.answers[name]
        yield name, one.answer, other.answer
        yield name, one.reason, other.reason
        yield f"{name}.start", one.start, other.start
        yield f"{name}.end", one.end, other.end


def withdrawn(before: CaseReview, after: CaseReview) -> list[str]:
    """Return the questions that the same workbook answered before and leaves blank now."""
    return [
        name
        for name, given in sorted(before.answers.items())
        if not given.blank and after.answers.get(name, Given()).blank
    ]
