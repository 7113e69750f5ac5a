"""The steps of one level, from counts per stratum to its interval, each with its formula and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tilsyn.compliance.explained_pooled import pooled_steps
from tilsyn.compliance.explained_step import ExplainedStep, plain
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.intervals import beta_limits
from tilsyn.statistics.levels import NO_VARIANCE, Levels, levels, practice_limits

# Under so many persons read alike, what was read of them is shown together with that of others.
FEWEST_PEOPLE = 3


@dataclass(frozen=True)
class Reckoning:
    """One side: its strata, or where a stratum is a person the groups read alike, and its steps.

    `cases` has those of a pooled row: relevant, compliant (answers per case), cases (how many are alike), and
    where strata are named stratum, weight, shape, a_low, a_high (coefficients at the limits). `practice` are
    the limits at f = 0.
    """

    strata: pd.DataFrame
    steps: tuple[ExplainedStep, ...]
    level: Levels
    practice: tuple[float, float]
    cases: pd.DataFrame | None = None


def reckon(
    counts: Counts, names: Sequence[str], confidence: float = 0.95, name_strata: bool = True
) -> Reckoning:
    """Steps of one level: the counts of one row, arrays over its strata, which have these names.

    >>> found = reckon(Counts.of_question([500, 600], [20, 20], [7, 9], [6, 9]), ["A", "B"])
    >>> found.strata["w"].tolist()
    [25.0, 30.0]
    """
    level = levels(counts, confidence)
    parts = _parts(counts, level, names)
    strata = parts if name_strata else _people(parts)
    pooled = bool(counts.pooled)
    low, high = practice_limits(counts, level, confidence)
    at_practice = (float(low), float(high))
    if level.n_relevant == 0:
        return Reckoning(strata, (ExplainedStep("M", "Σ m_h", "", 0.0, "none"),), level, at_practice)
    steps = _ratio_steps(parts, name_strata, counts, level)
    if pooled:
        more, cases = pooled_steps(counts, level, names if name_strata else None, confidence)
        return Reckoning(strata, (*steps, *more), level, at_practice, cases)
    steps += _size_steps(level)
    if bool(level.census):
        steps.append(ExplainedStep("l = u", "P", "", float(level.estimate), "census"))
    else:
        steps += _limit_steps(level, confidence)
    return Reckoning(strata, tuple(steps), level, at_practice)


def _parts(counts: Counts, level: Levels, names: Sequence[str]) -> pd.DataFrame:
    # The row's strata that were read, with everything V is made of.
    P = float(np.nan_to_num(level.estimate))
    finite = level.finite
    table = pd.DataFrame(
        {
            "stratum": list(names),
            "N": counts.population_size,
            "n": counts.sample_size,
            "m": counts.relevant,
            "x": counts.compliant,
            "w": finite.weight,
            "f": finite.fraction,
            "cases": counts.relevant_cases,
            "s1": counts.compliant - counts.relevant * P,
            "s2": counts.compliant_squared
            - 2 * P * counts.relevant_compliant
            + P**2 * counts.relevant_squared,
            "S2": finite.spread,
            "part": finite.parts,
        }
    )
    if bool(counts.pooled):
        # Several answers a case: s2_h = cc − 2 P rc + P² rr, sums over the stratum's cases.
        table = table.assign(
            rr=counts.relevant_squared, rc=counts.relevant_compliant, cc=counts.compliant_squared
        )
    return table[table["n"] > 0].reset_index(drop=True)


def _people(parts: pd.DataFrame) -> pd.DataFrame:
    """Where a stratum is a person: those read alike together, the few of a kind as one, and sums of each.

    A person's number of cases would give the person away, so it stands in no line; nor does what was read of
    fewer than `FEWEST_PEOPLE`.
    """
    alike = [name for name in ("n", "m", "x", "cases", "rr", "rc", "cc", "S2") if name in parts]
    w, f = parts["w"], parts["f"]
    sums = parts.assign(
        strata=1,
        wm=w * parts["m"],
        wx=w * parts["x"],
        w2m=w**2 * parts["cases"],
        w2m_finite=(1 - f) * w**2 * parts["cases"],
        V_parts=parts["N"] * w * parts["S2"],
    )
    added = ["strata", "wm", "wx", "w2m", "w2m_finite", "V_parts", "part"]
    groups = sums.groupby(alike, sort=True, as_index=False)[added].sum()
    groups = groups.sort_values("strata", ascending=False, kind="stable").reset_index(drop=True)
    shown = int((groups["strata"] >= FEWEST_PEOPLE).sum())
    while 0 < groups["strata"][shown:].sum() < FEWEST_PEOPLE and shown:
        shown -= 1
    rest = groups[shown:]
    if len(rest):
        others = rest[added].sum().to_frame().T
        groups = pd.concat([groups[:shown], others], ignore_index=True)
    return groups.assign(strata=groups["strata"].astype(int))[["strata", *alike, *added[1:]]]


def _ratio_steps(
    parts: pd.DataFrame, name_strata: bool, counts: Counts, level: Levels
) -> list[ExplainedStep]:
    finite = level.finite
    R, V = float(finite.weighted_relevant), float(finite.variance)
    pooled = bool(counts.pooled)
    right = f"{plain(float(level.weighted_compliant))} / {plain(R)}"
    steps = [
        ExplainedStep("R̂", "Σ w_h m_h", _sum(parts, "w", "m") if name_strata else "", R),
        ExplainedStep("P", "Σ w_h x_h / R̂", right, float(level.estimate)),
        ExplainedStep("M", "Σ m*_h" if pooled else "Σ m_h", "", float(level.n_cases)),
    ]
    if finite.lonely:
        numbers = f"c1 = {int(finite.lonely)}"
        steps.append(ExplainedStep("κ", "c1 / (c1 − 1)", numbers, float(finite.kappa), "kappa"))
    numbers = f"{plain(float(finite.parts.sum()))} / {plain(R)}²"
    note = "index" if pooled else ""
    return [
        *steps,
        ExplainedStep("V", "Σ N_h² (1 − f_h) S²_h / n_h / R̂²", numbers, V, note),
        ExplainedStep("SE", "√V", f"√{plain(V)}", float(level.standard_error)),
    ]


def _size_steps(level: Levels) -> list[ExplainedStep]:
    used = level.practice if level.census_only else level.finite
    V, P, M = float(used.variance), float(level.estimate), float(level.n_relevant)
    n_K, n_W, a = float(used.n_kish), float(used.n_heaviest), float(used.a)
    n_eff = float(used.n_eff)
    R = plain(float(used.weighted_cases))
    squares, heaviest = plain(float(used.weighted_squares)), plain(float(used.heaviest))
    note = "census_only" if level.census_only else ""
    steps = [
        ExplainedStep("n_K", "R̂² / Σ (1 − f_h) w_h² m_h", f"{R}² / {squares}", n_K, note),
        ExplainedStep("n_W", "min(n_K, R̂ / max (1 − f_h/2) w_h)", f"{R} / {heaviest}", n_W, "heaviest"),
    ]
    if V <= NO_VARIANCE:
        return [*steps, ExplainedStep("n_eff", "n_W", "V = 0", n_eff, "pure")]
    numbers = f"{plain(P)} · {plain(1 - P)} / {plain(V)} · {plain(M)} / {plain(M - 1)}"
    steps.append(ExplainedStep("a", "P (1 − P) / V · M / (M − 1)", numbers, a))
    if a <= n_K:
        return [*steps, ExplainedStep("n_eff", "a", "a ≤ n_K", n_eff)]
    numbers = f"{plain(n_W)} + ({plain(n_K)} − {plain(n_W)}) · {plain(n_K)} / {plain(a)}"
    return [*steps, ExplainedStep("n_eff", "n_W + (n_K − n_W) n_K / a", numbers, n_eff, "beyond")]


def _limit_steps(level: Levels, confidence: float) -> list[ExplainedStep]:
    found = beta_limits(level.estimate, level.n_eff, level.n_heaviest, confidence)
    tail = (1 - confidence) / 2
    n_eff, P = plain(float(level.n_eff)), plain(float(level.estimate))
    x, y = float(found.x), float(found.y)
    lower = ("Beta⁻¹(α/2; x, y + 1)", f"Beta⁻¹({plain(tail)}; {plain(x)}, {plain(y + 1)})")
    upper = ("Beta⁻¹(1 − α/2; x + 1, y)", f"Beta⁻¹({plain(1 - tail)}; {plain(x + 1)}, {plain(y)})")
    if found.low == 0:
        lower = ("0", "x = 0")
    if found.high == 1:
        upper = ("1", "y = 0")
    bound = f"{plain(tail)}^(1/{plain(float(level.n_heaviest))})"
    return [
        ExplainedStep("x", "n_eff · P", f"{n_eff} · {P}", x),
        ExplainedStep("y", "n_eff − x", f"{n_eff} − {plain(x)}", y),
        ExplainedStep("β_l", *lower, float(found.low)),
        ExplainedStep("b", "(α/2)^(1/n_W)", bound, float(found.bound)),
        ExplainedStep("l", "min(β_l, b)", "", float(level.low)),
        ExplainedStep("β_u", *upper, float(found.high)),
        ExplainedStep("u", "max(β_u, 1 − b)", "", float(level.high)),
    ]


def _sum(strata: pd.DataFrame, *names: str) -> str:
    if len(strata) > 12:
        return ""
    return " + ".join(
        " · ".join(plain(float(v)) for v in values) for values in strata[[*names]].itertuples(index=False)
    )
