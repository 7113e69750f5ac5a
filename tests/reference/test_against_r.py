"""R as second opinion: tilsyn's figures are those that R's survey package printed, to 8 decimals and more."""

import numpy as np
import pandas as pd
import pytest

from tests.reference import rerun
from tilsyn.compliance.table import compliance_table
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics import agreement, trend
from tilsyn.statistics.levels import share
from tilsyn.statistics.survival import kaplan_meier
from tilsyn.statistics.two_phase import corrected_share

FOLDER = rerun.FOLDER
QUESTIONS = ["Q1", "Q2", "Q3", "Q4", "Q5"]


def stored(name):
    return pd.read_csv(FOLDER / name)


@pytest.fixture(scope="module")
def rows():
    cases = stored("stratified-cases.csv")
    cases["stratum"] = cases["unit"]
    strata = cases[["stratum", "unit", "population_size"]].drop_duplicates()
    answers = cases.melt("case_id", QUESTIONS, "question", "answer")
    sample = ReviewedSample(cases, strata, answers, dict.fromkeys(QUESTIONS, "tema"))
    found = compliance_table(sample, ["unit", "case_type"])
    return found.set_index(["question", "domain"])


def test_stratified_domains_equal_r(rows):
    expected = stored("stratified-expected.csv")
    assert len(expected) == 55
    for row in expected.itertuples():
        ours = rows.loc[(row.question, row.domain)]
        assert (ours["n_relevant"], ours["n_compliant"]) == (row.n_relevant, row.n_compliant)
        for r in ((row.estimate, row.standard_error), (row.mean, row.mean_standard_error)):
            assert (ours["estimate"], ours["standard_error"]) == pytest.approx(r, abs=1e-9)


def test_all_questions_together_equal_r(rows):
    expected = stored("index-expected.csv").iloc[0]
    ours = rows.loc[("*", "all")]
    assert (ours["estimate"], ours["standard_error"]) == pytest.approx(tuple(expected), abs=1e-9)


def test_lonely_strata_equal_r_but_for_kappa():
    # R's "adjust" lets a lonely stratum's z² stand for its variance (κ = 1). tilsyn multiplies by κ = c1/(c1-1), for
    # c1 lonely strata together have only c1 - 1 free deviations. So V is R's with "certainty" (which lets the lonely
    # ones vary not at all) plus κ times what "adjust" adds to that.
    counts, expected = stored("lonely-counts.csv"), stored("lonely-expected.csv")
    seen = set()
    for row in expected.itertuples():
        part = counts[counts["example"] == row.example]
        level = share(*(part[name] for name in ("population_size", "sample_size", "relevant", "compliant")))
        lonely = int((part["sample_size"] == 1).sum())
        kappa = lonely / (lonely - 1) if lonely > 1 else 1.0
        seen.add(lonely)
        assert float(level.estimate) == pytest.approx(row.estimate, abs=1e-12)
        assert float(level.variance) == pytest.approx(
            row.certainty + kappa * (row.adjust - row.certainty), abs=1e-12
        )
    assert seen == {1, 2, 3}


@pytest.fixture(scope="module")
def reread():
    cases = stored("twophase-cases.csv")
    return cases, cases[cases["reread"]].astype({"second": int})


def per_unit(cases, column):
    groups = cases.groupby("unit", sort=True)
    return groups["population_size"].first(), groups.size(), groups.size(), groups[column].sum()


def test_level_3_is_a_random_sample_of_the_frame(reread):
    cases, part = reread
    expected = stored("twophase-expected.csv").iloc[0]
    level_2, level_3 = share(*per_unit(cases, "first")), share(*per_unit(part, "second"))
    assert float(level_2.estimate) == pytest.approx(expected["level_2"], abs=1e-12)
    assert float(level_2.standard_error) == pytest.approx(expected["level_2_se"], abs=1e-12)
    assert float(level_3.estimate) == pytest.approx(expected["estimate"], abs=1e-12)
    assert float(level_3.standard_error) == pytest.approx(expected["one_phase_se"], abs=1e-12)


