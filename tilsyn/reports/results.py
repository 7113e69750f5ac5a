"""The sheets of a report that hold results over all units: questions, themes, charts."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import percent
from tilsyn.compliance.naming import ALL_CASES, verdict_words
from tilsyn.questions.approval import needs_lawyer
from tilsyn.questions.question import Question
from tilsyn.reports.columns import (
    benchmark_columns,
    benchmark_values,
    compliance_columns,
    compliance_values,
    heading,
    introduction,
    remarks,
    share_value,
)
from tilsyn.reports.parts import (
    Chart,
    Column,
    Material,
    Sheet,
    Value,
    editioned,
    known,
    of_another_law,
    records,
)
from tilsyn.reports.units import grades_sheet, outcomes_sheet, unit_sheets

# How much of a question's text stands at its bar.
_LABEL = 58


def result_sheets(material: Material, public: bool) -> list[Sheet]:
    """Questions, themes, a chart of each, units, units by question, grades and outcomes where there are any.

    The public edition withholds small counts and has shares in whole per cent.
    """
    table = editioned(material, public)
    themes = material.question_set.themes
    foreign = of_another_law(material)
    table = table[~table["question"].isin(foreign)]
    overall = table[table["domain"] == ALL_CASES]
    units = table[table["domain"].str.startswith("unit=")].assign(unit=lambda t: t["domain"].str[5:])
    is_question = overall["question"].isin(themes)
    sheets = [
        _questions(material, overall[is_question], foreign, public),
        _themes(material, overall[~is_question], public),
        _chart(material, overall[~is_question], "theme", public),
        _chart(material, overall[is_question], "question", public),
        *unit_sheets(material, units, public),
    ]
    if len(material.analysis.grades):
        sheets.append(grades_sheet(material, public))
    if len(material.analysis.outcomes):
        sheets.append(outcomes_sheet(material, public))
    return [sheet for sheet in sheets if sheet.rows]


def _questions(material: Material, table: pd.DataFrame, foreign: list[str], public: bool) -> Sheet:
    rows = records(table)
    beside = benchmark_columns(rows, material)
    columns = [
        Column(say("report.question_id"), "id", 10),
        Column(say("report.question"), "long", 46),
        Column(say("report.law"), "long", 20),
        *compliance_columns(material, public),
    ]
    if material.baseline:
        columns.append(Column(say("report.verdict"), "text", 14))
    columns += [*beside, Column(say("report.remarks"), "long", 26)]
    values = []
    for row in rows:
        question = material.question_set.question(str(row["question"]))
        row_asked = _as_asked(material, question)
        line: list[Value] = [question.question_id, row_asked.text, _law(material, question, row_asked)]
        line += compliance_values(row, material, public)
        line += [verdict_words(row, "report")] if material.baseline else []
        values.append([*line, *benchmark_values(row, beside, material), remarks(row, material)])
    lines = introduction(material, public)
    if material.baseline:
        lines.append(say("report.verdict_rule"))
    if foreign:
        lines.append(say("report.of_another_law", questions=", ".join(foreign)))
    lines += [say("report.benchmark_rule")] if beside else []
    title = heading(material, "questions")
    return Sheet(say("report.questions_tab"), title, lines, columns, values, "questions")


def _regimes(material: Material) -> set[str]:
    """The laws that the acts of this sample fell under."""
    if "regime" not in material.sample.cases:
        return set()
    return {str(regime) for regime in material.sample.cases["regime"].dropna()}


def _as_asked(material: Material, question: Question) -> Question:
    """The question as it reads, newest, in the laws of this sample."""
    regimes = _regimes(material)
    listed = [row for row in question.versions or (question,) if regimes.intersection(row.regimes)]
    return listed[-1] if listed else question


def _law(material: Material, question: Question, asked: Question) -> str:
    """The paragraph in the laws of this sample, and whether a lawyer has yet to read it."""
    regimes, law = _regimes(material), question.law
    texts = [text for regime, text in law.items() if regime in regimes] or list(law.values())
    told = " / ".join(dict.fromkeys(texts))
    if material.question_set.rules > 1 and needs_lawyer(asked):
        return say("report.law_to_check", law=told)
    return told


def _themes(material: Material, table: pd.DataFrame, public: bool) -> Sheet:
    rows = records(table)
    beside = benchmark_columns(rows, material)
    columns = [Column(say("report.about"), "long", 40), *compliance_columns(material, public)]
    columns += [*beside, Column(say("report.remarks"), "long", 30)]
    values = [
        [
            material.title(str(row["question"])),
            *compliance_values(row, material, public),
            *benchmark_values(row, beside, material),
            remarks(row, material),
        ]
        for row in rows
    ]
    lines = [say("report.themes_intro"), *introduction(material, public)]
    lines += [say("report.benchmark_rule")] if beside else []
    return Sheet(say("report.themes_tab"), heading(material, "themes"), lines, columns, values, "themes")


def _chart(material: Material, rows: pd.DataFrame, kind: str, public: bool) -> Sheet:
    """A chart and the figures it is drawn from: only rows that have a percentage."""
    values: list[list[Value]] = []
    for row in records(rows):
        share = share_value(row, "estimate", material)
        if isinstance(share, str):
            continue
        name = material.title(str(row["question"]))
        if kind == "question":
            name = f"{row['question']} {name}"
        line: list[Value] = [textwrap.shorten(name, _LABEL, placeholder=" …"), share, row["low"], row["high"]]
        line += [row["high"] - row["estimate"], row["estimate"] - row["low"]]
        if material.baseline:
            # A chart reads text as 0: no baseline is an empty cell here.
            line.append(float(row["baseline_estimate"]) if known(row["baseline_estimate"]) else None)
        values.append([float(v) if isinstance(v, (int, float)) else v for v in line])
    columns = [
        Column(say("report.about"), "long", 50),
        Column(say("report.estimate"), "share", 11),
        Column(say("report.low"), "share", 10),
        Column(say("report.high"), "share", 10),
        Column(say("report.up"), "share", 10),
        Column(say("report.down"), "share", 10),
    ]
    if material.baseline:
        columns.append(Column(say("report.baseline_share", baseline=material.baseline), "share", 12))
    title = heading(material, f"chart_{kind}")
    chart = Chart(title, _alt_text(material, values, title), 0, 1, 4, 5, 6 if material.baseline else None)
    lines = [say("report.chart_intro", confidence=percent(material.method.confidence, 0))]
    return Sheet(
        say(f"report.chart_{kind}_tab"), title, lines, columns, values, f"chart_{kind}", chart, portrait=True
    )


def _alt_text(material: Material, values: Iterable[Iterable[Value]], title: str) -> str:
    """The chart in words: the span of its bars, and where the figures stand."""
    rows = [list(line) for line in values]
    if not rows:
        return title
    lowest = min(rows, key=lambda line: float(line[1] or 0))
    highest = max(rows, key=lambda line: float(line[1] or 0))
    return say(
        "report.alt_text",
        title=title,
        n=len(rows),
        lowest=percent(float(lowest[1] or 0), 0),
        lowest_name=lowest[0],
        highest=percent(float(highest[1] or 0), 0),
        highest_name=highest[0],
    )
