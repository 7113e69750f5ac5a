"""Why a drawn case is replaced, and whether it belonged to the population at all."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class ReplacementReason:
    """A reason; `outside_population` where the case should not have been on the list drawn from."""

    outside_population: bool


REASONS = {
    "wrong_person": ReplacementReason(outside_population=True),
    "no_access": ReplacementReason(outside_population=False),
    "outside_target": ReplacementReason(outside_population=True),
    "conflict": ReplacementReason(outside_population=False),
}


def still_missing(replacements: pd.DataFrame) -> pd.DataFrame:
    """The replacements whose case belongs to the population: it was drawn, and it was not read.

    >>> still_missing(pd.DataFrame({"case_id": ["1", "2"], "reason": ["wrong_person", "no_access"]}))[
    ...     "case_id"].tolist()
    ['2']
    """
    outside = {code for code, reason in REASONS.items() if reason.outside_population}
    return replacements[~replacements["reason"].isin(outside)]


def by_reason(replacements: pd.DataFrame) -> pd.DataFrame:
    """How many cases were replaced for each reason, and whether it puts them outside the population.

    >>> by_reason(pd.DataFrame({"case_id": ["1", "2"], "reason": ["no_access", "no_access"]})).values.tolist()
    [['no_access', 2, False]]
    """
    counted = replacements["reason"].value_counts().sort_index()
    outside = [REASONS[code].outside_population if code in REASONS else False for code in counted.index]
    return pd.DataFrame({"reason": counted.index, "n": counted.to_numpy(), "outside_population": outside})
