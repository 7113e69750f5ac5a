"""From what was loaded to the reviews in force: which answers count, and which cases are reviewed.

A case is reviewed when every question of its set that can apply has an answer. A question that another answer
or a fact rules out, or that is not in the law of its act, is *ikke relevant*, marked derived; a computed
deadline is recomputed from its two dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.records import CaseReview, Load, overlaid
from tilsyn.reviews.resolving import Resolved, regime_of, resolve
from tilsyn.sampling.draw_record import DrawnCase


def latest(loads: Sequence[Load]) -> dict[str, dict[str, tuple[CaseReview, Load]]]:
    """What each workbook says last of each case: case id to workbook id to review and load, oldest first."""
    found: dict[str, dict[str, tuple[CaseReview, Load]]] = {}
    for load in loads:
        for review in load.cases:
            by_workbook = found.setdefault(review.case_id, {})
            by_workbook.pop(load.workbook, None)
            by_workbook[load.workbook] = (review, load)
    return found


def urgency(loads: Sequence[Load]) -> dict[str, bool]:
    """The cases that were ever marked urgent: True until marked handled, from loads oldest first.

    Taking the mark away in a workbook does not handle it.
    """
    found: dict[str, bool] = {}
    marked: dict[tuple[str, str], bool] = {}
    for load in loads:
        if load.kind == "handled" and load.case_id in found:
            found[load.case_id] = False
        for case_id, urgent in load.urgent_marks.items():
            key = (load.workbook, case_id)
            if urgent and not marked.get(key):
                found[case_id] = True
            marked[key] = urgent
    return found


def cases_in_force(
    loads: Sequence[Load],
    cases: Sequence[DrawnCase],
    reserve: Sequence[DrawnCase],
    question_set: QuestionSet,
    latest_act: date,
    working_days: WorkingDays,
) -> list[CaseInForce]:
    """Return the cases to review in the order in which they were drawn, from all loads, oldest first.

    No act reviewed can be later than `latest_act`, such as the period's last day.
    """
    said, urgent = latest(loads), urgency(loads)
    return [
        replace(
            _case_in_force(drawn, said.get(drawn.case_id, {}), question_set, latest_act, working_days),
            replaces=replaced,
            urgent=drawn.case_id in urgent,
            handled=urgent.get(drawn.case_id) is False,
        )
        for drawn, replaced in _places(loads, cases, reserve)
    ]


@dataclass(frozen=True)
class CaseInForce:
    """A case as all that was loaded of it leaves it: the review, the law it is read by, and what counts.

    `drawn` is its place in the sample, `replaces` the case that had it before; `workbook` is the one that
    spoke of the case last. It is `urgent` where it was ever marked so.
    """

    drawn: DrawnCase
    review: CaseReview
    regime: str | None
    resolved: tuple[Resolved, ...]
    workbook: str = ""
    replaces: str | None = None
    urgent: bool = False
    handled: bool = False

    @property
    def complete(self) -> bool:
        """Whether it is reviewed."""
        return bool(self.resolved) and all(r.answer is not None for r in self.resolved)


def _places(
    loads: Sequence[Load], cases: Sequence[DrawnCase], reserve: Sequence[DrawnCase]
) -> list[tuple[DrawnCase, str | None]]:
    """Return the cases to review, each replaced one's place taken by its stand-in, and whom it replaces."""
    places: list[tuple[DrawnCase, str | None]] = [(case, None) for case in cases]
    stand_ins = {case.case_id: case for case in reserve}
    for load in loads:
        if load.kind == "replacement" and (stand_in := stand_ins.get(load.replacement)) is not None:
            places = [
                (_in_place_of(case, stand_in), case.case_id)
                if case.case_id == load.case_id
                else (case, before)
                for case, before in places
            ]
    return places


def _in_place_of(case: DrawnCase, stand_in: DrawnCase) -> DrawnCase:
    """Return a stand-in with the chance of its place, that of its stratum's sample: n_h / N_h."""
    return replace(
        stand_in,
        inclusion_probability=case.inclusion_probability,
        design_weight=case.design_weight,
    )


def _case_in_force(
    drawn: DrawnCase,
    said: Mapping[str, tuple[CaseReview, Load]],
    question_set: QuestionSet,
    latest_act: date,
    working_days: WorkingDays,
) -> CaseInForce:
    """Return what counts in a case, from what each workbook says last of it."""
    review = CaseReview(drawn.case_id)
    for part, _ in said.values():
        review = overlaid(review, part)
    regime = regime_of(question_set, review.act_date, latest_act)
    # Without a day of the reading, a limit is open until the day that the case was loaded.
    at = review.reviewed_on or max(filter(None, (load.loaded_on for _, load in said.values())), default=None)
    read = replace(review, reviewed_on=at)
    resolved = resolve(question_set, read, regime, working_days) if said else []
    return CaseInForce(drawn, review, regime, tuple(resolved), next(reversed(list(said)), ""))
