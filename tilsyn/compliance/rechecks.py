"""What became of a question that was read a second time: before, after, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.compliance.comparability import asked_otherwise, comparability
from tilsyn.compliance.method import Method
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.table import compliance_table
from tilsyn.compliance.tally import Scheme
from tilsyn.questions.question import Comparable
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import change


@dataclass(frozen=True)
class QuestionReading:
    """One reading of a question: its share in order, of the cases that it was relevant to.

    It is `whole` where every case there was has been read.
    """

    period: Period
    share: float
    n_relevant: int
    n_compliant: int
    whole: bool


@dataclass(frozen=True)
class Rechecked:
    """A question that was read twice, in a unit or ("") in all: the difference is after less before.

    Shares and difference in [-1, 1]; no difference where the two readings asked different things.
    """

    question: str
    text: str
    unit: str
    before: QuestionReading
    after: QuestionReading
    comparable: Comparable
    difference: float | None
    low: float | None
    high: float | None


def rechecked(
    question: str, unit: str, first: ReviewedSample, second: ReviewedSample, method: Method
) -> Rechecked | None:
    """Hold a second reading of a question against the first; None where one of them was asked nothing of it.

    The second is of the unit's cases alone, where there is one. The test is that of a table's changes.
    """
    before = _row(first, question, f"unit={unit}" if unit else ALL_CASES)
    after = _row(second, question, ALL_CASES)
    if before is None or after is None or first.period is None or second.period is None:
        return None
    one, other = Scheme.of(second), Scheme.of(first)
    rule = cast(Comparable, one.rules.get(question, "yes"))
    alike = comparability(rule, second.regimes.get(question, ()), first.regimes.get(question, ()))
    if alike == "yes" and asked_otherwise(one.asked.get(question, {}), other.asked.get(question, {})):
        alike = "partly"
    sides = ((side["estimate"], side["n_eff_practice"]) for side in (after, before))
    (p1, e1), (p0, e0) = ((np.array([p]), np.array([e])) for p, e in sides)
    found = change(p1, e1, p0, e0, method.confidence)
    apart = alike != "no"
    return Rechecked(
        question=question,
        text=_text(second, question),
        unit=unit,
        before=_reading(first, first.period, before),
        after=_reading(second, second.period, after),
        comparable=alike,
        difference=float(found.change[0]) if apart else None,
        low=float(found.low[0]) if apart else None,
        high=float(found.high[0]) if apart else None,
    )


def _row(sample: ReviewedSample, question: str, domain: str) -> pd.Series[float] | None:
    rows = compliance_table(sample, ["unit"])
    found = rows[(rows["question"] == question) & (rows["domain"] == domain) & (rows["n_relevant"] > 0)]
    return None if found.empty else found.iloc[0]


def _reading(sample: ReviewedSample, period: Period, row: pd.Series[float]) -> QuestionReading:
    whole = sample.n_reviewed >= int(sample.strata["population_size"].sum())
    return QuestionReading(
        period, float(row["estimate"]), int(row["n_relevant"]), int(row["n_compliant"]), whole
    )


def _text(sample: ReviewedSample, question: str) -> str:
    return sample.questions.question(question).text if isinstance(sample.questions, QuestionSet) else ""
