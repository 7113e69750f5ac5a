"""Why a drawn case was replaced, and whether it belonged to the population at all."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import chosen
from tilsyn.reviews.records import Load
from tilsyn.settings.replacement_reasons import ReplacementReason, usual_reasons


def reason_of(entry: Load) -> ReplacementReason:
    """Return the reason as it was when the case was replaced, whatever the settings say today.

    Entries of earlier versions hold the name alone, of one of the usual reasons.

    >>> reason_of(Load("a draw", "replacement", reason="no_access")).text_en
    'no access'
    """
    if entry.reason_da or entry.reason_en:
        return ReplacementReason(
            name=entry.reason,
            text_da=entry.reason_da or None,
            text_en=entry.reason_en or None,
            outside_population=entry.outside_population,
        )
    unknown = ReplacementReason.model_construct(
        name=entry.reason, text_da=entry.reason, text_en=None, outside_population=False
    )
    return next((reason for reason in usual_reasons() if reason.name == entry.reason), unknown)


def still_missing(replacements: pd.DataFrame) -> pd.DataFrame:
    """The replacements whose case belongs to the population: it was drawn, and it was not read.

    >>> still_missing(pd.DataFrame({"case_id": ["1", "2"], "outside_population": [True, False]}))[
    ...     "case_id"].tolist()
    ['2']
    """
    return replacements[~replacements["outside_population"].astype(bool)]


def by_reason(replacements: pd.DataFrame) -> pd.DataFrame:
    """How many cases were replaced for each reason, and whether it put them outside the population.

    >>> replaced = pd.DataFrame({"reason": ["no_access"] * 2, "outside_population": [False] * 2})
    >>> by_reason(replaced).values.tolist()
    [['no_access', 2, False]]
    """
    counted = replacements.groupby(["reason", "outside_population"]).size().rename("n").reset_index()
    return counted[["reason", "n", "outside_population"]]


def in_words(replacements: pd.DataFrame) -> pd.Series[str]:
    """Each replacement's reason in the language in use, in the words that held then.

    >>> in_words(pd.DataFrame({"text_da": ["ingen adgang"], "text_en": ["no access"]})).tolist()
    ['ingen adgang']
    """
    words = [
        chosen(danish, english)
        for danish, english in zip(replacements["text_da"], replacements["text_en"], strict=True)
    ]
    return pd.Series(words, index=replacements.index, dtype="str")
