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
from tilsyn.base.periods import Period
from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, WITHOUT_FAULT
from tilsyn.reports.background import background_sheets, missing_total
from tilsyn.reports.parts import Material, Report, editioned, known
from tilsyn.reports.results import result_sheets
from tilsyn.statistics.change import BETTER, NO_SURE_CHANGE, WORSE


def build(material: Material, public: bool) -> Report:
    """The internal edition of a report, or the public one; the same material gives the same report."""
    manifest = material.manifest
    period = Period.parse(str(manifest["period"])).label()
    edition = say("report.public_edition" if public else "report.internal_edition")
    return Report(
        title=say("report.title", period=period),
        subtitle=f"{say('report.level', level=manifest['level'])}: {_level(material)}. {edition}.",
        warnings=_warnings(manifest),
        findings=_findings(material, public),
        facts=_facts(material, public),
        sheets=[*result_sheets(material, public), *background_sheets(material, public)],
        organisation=str(manifest["organisation"]["name"]),
        language=language(),
        public=public,
        day=material.published or _day(manifest["made_on"]),
    )


def _day(text: Any) -> date:
    return text if isinstance(text, date) else date.fromisoformat(str(text)[:10])


def _level(material: Material) -> str:
    return say(f"report.level_{material.manifest['level']}")


def _warnings(manifest: Mapping[str, Any]) -> list[str]:
    warnings = []
    if manifest.get("simulated"):
        warnings.append(say("report.simulated"))
    if manifest.get("seed_before_frame"):
        warnings.append(say("report.seed_first"))
    if manifest.get("incomplete"):
        warnings.append(say("report.incomplete", n=manifest["incomplete"]))
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
    return " ".join([*sentences, say("report.finding_same", n=number(same))])


def _facts(material: Material, public: bool) -> list[tuple[str, str]]:
    """What the report rests on, for the cover: a row for each."""
    manifest = material.manifest
    frame = manifest["frame"]
    drawn, reviewed = missing_total(material.analysis.units)
    facts: list[tuple[str, str | None]] = [
        ("organisation", str(manifest["organisation"]["name"])),
        ("period", Period.parse(str(manifest["period"])).label()),
        ("supervision", f"{say('report.level', level=manifest['level'])}: {_level(material)}"),
        ("round", _text(manifest.get("round"))),
        ("recipients", ", ".join(material.recipients) or None),
        ("published", date_text(material.published) if material.published else say("report.not_published")),
        ("judged", say(f"report.judged_{manifest['level']}")),
        ("baseline", material.baseline or say("report.no_baseline")),
        ("question_set", f"{material.question_set.name} ({material.question_set.version})"),
        ("drawn_reviewed", say("report.drawn_of", drawn=number(drawn), reviewed=number(reviewed))),
        ("frame_n", number(int(frame["n"]))),
        ("as_of", date_text(_day(frame["as_of"])) if frame.get("as_of") else None),
        ("left_out", _left_out(frame.get("left_out") or [])),
        ("made_on", date_text(_day(manifest["made_on"]))),
        ("draw_id", str(manifest["draw_id"])),
        ("seed", str(manifest["seed"])),
        ("seed_origin", _origin(manifest)),
        ("seed_before_frame", say("report.yes" if manifest.get("seed_before_frame") else "report.no")),
        ("commitment", str(frame["commitment"])),
        ("replaces", _replaces(manifest)),
    ]
    return [(say(f"report.fact_{name}"), text) for name, text in facts if text]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _origin(manifest: Mapping[str, Any]) -> str:
    origin = manifest.get("seed_origin")
    return say("report.seed_from_system") if origin in (None, "", "system") else str(origin)


def _left_out(reasons: list[Mapping[str, Any]]) -> str | None:
    names = dictionary("report")
    texts = []
    for entry in reasons:
        key = f"left_out_{entry['reason']}"
        reason = say(f"report.{key}") if key in names else str(entry["reason"])
        texts.append(f"{reason}: {number(int(entry['n']))}")
    return "; ".join(texts) or None


def _replaces(manifest: Mapping[str, Any]) -> str | None:
    if not manifest.get("replaces"):
        return None
    return say("report.replaces", draw=manifest["replaces"], reason=manifest.get("replace_reason") or "")
