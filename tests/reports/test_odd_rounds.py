"""Rounds that are not as usual: the report is made, and nothing false stands in it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.builders.reports import LEVEL, UNITS, material, question_set, tables
from tilsyn.base.periods import Period
from tilsyn.compliance import series
from tilsyn.compliance.rereading import agreement_table, pairs
from tilsyn.compliance.table import analyse
from tilsyn.compliance.year import year_rows
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reports.edition import build
from tilsyn.reports.parts import WITHHELD, Material, Report, Rereading, Rounds, Sheet
from tilsyn.reviews.sample import ReviewedSample


def of(cases: pd.DataFrame, answers: pd.DataFrame, strata: pd.DataFrame, **changes: Any) -> Material:
    """The material of a round with these cases, answers and strata, without a baseline."""
    sample = ReviewedSample(
        cases.assign(complete=True, akut=False, criticism="", regime="serviceloven"),
        strata,
        answers[answers["case_id"].isin(cases["case_id"])],
        question_set(),
    )
    found = analyse(sample, ["unit"])
    return material(baseline=False, sample=sample, analysis=found, **changes)


def sheet(report: Report, key: str) -> Sheet:
    return next(part for part in report.sheets if part.key == key)


def sentences(report: Report, key: str) -> list[str]:
    return [text for part in report.summary.blocks if part.key == key for text in part.sentences]


@pytest.mark.parametrize("public", [False, True])
def test_a_unit_without_any_review_is_named_and_left_out(public: bool) -> None:
    cases, strata, answers = tables("now")
    report = build(of(cases[cases["unit"] != "Amager"], answers, strata), public)
    assert sentences(report, "missing") == [
        "Nej. 65 af 85 udtrukne sager er gennemgået.",
        "Amager mangler: ingen af de 20 sager er gennemgået. Tallene gælder uden Amager.",
    ]


def test_missing_cases_have_their_extremes_in_the_annex() -> None:
    cases, strata, answers = tables("now")
    report = build(of(cases[cases["unit"] != "Amager"], answers, strata), public=False)
    found = sheet(report, "every_question")
    headings = [column.heading for column in found.columns]
    at, low, high = (headings.index(name) for name in ("Procent", "Yderpunkt, lavest", "Yderpunkt, højest"))
    shares = [(row[low], row[at], row[high]) for row in found.rows if isinstance(row[at], float)]
    assert shares
    assert all(float(str(low)) <= float(str(at)) <= float(str(high)) for low, at, high in shares)
    whole = build(material(), public=False)
    assert "Yderpunkt, lavest" not in [column.heading for column in sheet(whole, "every_question").columns]


@pytest.mark.parametrize("public", [False, True])
def test_where_everything_is_followed_nothing_needs_attention(public: bool) -> None:
    cases, strata, answers = tables("now")
    right = answers.assign(answer=answers["answer"].replace("nej", "ja"))
    report = build(of(cases, right, strata), public)
    assert report.summary.title == "Loven er overholdt i 100 af 100 tilfælde"
    assert sentences(report, "attention") == ["Intet enkelt krav ligger klart under resten."]
    assert sentences(report, "critical") == ["Der er ingen fejl i de krav, hvor én fejl er alvorlig."]


@pytest.mark.parametrize("public", [False, True])
def test_of_a_single_case_there_is_no_percentage(public: bool) -> None:
    cases, strata, answers = tables("now")
    alone = strata.head(1).assign(sample_size=1)
    report = build(of(cases.head(1), answers, alone), public)
    assert report.summary.title == "For få sager er gennemgået til at sige, hvor ofte loven er overholdt"
    assert list(report.summary.figures) == []
    shares = [row[2] for row in sheet(report, "steps").rows]
    assert not [share for share in shares if isinstance(share, float)]


@pytest.mark.parametrize("public", [False, True])
def test_many_answers_of_few_cases_are_few(public: bool) -> None:
    cases, strata, answers = tables("now")
    three = cases.groupby("unit").head(1).head(3)
    right = answers.assign(answer="ja")[answers["question"] != "GSB-01"]
    table = agreement_table(pairs(right[right["case_id"].isin(three["case_id"])], right))
    given = of(three, right, strata.assign(sample_size=1), reread=Rereading("niveau 2", "niveau 3", table))
    before = given.analysis.rows
    assert before.loc[(before["question"] == "*") & (before["domain"] == "all"), "n_relevant"].item() > 5
    report = build(given, public)
    assert report.summary.title == "For få sager er gennemgået til at sige, hvor ofte loven er overholdt"
    assert list(report.summary.figures) == []
    assert sentences(report, "readers") == sentences(report, "attention") == []
    told = [
        part for part in report.sheets if part.key in ("steps", "questions", "units", "rereading", "data")
    ]
    assert not [value for part in told for row in part.rows for value in row if isinstance(value, float)]
    if not public:
        data = sheet(report, "data")
        remark = {str(row[0]): str(row[-1]) for row in reversed(data.rows)}
        assert remark["UND-01"].startswith("under 5 svar")
        assert remark["*"].startswith("under 5 sager")


@pytest.mark.parametrize("public", [False, True])
def test_where_nothing_applied_it_is_not_said_that_too_few_were_reviewed(public: bool) -> None:
    cases, strata, answers = tables("now")
    none = answers.assign(answer="ikke relevant")[answers["question"] != "GSB-01"]
    report = build(of(cases, none, strata), public)
    assert report.summary.title == "Ingen af kravene gjaldt de sager, der er gennemgået"
    assert sentences(report, "attention") == []


def test_questions_that_are_neither_legal_nor_graded_are_not_called_graded() -> None:
    cases, strata, answers = tables("now")
    noted = tuple(replace(one, kind="documentation") for one in question_set().legal)
    asked = QuestionSet("prøve", "prøve 1.0", noted)
    given = of(cases, answers[answers["question"] != "GSB-01"], strata)
    sample = replace(given.sample, questions=asked)
    given = replace(given, question_set=asked, sample=sample, analysis=analyse(sample, ["unit"]))
    assert build(given, public=False).summary.title.startswith("Ingen af spørgsmålene er juridiske")


@pytest.mark.parametrize("public", [False, True])
def test_of_grades_alone_there_is_no_percentage_at_all(public: bool) -> None:
    cases, strata, answers = tables("now")
    graded = answers[answers["question"] == "GSB-01"]
    report = build(of(cases, graded, strata), public)
    assert list(report.summary.figures) == []
    assert len(sheet(report, "grades").rows) == 3


def test_a_census_is_written_without_an_endless_number() -> None:
    cases, strata, answers = tables("now")
    whole = strata.assign(population_size=strata["sample_size"], stratum_size=strata["sample_size"])
    report = build(of(cases, answers, whole), public=False)
    numbers = [
        value for part in report.sheets for row in part.rows for value in row if isinstance(value, float)
    ]
    assert numbers
    assert all(math.isfinite(number) for number in numbers)


def test_forty_rounds_are_forty_rows_with_breaks_where_the_plan_changed() -> None:
    cases, strata, answers = tables("now")
    periods = [Period.parse(f"{year}-Q{quarter}") for year in range(2010, 2020) for quarter in range(1, 5)]
    samples = {}
    for place, period in enumerate(periods):
        kept = cases if place < 20 else cases[cases["unit"] != "Amager"]
        known = strata[strata["unit"].isin(kept["unit"])]
        mine = answers[answers["case_id"].isin(kept["case_id"])]
        samples[period] = ReviewedSample(kept, known, mine, question_set(), period=period)
    points = series.points(samples)
    report = build(material(rounds=Rounds(points, series.summaries(points))), public=True)
    found = sheet(report, "rounds")
    assert len(found.rows) == 40
    assert [row[0] for row in found.rows if "planen er en anden" in str(row[-1])] == ["1. kvartal 2015"]
    assert found.chart is not None
    assert len(found.chart.points) == 40


@pytest.mark.parametrize("public", [False, True])
def test_a_unit_has_its_year_beside_its_quarter(public: bool) -> None:
    quarters = {
        Period.parse(name): ReviewedSample(*tables(when), question_set(), period=Period.parse(name))
        for name, when in (("2018-Q1", "before"), ("2018-Q2", "now"))
    }
    found = sheet(build(material(year=year_rows(quarters)), public), "units")
    at = [column.heading for column in found.columns].index("Året: overholdt")
    shares = {str(row[0]): row[at] for row in found.rows}
    assert set(shares) == set(UNITS)
    withheld = [unit for unit, share in shares.items() if not isinstance(share, float)]
    assert {shares[unit] for unit in withheld} <= ({WITHHELD} if public else set())


@pytest.mark.parametrize(("public", "shown"), [(False, ["*", "UND-02"]), (True, ["*"])])
def test_of_two_readings_only_what_differs_is_shown(public: bool, shown: list[str]) -> None:
    first = pd.DataFrame(
        [{"case_id": str(n), "question": q, "answer": "ja"} for n in range(9) for q in ("UND-01", "UND-02")]
    )
    second = first.assign(answer=["nej" if n == 1 else "ja" for n in range(len(first))])
    table = agreement_table(pairs(first, second))
    report = build(material(reread=Rereading("niveau 2", "niveau 3", table)), public)
    found = sheet(report, "rereading")
    assert len(found.rows) == len(shown)
    assert "UND-01" not in str(found.rows)
    assert any("i 1 andet var alle svar ens" in line for line in found.lines) is not public


def test_nothing_of_another_municipality_stands_in_it() -> None:
    given = material(level=LEVEL.model_copy(update={"name": "Stikprøve", "judged_by": "Lederen"}))
    for public in (False, True):
        report = build(given, public)
        told = " ".join(
            [report.title, report.subtitle, *(line for part in report.sheets for line in part.lines)]
        )
        assert not [word for word in ("København", "Områdechef", "bbu") if word in told]
    assert set(UNITS) >= {str(row[0]) for row in sheet(build(given, True), "units").rows}
