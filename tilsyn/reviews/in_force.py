"""From what was loaded to the reviews in force: which answers count, and which cases are reviewed.

A case is reviewed when every question of its set that can apply has an answer. A question that another answer
or a fact rules out, or that is not in the law of its act, is *ikke relevant*, marked derived; a computed
deadline is recomputed from its two dates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from tilsyn.questions.answers import LAWFUL_NO, NOT_RELEVANT, YES
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.records import CaseReview, Load, overlaid
from tilsyn.reviews.replacement_reasons import reason_of
from tilsyn.reviews.resolving import Resolved, regime_of, resolve
from tilsyn.reviews.sample import REPLACEMENT_COLUMNS, ReviewedSample

_REVIEW_COLUMNS = {
    "complete": "bool",
    "act_date": "object",
    "regime": "object",
    "reviewer": "str",
    "reviewed_on": "object",
    "akut": "bool",
    "handled": "bool",
    "criticism": "str",
    "replaces": "object",
    "workbook": "str",
    "simulated": "bool",
}


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


def current(
    loads: Sequence[Load],
    cases: pd.DataFrame,
    reserve: pd.DataFrame,
    strata: pd.DataFrame,
    question_set: QuestionSet,
    latest_act: date,
    working_days: WorkingDays,
) -> tuple[ReviewedSample, list[CaseInForce]]:
    """The sample in force and each case of it, from the draw's tables and all that was loaded, oldest first.

    No act reviewed can be later than `latest_act`, such as the period's last day.
    """
    in_force, replacements = _in_force(loads, cases, reserve)
    said = latest(loads)
    urgent = urgency(loads)
    found: list[CaseInForce] = []
    heads: list[dict[str, Any]] = []
    answers: list[dict[str, Any]] = []
    for case_id in in_force["case_id"]:
        parts = said.get(case_id, {})
        case = _case_in_force(case_id, parts, question_set, latest_act, working_days)
        found.append(case)
        head, rows = _one_case(case, next(reversed(parts), ""), question_set)
        heads.append(head | {"akut": case_id in urgent, "handled": urgent.get(case_id) is False})
        answers += rows
    for name, kind in _REVIEW_COLUMNS.items():
        if name != "replaces":
            in_force[name] = pd.Series([head[name] for head in heads], index=in_force.index, dtype=kind)
    sample = ReviewedSample(
        cases=in_force,
        strata=_counted(strata, in_force, replacements),
        answers=_answer_table(answers),
        questions=question_set,
        replacements=replacements,
    )
    return sample, found


@dataclass(frozen=True)
class CaseInForce:
    """A case as all that was loaded of it leaves it: the review, the law it is read by, and what counts."""

    review: CaseReview
    regime: str | None
    resolved: tuple[Resolved, ...]

    @property
    def complete(self) -> bool:
        """Whether it is reviewed."""
        return bool(self.resolved) and all(r.answer is not None for r in self.resolved)


def _case_in_force(
    case_id: str,
    said: Mapping[str, tuple[CaseReview, Load]],
    question_set: QuestionSet,
    latest_act: date,
    working_days: WorkingDays,
) -> CaseInForce:
    """Return what counts in a case, from what each workbook says last of it."""
    review = CaseReview(case_id)
    for part, _ in said.values():
        review = overlaid(review, part)
    regime = regime_of(question_set, review.act_date, latest_act)
    # Without a day of the reading, a limit is open until the day that the case was loaded.
    at = review.reviewed_on or max(filter(None, (load.loaded_on for _, load in said.values())), default=None)
    read = replace(review, reviewed_on=at)
    resolved = resolve(question_set, read, regime, working_days) if said else []
    return CaseInForce(review, regime, tuple(resolved))


def _one_case(
    case: CaseInForce, workbook: str, question_set: QuestionSet
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One case's head and its answers."""
    review = case.review
    head = {
        "complete": case.complete,
        "act_date": review.act_date,
        "regime": case.regime,
        "reviewer": review.reviewer,
        "reviewed_on": review.reviewed_on,
        "criticism": review.criticism,
        "workbook": workbook,
        "simulated": review.simulated,
    }
    rows = [
        {
            "case_id": review.case_id,
            "question": r.question,
            "answer": r.answer,
            "relevant": r.answer != NOT_RELEVANT,
            "compliant": _compliant(r.answer) if r.legal(question_set) else None,
            "legal": r.legal(question_set),
            "reason": r.reason,
            "why": r.why if r.outcome is not None else "",
            "by": r.outcome.by if r.outcome is not None else "",
            "derived": r.derived,
            "remark": r.remark,
        }
        for r in case.resolved
        if r.answer is not None
    ]
    return head, rows


def _compliant(answer: str | None) -> bool | None:
    return None if answer in (None, NOT_RELEVANT) else answer in (YES, LAWFUL_NO)


def _answer_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    kinds = {
        "case_id": "str",
        "question": "str",
        "answer": "str",
        "relevant": "bool",
        "compliant": "boolean",
        "legal": "bool",
        "reason": "str",
        "why": "str",
        "by": "str",
        "derived": "bool",
        "remark": "str",
    }
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _in_force(
    loads: Sequence[Load], cases: pd.DataFrame, reserve: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases to review, each replaced one's place taken by its stand-in, and the replacements."""
    replaced = [load for load in loads if load.kind == "replacement"]
    table = cases.assign(replaces=pd.Series([None] * len(cases), index=cases.index, dtype="object"))
    for load in replaced:
        place = table.index[table["case_id"] == load.case_id]
        stand_in = reserve[reserve["case_id"] == load.replacement]
        if place.empty or stand_in.empty:
            continue
        # The stand-in takes the place: its chance of selection is that of its stratum's sample, n_h / N_h.
        for name in set(stand_in.columns) - {"inclusion_probability", "design_weight"}:
            table.loc[place, name] = stand_in[name].iloc[0]
        table.loc[place, "replaces"] = load.case_id
    stratum_of = dict(zip(reserve["case_id"], reserve["stratum"], strict=True))
    rows = []
    for load in replaced:
        reason = reason_of(load)
        rows.append(
            {
                "case_id": load.case_id,
                "replacement": load.replacement,
                "reason": load.reason,
                "on": str(load.loaded_on or ""),
                "stratum": stratum_of.get(load.replacement),
                "text_da": reason.text_da or "",
                "text_en": reason.text_en or "",
                "outside_population": reason.outside_population,
            }
        )
    found = pd.DataFrame(rows, columns=list(REPLACEMENT_COLUMNS)).astype(REPLACEMENT_COLUMNS)
    return table.reset_index(drop=True), found


def _counted(strata: pd.DataFrame, cases: pd.DataFrame, replacements: pd.DataFrame) -> pd.DataFrame:
    """The strata with how many of their cases are reviewed, missing and replaced."""
    reviewed = cases[cases["complete"]].groupby("stratum").size()
    table = strata.copy()
    table["reviewed"] = table["stratum"].map(reviewed).fillna(0).astype("int64")
    table["missing"] = table["sample_size"] - table["reviewed"]
    table["replaced"] = table["stratum"].map(replacements.groupby("stratum").size()).fillna(0).astype("int64")
    return table
