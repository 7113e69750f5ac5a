"""The questions: a page of figures by case step, and in the annex each with its law and all its decimals."""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.questions.approval import needs_lawyer
from tilsyn.questions.question import Question
from tilsyn.reports.columns import (
    beside,
    change_value,
    figure_columns,
    figure_values,
    heading,
    how_to_read,
    remarks,
    share_value,
    signs,
    unsure_everywhere,
    verdict,
)
from tilsyn.reports.parts import (
    NOTHING,
    Column,
    Material,
    Record,
    Sheet,
    Value,
    figure,
    of_another_law,
    records,
    regimes_of,
)


def questions_sheet(material: Material, table: pd.DataFrame, public: bool) -> Sheet:
    """The questions in the order of the case: each step's own line, then its questions."""
    rows = records(table)
    unsure = unsure_everywhere(rows, material)
    columns = figure_columns(say("report.question"), material, public)
    if material.baseline:
        columns.append(Column(say("report.verdict"), "text", 15))
    if not public:
        columns.append(Column(say("report.lawful"), "count", 8))
    columns.append(Column(say("report.remarks"), "long", 32))
    values = []
    for row in rows:
        about = f"{material.question_set.question(str(row['question'])).short} ({row['question']})"
        line = figure_values(about, row, material, public)
        line += [verdict(row)] if material.baseline else []
        line += [] if public else [int(row["n_lawful"]) or None]
        said = [remarks(row, material, unsure), *beside(row, material)]
        values.append([*line, "\n".join(text for text in said if text)])
    lines = [*how_to_read(material), *signs(values, material, public)]
    if material.baseline:
        lines.append(say("report.verdict_rule"))
    if foreign := of_another_law(material):
        lines.append(say("report.of_another_law", n=len(foreign)))
    lines += [say("report.all_unsure")] if unsure else []
    lines += [say("report.benchmark_rule")] if any(beside(row, material) for row in rows) else []
    title = heading(material, "questions")
    return Sheet(say("report.questions_tab"), title, lines, columns, values, "questions", layer="figures")


def every_question_sheet(material: Material, table: pd.DataFrame, public: bool) -> Sheet:
    """The questions as they were asked, with the law; unweighted, and how far missing cases reach."""
    bounds = {} if public else _bounds(material)
    columns = [
        Column(say("report.question_id"), "id", 10),
        Column(say("report.question"), "long", 60),
        Column(say("report.law"), "long", 26),
        Column(say("report.percent"), "share", 10),
    ]
    if not public:
        columns.append(Column(say("report.unweighted"), "share", 11))
    if bounds:
        columns += [Column(say("report.worst"), "share", 11), Column(say("report.best"), "share", 11)]
    if material.second:
        columns += [
            Column(material.second, "share", 11),
            Column(say("report.second_change", baseline=material.second), "points", 11),
        ]
    values = []
    for row in records(table):
        question = material.question_set.question(str(row["question"]))
        asked = _as_asked(material, question)
        line: list[Value] = [question.question_id, asked.text, _law(material, question, asked)]
        line.append(share_value(row, "estimate", material))
        line += [] if public else [share_value(row, "unweighted", material)]
        if bounds:
            line += bounds.get(question.question_id, [NOTHING, NOTHING])
        if material.second:
            line += _second(row, material)
        values.append(line)
    lines = [say("report.every_question_intro")]
    lines += [say("report.bounds_intro")] if bounds else []
    title = heading(material, "every_question")
    return Sheet(say("report.every_question_tab"), title, lines, columns, values, "every_question")


def _second(row: Record, material: Material) -> list[Value]:
    """The published table's share, and the change since."""
    return [figure(row["second_estimate"], NOTHING), change_value(row, "second_change", material)]


def _bounds(material: Material) -> dict[str, list[Value]]:
    """Each row's percentage if all missing cases had been against the law, and if none had."""
    return {
        str(row["question"]): [figure(row["worst"], NOTHING), figure(row["best"], NOTHING)]
        for row in records(material.analysis.missing)
    }


def _as_asked(material: Material, question: Question) -> Question:
    """The question as it reads, newest, in the laws of this sample."""
    regimes = regimes_of(material)
    listed = [row for row in question.versions or (question,) if regimes.intersection(row.regimes)]
    return listed[-1] if listed else question


def _law(material: Material, question: Question, asked: Question) -> str:
    """The paragraph in the laws of this sample, and whether a lawyer has yet to read it."""
    regimes, law = regimes_of(material), question.law
    texts = [text for regime, text in law.items() if regime in regimes] or list(law.values())
    told = " / ".join(dict.fromkeys(texts))
    if material.question_set.rules > 1 and needs_lawyer(asked):
        return say("report.law_to_check", law=told)
    return told
