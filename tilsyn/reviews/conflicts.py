"""Where two workbooks say different things of one case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tilsyn.reviews.records import CaseReview, Given


def conflicts(first: CaseReview, second: CaseReview) -> Iterator[tuple[str, str, str]]:
    """Yield the parts of which two reviews say different things, and what each says.

    A part is `BFU-02`, `BFU-02.start`, `act_date` or `fact:<name>`.
    """
    others = _said(second)
    for (part, what), one in _said(first).items():
        # What only one of them says is no conflict.
        other = others.get((part, what), one)
        if one != other:
            yield part, str(one), str(other)


def agree(reviews: Iterable[CaseReview]) -> bool:
    """Tell whether no two of some reviews say different things, in one pass over them."""
    said: dict[tuple[str, str], Any] = {}
    return all(
        said.setdefault(part, value) == value for review in reviews for part, value in _said(review).items()
    )


def _said(review: CaseReview) -> dict[tuple[str, str], Any]:
    """Return all that a review says, by its part and what is said there."""
    said: dict[tuple[str, str], Any] = {
        ("act_date", ""): review.act_date,
        ("criticism", ""): review.criticism,
    }
    said |= {(f"fact:{name}", "code"): code for name, code in review.facts.items()}
    said |= {(f"fact:{name}", "date"): moment for name, moment in review.dates.items()}
    for name, given in sorted(review.answers.items()):
        said |= {(name, "answer"): given.answer, (name, "reason"): given.reason}
        said |= {(f"{name}.start", ""): given.start, (f"{name}.end", ""): given.end}
    return {part: value for part, value in said.items() if value}


def withdrawn(before: CaseReview, after: CaseReview) -> list[str]:
    """Return the questions that the same workbook answered before and leaves blank now."""
    return [
        name
        for name, given in sorted(before.answers.items())
        if not given.blank and after.answers.get(name, Given()).blank
    ]
