"""What has changed in the reviews of a draw between two moments of its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.reviews.in_force import CaseInForce


@dataclass(frozen=True)
class AnswerChanges:
    """How many cases were reviewed then and are now, and how many answers are new, other, or gone since.

    `cases` are those with any such answer. An answer is a reviewer's own word that counts: what follows from
    it is not counted.
    """

    reviewed_then: int
    reviewed_now: int
    new: int
    changed: int
    gone: int
    cases: int


def changes(then: Sequence[CaseInForce], now: Sequence[CaseInForce]) -> AnswerChanges:
    """Compare the cases in force of one draw; answers of cases that were replaced are gone."""
    before, after = _answers(then), _answers(now)
    touched = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return AnswerChanges(
        reviewed_then=sum(case.complete for case in then),
        reviewed_now=sum(case.complete for case in now),
        new=len(after.keys() - before.keys()),
        changed=sum(before[key] != after[key] for key in before.keys() & after.keys()),
        gone=len(before.keys() - after.keys()),
        cases=len(touched),
    )


def _answers(cases: Sequence[CaseInForce]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return each answer and its lawful reason, by case and question."""
    return {
        (case.drawn.case_id, one.question): (one.answer, one.reason)
        for case in cases
        for one in case.resolved
        if one.answer is not None and (not one.derived or one.why == "dates")
    }
