"""The tables of the exported star, from the draws in force and the figures of `tilsyn compliance`.

No remark, no reviewer and no caseworker stands in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandas as pd

from tilsyn.base.language import dictionary
from tilsyn.base.periods import Period
from tilsyn.compliance.benchmarks import NO_BENCHMARKS, Benchmarks
from tilsyn.compliance.method import USUAL, Method
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, THEME, WITHOUT_FAULT
from tilsyn.compliance.table import Analysis, records
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.export import STAR, ExportKind, ExportTable
from tilsyn.reviews.replacement_reasons import in_words
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.sampling.draw_record import DrawRecord

ExportRow: TypeAlias = dict[str, Any]
_UNIT = "unit="
_TYPES: dict[ExportKind, Any] = {
    "text": "str",
    "integer": "Int64",
    "number": "float64",
    "share": "float64",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class ExportedDraw:
    """A draw in force and its sample, unfinished cases too."""

    record: DrawRecord
    sample: ReviewedSample


@dataclass(frozen=True)
class ExportPart:
    """The draws of a level and period, and what they come to; nothing as long as no case is reviewed.

    `analysis` is by unit. `name_strata` is False where a stratum is a person, who is in no table; `baseline`
    is the period of the baseline. `speaks_of` and `reviewed_recently` are the reviewed sample's.
    """

    level: int
    level_name: str
    period: Period
    draws: Sequence[ExportedDraw]
    name_strata: bool
    method: Method = USUAL
    analysis: Analysis | None = None
    baseline: str | None = None
    benchmarks: Benchmarks = NO_BENCHMARKS
    speaks_of: str = "register"
    reviewed_recently: int = 0


def export_tables(parts: Sequence[ExportPart]) -> dict[str, pd.DataFrame]:
    """Every table of the star by its name, with the columns that `STAR` says; parts are oldest first."""
    rows: dict[str, list[ExportRow]] = {table.name: [] for table in STAR}
    answers: list[pd.DataFrame] = []
    for part in parts:
        rows["levels"].append({"level": part.level, "level_name": part.level_name})
        rows["periods"] += [_period(period) for period in (part.period, *_drawn_periods(part))]
        for draw in part.draws:
            # A question reads as the newest draw asks it.
            rows["questions"] += _questions(draw.record.question_set)
            rows["draws"].append(_draw(draw))
            keys = _stratum_keys(draw.record) if part.name_strata else {}
            rows["strata"] += _strata(draw, keys)
            cases = list(_cases(draw, keys))
            rows["cases"] += cases
            rows["units"] += [{"unit": row["unit"]} for row in (*rows["strata"], *cases)]
            rows["case_types"] += [{"case_type": row["case_type"]} for row in cases if row["case_type"]]
            answers.append(_answers(draw))
            rows["replacements"] += _replacements(draw)
        if part.analysis is not None:
            rows["estimates"] += _estimates(part, part.analysis)
            rows["grade_shares"] += _figures(part, part.analysis.grades)
            rows["grade_shares"] += _figures(part, part.analysis.outcomes)
            rows["yes_shares"] += _figures(part, part.analysis.others)
            rows["benchmarks"] += _benchmarks(part)
    found = {table.name: _of_key(pd.DataFrame(rows[table.name]), table.key) for table in STAR}
    found["answers"] = pd.concat(answers, ignore_index=True)
    return {table.name: _typed(found[table.name], table) for table in STAR}


def _of_key(table: pd.DataFrame, key: str) -> pd.DataFrame:
    """A table in the order of its key, where it has one; of rows with the same, the last."""
    if not key or table.empty:
        return table
    return table.drop_duplicates(key, keep="last").sort_values(key, kind="stable")


def _typed(table: pd.DataFrame, wanted: ExportTable) -> pd.DataFrame:
    """A table with the columns that are wanted, each of its kind; what no row says is null."""
    columns = {}
    for column in wanted.columns:
        values = table.get(column.name, pd.Series(None, index=table.index, dtype=object)).astype(object)
        values = values.where(values.notna(), None)
        dates = column.kind == "date"
        columns[column.name] = pd.to_datetime(values) if dates else values.astype(_TYPES[column.kind])
    return pd.DataFrame(columns).reset_index(drop=True)


def _drawn_periods(part: ExportPart) -> list[Period]:
    return [draw.record.period for draw in part.draws]


def _period(period: Period) -> ExportRow:
    days = {"first_day": period.start, "last_day": period.end, "year": period.start.year}
    return {"period": period.canonical, "label": period.label(), "kind": period.kind, **days}


def _questions(asked: QuestionSet) -> Iterable[ExportRow]:
    """The rows that figures are about: questions, themes, outcomes, and all questions together."""
    for question in asked.questions:
        yield {
            "question": question.question_id,
            "row_kind": "question",
            "question_kind": question.kind,
            "text_da": question.text_da,
            "text_en": question.text_en,
            "step": question.step,
            "step_da": question.step_da,
            "step_en": question.step_en,
            "law": "; ".join(question.law.values()),
            "core": question.scope == "core",
            "critical": question.critical,
        }
    steps = {question.step: question for question in asked.legal}
    for step, question in steps.items():
        names = {"step": step, "step_da": question.step_da, "step_en": question.step_en}
        texts = {"text_da": question.step_da, "text_en": question.step_en}
        yield {"question": THEME + step, "row_kind": "theme", **texts, **names}
    for outcome in asked.outcomes:
        texts = {"text_da": outcome.text_da, "text_en": outcome.text_en}
        yield {"question": outcome.name, "row_kind": "outcome", **texts}
    for row, kind in ((ALL_QUESTIONS, "all_questions"), (WITHOUT_FAULT, "without_fault")):
        words = dictionary("compliance")[kind]
        yield {"question": row, "row_kind": kind, "text_da": words["da"], "text_en": words["en"]}


def _draw(draw: ExportedDraw) -> ExportRow:
    record, sample = draw.record, draw.sample
    return {
        "draw_id": record.draw_id,
        "level": record.level,
        "period": record.period.canonical,
        "round": record.round,
        "made_on": record.day,
        "as_of": record.frame.as_of,
        "frame_size": record.frame.n,
        "cases_drawn": len(record.cases),
        "cases_reviewed": sample.n_reviewed,
        "question_set": record.question_set.version,
        "commitment": record.frame.commitment,
        "simulated": record.simulated or sample.simulated,
    }


def _stratum_keys(record: DrawRecord) -> dict[str, str]:
    return {row.stratum: f"{record.draw_id}|{row.stratum}" for row in record.strata}


def _strata(draw: ExportedDraw, keys: Mapping[str, str]) -> Iterable[ExportRow]:
    """The strata that have a key."""
    for row in records(draw.sample.strata, list(draw.sample.strata.columns)):
        if key := keys.get(row["stratum"]):
            yield row | {"stratum_key": key, "draw_id": draw.record.draw_id}


def _case_key(draw: ExportedDraw, case_id: str) -> str:
    return f"{draw.record.draw_id}|{case_id}"


def _cases(draw: ExportedDraw, keys: Mapping[str, str]) -> Iterable[ExportRow]:
    """The cases in force, then those that were replaced, which have no weight."""
    sample = draw.sample
    begun = set(sample.answers["case_id"])
    for row in records(sample.cases, list(sample.cases.columns)):
        status = "reviewed" if row["complete"] else "begun" if row["case_id"] in begun else "not_begun"
        yield {
            **row,
            "case_key": _case_key(draw, row["case_id"]),
            "draw_id": draw.record.draw_id,
            "stratum_key": keys.get(row["stratum"]),
            "case_type": row.get("case_type"),
            "status": status,
            "draw_order": row["order"],
            "act_law": row["regime"],
            "criticism": row["criticism"] or None,
        }
    drawn = {case.case_id: case for case in (*draw.record.cases, *draw.record.reserve)}
    for case_id in sample.replacements["case_id"]:
        case = drawn[case_id]
        yield {
            "case_key": _case_key(draw, case_id),
            "draw_id": draw.record.draw_id,
            "case_id": case_id,
            "stratum_key": keys.get(case.stratum),
            "unit": case.unit,
            "case_type": case.facts.get("case_type"),
            "status": "replaced",
            "draw_order": case.order,
        }


def _answers(draw: ExportedDraw) -> pd.DataFrame:
    answers = draw.sample.answers
    return answers.assign(
        case_key=_case_key(draw, "") + answers["case_id"],
        draw_id=draw.record.draw_id,
        lawful_reason=answers["reason"].where(answers["reason"] != ""),
    )


def _replacements(draw: ExportedDraw) -> Iterable[ExportRow]:
    replaced = draw.sample.replacements
    for row, words in zip(records(replaced, list(replaced.columns)), in_words(replaced), strict=True):
        yield {
            **row,
            "case_key": _case_key(draw, row["case_id"]),
            "stand_in_key": _case_key(draw, row["replacement"]),
            "draw_id": draw.record.draw_id,
            "reason_text": words,
            "replaced_on": row["on"],
        }


def _estimates(part: ExportPart, analysis: Analysis) -> Iterable[ExportRow]:
    same = {
        "confidence": part.method.confidence,
        "method": part.method.description,
        "baseline_period": part.baseline,
        "speaks_of": part.speaks_of,
        "reviewed_recently": part.reviewed_recently,
    }
    for row in _figures(part, analysis.rows):
        yield row | same


def _figures(part: ExportPart, table: pd.DataFrame) -> Iterable[ExportRow]:
    """Rows of a table of figures, with its level and period; a row over all cases has no unit."""
    place: ExportRow = {"level": part.level, "period": part.period.canonical}
    for row in records(table, list(table.columns)):
        of_unit = row["domain"] != ALL_CASES
        yield row | place | {"unit": row["domain"].removeprefix(_UNIT) if of_unit else None}


def _benchmarks(part: ExportPart) -> Iterable[ExportRow]:
    known = part.benchmarks
    for one, shown in (*((one, True) for one in known.shown), *((one, False) for one in known.left_out)):
        yield {
            "level": part.level,
            "period": part.period.canonical,
            "question": one.row,
            "benchmark": one.benchmark.name,
            "benchmark_years": one.benchmark.years,
            "benchmark_share": one.benchmark.share,
            "benchmark_comparable": one.comparable,
            "benchmark_why": one.why,
            "benchmark_shown": shown,
            "survey_cases": one.benchmark.cases,
            "survey_municipalities": one.benchmark.municipalities,
            "source": one.benchmark.source,
        }
