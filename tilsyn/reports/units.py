"""The sheets of a report about units, never ranked, and about grades."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import round_half_up
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, THEME, WITHOUT_FAULT
from tilsyn.reports.columns import (
    compliance_columns,
    compliance_values,
    heading,
    introduction,
    remarks,
)
from tilsyn.reports.disclosure import withheld
from tilsyn.reports.parts import (
    WITHHELD,
    Column,
    Material,
    Sheet,
    Value,
    alphabetical,
    records,
)


def unit_sheets(material: Material, rows: pd.DataFrame, public: bool) -> list[Sheet]:
    """Two sheets: a unit's figures over all questions, and question by question."""
    themes = material.question_set.themes
    rows = rows.sort_values("unit", kind="stable", key=lambda units: units.map(alphabetical))
    together = rows[rows["question"].isin([ALL_QUESTIONS, WITHOUT_FAULT])]
    single = rows[rows["question"].isin(themes)]
    figures = compliance_columns(material, public)
    beside = Column(say("report.remarks"), "long", 30)
    lines = [say("report.units_intro"), *introduction(material, public)]
    unit = Column(say("report.unit"), "text", 30)
    sheets = [
        Sheet(
            say("report.units_tab"),
            heading(material, "units"),
            lines,
            [unit, Column(say("report.about"), "text", 24), *figures, beside],
            [
                [
                    row["unit"],
                    material.title(str(row["question"])),
                    *compliance_values(row, material, public),
                    remarks(row, material),
                ]
                for row in records(together)
            ],
            "units",
            fixed=2,
        )
    ]
    columns = [unit, Column(say("report.question_id"), "id", 10), Column(say("report.question"), "long", 44)]
    sheets.append(
        Sheet(
            say("report.units_questions_tab"),
            heading(material, "units_questions"),
            lines,
            [*columns, *figures, beside],
            [
                [
                    row["unit"],
                    str(row["question"]),
                    material.title(str(row["question"])),
                    *compliance_values(row, material, public),
                    remarks(row, material),
                ]
                for row in records(single)
            ],
            "units_questions",
            fixed=2,
        )
    )
    return sheets


def grades_sheet(material: Material, public: bool) -> Sheet:
    """Thematic questions: the share of each grade; never mixed into the compliance percentage."""
    grades = material.analysis.grades[material.analysis.grades["domain"] == ALL_CASES]
    columns = [
        Column(say("report.theme"), "long", 26),
        Column(say("report.question"), "long", 60),
        Column(say("report.grade"), "text", 14),
        Column(say("report.n_relevant"), "count", 11),
        Column(say("report.n_grade"), "count", 11),
        Column(say("report.share"), "share", 11),
    ]
    values: list[list[Value]] = []
    for name, same in grades.groupby("question", sort=False):
        question = material.question_set.question(str(name))
        relevant = int(same["n_relevant"].iloc[0])
        few = relevant < material.method.few
        hidden = withheld(same["n"].to_numpy(float), material.method.few) if public else [False] * len(same)
        for row, gone in zip(records(same), hidden, strict=True):
            gone = bool(gone) or (public and few)
            values.append(
                [
                    material.title(THEME + question.step),
                    question.text,
                    say(f"report.grade_{str(row['grade']).split()[0].replace('ø', 'oe')}"),
                    WITHHELD if public and few else relevant,
                    WITHHELD if gone else int(row["n"]),
                    WITHHELD if gone or few else _grade_share(row["share"], public),
                ]
            )
    signs = say("report.signs_public" if public else "report.signs", limit=material.method.few)
    lines = [say("report.grades_intro"), signs]
    return Sheet(say("report.grades_tab"), heading(material, "grades"), lines, columns, values, "grades")


def _grade_share(share: float, public: bool) -> Value:
    return round_half_up(float(share), 2) if public else float(share)
