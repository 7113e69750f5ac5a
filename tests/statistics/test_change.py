"""Changes: the acceptance values to six decimals, and the verdicts of a family."""

import numpy as np
import pytest

from tests.statistics.test_levels import N7, n7
from tilsyn.compliance.comparability import comparability
from tilsyn.statistics import change
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.levels import effective_sizes, share

E9 = share(N7, n7, n7, [18, 17, 20, 16, 19, 15, 4])
E10 = share(N7, n7, [8, 5, 9, 6, 10, 7, 0], [8, 4, 7, 6, 9, 4, 0])
E11 = share(N7, n7, n7, n7)
BEFORE = share(N7, n7, n7, [15, 16, 17, 13, 18, 12, 3])


def side(level):
    return float(level.estimate), float(level.n_eff_practice)


# D1 is printed with e0 = 116.673774, which is n_K of the baseline; its n_eff by the rule (a > n_K) is 116.198486.
D1_BEFORE = (float(BEFORE.estimate), 116.673774)

ACCEPTANCE = {
    "D1": (side(E9), D1_BEFORE, (0.117763, 0.016412, 0.219296, 2.268763, 0.023283)),
    "D2": (side(E11), side(E11), (0, -0.040633, 0.040633, 0, 1)),
    "D3": ((0.6, 20), (0.9, 20), (-0.3, -0.540587, -0.030466, -2.163331, 0.030516)),
    "D4": (side(E10), side(E9), (-0.039906, -0.192304, 0.075461, -0.624031, 0.532608)),
    "D5": (side(E11), side(E9), (0.133114, 0.082669, 0.207383, 3.612491, 0.000303)),
    "D6": ((0, 5), (1, 5), (-1, -1, -0.401710, -3, 0.002700)),
    "D6 turned": ((1, 5), (0, 5), (1, 0.401710, 1, 3, 0.002700)),
}


@pytest.mark.parametrize("name", ACCEPTANCE)
def test_acceptance_value(name):
    (p1, e1), (p0, e0), expected = ACCEPTANCE[name]
    found = change.change(p1, e1, p0, e0)
    values = (found.change, found.low, found.high, found.z, found.p_value)
    assert [float(v) for v in values] == pytest.approx(expected, abs=6e-7)
    assert float(change.difference_p_value(p1, e1, p0, e0)) == pytest.approx(float(found.p_value), abs=1e-12)


def test_the_baseline_of_d1():
    assert float(BEFORE.estimate) == pytest.approx(0.749123, abs=5e-7)
    practice = effective_sizes(
        Counts.of_question(N7, n7, n7, [15, 16, 17, 13, 18, 12, 3]),
        BEFORE.estimate,
        finite_population=False,
    )
    assert float(practice.n_kish) == pytest.approx(116.673774, abs=5e-7)
    # a > n_K, so n_eff runs from n_K towards n_W, as in E18 and E19.
    n_K, n_W, a = (float(v) for v in (practice.n_kish, practice.n_heaviest, practice.a))
    assert a > n_K
    assert float(practice.n_eff) == pytest.approx(n_W + (n_K - n_W) * n_K / a)


def test_a_missing_side_gives_no_comparison():
    found = change.change([0.5, np.nan, 0.5], [20, 20, 20], [np.nan, 0.5, 0.5], [20, 20, np.nan])
    assert all(np.isnan(v).all() for v in (found.change, found.low, found.high, found.p_value))


@pytest.mark.parametrize(
    ("e1", "e0", "known"),
    [
        (0, 20, False),
        (20, 0, False),
        (0.5, 0.5, False),
        (0.6, 0.6, True),
        (1, 1, True),
        (1, 20, True),
        (20, 1, True),
    ],
)
def test_a_comparison_takes_more_than_one_case_and_some_on_both_sides(e1, e0, known):
    found = change.change(0.5, e1, 0.6, e0)
    assert np.isfinite([found.change, found.low, found.high, found.p_value]).tolist() == [known] * 4


def test_an_interval_reaches_the_end_of_the_scale():
    assert change.change(0, 5, 1, 5).low == -1
    assert change.change(1, 5, 0, 5).high == 1


