"""The page for the committee: what it says, in which order, and that each of its figures is a table's."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from tests.builders.reports import material
from tilsyn.base import language
from tilsyn.reports.edition import build
from tilsyn.reports.missing import missing_sentences
from tilsyn.reports.parts import Block, Material, Report, Rereading
from tilsyn.reports.summary import MOST, summary

_NUMBER = re.compile(r"\d+")


def block(report: Report, key: str) -> Block:
    return next(block for block in report.summary.blocks if block.key == key)


def changed(given: Material, **columns: dict[str, object]) -> Material:
    """The material with other values in its table's rows over all cases, by column and question."""
    rows = given.analysis.rows.copy()
    for column, values in columns.items():
        for question, value in values.items():
            mine = (rows["question"] == question) & (rows["domain"] == "all")
            rows[column] = rows[column].astype(object).where(~mine, value)
    return replace(given, analysis=replace(given.analysis, rows=rows))


def test_the_title_is_a_sentence_that_names_what_fell_most() -> None:
    found = summary(material(), public=False)
    assert found.title == (
        "Loven er overholdt i 80 af 100 tilfælde; "
        "»Blev inddragelse håndteret efter loven?« er blevet klart dårligere"
    )


def test_a_question_is_called_by_its_topic_where_the_catalogue_has_one() -> None:
    questions = material().question_set
    named = tuple(
        replace(q, topic_da="klagevejledning") if q.question_id == "INV-01" else q
        for q in questions.questions
    )
    found = summary(material(question_set=replace(questions, questions=named)), public=False)
    assert found.title.endswith("; klagevejledning er blevet klart dårligere")
    sentences = next(block.sentences for block in found.blocks if block.key == "attention")
    assert sentences == ["Klagevejledning: faldet fra 93 til 57 af 100 (mellem 45 og 68)."]


def test_a_title_without_a_baseline_says_the_level_alone() -> None:
    assert summary(material(baseline=False), False).title == "Loven er overholdt i 80 af 100 tilfælde"


def test_what_is_better_and_what_fell_stand_with_before_and_after() -> None:
    report = build(material(), public=False)
    assert block(report, "better").sentences == [
        "»Blev underretning håndteret efter loven?«: steget fra 61 til 96 af 100 (mellem 89 og 99)."
    ]
    assert block(report, "attention").sentences == [
        "»Blev inddragelse håndteret efter loven?«: faldet fra 93 til 57 af 100 (mellem 45 og 68)."
    ]


def test_a_low_question_needs_attention_only_where_its_interval_lies_below_all_of_it() -> None:
    low = {"high": {"UND-02": 0.72}, "low": {"UND-02": 0.40}, "estimate": {"UND-02": 0.55}}
    assert len(block(build(changed(material(), **low), False), "attention").sentences) == 2
    low["high"] = {"UND-02": 0.75}
    assert len(block(build(changed(material(), **low), False), "attention").sentences) == 1


def test_the_surest_fall_stands_first() -> None:
    fell = {
        "verdict": {"UND-01": "tilbagegang", "INV-01": "tilbagegang"},
        "change_high": {"UND-01": -0.30, "INV-01": -0.22},
    }
    sentences = block(build(changed(material(), **fell), False), "attention").sentences
    assert ["underretning" in sentence for sentence in sentences] == [True, False]


def test_critical_errors_are_cases_inside_and_shares_outside() -> None:
    inside, outside = (build(material(), public) for public in (False, True))
    assert block(inside, "critical").sentences == [
        "»Blev underretning håndteret efter loven?«: ikke overholdt i 3 af de 85 sager, det gjaldt."
    ]
    assert block(outside, "critical").sentences == [
        "»Blev underretning håndteret efter loven?«: overholdt i 96 af 100 (mellem 89 og 99)."
    ]


def test_a_critical_error_in_a_question_of_few_cases_is_told_too() -> None:
    rows = {"n_relevant": {"UND-01": 2}, "n_compliant": {"UND-01": 1}}
    told = block(build(changed(material(), **rows), False), "critical").sentences
    assert told == [
        "»Blev underretning håndteret efter loven?«: ikke overholdt i 1 af de 2 sager, det gjaldt."
    ]


