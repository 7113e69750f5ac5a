"""The steps of a pooled row: its cases and their weights, the extra case, the equation, and the limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tilsyn.compliance.explained_step import ExplainedStep, plain
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.levels import Levels
from tilsyn.statistics.pooled import pooled_change, row_sum
from tilsyn.statistics.weighted_gamma import GammaSum


def pooled_steps(
    counts: Counts, level: Levels, names: Sequence[str] | None, confidence: float = 0.95
) -> tuple[list[ExplainedStep], pd.DataFrame]:
    """Steps from the cases to both limits, and the cases, those alike together; `names` is None for people.

    >>> from tilsyn.statistics.levels import levels
    >>> from tilsyn.statistics.weighted_gamma import AnsweredCases
    >>> counts = Counts.of_cases([50], [1], AnsweredCases.of(np.array([0]), np.array([3.0]), np.array([2.0])))
    >>> steps, cases = pooled_steps(counts, levels(counts), ["A"])
    >>> [(step.symbol, round(step.value, 6)) for step in steps]
    [('g', 49.5), ('r̄', 3.0), ('l', 0.017766), ('u', 0.991117)]
    """
    row = row_sum(counts)
    if row is None:
        return [], pd.DataFrame()
    low, high = float(level.low), float(level.high)
    cases = _cases(counts, row, low, high, names)
    if bool(level.census):
        return [ExplainedStep("l = u", "P", "", float(level.estimate), "census")], cases
    squares, total = plain(row.mean_answers * row.total_relevant), plain(row.total_relevant)
    steps = [
        ExplainedStep("g", "max w_h (1 − f_h/2)", "", row.heaviest, "heaviest_wrong"),
        ExplainedStep("r̄", "Σ w r² / Σ w r", f"{squares} / {total}", row.mean_answers, "extra_answers"),
    ]
    if row.offset_relevant:
        steps += [
            ExplainedStep("o_r", "Σ w r, f_h = 1", "", row.offset_relevant, "read_whole"),
            ExplainedStep("o_c", "Σ w c, f_h = 1", "", row.offset_compliant, "read_whole"),
        ]
    tail = (1 - confidence) / 2
    equation = "Pr(Σ a_i Γ_i + o_c − l o_r − l g r̄ Γ_0 ≤ 0) = α/2"
    note = "census_only" if bool(level.census_only) else "equation"
    return [
        *steps,
        _limit_step("l", equation, row, low, tail, low, note),
        _limit_step("u", equation.replace("l ", "(1 − u) "), row.failures, 1 - high, tail, high, "mirrored"),
    ], cases


def _limit_step(
    symbol: str, equation: str, row: GammaSum, limit: float, tail: float, value: float, note: str
) -> ExplainedStep:
    # Nothing compliant, or nothing that fails: the limit is the end of the scale.
    if limit == 0:
        return ExplainedStep(symbol, f"{value:g}", "", value, "end_of_scale")
    chance = plain(row.probability(limit), 6)
    return ExplainedStep(symbol, equation, f"Pr = {chance}; α/2 = {plain(tail)}", value, note)


def _cases(
    counts: Counts, row: GammaSum, low: float, high: float, names: Sequence[str] | None
) -> pd.DataFrame:
    # Kinds of cases with weight, shape and coefficient at the limits; of people only what was answered.
    answered = counts.answered.item().within(counts.sample_size > 0)
    kinds = pd.DataFrame({name: getattr(answered, name) for name in ("relevant", "compliant", "cases")})
    if names is None:
        return kinds.groupby(["relevant", "compliant"], as_index=False).sum()
    N, n = counts.population_size[answered.stratum], counts.sample_size[answered.stratum]
    f = n / N if row.finite_population else np.zeros_like(n)
    unread = np.where(f < 1, 1 - f, 1.0)
    r, c = answered.relevant, answered.compliant
    kinds.insert(0, "stratum", [names[at] for at in answered.stratum])
    return kinds.assign(
        weight=N / n * unread,
        # A stratum read whole has no chance in it: its answers stand in o_r and o_c.
        shape=np.where(f < 1, answered.cases / unread, np.inf),
        a_low=N / n * unread * (c - low * r),
        a_high=N / n * unread * (r - c - (1 - high) * r),
    )


def pooled_change_steps(
    now: tuple[float, float, float], before: tuple[float, float, float]
) -> tuple[ExplainedStep, ...]:
    """Steps of a change from estimate and limits at f = 0 of both sides.

    >>> [step.symbol for step in pooled_change_steps((0.98, 0.94, 0.99), (0.94, 0.90, 0.96))]
    ['l1', 'u1', 'l0', 'u0', 'd', 'L', 'U']
    """
    (P1, l1, u1), (P0, l0, u0) = now, before
    found = pooled_change(P1, (l1, u1), P0, (l0, u0))
    d = plain(float(found.change))
    down = f"{d} − √(({plain(P1)} − {plain(l1)})² + ({plain(u0)} − {plain(P0)})²)"
    up = f"{d} + √(({plain(u1)} − {plain(P1)})² + ({plain(P0)} − {plain(l0)})²)"
    return (
        ExplainedStep("l1", "l, f_h = 0", "", l1, "practice"),
        ExplainedStep("u1", "u, f_h = 0", "", u1),
        ExplainedStep("l0", "l, f_h = 0", "", l0),
        ExplainedStep("u0", "u, f_h = 0", "", u0),
        ExplainedStep("d", "P1 − P0", f"{plain(P1)} − {plain(P0)}", float(found.change)),
        ExplainedStep("L", "d − √((P1 − l1)² + (u0 − P0)²)", down, float(found.low), "recovered"),
        ExplainedStep("U", "d + √((u1 − P1)² + (P0 − l0)²)", up, float(found.high)),
    )
