"""No small group can be read out of a public report, nor reckoned from it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.periods import Period
from tilsyn.compliance.year import YEAR_KEYS
from tilsyn.reports.disclosure import publish, publish_year, rounded, withheld
from tilsyn.reports.suppression import Restraint
from tilsyn.reports.worlds import Rule

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
    table = pd.DataFrame(base | columns)
    return table.assign(few=table["n_relevant"] < 5)


def test_public_rows_hold_nothing_that_gives_counts_away() -> None:
    table = rows(
        question=["A", "B"],
        n_relevant=[20, 12],
        n_compliant=[18, 11],
        n_cases=[20, 12],
        unweighted=0.9,
        standard_error=0.05,
        n_eff=17.3,
        p_value=0.01,
        p_adjusted=0.02,
        verdict="fremgang",
    )
    public = publish(table)
    for name in ("n_compliant", "n_cases", "unweighted", "standard_error", "n_eff", "p_value", "p_adjusted"):
        assert public[name].isna().all()
    assert public["estimate"].tolist() == [0.88, 0.88]
    assert public["n_relevant"].tolist() == [20, 10]
    assert public["verdict"].tolist() == ["fremgang", "fremgang"]


def test_over_all_cases_no_row_is_withheld_for_one_or_two() -> None:
    table = rows(
        question=["A", "uden_fejl"], n_relevant=[100, 100], n_compliant=[98, 1], estimate=[0.98, 0.01]
    )
    public = publish(table)
    assert not public["withheld"].any()
    assert public["estimate"].tolist() == [0.98, 0.01]


def test_few_answers_over_all_cases_give_no_figure_and_no_number() -> None:
    public = publish(rows(question=["A", "B"], n_relevant=[4, 0], n_compliant=[4, 0]))
    assert public["withheld"].tolist() == [True, False]
    assert public["estimate"].isna().tolist() == [True, False]
    assert public["n_relevant"].isna().tolist() == [True, False]


def test_what_was_withheld_of_the_baseline_is_withheld_now() -> None:
    table = changed(question=["A", "uden_fejl"], n_relevant=20, baseline_n_relevant=40.0)
    public = publish(table, before=Restraint(overall="without_fault"))
    assert public["baseline_estimate"].isna().tolist() == [False, True]
    assert public["change"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("n", "shown"), [(0, 0), (1, 5), (2, 5), (5, 5), (7, 5), (8, 10), (97, 95), (98, 100), (102, 100)]
)
def test_numbers_are_rounded_to_five(n: int, shown: int) -> None:
    assert rounded(n) == shown


def test_of_a_domain_only_its_two_figures_are_shown() -> None:
    names = ["A", "theme:t", "*", "uden_fejl"]
    public = publish(rows(question=names * 2, domain=["all"] * 4 + ["unit=X"] * 4, n_relevant=20))
    assert public.loc[public["domain"] == "all", "question"].tolist() == names
    assert public.loc[public["domain"] == "unit=X", "question"].tolist() == ["*", "uden_fejl"]


def test_both_figures_of_a_domain_are_withheld_together() -> None:
    table = rows(question=["*", "uden_fejl"] * 2, domain=["unit=X"] * 2 + ["unit=Y"] * 2, n_relevant=20)
    public = publish(table, Restraint(frozenset({"unit=X"})))
    assert public["withheld"].tolist() == [True, True, False, False]
    assert public["estimate"].isna().tolist() == [True, True, False, False]
    assert public["n_relevant"].isna().tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("overall", "withheld_rows"),
    [("", []), ("without_fault", ["uden_fejl"]), ("every", ["A", "*", "uden_fejl"])],
)
def test_at_last_rows_over_all_cases_are_withheld(overall: Any, withheld_rows: list[str]) -> None:
    public = publish(rows(question=["A", "*", "uden_fejl"], n_relevant=20), Restraint(overall=overall))
    assert public.loc[public["withheld"], "question"].tolist() == withheld_rows


def test_a_domain_that_is_all_there_is_has_no_row() -> None:
    table = rows(question=["*", "*"], domain=["all", "unit=X"], n_relevant=20)
    public = publish(table, Restraint(alone=frozenset({"unit=X"})))
    assert public["domain"].tolist() == ["all"]


def year_of(*units: tuple[str, int, int]) -> pd.DataFrame:
    """A year of four quarters: each unit with its relevant cases, and those without fault."""
    found = []
    for unit, cases, good in units:
        both = {"domain": f"unit={unit}", "from": "2018-Q1", "to": "2018-Q4", "few": False}
        both |= {"n_relevant": cases, "n_compliant": good, "low": 0.5, "high": 0.9, "note": ""}
        found += [both | {"question": name, "estimate": good / cases} for name in ("*", "uden_fejl")]
    return pd.DataFrame(found, columns=[*YEAR_KEYS, "few", "note"])


@pytest.mark.parametrize(
    ("quarter", "unit", "shown"),
    [
        ("2018-Q2", "A", ["B"]),
        ("2018-Q2", "a ", ["B"]),
        ("2018-Q4", "B", ["A"]),
        ("2017-Q4", "A", ["A", "B"]),
        ("2019-Q1", "A", ["A", "B"]),
    ],
)
def test_a_unit_withheld_in_a_quarter_is_withheld_in_the_year(
    quarter: str, unit: str, shown: list[str]
) -> None:
    marks = {Period.parse(quarter): Restraint(frozenset({f"unit={unit}"}))}
    public = publish_year(year_of(("A", 80, 41), ("B", 80, 60)), Rule(), marks)
    there = public[~public["withheld"]]
    assert there["domain"].drop_duplicates().tolist() == [f"unit={name}" for name in shown]
    assert public.loc[public["withheld"], ["estimate", "low", "high"]].isna().all().all()


def test_a_year_is_rounded_and_withheld_for_its_own_numbers() -> None:
    public = publish_year(year_of(("A", 80, 41), ("B", 80, 78)), Rule(), {})
    assert public["withheld"].tolist() == [False, False, True, True]
    assert public["estimate"].tolist()[0] == 0.51
    assert public["n_compliant"].isna().all()


def changed(**columns: object) -> pd.DataFrame:
    base = {
        "baseline_n_cases": 40.0,
        "change": 0.1,
        "change_low": 0.0,
        "change_high": 0.2,
        "baseline_estimate": 0.7712,
    }
    return rows(**(base | {"baseline_low": 0.2, "baseline_high": 0.8, "baseline_n_eff": 9.0} | columns))


def test_a_baseline_on_few_answers_is_withheld_with_its_change() -> None:
    table = changed(question=["A", "B"], n_relevant=20, baseline_n_cases=[4.0, 40.0])
    public = publish(table)
    assert public["baseline_estimate"].isna().tolist() == [True, False]
    assert public["change"].isna().tolist() == [True, False]
    assert public["estimate"].notna().all()


def test_a_change_is_the_difference_of_what_is_shown_and_has_no_limits() -> None:
    public = publish(changed(question=["A"], n_relevant=20, baseline_n_relevant=40.0))
    assert public["change"].tolist() == [0.11]
    assert public[["change_low", "change_high", "baseline_n_relevant", "baseline_n_eff"]].isna().all().all()


def test_a_change_that_cannot_be_told_stays_untold() -> None:
    table = changed(question=["A"], n_relevant=20, baseline_n_relevant=40.0, change=np.nan)
    assert publish(table)["change"].isna().all()


def test_a_domain_shows_nothing_of_the_baseline() -> None:
    table = changed(question=["*"], domain="unit=X", n_relevant=20, baseline_n_relevant=40.0)
    public = publish(table)
    assert public["estimate"].notna().all()
    assert public[["baseline_estimate", "baseline_low", "baseline_high", "change"]].isna().all().all()


def test_a_public_remark_names_no_unit_of_a_question() -> None:
    table = rows(question=["A"], n_relevant=20, note="ingen relevante i Amager", public_note="")
    assert publish(table)["note"].tolist() == [""]
