"""No small group can be read out of a public report, nor reckoned from it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.reports.disclosure import publish, withheld, withheld_outcomes

LIMIT = 5


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([20, 3, 9, 0], [0, 1, 1, 0]),
        ([20, 9, 0], [0, 0, 0]),
        ([20, 2, 4, 9], [0, 1, 1, 0]),
        ([20, 1, 2, 30], [1, 1, 1, 0]),
        ([3], [1]),
        ([3, 0, 0], [1, 0, 0]),
        ([], []),
    ],
)
def test_small_counts_and_what_gives_them_away_are_withheld(counts: list[int], hidden: list[int]) -> None:
    assert withheld(counts, LIMIT).astype(int).tolist() == hidden


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_what_is_withheld_cannot_be_found_from_the_total(counts: list[int]) -> None:
    values = np.array(counts)
    hidden = withheld(counts, LIMIT)
    assert not ((values > 0) & (values < LIMIT) & ~hidden).any()
    if hidden.any() and (values[~hidden] > 0).any():
        assert hidden.sum() >= 2
        assert values[hidden].sum() >= LIMIT


def rows(**columns: object) -> pd.DataFrame:
    base = {"domain": "all", "n_reviewed": 20, "estimate": 0.87654, "low": 0.5, "high": 0.99}
    return pd.DataFrame(base | columns)


def test_public_rows_hold_nothing_that_gives_counts_away() -> None:
    table = rows(
        question=["A", "B"],
        n_relevant=[20, 12],
        n_compliant=[18, 11],
        unweighted=0.9,
        standard_error=0.05,
        n_eff=17.3,
        p_value=0.01,
        p_adjusted=0.02,
        verdict="fremgang",
    )
    public = publish(table, {"A": "t", "B": "t"}, LIMIT)
    for name in ("n_compliant", "unweighted", "standard_error", "n_eff", "p_value", "p_adjusted"):
        assert public[name].isna().all()
    assert public["estimate"].tolist() == [0.88, 0.88]
    assert public["n_relevant"].tolist() == [20, 12]
    assert public["verdict"].tolist() == ["fremgang", "fremgang"]


def test_totals_lose_their_count_where_a_question_below_is_withheld() -> None:
    table = rows(question=["A", "B", "C", "theme:t", "theme:u", "*"], n_relevant=[3, 16, 9, 19, 9, 28])
    public = publish(table, {"A": "t", "B": "t", "C": "u"}, LIMIT).set_index("question")
    assert public["n_relevant"].isna().tolist() == [True, False, False, True, False, True]
    assert public["withheld"].tolist() == [True, False, False, False, False, False]
    assert public.loc["A", ["estimate", "low", "high"]].isna().all()


def test_a_unit_is_not_found_by_taking_the_others_from_the_whole() -> None:
    table = rows(question="A", domain=["all", "unit=X", "unit=Y", "unit=Z"], n_relevant=[33, 2, 11, 20])
    public = publish(table, {"A": "t"}, LIMIT)
    assert public["withheld"].tolist() == [False, True, True, False]


def test_a_baseline_on_few_answers_is_withheld_with_its_change() -> None:
    table = rows(
        question=["A", "B"],
        n_relevant=[20, 20],
        change=0.1,
        change_low=0.0,
        change_high=0.2,
        baseline_estimate=0.5,
        baseline_low=0.2,
        baseline_high=0.8,
        baseline_n_relevant=[4.0, 40.0],
    )
    public = publish(table, {"A": "t", "B": "t"}, LIMIT)
    assert public["baseline_estimate"].isna().tolist() == [True, False]
    assert public["change"].isna().tolist() == [True, False]
    assert public["estimate"].notna().all()


def test_where_all_cases_were_drawn_all_or_none_is_withheld() -> None:
    table = rows(
        question="A", domain=["all", "unit=X", "unit=Y"], n_relevant=[40, 20, 20], estimate=[0.5, 0.0, 0.0]
    )
    assert publish(table, {"A": "t"}, LIMIT, {"X"})["withheld"].tolist() == [False, True, False]
    table["estimate"] = 0.4
    assert not publish(table, {"A": "t"}, LIMIT, {"X"})["withheld"].any()


@pytest.mark.parametrize(
    ("counts", "asked", "hidden"),
    [
        # 14 less 12 would be the 2.
        ({"worst": [6, 12, 2], "all": [14, 6]}, {"worst": "K", "all": "K"}, {"worst", "all"}),
        # 11 short answers in 9 cases would be 2 cases of two.
        (
            {"K": [6, 12], "L": [5, 13], "count": [9, 7, 2]},
            {"K": "K", "L": "L", "count": "KL"},
            {"count", "K", "L"},
        ),
        ({"one": [6, 12, 2], "other": [14, 6]}, {"one": "K", "other": "L"}, {"one"}),
        ({"worst": [6, 12], "all": [12, 6]}, {"worst": "K", "all": "K"}, set()),
        ({"worst": [0, 18], "all": [18, 0]}, {"worst": "K", "all": "K"}, set()),
    ],
)
def test_an_outcome_that_tells_of_a_small_count_is_withheld(
    counts: dict[str, list[float]], asked: dict[str, str], hidden: set[str]
) -> None:
    assert withheld_outcomes(counts, asked, LIMIT) == hidden
