"""What must hold for any counts: hypothesis searches for a table where it does not."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tilsyn.compliance.table import compliance_table
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics import change
from tilsyn.statistics.levels import share


@st.composite
def strata(draw, most=5):
    """N, n, m and x of one to `most` strata."""
    rows = []
    for _ in range(draw(st.integers(1, most))):
        x = draw(st.integers(0, 12))
        m = x + draw(st.integers(0, 6))
        n = m + draw(st.integers(0, 8))
        rows.append((n + draw(st.integers(0, 400)), n, m, x))
    N, n, m, x = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assume(m.sum() > 0)
    return N, n, m, x


@given(strata(), st.sampled_from([0.8, 0.95, 0.9973]))
def test_limits_hold_the_estimate(row, confidence):
    found = share(*row, confidence)
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.standard_error >= 0
    assert found.n_eff > 0
    assert 0 < found.n_eff_practice < np.inf


@given(strata(), st.randoms())
def test_the_order_of_strata_changes_no_figure(row, random):
    order = list(range(len(row[0])))
    random.shuffle(order)
    one, other = share(*row), share(*(column[order] for column in row))
    for name in ("estimate", "variance", "n_eff", "low", "high", "n_eff_practice"):
        a, b = float(getattr(one, name)), float(getattr(other, name))
        assert a == b or abs(a - b) <= 1e-9 * max(1, abs(a))


@given(strata())
def test_swapping_yes_and_no_mirrors_the_interval(row):
    N, n, m, x = row
    one, other = share(N, n, m, x), share(N, n, m, m - x)
    assert np.isclose(one.estimate, 1 - other.estimate, atol=1e-12)
    assert np.isclose(one.low, 1 - other.high, atol=1e-7)
    assert np.isclose(one.high, 1 - other.low, atol=1e-7)


@given(strata())
def test_a_census_has_no_standard_error_and_no_interval(row):
    _, n, m, x = row
    found = share(n, n, m, x)
    assert found.standard_error == 0
    assert found.low == found.estimate == found.high


@given(strata(), st.data())
def test_one_more_compliant_answer_never_lowers_p(row, data):
    N, n, m, x = row
    room = np.flatnonzero(x < n)
    assume(room.size)
    h = data.draw(st.sampled_from(room.tolist()))
    better = x.copy()
    better[h] += 1
    more = np.maximum(m, better)
    assert share(N, n, more, better).estimate >= share(N, n, m, x).estimate - 1e-12


@given(strata(most=1))
def test_one_stratum_is_a_simple_random_sample(row):
    N, n, m, x = row
    found = share(N, n, m, x)
    p = float(x[0] / m[0])
    assert np.isclose(found.estimate, p)
    assume(n[0] > 1)
    # The textbook variance of a ratio mean in a domain, z_i = (y_i - P) over the relevant, 0 elsewhere.
    z = np.r_[np.full(int(x[0]), 1 - p), np.full(int(m[0] - x[0]), -p), np.zeros(int(n[0] - m[0]))]
    expected = (1 - n[0] / N[0]) * z.var(ddof=1) / n[0] / (m[0] / n[0]) ** 2
    assert np.isclose(float(found.variance), expected, rtol=1e-9, atol=1e-15)


@given(strata(), strata(), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_interval_excludes_0_exactly_when_p_is_small(now, before, confidence):
    one, other = share(*now), share(*before)
    found = change.change(one.estimate, one.n_eff_practice, other.estimate, other.n_eff_practice, confidence)
    assume(np.isfinite(found.p_value) and abs(float(found.p_value) - (1 - confidence)) > 1e-9)
    assert (float(found.low) > 0 or float(found.high) < 0) == (float(found.p_value) < 1 - confidence)
    assert -1 <= found.low <= found.change <= found.high <= 1


@given(strata(), strata())
def test_a_change_the_other_way_round_is_its_mirror(now, before):
    one, other = share(*now), share(*before)
    there = change.change(one.estimate, one.n_eff_practice, other.estimate, other.n_eff_practice)
    back = change.change(other.estimate, other.n_eff_practice, one.estimate, one.n_eff_practice)
    assume(np.isfinite(there.p_value))
    assert np.isclose(there.change, -back.change, atol=1e-12)
    assert np.isclose(there.low, -back.high, atol=1e-6)
    assert np.isclose(there.p_value, back.p_value, atol=1e-9)


p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(p_values, st.sampled_from(["benjamini-hochberg", "holm"]))
def test_adjusted_p_values_are_monotone_and_never_smaller(p, method):
    q = change.adjust(p, method)
    assert np.all(q >= np.array(p) - 1e-15)
    assert np.all(q <= 1)
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(q[order]) >= 0)


@given(p_values)
def test_holm_is_never_below_benjamini_hochberg(p):
    assert np.all(change.adjust(p, "holm") >= change.adjust(p) - 1e-12)


answers = st.sampled_from(["ja", "nej", "nej (lovlig grund)", "ikke relevant"])


@st.composite
def rounds(draw):
    units = draw(st.integers(1, 3))
    sizes = draw(st.lists(st.integers(1, 6), min_size=units, max_size=units))
    cases = [(f"c{u}-{i}", f"u{u}") for u, size in enumerate(sizes) for i in range(size)]
    rows = [(case, q, draw(answers)) for case, _ in cases for q in ("Q1", "Q2", "Q3")]
    extra = draw(st.lists(st.integers(0, 50), min_size=units, max_size=units))
    table = pd.DataFrame(cases, columns=["case_id", "unit"]).assign(stratum=lambda t: t["unit"])
    of_units = pd.DataFrame({"unit": [f"u{u}" for u in range(units)]}).assign(
        stratum=lambda t: t["unit"], population_size=np.array(sizes) + np.array(extra)
    )
    return ReviewedSample(table, of_units, pd.DataFrame(rows, columns=["case_id", "question", "answer"]))


FIGURES = [
    "n_reviewed",
    "n_relevant",
    "n_compliant",
    "estimate",
    "standard_error",
    "low",
    "high",
    "change",
    "p_value",
]


def figures(now, before, names=None):
    rows = compliance_table(replace(now, questions=names), ["unit"], baseline=before)
    return rows.set_index(["question", "domain"]).sort_index()[FIGURES].astype(float)


@settings(max_examples=50)
@given(rounds(), rounds(), st.randoms())
def test_reordering_rows_changes_no_figure(now, before, random):
    def shuffled(table):
        order = list(range(len(table)))
        random.shuffle(order)
        return table.iloc[order].reset_index(drop=True)

    mixed = ReviewedSample(*(shuffled(table) for table in (now.cases, now.strata, now.answers)))
    pd.testing.assert_frame_equal(figures(now, before), figures(mixed, before), atol=1e-9, rtol=1e-9)


@settings(max_examples=50)
@given(rounds(), rounds())
def test_renaming_units_and_questions_changes_no_figure(now, before):
    units = {"u0": "Ørestad", "u1": "Amager", "u2": "Døgnvagten"}
    questions = {"Q1": "Z", "Q2": "A", "Q3": "M"}

    def renamed(side):
        return ReviewedSample(
            side.cases.assign(unit=side.cases["unit"].map(units), stratum=side.cases["stratum"].map(units)),
            side.strata.assign(
                unit=side.strata["unit"].map(units), stratum=side.strata["stratum"].map(units)
            ),
            side.answers.assign(question=side.answers["question"].map(questions)),
        )

    one = figures(now, before).reset_index()
    one["question"] = one["question"].replace(questions)
    one["domain"] = one["domain"].replace({f"unit={old}": f"unit={new}" for old, new in units.items()})
    other = figures(renamed(now), renamed(before))
    pd.testing.assert_frame_equal(
        one.set_index(["question", "domain"]).sort_index(), other, atol=1e-9, rtol=1e-9
    )
