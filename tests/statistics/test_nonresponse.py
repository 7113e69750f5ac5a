"""What was drawn but not reviewed: the table per unit, the two extremes, and whether a conclusion depends on them."""

from dataclasses import is_dataclass

import numpy as np
import pandas as pd
import pytest

from tilsyn.statistics.change import adjust, difference_p_value, verdicts
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.levels import levels, share
from tilsyn.statistics.nonresponse import Extremes, conclusions, extremes, reviewed_table
from tilsyn.statistics.weighted_gamma import AnsweredCases


def same(found, expected):
    """Hold every figure of two levels against each other, what they rest on too."""
    for name, other in vars(expected).items():
        if is_dataclass(other):
            same(getattr(found, name), other)
        else:
            assert getattr(found, name) == pytest.approx(other, rel=1e-9, abs=1e-12, nan_ok=True), name


def test_a_unit_is_the_sum_of_its_strata_in_their_order():
    strata = pd.DataFrame(
        [
            ("Vest", "Vest", 500, 20),
            ("Amager|a", "Amager", 60, 5),
            ("Amager|b", "Amager", 600, 20),
            ("Nord", "Nord", 70, None),
            ("Syd", "Syd", 80, 20),
            ("Øst", "Øst", 90, 20),
            ("7", 7, 40, 4),
        ],
        columns=["stratum", "unit", "population_size", "sample_size"],
    )
    # Half of the best unit's share is not uneven yet, less is; a unit without any is told otherwise. More
    # than were drawn can be reviewed, where a case was put in for another.
    reviewed = pd.Series({"Amager|a": 6, "Amager|b": 20, "Vest": 10, "Øst": 9, "7": 0})
    found = reviewed_table(strata, reviewed)
    assert found.drop(columns="share").to_dict("split")["data"] == [
        ["Vest", 500, 20, 10, 10, False],
        ["Amager", 660, 26, 26, 0, False],
        ["Nord", 70, 0, 0, 0, False],
        ["Syd", 80, 20, 0, 20, False],
        ["Øst", 90, 20, 9, 11, True],
        ["7", 40, 4, 0, 4, False],
    ]
    assert found["share"].tolist() == pytest.approx([0.5, 1, np.nan, 0, 0.45, 0], nan_ok=True)
    kinds = {"unit": "str", "population_size": "int64", "drawn": "int64", "reviewed": "int64", "missing": "int64", "share": "float64", "uneven": "bool"}  # fmt: skip
    assert list(found.dtypes.astype(str).items()) == list(kinds.items())


@pytest.mark.parametrize(("reviewed", "uneven"), [(6, False), (5, True), (1, True), (0, False)])
def test_reviewing_is_uneven_below_half_of_the_best_units_share(reviewed, uneven):
    strata = pd.DataFrame(
        {"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": 500, "sample_size": 20}
    )
    assert reviewed_table(strata, pd.Series({"A": 12, "B": reviewed}))["uneven"].tolist() == [False, uneven]


def test_the_extremes_of_a_question_are_its_levels_had_the_missing_been_read():
    N, n, m, x = [[500, 60]] * 2, [[20, 5]] * 2, [[18, 5], [0, 3]], [[9, 4], [0, 3]]
    found = extremes(Counts.of_question(N, n, m, x), np.array([[3.0, 80.0], [0.0, 1.0]]), 0.9)
    # Of the 80 no more than the 55 that nobody read.
    assert found.missing.tolist() == [58, 1]
    n, m = [[23, 60], [20, 6]], [[21, 60], [0, 4]]
    same(found.worst, share(N, n, m, x, 0.9))
    same(found.best, share(N, n, m, [[12, 59], [0, 4]], 0.9))
    default = extremes(Counts.of_question([60], [5], [5], [4]), np.array([1.0]))
    same(default.worst, share([60], [6], [6], [4], 0.95))


