"""What a report says: its sentences, its sheets, and what the public edition leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.builders.reports import UNITS, material, record
from tilsyn.base import language
from tilsyn.questions.criticism import CriticismStep
from tilsyn.reports.edition import build
from tilsyn.reports.parts import WITHHELD, Report, Sheet

INTERNAL = build(material(), public=False)
PUBLIC = build(material(), public=True)


def sheet(report: Report, key: str) -> Sheet:
    return next(sheet for sheet in report.sheets if sheet.key == key)


def column(found: Sheet, heading: str) -> list[object]:
    at = [c.heading for c in found.columns].index(heading)
    return [row[at] for row in found.rows]


def everything(report: Report) -> str:
    texts = [report.title, report.subtitle, *report.warnings, *report.findings]
    texts += [text for fact in report.facts for text in fact]
    for part in report.sheets:
        texts += [part.name, part.title, *part.lines, *(c.heading for c in part.columns)]
        texts += [str(value) for row in part.rows for value in row]
        texts += [part.chart.alt_text] if part.chart else []
    return "\n".join(texts)


def test_findings_say_level_change_and_verdicts() -> None:
    text = " ".join(INTERNAL.findings)
    assert "Loven er fulgt i 80,3 % af de relevante svar" in text
    assert "Der er fremgang på 1 spørgsmål: UND-01. Der er tilbagegang på 1: INV-01." in text
    assert "85 sager blev udtrukket" in text


def test_questions_hold_the_figures_of_the_table() -> None:
    rows = material().analysis.rows
    row = rows[(rows["question"] == "UND-01") & (rows["domain"] == "all")].iloc[0]
    found = sheet(INTERNAL, "questions")
    assert column(found, "Lov fulgt")[0] == row["estimate"]
    assert column(found, "Ændring, procentpoint")[0] == pytest.approx(100 * row["change"])
    assert column(found, "Vurdering")[:3] == ["Fremgang", "For få sager til en vurdering", "Tilbagegang"]


def test_few_and_no_relevant_answers_have_signs_for_percentages() -> None:
    found = sheet(INTERNAL, "questions")
    few, none = (column(found, "Nr.").index(name) for name in ("RSK-01", "SCR-01"))
    shares = column(found, "Lov fulgt")
    assert shares[few] == ".."
    assert shares[none] == "."
    assert column(found, "Relevante svar")[few] == 1


def test_the_public_edition_holds_no_case_and_no_small_count() -> None:
    text = everything(PUBLIC)
    assert "now-" not in text
    assert "now-Amager-00" in everything(INTERNAL)
    found = sheet(PUBLIC, "questions")
    assert column(found, "Relevante svar")[column(found, "Nr.").index("RSK-01")] == WITHHELD
    for part in PUBLIC.sheets:
        for at, heading in enumerate(part.columns):
            if heading.heading in ("Relevante svar", "Sager", "Svar med graden"):
                assert not [row for row in part.rows if isinstance(row[at], int | float) and 0 < row[at] < 5]


def test_public_shares_are_whole_per_cents() -> None:
    for part in PUBLIC.sheets:
        for at, heading in enumerate(part.columns):
            if heading.kind == "share" and part.key not in ("reviewing", "chart_theme", "chart_question"):
                shares = [row[at] for row in part.rows if isinstance(row[at], float)]
                assert all(abs(share * 100 - round(share * 100)) < 1e-9 for share in shares)


def test_the_public_edition_has_no_sheet_of_cases_or_calculations() -> None:
    keys = {part.key for part in PUBLIC.sheets}
    assert {part.key for part in INTERNAL.sheets} - keys == {"follow_up", "calculation"}


def test_units_stand_in_alphabetical_order_and_never_ranked() -> None:
    found = column(sheet(INTERNAL, "units"), "Enhed")
    assert list(dict.fromkeys(found)) == ["Amager", "Bispebjerg", "Døgnvagten", "Nørrebro", "Ørestad"]
    assert set(found) == set(UNITS)


def test_charts_hold_only_rows_with_a_percentage() -> None:
    found = sheet(INTERNAL, "chart_question")
    assert [str(row[0])[:6] for row in found.rows] == ["UND-01", "UND-02", "INV-01"]
    assert found.chart is not None
    for row in found.rows:
        share, up, down = (
            float(str(row[at])) for at in (found.chart.value, found.chart.up, found.chart.down)
        )
        assert share + up <= 1 + 1e-9
        assert share - down >= -1e-9


def test_a_seed_known_before_the_list_and_simulated_data_are_said_first() -> None:
    changed = material(record=record(simulated=True, seed_before_frame=True, incomplete=3))
    warnings = build(changed, public=True).warnings
    assert [text.split(":")[0] for text in warnings] == ["SIMULEREDE DATA", "BEMÆRK", "BEMÆRK"]
    assert INTERNAL.warnings == []


def test_without_a_baseline_there_is_no_change() -> None:
    report = build(material(baseline=False), public=False)
    headings = [c.heading for c in sheet(report, "questions").columns]
    assert "Vurdering" not in headings
    assert not [h for h in headings if "Ændring" in h or "Baseline" in h]
    assert dict(report.facts)["Baseline"] == "ingen"


def test_urgent_cases_and_replacements_are_to_be_followed_up() -> None:
    what = column(sheet(INTERNAL, "follow_up"), "Hvad")
    assert what[0] == "Akut"
    assert what.count("Udskiftet") == 2


def test_criticism_of_a_scale_of_before_stands_below_the_scale() -> None:
    own = (CriticismStep("vink", "vink", criticism=False), CriticismStep("kritisabelt", "ret kritisabelt"))
    changed = material(question_set=replace(material().question_set, criticism=own))
    found = sheet(build(changed, public=False), "criticism")
    assert found.title == "Kritik noteret i sagerne"
    assert found.rows == [
        ["vink", "ikke kritik", 0],
        ["ret kritisabelt", "kritik", 1],
        ["uheldigt", "ikke kritik", 7],
    ]
    assert found.lines[0].endswith(
        "»Vink« er noteret, men er ikke kritik. »Uheldigt« er noteret, men er ikke kritik."
    )


def test_the_report_speaks_english_too() -> None:
    with language.using("en"):
        report = build(material(), public=True)
    assert report.language == "en"
    assert "The law was followed in 80%" in " ".join(report.findings)


def test_the_day_is_the_publication_else_the_draw() -> None:
    assert INTERNAL.day == date(2018, 9, 5)
    assert build(material(published=None), public=False).day == date(2018, 7, 2)
