"""The explanation of a figure as people read it in a terminal, and as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from tilsyn.base.language import language, say
from tilsyn.base.numbers import number
from tilsyn.base.privacy import no_numbers
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Which
from tilsyn.cli.console import Table
from tilsyn.compliance.corrections import CELLS, Reread
from tilsyn.compliance.explained_decisions import decided
from tilsyn.compliance.explained_level import Reckoning
from tilsyn.compliance.explained_step import ExplainedStep, plain
from tilsyn.compliance.explanation import Explanation
from tilsyn.compliance.naming import (
    ALL_CASES,
    failed_conditions,
    first_reading_name,
    row_label,
    row_meant,
    titles_of,
)
from tilsyn.compliance.table import records
from tilsyn.procedure.compliance import Gathered
from tilsyn.questions.answers import answer_text
from tilsyn.questions.links import parse_link
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.wording import Wording


def explanation_of(question: str, given: Gathered, rows: pd.DataFrame) -> Explanation:
    """The explanation of a question over all cases; a question that is not there is a usage error."""
    known = rows.loc[rows["domain"] == ALL_CASES, "question"].tolist()
    wanted = row_meant(question, known)
    if wanted is None:
        key = "no_question_remedy" if known else "no_row_remedy"
        remedy = say(f"compliance.{key}", known=", ".join(known))
        raise UsageError(say("compliance.no_question", question=question), remedy)
    return given.explanation(wanted, rows)


def explanation_data(found: Explanation, given: Gathered) -> dict[str, Any]:
    """An explanation as plain data."""

    def side(part: Reckoning | None) -> dict[str, Any] | None:
        if part is None:
            return None
        strata = records(part.strata, list(part.strata.columns))
        cases = [] if part.cases is None else records(part.cases, list(part.cases.columns))
        return {"strata": strata, "cases": cases, "steps": [_step(step) for step in part.steps]}

    return {
        "question": found.question,
        "domain": found.domain,
        "now": side(found.now),
        "baseline": side(found.before),
        "decided": decided(given.now, found.question),
        "change": [_step(step) for step in found.change],
        "corrected": None if found.reread is None else {
            "strata": records(found.reread.strata, list(found.reread.strata.columns)),
            "relevance_differs": found.reread.relevance_differs,
            "failed": list(found.reread.corrected.failed),
            "steps": [_step(step, _reread_level(given)) for step in found.corrected],
        },
    }  # fmt: skip


def _step(step: ExplainedStep, first: Which | None = None) -> dict[str, Any]:
    # JSON has no infinity: a census has no n_eff there, and the note says why.
    finite = abs(step.value) != float("inf") and step.value == step.value
    return {
        "symbol": step.symbol,
        "formula": step.formula,
        "numbers": step.numbers,
        "value": step.value if finite else None,
        "note": _note(step, first),
    }


def _note(step: ExplainedStep, first: Which | None) -> str:
    return say(f"explanation.{step.note}", **first_reading_name(first)) if step.note else ""


def _reread_level(given: Gathered) -> Which | None:
    return None if given.first_reading is None else given.first_reading.level


def reckoned(data: dict[str, Any]) -> set[str]:
    """The numbers that an explanation reckons with, as they are printed: none is a CPR number."""
    numbers = no_numbers(data)
    return numbers.union(map(_comma, numbers))


def explanation_tables(found: Explanation, given: Gathered) -> list[Table | str]:
    """An explanation for people: strata, steps, and the change's steps."""
    title = row_label(found.question, titles_of(given.now.questions))
    tables = _side_tables(say("explanation.now", question=title), found.now)
    if found.before is not None:
        tables += _side_tables(say("explanation.before", question=title), found.before)
    if rows := decided(given.now, found.question):
        tables.append(_decided_table(title, rows, given))
    if found.change:
        tables.append(_steps_table(say("explanation.change", question=title), found.change))
    if found.reread is not None:
        tables += _corrected_tables(title, found.reread, found.corrected, _reread_level(given))
    alpha = plain(round(1 - given.method.confidence, 10))
    return [*tables, say("explanation.where", alpha=_comma(alpha))]


def _decided_table(title: str, rows: Sequence[dict[str, Any]], given: Gathered) -> Table:
    """Who or what decided the answers."""
    questions = given.now.questions
    words = Wording(questions) if isinstance(questions, QuestionSet) else None

    def by(row: dict[str, Any]) -> str:
        if words is None or not row["by"]:
            return ""
        return words.link(parse_link(row["by"])) if row["why"] in ("head", "link") else words.name(row["by"])

    headings = [say(f"explanation.decided_{name}") for name in ("question", "why", "by", "answer")]
    lines = [
        [
            row["question"],
            say(f"explanation.why_{row['why'] or 'reader'}"),
            by(row),
            answer_text(row["answer"]),
            number(row["n"]),
        ]
        for row in rows
    ]
    return Table(
        [*headings, ">" + say("explanation.decided_n")], lines, say("explanation.decided", question=title)
    )