def test_the_extremes_of_a_pooled_row_are_its_levels_had_each_missing_case_the_mean_answers():
    read = [(0, 10, 9), (0, 12, 12), (0, 8, 5), (1, 3, 3), (1, 5, 1)]
    N, n, missing = np.array([500.0, 80.0, 40.0]), np.array([4.0, 2.0, 0.0]), np.array([2.0, 1.0, 1.0])
    stratum, r, c = (np.array(column) for column in zip(*read, strict=True))
    counts = Counts.of_cases(N, n, AnsweredCases.of(stratum, r.astype(float), c.astype(float)))
    # Weighted by N_h / n_h: 125 and 40 cases for each one read.
    each = (125 * (100 + 144 + 64) + 40 * (9 + 25)) / (125 * 30 + 40 * 8)
    found = extremes(counts, missing)
    for side, compliant in ((found.worst, 0.0), (found.best, each)):
        answered = AnsweredCases.of(
            np.append(stratum, [0, 0, 1, 2]), np.append(r, [each] * 4), np.append(c, [compliant] * 4)
        )
        same(side, levels(Counts.of_cases(N, n + missing, answered)))
    assert found.missing == 4


def test_each_pooled_row_has_its_own_mean_answers():
    one, other = (
        Counts.of_cases([500, 80], [2, 1], AnsweredCases.of(np.array([0, 0, 1]), np.array(r), np.array(r)))
        for r in ([1.0, 1.0, 1.0], [9.0, 4.0, 2.0])
    )
    both = Counts(*(np.stack([getattr(row, name) for row in (one, other)]) for name in vars(one)))
    missing = np.array([[1.0, 0.0], [2.0, 1.0]])
    found = extremes(both, missing)
    # One answer each: 500 + 80 cases, of which 1 of 3 in the first stratum is missing.
    assert found.worst.estimate[0] == pytest.approx(1 - 500 / 3 / 580)
    answered = AnsweredCases.of(np.array([0, 0, 0, 1]), np.ones(4), np.array([1.0, 1, 0, 1]))
    expected = levels(Counts.of_cases([500, 80], [3, 1], answered))
    assert found.worst.low[0] == pytest.approx(float(expected.low))
    for at, row in enumerate((one, other)):
        alone = extremes(row, missing[at])
        for side in ("worst", "best"):
            for name in ("n_relevant", "n_cases", "estimate", "standard_error", "low", "high"):
                assert getattr(getattr(found, side), name)[at] == pytest.approx(
                    getattr(getattr(alone, side), name)
                ), name


