"""What a sample's figures do not speak of: cases that the supervision covers but that could not be drawn."""

from __future__ import annotations

from typing import Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.reviews.sample import ReviewedSample


def scope_of(sample: ReviewedSample) -> dict[str, Any]:
    """Return which cases the figures speak of, and how many of the register they do not for a recent review.

    >>> from pandas import DataFrame
    >>> scope_of(ReviewedSample(DataFrame(), DataFrame(), DataFrame(), reviewed_recently=35))
    {'of': 'register', 'reviewed_recently': 35}
    """
    return {"of": sample.speaks_of, "reviewed_recently": sample.reviewed_recently}


def scope_notes(sample: ReviewedSample) -> list[str]:
    """Return the same as sentences; none where the figures speak of every case of the frame's register."""
    notes = []
    if sample.speaks_of == "reviews":
        notes.append(say("compliance.speaks_of_reviews"))
    if sample.reviewed_recently:
        n = sample.reviewed_recently
        notes.append(say("compliance.reviewed_recently", n=n, cases=number(n)))
    return notes
