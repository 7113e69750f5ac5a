"""Section 1 of the formulas row by row, in plain Python: what the vectorised estimation is measured against."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy.special import betaincinv


def level(
    population: Sequence[int],
    reviewed: Sequence[int],
    relevant: Sequence[int],
    compliant: Sequence[int],
    confidence: float = 0.95,
) -> tuple[float, float, float, float, float] | None:
    """P, V, n_eff, low and high of one row, from lists over the strata that take part."""
    strata = [s for s in zip(population, reviewed, relevant, compliant, strict=True) if s[1] > 0]
    M = sum(m for _, _, m, _ in strata)
    if M == 0:
        return None
    R = sum(N / n * m for N, n, m, _ in strata)
    P = sum(N / n * x for N, n, _, x in strata) / R
    lonely = sum(1 for N, n, _, _ in strata if n == 1 < N)
    kappa = lonely / (lonely - 1) if lonely > 1 else 1.0
    V = kish = heaviest = 0.0
    for N, n, m, x in strata:
        f, w = n / N, N / n
        s1, s2 = x - m * P, x * (1 - P) ** 2 + (m - x) * P**2
        spread = (s2 - s1**2 / n) / (n - 1) if n >= 2 else kappa * s2
        V += N**2 * (1 - f) * spread / n / R**2
        kish += (1 - f) * w**2 * m
        if m > 0 and f < 1:
            heaviest = max(heaviest, (1 - f / 2) * w)
    if kish == 0:
        return P, V, math.inf, P, P
    n_kish = R**2 / kish
    n_heaviest = min(n_kish, R / heaviest)
    if V <= 1e-12 or M == 1:
        n_eff = n_heaviest
    else:
        a = P * (1 - P) / V * M / (M - 1)
        n_eff = a if a <= n_kish else n_heaviest + (n_kish - n_heaviest) * n_kish / a
    tail = (1 - confidence) / 2
    yes, no = n_eff * P, n_eff * (1 - P)
    low = 0.0 if yes < 1e-9 else float(betaincinv(yes, no + 1, tail))
    high = 1.0 if no < 1e-9 else float(betaincinv(yes + 1, no, 1 - tail))
    bound = tail ** (1 / n_heaviest)
    return P, V, n_eff, min(low, bound), max(high, 1 - bound)