def test_two_phase_standard_errors_of_r(reread):
    # Phase 1 and phase 2 with the same s²: N²(1/n - 1/N)s² + N²(1/k - 1/n)s² = N²(1/k - 1/N)s², the one-phase variance.
    # R's "simple" puts another s² in phase 1: of the residuals blown up by n/k, around their mean, over n - 1.
    cases, part = reread
    expected = stored("twophase-expected.csv").iloc[0]
    total = variance = 0.0
    for unit, group in part.groupby("unit"):
        N, k, n = group["population_size"].iloc[0], len(group), int((cases["unit"] == unit).sum())
        z = group["second"] - expected["estimate"]
        second = z.var(ddof=1)
        first = ((z**2).sum() * n / k - n * z.mean() ** 2) / (n - 1)
        variance += N**2 * ((1 / n - 1 / N) * first + (1 / k - 1 / n) * second)
        total += N
    assert np.sqrt(variance) / total == pytest.approx(expected["two_phase_simple_se"], abs=1e-12)
    # "full" estimates each pair's chance for itself, and comes within a ten-thousandth.
    assert expected["two_phase_full_se"] == pytest.approx(expected["one_phase_se"], rel=2e-4)


def test_corrected_percentage_is_made_of_the_shares_r_finds(reread):
    cases, part = reread
    expected = stored("twophase-expected.csv").iloc[0]
    level_2 = share(*per_unit(cases, "first"))
    both = part.assign(
        a=(part["first"] == 1) & (part["second"] == 1),
        b=(part["first"] == 0) & (part["second"] == 1),
        c=(part["first"] == 1) & (part["second"] == 0),
        d=(part["first"] == 0) & (part["second"] == 0),
    ).groupby("unit")
    found = corrected_share(
        both[["a", "b", "c", "d"]].sum(),
        both["population_size"].first(),
        both.size(),
        float(level_2.estimate),
        float(level_2.n_eff),
    )
    assert (found.ppv, found.omission, found.estimate) == pytest.approx(
        tuple(expected[["ppv", "fom", "corrected"]]), abs=1e-12
    )


def test_readers_equal_r():
    for row in stored("readers-expected.csv").itertuples():
        table = [[row.both_yes, row.first_yes], [row.second_yes, row.both_no]]
        raw = agreement.raw_agreement(table)
        assert (raw.low, raw.high) == pytest.approx((row.low, row.high), abs=1e-9)
        assert agreement.shift(table).p_value == pytest.approx(row.mcnemar_p, abs=1e-9)


def test_slopes_equal_r():
    series, expected = stored("trend-series.csv"), stored("trend-expected.csv")
    for row in expected.itertuples():
        part = series[series["example"] == row.example]
        assert trend.slope(part["estimate"], part["n"], part["time"]).slope == pytest.approx(
            row.slope, abs=1e-12
        )
        assert trend.centre(part["estimate"], part["n"]) == pytest.approx(row.centre, abs=1e-12)


@pytest.mark.r
def test_r_still_prints_what_is_stored(tmp_path):
    assert rerun.differences(tmp_path, rerun.rerun(tmp_path)) == []


def test_a_difference_is_told(tmp_path):
    changed = stored("index-expected.csv")
    changed["estimate"] += 1e-6
    changed.to_csv(tmp_path / "index-expected.csv", index=False)
    (tmp_path / "new.csv").write_text("a\n1\n", "utf-8")
    found = rerun.differences(tmp_path, ["index-expected.csv", "new.csv"])
    assert len(found) == 2
    assert "not stored" in found[1]


def test_the_product_limit_equals_r():
    cases, expected = stored("survival-cases.csv"), stored("survival-expected.csv")
    for name, part in cases.groupby("sample"):
        found = kaplan_meier(part["took"], part["ended"])
        r = expected[expected["sample"] == name]
        assert found.times.tolist() == r["time"].tolist()
        assert found.at_risk.tolist() == r["at_risk"].tolist()
        assert found.ended.tolist() == r["ended"].tolist()
        assert found.open_share == pytest.approx(r["open_share"], abs=1e-12)
