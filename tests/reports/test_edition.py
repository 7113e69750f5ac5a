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
    texts = [report.title, report.subtitle, *report.warnings, report.summary.title]
    texts += [text for block in report.summary.blocks for text in (block.heading, *block.sentences)]
    for part in report.sheets:
        texts += [part.name, part.title, *part.lines, *(c.heading for c in part.columns)]
        texts += [str(value) for row in part.rows for value in row]
        texts += [part.chart.alt_text] if part.chart else []
    return "\n".join(texts)


def test_questions_hold_the_figures_of_the_table() -> None:
    rows = material().analysis.rows
    row = rows[(rows["question"] == "UND-01") & (rows["domain"] == "all")].iloc[0]
    found = sheet(INTERNAL, "questions")
    assert column(found, "Overholdt")[0] == "82 af 85"
    assert column(found, "Procent")[0] == row["estimate"]
    assert column(found, "Mellem")[0] == "89–99 %"
    assert column(found, "Ændring")[0] == pytest.approx(100 * row["change"])
    assert column(found, "Vurdering")[:3] == ["Fremgang", "For få sager til en vurdering", "Tilbagegang"]


@pytest.mark.parametrize("report", [INTERNAL, PUBLIC], ids=["internal", "public"])
def test_a_page_of_figures_has_at_most_nine_columns(report: Report) -> None:
    figures = [part for part in report.sheets if part.layer == "figures"]
    assert len(figures) >= 3
    assert all(len(part.columns) <= 9 for part in figures)


def test_few_and_no_relevant_answers_have_signs_for_percentages() -> None:
    found = sheet(INTERNAL, "questions")
    few, none = 3, 4
    shares = column(found, "Procent")
    assert shares[few] == ".."
    assert shares[none] == "."
    assert column(found, "Overholdt")[few] == "1 af 1"


def test_the_public_edition_holds_no_case_and_no_small_count() -> None:
    text = everything(PUBLIC)
    assert "now-" not in text
    assert "now-Amager-00" in everything(INTERNAL)
    found = sheet(PUBLIC, "questions")
    assert column(found, "Procent")[3] == WITHHELD
    for part in PUBLIC.sheets:
        for at, heading in enumerate(part.columns):
            if heading.heading in ("Svar, ca.", "Sager", "Svar med graden", "n_relevant"):
                assert not [row for row in part.rows if isinstance(row[at], int | float) and 0 < row[at] < 5]


def test_public_shares_are_whole_per_cents() -> None:
    for part in PUBLIC.sheets:
        for at, heading in enumerate(part.columns):
            if heading.kind == "share" and part.key != "reviewing":
                shares = [row[at] for row in part.rows if isinstance(row[at], float)]
                assert all(abs(share * 100 - round(share * 100)) < 1e-9 for share in shares)


def test_the_public_edition_has_no_sheet_of_cases_or_calculations() -> None:
    keys = {part.key for part in PUBLIC.sheets}
    assert {part.key for part in INTERNAL.sheets} - keys == {"follow_up", "calculation", "critical"}


def test_units_stand_in_alphabetical_order_and_never_ranked() -> None:
    found = column(sheet(INTERNAL, "units"), "Enhed")
    assert found == ["Amager", "Bispebjerg", "Døgnvagten", "Nørrebro", "Ørestad"]
    assert set(found) == set(UNITS)


def test_nothing_of_a_unit_stands_by_question() -> None:
    for report in (INTERNAL, PUBLIC):
        for part in report.sheets:
            if part.layer == "figures" and part.key != "critical":
                headings = {c.heading for c in part.columns}
                assert not {"Enhed", "Spørgsmål"} <= headings
    rows = [row for row in sheet(PUBLIC, "data").rows if str(row[2]).startswith("unit=")]
    assert {row[0] for row in rows} == {"*", "uden_fejl"}


def test_the_chart_has_a_point_for_each_row_and_none_where_there_is_no_figure() -> None:
    found = sheet(INTERNAL, "steps")
    assert found.chart is not None
    assert [point.name for point in found.chart.points] == [str(row[0]) for row in found.rows]
    shares = [row[found.chart.value] for row in found.rows]
    for point, share in zip(found.chart.points, shares, strict=True):
        assert point.value == (None if isinstance(share, str) else share)
        if point.value is not None:
            assert point.low is not None
            assert point.high is not None
            assert 0 <= point.low <= point.value <= point.high <= 1


def test_a_seed_known_before_the_list_and_simulated_data_are_said_first() -> None:
    changed = material(record=record(simulated=True, seed_before_frame=True, incomplete=3))
    warnings = build(changed, public=True).warnings
    assert [text.split(":")[0] for text in warnings] == ["SIMULEREDE DATA", "BEMÆRK", "BEMÆRK"]
    assert INTERNAL.warnings == []


def test_without_a_baseline_there_is_no_change() -> None:
    report = build(material(baseline=False), public=False)
    headings = [c.heading for c in sheet(report, "questions").columns]
    assert "Vurdering" not in headings
    assert not [h for h in headings if "Ændring" in h or "Sidst" in h]
    assert ["Udgangspunkt", "ingen"] in sheet(report, "facts").rows


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
    assert report.summary.title.startswith("The law was followed in 80 of 100 instances; ")


def test_the_day_is_the_publication_else_the_draw() -> None:
    assert INTERNAL.day == date(2018, 9, 5)
    assert build(material(published=None), public=False).day == date(2018, 7, 2)
