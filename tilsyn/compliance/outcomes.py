"""What each case comes to, by the rules of the question set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tilsyn.questions.answers import NOT_RELEVANT
from tilsyn.questions.outcomes import CaseOutcome


def outcomes(answers: pd.DataFrame, rules: Sequence[CaseOutcome]) -> pd.DataFrame:
    """The outcome of each case by each rule, as answers: case_id, question (the rule's name), answer.

    A case in which none of a rule's questions is relevant has no outcome by it.

    >>> rule = CaseOutcome("alt", "Alt", "", "all", ("Q1", "Q2"))
    >>> answers = pd.DataFrame({"case_id": ["1", "1", "2", "3"], "question": ["Q1", "Q2", "Q1", "Q1"],
    ...                         "answer": ["ja", "nej", "ja", "ikke relevant"]})
    >>> outcomes(answers, [rule]).values.tolist()
    [['1', 'alt', 'nej'], ['2', 'alt', 'ja']]
    """
    found = [pd.DataFrame(columns=["case_id", "question", "answer"], dtype="str")]
    for rule in rules:
        said = answers[answers["question"].isin(rule.questions) & answers["answer"].notna()]
        said = said[said["answer"] != NOT_RELEVANT]
        if len(said):
            by_case = _worst(said, rule) if rule.rule == "worst" else _counted(said, rule)
            found.append(by_case.rename("answer").reset_index().assign(question=rule.name))
    return pd.concat(found[1:] or found, ignore_index=True)[["case_id", "question", "answer"]]


def _worst(said: pd.DataFrame, rule: CaseOutcome) -> pd.Series[str]:
    # A grade of an earlier scale has no place on this one.
    places = {grade.name: place for place, grade in enumerate(rule.scale)}
    known = said[said["answer"].isin(places)]
    lowest = known["answer"].map(places).groupby(known["case_id"]).min()
    return pd.Series([rule.scale[place].name for place in lowest], index=lowest.index, dtype="str")


def _counted(said: pd.DataFrame, rule: CaseOutcome) -> pd.Series[str]:
    short = (~said["answer"].isin(rule.good)).groupby(said["case_id"]).sum()
    if rule.rule == "all":
        no, yes = (value.name for value in rule.values)
        return pd.Series(np.where(short == 0, yes, no), index=short.index, dtype="str")
    firsts = np.array([least for least, _ in rule.bands])
    places = np.searchsorted(firsts, short.to_numpy(), side="right") - 1
    return pd.Series([rule.bands[place][1] for place in places], index=short.index, dtype="str")
