"""A unit over a year: which quarters, what they are worth together, and what is left out."""

from dataclasses import replace

import pandas as pd
import pytest

from tests.compliance.test_table import round_
from tilsyn.base.periods import Period
from tilsyn.compliance.year import last_quarters, year_rows
from tilsyn.questions.question_set import Question, QuestionSet
from tilsyn.statistics.levels import share

Q = [Period.parse(text) for text in ("2017-Q3", "2017-Q4", "2018-Q1", "2018-Q2")]


def samples(answers, frames=None, **columns):
    """A sample per quarter, the last in 2018-Q2."""
    frames = frames or [{"A": 750, "B": 300}] * len(answers)
    periods = Q[len(Q) - len(answers) :]
    return {
        period: replace(round_(given, frame, **columns), period=period, level=2)
        for period, given, frame in zip(periods, answers, frames, strict=True)
    }


def rows_of(found):
    return found.set_index(["question", "domain"])


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        ("2018-Q2", ""),
        ("2018-Q1 2018-Q2", "2018-Q1 2018-Q2"),
        ("2016-Q4 2017-Q1 2017-Q3 2017-Q4 2018-Q1 2018-Q2", "2017-Q3 2017-Q4 2018-Q1 2018-Q2"),
        # Fifteen months: five quarters, of which one may be missing.
        ("2017-Q1 2018-Q2", ""),
        ("2017-Q2 2018-Q2", "2017-Q2 2018-Q2"),
        ("2018-Q1 2018-Q2 2018-Q3", "2018-Q1 2018-Q2"),
        ("2018-Q1", ""),
    ],
)
def test_the_quarters_of_a_year(drawn, expected):
    periods = [Period.parse(text) for text in drawn.split()]
    assert [period.canonical for period in last_quarters(Q[-1], periods)] == expected.split()


def test_a_month_has_no_year():
    assert last_quarters(Period.parse("2018-06"), Q) == []


def test_a_year_is_the_estimator_over_quarter_and_stratum():
    right = [18, 17, 20, 15]
    given = [{"A": {"Q1": "j" * k + "n" * (20 - k)}, "B": {"Q1": "j" * 5}} for k in right]
    frames = [{"A": N, "B": 60} for N in (700, 750, 760, 800)]
    row = rows_of(year_rows(samples(given, frames))).loc[("Q1", "unit=A")]
    level = share([700, 750, 760, 800], [20] * 4, [20] * 4, right)
    for name in ("estimate", "standard_error", "low", "high", "unweighted"):
        assert row[name] == pytest.approx(float(getattr(level, name)), abs=1e-12)
    assert (row["n_reviewed"], row["n_relevant"], row["n_compliant"]) == (80, 80, 70)
    assert (row["from"], row["to"], row["quarters"], row["note"]) == ("2017-Q3", "2018-Q2", 4, "")
    assert pd.isna(row["change"])
    assert pd.isna(row["verdict"])


def test_a_case_read_in_two_quarters_counts_in_both_and_all_rows_are_units():
    # The builder gives every quarter the same case numbers.
    found = year_rows(samples([{"A": {"Q1": "jjjj", "Q2": "jjnn"}, "B": {"Q1": "jjjj", "Q2": "jjjj"}}] * 2))
    assert rows_of(found).loc[("Q1", "unit=A"), "n_relevant"] == 8
    assert rows_of(found).loc[("*", "unit=A"), "n_relevant"] == 16
    assert set(found["domain"]) == {"unit=A", "unit=B"}
    assert rows_of(found).loc[("Q1", "unit=A"), "note"] == "seneste 2 kvartaler"


def test_a_quarter_without_a_reading_of_the_unit_is_left_out_and_named():
    both, one = {"A": {"Q1": "j" * 5}, "B": {"Q1": "j" * 5}}, {"A": {"Q1": "j" * 5}}
    row = rows_of(year_rows(samples([both, one, both, both]))).loc[("Q1", "unit=B")]
    assert row["quarters"] == 3
    assert row["note"] == "seneste 3 kvartaler; ekskl. 4. kvartal 2017, hvor enheden ikke er gennemgået"


def test_a_unit_read_in_one_quarter_has_no_year():
    both, one = {"A": {"Q1": "j" * 5}, "B": {"Q1": "j" * 5}}, {"A": {"Q1": "j" * 5}}
    found = year_rows(samples([one, one, one, both]))
    assert set(found["domain"]) == {"unit=A"}


def test_a_question_that_is_not_comparable_starts_anew():
    questions = QuestionSet(
        "test", "1", (Question("Q1", "?", "t", comparable="no"), Question("Q2", "?", "t"))
    )
    given = [{"A": {"Q1": "j" * 5, "Q2": "j" * 5}}] * 4
    parts = samples(given, questions=questions)
    parts = {
        period: replace(
            sample,
            cases=sample.cases.assign(regime="serviceloven" if period < Q[2] else "barnets-lov"),
        )
        for period, sample in parts.items()
    }
    rows = rows_of(year_rows(parts))
    assert (rows.loc[("Q1", "unit=A"), "quarters"], rows.loc[("Q1", "unit=A"), "from"]) == (2, "2018-Q1")
    assert rows.loc[("Q2", "unit=A"), "quarters"] == 4


def test_a_question_asked_in_one_quarter_only_has_no_year():
    before, now = {"A": {"Q1": "j" * 5}}, {"A": {"Q1": "j" * 5, "Q2": "j" * 5}}
    rows = rows_of(year_rows(samples([before, before, now])))
    assert ("Q2", "unit=A") not in rows.index
    assert rows.loc[("Q1", "unit=A"), "n_reviewed"] == 15