# Columns of the strata of an explanation, by their names in it; where strata are people, groups and sums.
_STRATA = {
    "N": "N_h", "n": "n_h", "m": "m_h", "x": "x_h", "w": "w_h", "f": "f_h", "s1": "s1_h", "s2": "s2_h",
    "S2": "S²_h", "part": "N_h²(1−f_h)S²_h/n_h",
}  # fmt: skip
_PEOPLE = {
    "n": "n_h", "m": "m_h", "x": "x_h", "S2": "S²_h", "wm": "Σ w_h m_h", "wx": "Σ w_h x_h",
    "w2m": "Σ w_h² m_h", "w2m_finite": "Σ (1−f_h)w_h² m_h", "V_parts": "Σ N_h²S²_h/n_h",
    "part": "Σ N_h²(1−f_h)S²_h/n_h",
}  # fmt: skip
_SEVERAL_ANSWERS = {"cases": "m*_h", "rr": "Σr²", "rc": "Σrc", "cc": "Σc²"}


def _side_tables(title: str, side: Reckoning) -> list[Table | str]:
    people = "stratum" not in side.strata
    heads = _PEOPLE if people else _STRATA
    if "rr" in side.strata:
        heads = heads | _SEVERAL_ANSWERS
        heads |= {name: heads[name].replace("m_h", "m*_h") for name in ("w2m", "w2m_finite") if name in heads}
    lines = []
    for row in side.strata.to_dict("records"):
        first = say("explanation.people", n=row["strata"]) if people else str(row["stratum"])
        lines.append([first, *(_comma(plain(float(row[head]), 8)) for head in heads)])
    strata = Table([say("explanation.stratum"), *(f">{name}" for name in heads.values())], lines, title)
    cases = [] if side.cases is None else [_cases_table(side.cases)]
    return [strata, *cases, _steps_table(say("explanation.steps"), side.steps)]


def _cases_table(cases: pd.DataFrame) -> Table:
    heads = {
        "relevant": "r", "compliant": "c", "cases": say("explanation.how_many"), "weight": "w_h(1−f_h)",
        "shape": say("explanation.shape"), "a_low": say("explanation.at_low"),
        "a_high": say("explanation.at_high"),
    }  # fmt: skip
    there = [name for name in heads if name in cases]
    lines = [[_comma(plain(float(row[name]), 8)) for name in there] for row in cases.to_dict("records")]
    columns = [">" + heads[name] for name in there]
    if "stratum" in cases:
        columns = [say("explanation.stratum"), *columns]
        lines = [[str(name), *line] for name, line in zip(cases["stratum"], lines, strict=True)]
    return Table(columns, lines, say("explanation.cases"))


def _corrected_tables(
    name: str, reread: Reread, steps: Sequence[ExplainedStep], first: Which | None
) -> list[Table | str]:
    names = first_reading_name(first)
    title = say("explanation.corrected", question=name, **names)
    if not steps:
        reasons = failed_conditions(reread.corrected.failed, reread.relevance_differs, first)
        return [f"{title} {say('compliance.not_shown', why=reasons)}"]
    heads = ["N_h", "k_h", "v_h", *(say(f"explanation.cell_{cell}", **names) for cell in CELLS)]
    lines = []
    for row in reread.strata[reread.strata["reread"] > 0].to_dict("records"):
        v = _comma(plain(row["population_size"] / row["reread"], 8))
        cells = [str(row[name]) for name in ("population_size", "reread")]
        lines.append([str(row["stratum"]), *cells, v, *(str(row[cell]) for cell in CELLS)])
    strata = Table([say("explanation.stratum"), *(f">{name}" for name in heads)], lines, title)
    return [strata, _steps_table(say("explanation.steps"), steps, first)]


def _steps_table(title: str, steps: Sequence[ExplainedStep], first: Which | None = None) -> Table:
    columns = [say(f"explanation.col_{name}") for name in ("symbol", "formula", "numbers", "value", "note")]
    columns[3] = ">" + columns[3]
    lines = [
        [
            step.symbol,
            step.formula,
            _comma(step.numbers),
            _comma(plain(step.value, 8)),
            _note(step, first),
        ]
        for step in steps
    ]
    return Table(columns, lines, title, important=[columns[0], columns[3], columns[1]])


def _comma(text: str) -> str:
    """Numbers with the language's decimal sign; in a list of numbers commas become semicolons."""
    return text.replace(", ", "; ").replace(".", ",") if language() == "da" else text
