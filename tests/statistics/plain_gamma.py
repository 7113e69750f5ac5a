"""The weighted-gamma interval a second time: case by case, no grouping, one fine grid on the real line.

Written from the method text alone, as the oracle of `weighted_gamma`.
"""

from collections.abc import Sequence

import numpy as np

# N of a stratum, and relevant and compliant answers of each case read.
Strata = Sequence[tuple[int, Sequence[tuple[int, int]]]]

STEP = 0.01


def chance(strata: Strata, limit: float, finite: bool = True) -> float:
    """Pr(sum <= 0) at a limit that is tried; `strata` is N and a list of (relevant, compliant) per stratum."""
    coefficients, shapes, offset, g = [], [], 0.0, 0.0
    squares = total = 0.0
    for N, cases in strata:
        if not cases:
            continue
        w = N / len(cases)
        f = len(cases) / N if finite else 0.0
        for r, c in cases:
            if r == 0:
                continue
            squares, total = squares + w * r * r, total + w * r
            if f < 1:
                g = max(g, w * (1 - f / 2))
                coefficients.append(w * (1 - f) * (c - limit * r))
                shapes.append(1 / (1 - f))
            else:
                offset += w * (c - limit * r)
    a = np.array([*coefficients, -limit * g * squares / total])
    k = np.array([*shapes, 1.0])
    a, k = a[a != 0], k[a != 0]
    scale = float(np.sqrt((k * a**2).sum()))
    a, offset = a / scale, offset / scale
    start = np.log(1e-7)
    values = []
    for first in range(0, 8000, 200):
        t = np.exp(start + STEP * np.arange(first, first + 200))[:, None]
        modulus = np.exp(-(k / 2 * np.log1p((a * t) ** 2)).sum(axis=1))
        if modulus.max() < 1e-14:
            break
        values.append(modulus * np.sin((k * np.arctan(a * t)).sum(axis=1) + offset * t[:, 0]))
    together = np.concatenate(values)
    below = ((k * a).sum() + offset) * 1e-7
    return 0.5 - float(STEP * (together.sum() - together[0] / 2) + below) / float(np.pi)


def lower(strata: Strata, tail: float = 0.025, finite: bool = True) -> float:
    """The lower limit by bisection."""
    if not any(c for _, cases in strata for _, c in cases):
        return 0.0
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if chance(strata, middle, finite) < tail else (low, middle)
    return low


def failures(strata: Strata) -> Strata:
    """The same cases with their failures in place of what is compliant."""
    return [(N, [(r, r - c) for r, c in cases]) for N, cases in strata]


def limits(strata: Strata, tail: float = 0.025, finite: bool = True) -> tuple[float, float]:
    """Both limits of one pooled row."""
    return lower(strata, tail, finite), 1 - lower(failures(strata), tail, finite)
