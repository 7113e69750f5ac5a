"""The sheets of the annex about grades and outcomes: shares that never enter the compliance percentage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import round_half_up
from tilsyn.compliance.naming import ALL_CASES, THEME, grade_title
from tilsyn.reports.columns import heading, signs
from tilsyn.reports.disclosure import withheld, withheld_outcomes
from tilsyn.reports.parts import (
    WITHHELD,
    Column,
    Material,
    Sheet,
    Value,
    records,
)


def grades_sheet(material: Material, public: bool) -> Sheet:
    """Thematic questions: the share of each grade; never mixed into the compliance percentage."""

    def told(name: str) -> list[Value]:
        question = material.question_set.question(name)
        return [material.title(THEME + question.step), question.text]

    columns = [
        Column(say("report.theme"), "long", 26),
        Column(say("report.question"), "long", 60),
        Column(say("report.grade"), "text", 14),
        Column(say("report.n_relevant"), "count", 11),
        Column(say("report.n_grade"), "count", 11),
    ]
    found = material.analysis.grades
    few = material.method.few
    hidden = (
        {name: withheld(listed, few).tolist() for name, listed in _counts(found).items()} if public else {}
    )
    return _shares(material, "grades", found, told, columns, public, hidden)


def outcomes_sheet(material: Material, public: bool) -> Sheet:
    """What the cases come to, by the rules of the question set."""
    columns = [
        Column(say("report.outcome_rule"), "long", 60),
        Column(say("report.outcome"), "text", 26),
        Column(say("report.n_outcome_relevant"), "count", 11),
        Column(say("report.n_outcome"), "count", 11),
    ]
    found = material.analysis.outcomes
    rules = {rule.name: rule.questions for rule in material.question_set.outcomes}
    counts = {**_counts(material.analysis.grades), **_counts(found)}
    asked = {name: rules.get(name, (name,)) for name in counts}
    whole = withheld_outcomes(counts, asked, material.method.few) if public else set()
    hidden = {name: [True] * len(counts[name]) for name in whole}
    return _shares(material, "outcomes", found, lambda name: [material.title(name)], columns, public, hidden)


def _counts(found: pd.DataFrame) -> dict[str, list[float]]:
    """Return how many of all cases have each grade or outcome."""
    overall = found[found["domain"] == ALL_CASES]
    return {str(name): same["n"].astype(float).tolist() for name, same in overall.groupby("question")}


def _shares(
    material: Material,
    key: str,
    found: pd.DataFrame,
    told: Callable[[str], list[Value]],
    columns: list[Column],
    public: bool,
    hidden: Mapping[str, Sequence[bool]],
) -> Sheet:
    """The share of each grade or outcome over all cases; `told` stands before it, `hidden` is withheld."""
    values: list[list[Value]] = []
    overall = found[found["domain"] == ALL_CASES]
    for name, same in overall.groupby("question", sort=False):
        relevant = int(same["n_relevant"].iloc[0])
        few = relevant < material.method.few
        withheld_here = hidden.get(str(name), [False] * len(same))
        for row, gone in zip(records(same), withheld_here, strict=True):
            gone = bool(gone) or (public and few)
            values.append(
                [
                    *told(str(name)),
                    grade_title(str(name), str(row["grade"]), material.question_set),
                    WITHHELD if public and few else relevant,
                    WITHHELD if gone else int(row["n"]),
                    WITHHELD if gone or few else _grade_share(row["share"], public),
                ]
            )
    lines = [say(f"report.{key}_intro"), *signs(values, material, public)]
    columns = [*columns, Column(say("report.share"), "share", 11)]
    return Sheet(say(f"report.{key}_tab"), heading(material, key), lines, columns, values, key)


def _grade_share(share: float, public: bool) -> Value:
    return round_half_up(float(share), 2) if public else float(share)
