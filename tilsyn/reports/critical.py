"""The questions where a single error is grave: which cases, in which units."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import RELEVANT, legal_answers
from tilsyn.questions.answers import NO
from tilsyn.reports.columns import heading
from tilsyn.reports.parts import Column, Material, Record, Sheet, Value, alphabetical, records


def critical_errors(material: Material) -> list[Record]:
    """The rows over all cases of the critical questions with an error, the most errors first."""
    grave = {question.question_id for question in material.question_set.legal if question.critical}
    table = material.analysis.rows
    overall = records(table[(table["domain"] == ALL_CASES) & table["question"].isin(grave)])
    wrong = [row for row in overall if row["n_compliant"] < row["n_relevant"]]
    return sorted(wrong, key=lambda row: (row["n_compliant"] - row["n_relevant"], str(row["question"])))


def critical_sheet(material: Material) -> Sheet:
    """A list to read: question, unit, how many of how many, and the cases; in the internal edition alone."""
    found: list[list[Value]] = []
    sample = material.sample.finished
    answers = legal_answers(sample.answers).merge(sample.cases[["case_id", "unit"]], on="case_id")
    for row in critical_errors(material):
        name = str(row["question"])
        mine = answers[(answers["question"] == name) & answers["answer"].isin(RELEVANT)]
        units = sorted(mine.groupby("unit"), key=lambda pair: alphabetical(str(pair[0])))
        for unit, part in units:
            wrong = part.loc[part["answer"] == NO, "case_id"].astype(str)
            if len(wrong):
                question = material.question_set.question(name).short
                listed = ", ".join(sorted(wrong))
                found.append([question, name, str(unit), len(wrong), len(part), listed])
    columns = [
        Column(say("report.question"), "long", 44),
        Column(say("report.question_id"), "id", 9),
        Column(say("report.unit"), "text", 22),
        Column(say("report.errors"), "count", 9),
        Column(say("report.applied"), "count", 12),
        Column(say("report.case_ids"), "long", 30),
    ]
    lines = [say("report.critical_intro")]
    title = heading(material, "critical")
    return Sheet(
        say("report.critical_tab"), title, lines, columns, found, "critical", fixed=2, layer="figures"
    )
