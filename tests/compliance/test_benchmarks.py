"""Which published figures stand beside a row: by question, series, year, catalogue and law."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from tilsyn.base.language import using
from tilsyn.base.periods import Period
from tilsyn.compliance.benchmarks import Benchmark, Benchmarks, benchmarks_of
from tilsyn.compliance.comparability import Comparable
from tilsyn.questions.question import Question, Regime
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.sample import ReviewedSample

BEFORE = Regime("serviceloven", "", "", last=date(2023, 12, 31))
AFTER = Regime("barnets-lov", "", "", first=date(2024, 1, 1))


def figure(years: str = "2023", comparable: Comparable = "yes", **values: Any) -> Benchmark:
    first, last = (Period.parse(year) for year in (years.split("-") * 2)[:2])
    given = {"name_da": "landet", "question": "Q1", "share": 0.65, "source": "rapport"} | values
    return Benchmark(first=first, last=last, comparable=comparable, **given)


def beside(
    *known: Benchmark, law: str = "serviceloven", rule: Comparable = "yes", **values: Any
) -> Benchmarks:
    cases = pd.DataFrame({"case_id": ["1"], "stratum": "A", "unit": "A", "regime": law})
    answers = pd.DataFrame({"case_id": ["1"], "question": ["Q1"], "answer": ["ja"]})
    question = Question("Q1", "Er det gjort?", "plan", comparable=rule, same_as=("OLD-1",))
    given = {"name": "serviceloven+barnets-lov", "regimes": (BEFORE, AFTER)} | values
    questions = QuestionSet(version="1", questions=(question,), **given)
    return benchmarks_of(known, ReviewedSample(cases, pd.DataFrame(), answers, questions))


def texts(found: Benchmarks) -> list[str]:
    return [text for row in found.texts.values() for text in row]


def test_the_newest_of_each_series_that_can_be_compared_is_shown_and_named() -> None:
    found = beside(
        figure("2019"),
        figure("2020-2022", share=0.695),
        figure("2021"),
        figure("2022", "no", note_da="pilot"),
        figure("2019", name_da="nabobyen", name_en="the neighbour"),
    )
    assert texts(found) == ["landet 2020–2022: 69,5 %", "nabobyen 2019: 65 %"]
    assert [one.why for one in found.left_out] == ["ikke sammenlignelig; pilot"]
    with using("en"):
        assert found.shown[1].text == "the neighbour 2019: 65%"


@pytest.mark.parametrize(
    ("law", "years", "rule", "own", "expected"),
    [
        ("serviceloven", "2023", "no", "yes", "yes"),
        ("serviceloven", "2024", "yes", "yes", "yes"),
        ("serviceloven", "2024", "partly", "yes", "partly"),
        ("serviceloven", "2024", "no", "yes", "no"),
        ("barnets-lov", "2023", "partly", "yes", "partly"),
        ("barnets-lov", "2023", "partly", "no", "no"),
        ("barnets-lov", "2023-2024", "no", "partly", "no"),
        ("barnets-lov", "2024", "no", "partly", "partly"),
    ],
)
def test_a_figure_under_another_law_stands_there_as_the_question_allows(
    law: str, years: str, rule: Comparable, own: Comparable, expected: str
) -> None:
    found = beside(figure(years, own), law=law, rule=rule)
    (one,) = (*found.shown, *found.left_out)
    assert (one.comparable, one in found.shown) == (expected, expected != "no")
    assert ("(delvist sammenlignelig)" in one.text) == (expected == "partly")


def test_a_set_without_the_law_of_then_takes_it_for_another() -> None:
    after_alone = {"name": "barnets-lov", "regimes": (AFTER,), "law": "barnets-lov"}
    assert beside(figure("2023"), rule="no", **after_alone).left_out[0].why == (
        "ikke sammenlignelig: loven var en anden"
    )
    assert texts(beside(figure("2024"), rule="no", **after_alone)) == ["landet 2024: 65 %"]


@pytest.mark.parametrize(
    ("name", "catalogues", "n"),
    [
        ("jobcenter", ("serviceloven",), 0),
        ("jobcenter", (), 1),
        ("jobcenter+serviceloven", ("serviceloven", "barnets-lov"), 1),
    ],
)
@pytest.mark.parametrize("row", ["Q1", "uden_fejl"])
def test_a_question_of_another_catalogue_gets_nothing(
    name: str, catalogues: tuple[str, ...], n: int, row: str
) -> None:
    found = beside(figure(question=row, catalogues=catalogues), name=name)
    assert len(found.shown) == n


def test_an_earlier_id_leads_to_the_question_that_carries_it_on_and_an_unknown_one_nowhere() -> None:
    assert [one.row for one in beside(figure(question="OLD-1")).shown] == ["Q1"]
    assert beside(figure(question="X-1")) == Benchmarks()


def test_where_nobody_knows_what_was_asked_nothing_stands_beside() -> None:
    cases = pd.DataFrame({"case_id": ["1"], "stratum": "A", "unit": "A"})
    answers = pd.DataFrame({"case_id": ["1"], "question": ["Q1"], "answer": ["ja"]})
    assert benchmarks_of([figure()], ReviewedSample(cases, pd.DataFrame(), answers)) == Benchmarks()
