"""The reviews in force as tables, which figures are made from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tilsyn.questions.answers import LAWFUL_NO, NOT_RELEVANT, YES
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.reviews.records import Load
from tilsyn.reviews.replacement_reasons import reason_of
from tilsyn.reviews.sample import REPLACEMENT_COLUMNS, ReviewedSample
from tilsyn.sampling.draw_record import DrawnCase, DrawnStratum

_CASE_COLUMNS = {
    "case_id": "str",
    "stratum": "str",
    "unit": "str",
    "ticket": "str",
    "order": "int64",
    "inclusion_probability": "float64",
    "design_weight": "float64",
}
_STRATUM_COLUMNS = ["stratum", "unit", "stratum_size", "population_size", "sample_size", "taken_whole"]
_REVIEW_COLUMNS = {
    "complete": "bool",
    "act_date": "object",
    "regime": "object",
    "reviewer": "str",
    "reviewed_on": "object",
    "akut": "bool",
    "handled": "bool",
    "criticism": "str",
    "workbook": "str",
    "simulated": "bool",
}
_ANSWER_COLUMNS = {
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


def sample_in_force(
    cases: Sequence[CaseInForce],
    loads: Sequence[Load],
    reserve: Sequence[DrawnCase],
    strata: Sequence[DrawnStratum],
    question_set: QuestionSet,
) -> ReviewedSample:
    """Return the sample in force, from the cases in force, the draw's reserve and strata, and all loads."""
    table = case_table([case.drawn for case in cases])
    table["replaces"] = pd.Series([case.replaces for case in cases], index=table.index, dtype="object")
    heads = [_head(case) for case in cases]
    for name, kind in _REVIEW_COLUMNS.items():
        table[name] = pd.Series([head[name] for head in heads], index=table.index, dtype=kind)
    replacements = _replacements(loads, reserve)
    return ReviewedSample(
        cases=table,
        strata=_counted(stratum_table(strata), table, replacements),
        answers=_answers(cases, question_set),
        questions=question_set,
        replacements=replacements,
    )


def case_table(cases: Sequence[DrawnCase]) -> pd.DataFrame:
    """Return drawn cases as a table, a column per fact last."""
    names = dict.fromkeys(name for case in cases for name in case.facts if name not in _CASE_COLUMNS)
    own = {
        name: pd.Series([getattr(case, name) for case in cases], dtype=kind)
        for name, kind in _CASE_COLUMNS.items()
    }
    return pd.DataFrame(own | {name: [case.facts.get(name) for case in cases] for name in names})


def stratum_table(strata: Sequence[DrawnStratum]) -> pd.DataFrame:
    """Return a draw's strata as a table."""
    return pd.DataFrame([vars(row) for row in strata]).reindex(columns=_STRATUM_COLUMNS)


def _head(case: CaseInForce) -> dict[str, Any]:
    review = case.review
    return {
        "complete": case.complete,
        "act_date": review.act_date,
        "regime": case.regime,
        "reviewer": review.reviewer,
        "reviewed_on": review.reviewed_on,
        "akut": case.urgent,
        "handled": case.handled,
        "criticism": review.criticism,
        "workbook": case.workbook,
        "simulated": review.simulated,
    }


def _answers(cases: Sequence[CaseInForce], question_set: QuestionSet) -> pd.DataFrame:
    """Return the answers that count, a row each."""
    rows = []
    for case in cases:
        for r in case.resolved:
            if r.answer is None:
                continue
            legal = r.legal(question_set)
            why, by = (r.why, r.outcome.by) if r.outcome is not None else ("", "")
            rows.append(
                (case.review.case_id, r.question, r.answer, r.answer != NOT_RELEVANT,
                 _compliant(r.answer) if legal else None, legal, r.reason, why, by, r.derived, r.remark)
            )  # fmt: skip
    columns = zip(*rows, strict=True) if rows else [()] * len(_ANSWER_COLUMNS)
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=kind)
            for (name, kind), values in zip(_ANSWER_COLUMNS.items(), columns, strict=True)
        }
    )


def _compliant(answer: str | None) -> bool | None:
    return None if answer in (None, NOT_RELEVANT) else answer in (YES, LAWFUL_NO)


def _replacements(loads: Sequence[Load], reserve: Sequence[DrawnCase]) -> pd.DataFrame:
    stratum_of = {case.case_id: case.stratum for case in reserve}
    rows = []
    for load in loads:
        if load.kind != "replacement":
            continue
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
    return pd.DataFrame(
        {
            name: pd.Series([row[name] for row in rows], dtype=kind)
            for name, kind in REPLACEMENT_COLUMNS.items()
        }
    )


def _counted(strata: pd.DataFrame, cases: pd.DataFrame, replacements: pd.DataFrame) -> pd.DataFrame:
    """The strata with how many of their cases are reviewed, missing and replaced."""
    reviewed = cases[cases["complete"]].groupby("stratum").size()
    strata["reviewed"] = strata["stratum"].map(reviewed).fillna(0).astype("int64")
    strata["missing"] = strata["sample_size"] - strata["reviewed"]
    strata["replaced"] = (
        strata["stratum"].map(replacements.groupby("stratum").size()).fillna(0).astype("int64")
    )
    return strata