def test_shares_that_differ_by_the_last_digits_of_their_arithmetic_are_the_same():
    assert 0.1 + 0.2 != 0.3
    found = change.change(0.1 + 0.2, 20, 0.3, 20)
    assert (found.change, found.z, found.p_value) == (0, 0, 1)
    assert change.difference_p_value(0.1 + 0.2, 20, 0.3, 20) == 1


def test_the_constrained_shares_maximise_the_likelihood():
    x1, e1, x0, e0, delta = 12.0, 20.0, 18.0, 20.0, -0.1
    after, before = change.constrained_shares(*(np.asarray(v) for v in (delta, x1 / e1, e1, x0 / e0, e0)))
    assert float(after - before) == pytest.approx(delta)
    p0 = np.linspace(0.1001, 0.9999, 200_001)
    p1 = p0 + delta
    likelihood = x1 * np.log(p1) + (e1 - x1) * np.log(1 - p1) + x0 * np.log(p0) + (e0 - x0) * np.log(1 - p0)
    assert float(before) == pytest.approx(p0[likelihood.argmax()], abs=1e-5)


@pytest.mark.parametrize(
    ("delta", "p1", "e1", "p0", "e0"),
    [
        # What comes out of the cubic is outside by its last digits: either share, at either end.
        (-0.8199195177432479, 0.0, 5.0, 0.9, 9.0),
        (0.1936603923814204, 1.0, 0.7, 0.77, 3.0),
        (0.05025926087196364, 1.0, 2.0, 0.0, 40.0),
        (-0.1508956532469723, 0.3, 0.7, 1.0, 3.0),
    ],
)
def test_constrained_shares_are_shares(delta, p1, e1, p0, e0):
    shares = change.constrained_shares(*(np.asarray(v) for v in (delta, p1, e1, p0, e0)))
    assert all(0 <= share <= 1 for share in shares)


P15 = (0.001, 0.0035, 0.008, 0.012, 0.021, 0.03, 0.041, 0.06, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9, 1)


def test_benjamini_hochberg_of_fifteen():
    q = change.adjust(P15)
    expected = [
        0.015,
        0.02625,
        0.04,
        0.045,
        0.063,
        0.075,
        0.087857,
        0.1125,
        0.166667,
        0.3,
        0.477273,
        0.625,
        0.807692,
        0.964286,
        1,
    ]
    assert q == pytest.approx(expected, abs=5e-7)
    assert (q <= 0.05).sum() == 4


def test_holm_of_fifteen():
    q = change.adjust(P15, "holm")
    assert q[:3] == pytest.approx([0.015, 0.049, 0.104])
    assert (q <= 0.05).sum() == 2


def test_what_has_no_p_value_is_no_part_of_the_family():
    assert change.adjust([0.02, np.nan, 0.04]).tolist() == pytest.approx([0.04, np.nan, 0.04], nan_ok=True)
    assert change.adjust([np.nan]).tolist() == pytest.approx([np.nan], nan_ok=True)


def test_an_unknown_adjustment_is_refused():
    with pytest.raises(ValueError, match=r"^unknown adjustment 'bonferroni': benjamini-hochberg or holm$"):
        change.adjust([0.1], "bonferroni")


@pytest.mark.parametrize(
    ("p_adjusted", "difference", "verdict"),
    [
        (0.05, 0.1, "fremgang"),
        (0.05, -0.1, "tilbagegang"),
        (0.0, 1.0, "fremgang"),
        (0.0501, 0.1, "ingen sikker ændring"),
        (0.01, 0.0, "ingen sikker ændring"),
        (np.nan, 0.1, None),
        (0.01, np.nan, None),
    ],
)
def test_a_verdict_is_given_at_five_per_cent_and_by_the_sign_of_the_change(p_adjusted, difference, verdict):
    assert change.verdicts([p_adjusted], [difference]) == [verdict]


@pytest.mark.parametrize(
    ("rule", "now", "before", "expected"),
    [
        ("no", {"serviceloven"}, {"serviceloven"}, "yes"),
        ("no", {"barnets-lov"}, {"serviceloven"}, "no"),
        ("partly", {"barnets-lov", "serviceloven"}, {"serviceloven"}, "partly"),
        ("yes", {"barnets-lov"}, {"serviceloven"}, "yes"),
        ("no", set(), {"serviceloven"}, "yes"),
    ],
)
def test_comparability_is_a_matter_of_the_law_on_both_sides(rule, now, before, expected):
    assert comparability(rule, now, before) == expected