def test_in_public_an_error_that_rounds_away_or_is_of_few_cases_is_not_called_none() -> None:
    rounds_away = {
        "estimate": {"UND-01": 0.996},
        "n_relevant": {"UND-01": 250},
        "n_compliant": {"UND-01": 249},
    }
    assert block(build(changed(material(), **rounds_away), True), "critical").sentences == [
        "»Blev underretning håndteret efter loven?«: overholdt i 100 af 100 (mellem 89 og 99)."
    ]
    few = {"n_relevant": {"UND-01": 2}, "few": {"UND-01": True}}
    for compliant in (1, 2):
        report = build(changed(material(), **few, n_compliant={"UND-01": compliant}), True)
        assert "critical" not in [part.key for part in report.summary.blocks]


def test_the_field_for_the_administration_is_empty_and_last() -> None:
    last = build(material(), public=True).summary.blocks[-1]
    assert (last.key, list(last.sentences)) == ("administration", [])


@pytest.mark.parametrize(
    ("reviewed", "said"),
    [
        ([20, 5], ["Ja. Alle 25 udtrukne sager er gennemgået."]),
        (
            [0, 4],
            [
                "Nej. 4 af 25 udtrukne sager er gennemgået.",
                "Amager mangler: ingen af de 20 sager er gennemgået. Tallene gælder uden Amager.",
                "Døgnvagten: 1 af 5 sager mangler.",
            ],
        ),
    ],
)
def test_who_is_missing_is_said_whole_units_first(reviewed: list[int], said: list[str]) -> None:
    units = pd.DataFrame({"unit": ["Døgnvagten", "Amager"], "drawn": [5, 20], "reviewed": reviewed[::-1]})
    assert missing_sentences(units.assign(missing=units["drawn"] - units["reviewed"]), MOST) == said


def test_of_many_units_with_missing_cases_the_first_are_named_and_the_rest_counted() -> None:
    units = pd.DataFrame({"unit": [f"Enhed {n}" for n in range(7)], "drawn": 5, "reviewed": 4, "missing": 1})
    said = missing_sentences(units, MOST)
    assert len(said) == 1 + MOST + 1
    assert said[-1] == "Der mangler også sager i 3 andre enheder: se »Sager pr. enhed«."


def test_how_alike_the_readers_are_is_said_where_two_have_read() -> None:
    row = {"question": "*", "agreement": 0.912, "agreement_low": 0.88, "agreement_high": 0.94}
    row |= {"n_cases": 60, "n_pairs": 900, "stricter": "second", "yes_no": 50, "no_yes": 20}
    reread = Rereading("niveau 2", "niveau 3", pd.DataFrame([row]))
    assert block(build(material(reread=reread), True), "readers").sentences == [
        "Niveau 2 og niveau 3 har læst de samme sager og svaret ens i 91 af 100 tilfælde (mellem 88 og 94).",
        "Niveau 3 er strengest.",
    ]


@pytest.mark.parametrize("public", [False, True])
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_number_on_the_page_stands_in_a_table(spoken: str, public: bool) -> None:
    with language.using(spoken):
        given = material()
        report = build(given, public)
    known = _numbers_of_tables(report) | {100}
    known |= {int(n) for n in _NUMBER.findall(f"{given.baseline}")}
    spoken_of = [report.summary.title]
    for figure in report.summary.figures:
        spoken_of += [figure.value, figure.range, figure.before]
    spoken_of += [text for part in report.summary.blocks for text in part.sentences]
    for text in spoken_of:
        assert {int(n) for n in _NUMBER.findall(text)} <= known, text


def _numbers_of_tables(report: Report) -> set[int]:
    """Every number of the report's sheets as the page would say it: shares of a hundred, counts as they are."""
    found: set[int] = set()
    for part in report.sheets:
        for row in part.rows:
            for value, column in zip(row, part.columns, strict=True):
                if isinstance(value, int | float):
                    found.add(round(value * 100) if column.kind == "share" else round(value))
                elif column.kind == "range" and part.key in ("questions", "steps"):
                    found |= {
                        round(float(n.replace(",", "."))) for n in re.findall(r"\d+(?:[,.]\d+)?", str(value))
                    }
                    found |= {int(n) for n in _NUMBER.findall(str(value))}
    # How many of the cases that a question applied to did not follow it.
    data = next(part for part in report.sheets if part.key == "data")
    at = {column.heading: place for place, column in enumerate(data.columns)}
    if "n_compliant" in at:
        pairs = [(row[at["n_relevant"]], row[at["n_compliant"]]) for row in data.rows]
        found |= {of - n for of, n in pairs if isinstance(of, int) and isinstance(n, int)}
    return found