def test_a_pooled_row_without_an_answer_has_no_extremes():
    nothing = AnsweredCases.of(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    found = extremes(Counts.of_cases([500], [4], nothing), np.array([2.0]))
    assert np.isnan([found.worst.estimate, found.best.estimate, found.worst.low]).all()
    assert (found.worst.n_relevant, found.best.n_compliant) == (0, 0)


# Shares of 100 relevant cases of an endless frame, of which so many more are missing; a baseline with its n_eff.
ROWS = pd.DataFrame(
    [
        # question, compliant, missing, before, e0, p_adjusted, verdict, low, high
        ("stands", 95, 1, 0.60, 200, 0.001, "fremgang", 0.9, 0.98),
        ("stands, though outside", 95, 1, 0.60, 200, 0.001, "fremgang", 0.945, 0.98),
        ("falls, though inside", 75, 9, 0.60, 200, 0.001, "fremgang", 0.1, 0.99),
        ("falls with one", 73, 1, 0.60, 200, 0.001, "ingen sikker ændring", 0.1, 0.99),
        ("falls at the worst", 80, 30, 0.60, 200, 0.001, "fremgang", 0.7, 0.9),
        ("falls at the best", 40, 60, 0.60, 200, 0.001, "tilbagegang", 0.3, 0.5),
        ("nothing missing", 80, 0, 0.60, 200, 0.001, "ingen sikker ændring", 0.7, 0.9),
        ("too few, and no more is said", 62, 1, 0.60, 200, 0.9, None, 0.5, 0.7),
        ("too few, but more is said", 62, 90, 0.60, 200, 0.9, None, 0.5, 0.7),
        ("no baseline, inside", 80, 3, np.nan, np.nan, np.nan, None, 0.7, 0.9),
        ("no baseline, below", 80, 3, np.nan, np.nan, np.nan, None, 0.79, 0.9),
        ("no baseline, above", 80, 3, np.nan, np.nan, np.nan, None, 0.7, 0.801),
        ("outside the family", 80, 30, 0.60, 200, np.nan, None, 0.1, 0.9),
    ],
    columns=[
        "question", "compliant", "missing", "baseline_estimate", "baseline_n_eff", "p_adjusted", "verdict", "low", "high",
    ],
    dtype=object,
).astype(dict.fromkeys(["compliant", "missing", "baseline_estimate", "baseline_n_eff", "p_adjusted", "low", "high"], float))  # fmt: skip
ROWS["estimate"] = ROWS["compliant"] / 100


def of_rows(rows) -> Extremes:
    N = np.full((len(rows), 1), 1e6)
    n, x = np.full((len(rows), 1), 100.0), rows[["compliant"]].to_numpy(dtype=float)
    return extremes(Counts.of_question(N, n, n, x), rows[["missing"]].to_numpy(dtype=float))


def test_a_conclusion_depends_on_the_missing_where_an_extreme_says_another():
    found = conclusions(ROWS, of_rows(ROWS))
    assert list(found.drop(columns=["estimate", "worst", "best"]).itertuples(index=False, name=None)) == [
        ("stands", 1, "fremgang", "fremgang", "fremgang", False),
        ("stands, though outside", 1, "fremgang", "fremgang", "fremgang", False),
        ("falls, though inside", 9, "fremgang", "ingen sikker ændring", "fremgang", True),
        ("falls with one", 1, "ingen sikker ændring", "ingen sikker ændring", "fremgang", True),
        ("falls at the worst", 30, "fremgang", "ingen sikker ændring", "fremgang", True),
        ("falls at the best", 60, "tilbagegang", "tilbagegang", "ingen sikker ændring", True),
        ("nothing missing", 0, "ingen sikker ændring", "fremgang", "fremgang", False),
        ("too few, and no more is said", 1, None, None, None, False),
        ("too few, but more is said", 90, None, "tilbagegang", "fremgang", True),
        ("no baseline, inside", 3, None, None, None, False),
        ("no baseline, below", 3, None, None, None, True),
        ("no baseline, above", 3, None, None, None, True),
        ("outside the family", 30, None, None, None, False),
    ]
    kinds = {"question": "str", "missing": "int64", "estimate": "float64", "worst": "float64", "best": "float64", "verdict": "object", "verdict_worst": "object", "verdict_best": "object", "depends": "bool"}  # fmt: skip
    assert list(found.dtypes.astype(str).items()) == list(kinds.items())
    more = 100 + ROWS["missing"]
    assert found["estimate"].tolist() == ROWS["estimate"].tolist()
    assert found["worst"].tolist() == pytest.approx((ROWS["compliant"] / more).tolist())
    assert found["best"].tolist() == pytest.approx(((ROWS["compliant"] + ROWS["missing"]) / more).tolist())


@pytest.mark.parametrize("method", ["benjamini-hochberg", "holm"])
def test_an_extreme_is_adjusted_as_the_table_is(method):
    # Three questions between what Holm and what Benjamini and Hochberg let through.
    rows = ROWS.iloc[[0] * 3].assign(compliant=[73, 73, 77], missing=1)
    found = conclusions(rows, of_rows(rows), method)
    shares = np.array([73, 73, 77]) / 101
    p = difference_p_value(shares, 101, 0.6, 200)
    assert found["verdict_worst"].tolist() == verdicts(adjust(p, method), shares - 0.6)
    assert found["verdict_worst"].tolist() == (
        ["fremgang"] * 3 if method == "benjamini-hochberg" else ["ingen sikker ændring"] * 2 + ["fremgang"]
    )


def test_an_extreme_exactly_on_a_limit_is_not_outside():
    rows = ROWS.iloc[[6]].assign(low=80 / 103, high=83 / 103)
    assert not conclusions(rows, of_rows(rows))["depends"].any()
