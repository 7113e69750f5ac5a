"""The report to the political committee, as plain data: what it says, in sentences, tables and charts.

`build` makes the internal and the public edition from the same material. The public one holds no case id, no
count below the limit, and nothing from which one could be reckoned (`disclosure`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from tilsyn.base.language import dictionary, language, say
from tilsyn.base.numbers import date_text, number, percent, points
from tilsyn.compliance.judgement import TOO_FEW
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, WITHOUT_FAULT
from tilsyn.compliance.scope import scope_notes
from tilsyn.reports.background import background_sheets, missing_total
from tilsyn.reports.parts import Material, Report, editioned, known
from tilsyn.reports.results import result_sheets
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.statistics.change import BETTER, NO_SURE_CHANGE, WORSE


def build(material: Material, public: bool) -> Report:
    """The internal edition of a report, or the public one; the same material gives the same report."""
    record = material.record
    period = record.period.label()
    edition = say("report.public_edition" if public else "report.internal_edition")
    return Report(
        title=say("report.title", period=period),
        subtitle=f"{material.level.label}. {edition}.",
        warnings=_warnings(record),
        findings=_findings(material, public),
        facts=_facts(material, public),
        sheets=[*result_sheets(material, public), *background_sheets(material, public)],
        organisation=record.organisation.name,
        language=language(),
        public=public,
        day=material.published or _made_on(record),
    )


def _made_on(record: DrawRecord) -> date:
    return date.fromisoformat(record.made_on[:10])


def _made_on_text(record: DrawRecord) -> str:
    """The day that was reckoned from, and the clock's where it is another; a demonstration is of no day."""
    told = date_text(_made_on(record))
    clock = date_text(date.fromisoformat(record.made_at[:10])) if record.made_at else told
    return told if record.simulated or clock == told else say("report.made_by_clock", day=told, clock=clock)


def _warnings(record: DrawRecord) -> list[str]:
    warnings = []
    if record.simulated:
        warnings.append(say("report.simulated"))
    if record.seed_before_frame:
        warnings.append(say("report.seed_first"))
    if record.tries not in (None, 0, 1):
        warnings.append(say("report.tries", n=record.tries))
    if record.seed_as_announced is False:
        warnings.append(say("report.not_as_announced", what=record.seed_announced))
    if record.incomplete:
        warnings.append(say("report.incomplete", n=record.incomplete))
    return warnings


def _findings(material: Material, public: bool) -> list[str]:
    """The results in sentences: all questions, cases without errors, changes, reviewing."""
    table = editioned(material, public)
    overall = table[(table["domain"] == ALL_CASES) & ~table["withheld"].astype(bool)].set_index("question")
    digits = 0 if public else 1
    sentences = [
        _sentence(overall.loc[name], key, material, digits)
        for name, key in ((ALL_QUESTIONS, "finding_all"), (WITHOUT_FAULT, "finding_without_errors"))
        if name in overall.index and known(overall.loc[name, "estimate"])
    ]
    if material.baseline:
        sentences.append(_verdicts(overall, material))
    drawn, reviewed = missing_total(material.analysis.units)
    sentences.append(say("report.finding_reviewed", drawn=number(drawn), reviewed=number(reviewed)))
    return [*sentences, *material.analysis.sentences]


def _sentence(row: Any, key: str, material: Material, digits: int) -> str:
    text = say(
        f"report.{key}",
        estimate=percent(row["estimate"], digits),
        low=percent(row["low"], digits),
        high=percent(row["high"], digits),
        confidence=percent(material.method.confidence, 0),
    )
    if material.baseline and known(row["change"]):
        text += " " + say(
            "report.finding_change",
            baseline=material.baseline,
            before=percent(row["baseline_estimate"], digits),
            change=points(row["change"], digits),
            low=points(row["change_low"], digits),
            high=points(row["change_high"], digits),
        )
    return text


def _verdicts(overall: pd.DataFrame, material: Material) -> str:
    asked = overall[overall.index.isin(material.question_set.themes)]
    sentences = []
    for verdict, key in ((BETTER, "better"), (WORSE, "worse")):
        names = [str(name) for name in asked.index[asked["verdict"] == verdict]]
        found = {"n": number(len(names)), "questions": ", ".join(names)}
        sentences.append(
            say(f"report.finding_{key}", **found) if names else say(f"report.finding_none_{key}")
        )
    same = int((asked["verdict"] == NO_SURE_CHANGE).sum())
    sentences.append(say("report.finding_same", n=number(same)))
    unseen = int((asked["verdict_reason"] == TOO_FEW).sum())
    if unseen:
        sentences.append(say("report.finding_too_few", n=number(unseen)))
    return " ".join(sentences)


def _facts(material: Material, public: bool) -> list[tuple[str, str]]:
    """What the report rests on, for the cover: a row for each."""
    record = material.record
    frame = record.frame
    drawn, reviewed = missing_total(material.analysis.units)
    facts: list[tuple[str, str | None]] = [
        ("organisation", record.organisation.name),
        ("period", record.period.label()),
        ("supervision", material.level.label),
        ("round", None if record.round is None else str(record.round)),
        ("recipients", ", ".join(material.recipients) or None),
        ("published", date_text(material.published) if material.published else say("report.not_published")),
        ("judged", material.level.judged_by or None),
        ("baseline", material.baseline or say("report.no_baseline")),
        ("question_set", f"{material.question_set.name} ({material.question_set.version})"),
        ("drawn_reviewed", say("report.drawn_of", drawn=number(drawn), reviewed=number(reviewed))),
        ("frame_n", number(frame.n)),
        ("as_of", date_text(frame.as_of) if frame.as_of else None),
        ("left_out", _left_out(frame.left_out)),
        ("scope", " ".join(scope_notes(material.sample)) or None),
        ("made_on", _made_on_text(record)),
        ("draw_id", record.draw_id),
        ("seed", record.seed),
        ("seed_origin", _origin(record)),
        ("seed_before_frame", say("report.yes" if record.seed_before_frame else "report.no")),
        ("seed_announced", record.seed_announced if record.seed_as_announced else None),
        ("commitment", frame.commitment),
        ("earlier_commitments", "; ".join(frame.earlier_commitments) or None),
        ("reason", record.reason),
        ("replaces", _replaces(record)),
    ]
    return [(say(f"report.fact_{name}"), text) for name, text in facts if text]


def _origin(record: DrawRecord) -> str:
    origin = record.seed_origin
    return say("report.seed_from_system") if origin in ("", "system") else origin


def _left_out(reasons: Mapping[str, int]) -> str | None:
    names = dictionary("report")
    texts = []
    for reason, n in reasons.items():
        key = f"left_out_{reason}"
        texts.append(f"{say(f'report.{key}') if key in names else reason}: {number(n)}")
    return "; ".join(texts) or None


def _replaces(record: DrawRecord) -> str | None:
    if not record.replaces:
        return None
    return say("report.replaces", draw=record.replaces, reason=record.replace_reason or "")
