"""A second implementation of the level, case by case in plain Python, against the table on random designs."""

import math
import random

import pandas as pd
import pytest
from scipy.special import betaincinv

from tests.statistics import plain_gamma
from tilsyn.compliance.table import compliance_table
from tilsyn.reviews.sample import ReviewedSample

ANSWERS = ["ja", "nej", "nej (lovlig grund)", "ikke relevant"]


def level(strata, pooled):
    """P, V, n_eff, low, high, n_eff at f = 0; `strata` is N and a list of (r, c) per reviewed case.

    The limits of a pooled row are left to `pooled_limits_hold`.
    """
    strata = [(N, cases) for N, cases in strata if cases]
    weight = [N / len(cases) for N, cases in strata]
    R = sum(w * r for w, (_, cases) in zip(weight, strata, strict=True) for r, _ in cases)
    if R == 0:
        return None
    P = sum(w * c for w, (_, cases) in zip(weight, strata, strict=True) for _, c in cases) / R
    M = sum(r for _, cases in strata for r, _ in cases)
    lonely = sum(1 for N, cases in strata if len(cases) == 1 < N)
    kappa = lonely / (lonely - 1) if lonely > 1 else 1

    def sizes(finite):
        V = kish = heaviest = R_cases = 0.0
        for w, (N, cases) in zip(weight, strata, strict=True):
            n = len(cases)
            f = n / N if finite else 0
            z = [c - P * r for r, c in cases]
            mean = sum(z) / n
            S2 = sum((v - mean) ** 2 for v in z) / (n - 1) if n > 1 else kappa * z[0] ** 2
            V += N**2 * (1 - f) * S2 / n / R**2
            m = sum(1 for r, _ in cases if r)
            R_cases += w * m
            kish += (1 - f) * w**2 * m
            if m and f < 1:
                heaviest = max(heaviest, (1 - f / 2) * w)
        n_K = R_cases**2 / kish if kish else math.inf
        n_W = min(n_K, R_cases / heaviest if heaviest else math.inf)
        if V <= 1e-12:
            return V, n_W, n_W
        if pooled:
            return V, math.nan, math.nan
        a = P * (1 - P) / V * M / (M - 1)
        return V, n_W, a if a <= n_K else n_W + (n_K - n_W) * n_K / a

    V, n_W, n_eff = sizes(finite=True)
    _, n_W0, n_eff0 = sizes(finite=False)
    if pooled:
        return P, V, math.nan, math.nan, math.nan, math.nan
    if all(len(cases) == N for N, cases in strata):
        return P, V, n_eff, P, P, n_eff0
    if math.isinf(n_eff):
        n_eff, n_W = n_eff0, n_W0
    x, y = n_eff * P, n_eff * (1 - P)
    low = min(float(betaincinv(x, y + 1, 0.025)) if x >= 1e-9 else 0.0, 0.025 ** (1 / n_W))
    high = max(float(betaincinv(x + 1, y, 0.975)) if y >= 1e-9 else 1.0, 1 - 0.025 ** (1 / n_W))
    return P, V, n_eff, low, high, n_eff0


def pooled_limits_hold(row, strata, P):
    """The limits of a pooled row are where the chance of the second implementation passes 2.5 %."""
    sampled = [any(r for r, _ in cases) for N, cases in strata if len(cases) < N]
    if all(len(cases) == N for N, cases in strata if cases):
        assert row["low"] == row["high"] == pytest.approx(P)
        return
    finite = any(sampled)
    for limit, side in ((row["low"], strata), (1 - row["high"], plain_gamma.failures(strata))):
        if not any(c for _, cases in side for _, c in cases):
            assert limit == 0
            continue
        assert plain_gamma.chance(side, limit - 1e-7, finite) < 0.025
        assert plain_gamma.chance(side, limit + 1e-7, finite) > 0.025


def design(seed):
    """Units of many kinds: read once, read whole, not read at all; three questions, two case types."""
    chance = random.Random(seed)
    units, cases = {}, []
    for u in range(chance.randint(1, 8)):
        n = chance.choice([0, 1, 1, 2, 5, 20])
        units[f"u{u}"] = n if n and chance.random() < 0.2 else n + chance.randint(1, 900)
        weights = [chance.random() for _ in ANSWERS]
        for i in range(n):
            given = {q: chance.choices(ANSWERS, weights)[0] for q in ("Q1", "Q2", "Q3")}
            cases.append((f"u{u}-{i}", f"u{u}", chance.choice(["x", "y"]), given))
    return units, cases


@pytest.mark.parametrize("seed", range(60))
def test_table_equals_the_second_implementation(seed):
    units, cases = design(seed)
    table = pd.DataFrame([c[:3] for c in cases], columns=["case_id", "unit", "case_type"]).assign(
        stratum=lambda t: t["unit"]
    )
    strata = pd.DataFrame(
        {"stratum": list(units), "unit": list(units), "population_size": list(units.values())}
    )
    said = pd.DataFrame(
        [(c[0], q, a) for c in cases for q, a in c[3].items()], columns=["case_id", "question", "answer"]
    )
    sample = ReviewedSample(table, strata, said, {"Q1": "t", "Q2": "t"})
    rows = compliance_table(sample, ["unit", "case_type"])
    for row in rows.to_dict("records"):
        question, domain = row["question"], row["domain"]
        asked = {"theme:t": ("Q1", "Q2")}.get(
            question, (question,) if question.startswith("Q") else ("Q1", "Q2", "Q3")
        )

        def score(case, asked=asked, question=question, domain=domain):
            if domain not in ("all", f"unit={case[1]}", f"case_type={case[2]}"):
                return 0, 0
            answers = [case[3][q] for q in asked if case[3][q] != "ikke relevant"]
            right = sum(answer != "nej" for answer in answers)
            if question == "uden_fejl":
                return int(bool(answers)), int(bool(answers) and right == len(answers))
            return len(answers), right

        parts = [
            (N, [score(case) for case in cases if case[1] == unit])
            for unit, N in units.items()
            if not domain.startswith("unit=") or domain == f"unit={unit}"
        ]
        expected = level(parts, pooled=question in ("*", "theme:t"))
        if expected is None:
            assert all(math.isnan(row[name]) for name in ("estimate", "standard_error", "low", "high")), row
            continue
        P, V, n_eff, low, high, n_eff0 = expected
        if question in ("*", "theme:t"):
            pooled_limits_hold(row, parts, P)
            low, high = row["low"], row["high"]
        found = [
            row[name] for name in ("estimate", "standard_error", "n_eff", "low", "high", "n_eff_practice")
        ]
        assert found == pytest.approx(
            [P, math.sqrt(V), n_eff, low, high, n_eff0], rel=1e-8, abs=1e-9, nan_ok=True
        ), (
            question,
            domain,
        )
