"""What a sample's figures do not speak of: cases that the supervision covers but that could not be drawn."""

from __future__ import annotations

from typing import Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.compliance.naming import column_name
from tilsyn.reviews.plain_sample import SampleScope
from tilsyn.settings.single import SinglePlan


def scope_of(sample: SampleScope) -> dict[str, Any]:
    """Return which cases the figures speak of, and how many of the register they do not for a recent review.

    >>> scope_of(SampleScope(reviewed_recently=35))
    {'of': 'register', 'reviewed_recently': 35}
    """
    of = "chosen" if sample.chosen else sample.speaks_of
    return {"of": of, "reviewed_recently": sample.reviewed_recently}


def rules_text(plan: SinglePlan) -> str:
    """Return which cases of the frame were asked for, in words."""
    return "; ".join(
        say("single.rule", column=column_name(rule.column), values=", ".join(rule.values))
        for rule in plan.where
    )


def scope_notes(sample: SampleScope) -> list[str]:
    """Return the same as sentences; none where the figures speak of every case of the frame's register."""
    notes = []
    if sample.speaks_of == "reviews":
        notes.append(say("compliance.speaks_of_reviews"))
    if sample.chosen:
        notes.append(say("single.chosen"))
    elif sample.single is not None and sample.single.of_lists:
        notes.append(say("single.of_list", file=sample.single.of_lists))
    if sample.single is not None and sample.single.where:
        notes.append(say("single.of_where", rules=rules_text(sample.single)))
    if sample.reviewed_recently:
        n = sample.reviewed_recently
        notes.append(say("compliance.reviewed_recently", n=n, cases=number(n)))
    return notes
