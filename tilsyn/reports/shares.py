"""The sheets of the annex about grades and outcomes: shares that never enter the compliance percentage."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import round_half_up
from tilsyn.compliance.naming import ALL_CASES, THEME, grade_title
from tilsyn.reports.columns import heading, signs
from tilsyn.reports.disclosure import rounded
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
    ]
    return _shares(material, "grades", material.analysis.grades, told, columns, public)


def outcomes_sheet(material: Material, public: bool) -> Sheet:
    """What the cases come to, by the rules of the question set."""
    columns = [
        Column(say("report.outcome_rule"), "long", 60),
        Column(say("report.outcome"), "text", 26),
        Column(say("report.n_outcome_relevant"), "count", 11),
    ]
    outcomes = material.analysis.outcomes
    return _shares(material, "outcomes", outcomes, lambda name: [material.title(name)], columns, public)


def _shares(
    material: Material,
    key: str,
    found: pd.DataFrame,
    told: Callable[[str], list[Value]],
    columns: list[Column],
    public: bool,
) -> Sheet:
    """The share of each grade or outcome over all cases; `told` stands before it. In public no counts."""
    values: list[list[Value]] = []
    overall = found[found["domain"] == ALL_CASES]
    for name, same in overall.groupby("question", sort=False):
        relevant = int(same["n_relevant"].iloc[0])
        few = relevant < material.method.few
        n: Value = WITHHELD if few else int(rounded(relevant))
        for row in records(same):
            line = [*told(str(name)), grade_title(str(name), str(row["grade"]), material.question_set)]
            line += [n] if public else [relevant, int(row["n"])]
            values.append([*line, WITHHELD if few else _grade_share(row["share"], public)])
    lines = [say(f"report.{key}_intro"), *signs(values, material, public)]
    counted = [] if public else [Column(say(f"report.n_{key.removesuffix('s')}"), "count", 11)]
    columns = [*columns, *counted, Column(say("report.share"), "share", 11)]
    return Sheet(say(f"report.{key}_tab"), heading(material, key), lines, columns, values, key)


def _grade_share(share: float, public: bool) -> Value:
    return round_half_up(float(share), 2) if public else float(share)
