"""A figure explained: strata, weights and counts, and each step down to its interval and its verdict.

Every step has its formula in the symbols of docs/methods.md and the numbers that go into it, so that a
statistician can follow it with a calculator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from tilsyn.compliance.baseline import Baseline
from tilsyn.compliance.corrections import Reread, by_question
from tilsyn.compliance.explained_correction import correction_steps
from tilsyn.compliance.explained_level import Reckoning, reckon
from tilsyn.compliance.explained_pooled import pooled_change_steps
from tilsyn.compliance.explained_step import ExplainedStep, plain
from tilsyn.compliance.method import USUAL, Method
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import change, constrained_shares, variance_under


@dataclass(frozen=True)
class Explanation:
    """A row of the table explained; `before` and `change` are there when it has a baseline.

    `reread` and the steps `corrected` are there when it has a corrected percentage, or could have had.
    """

    question: str
    domain: str
    now: Reckoning
    before: Reckoning | None
    change: tuple[ExplainedStep, ...]
    reread: Reread | None = None
    corrected: tuple[ExplainedStep, ...] = ()


def explain(
    now: ReviewedSample,
    question: str,
    rows: pd.DataFrame,
    method: Method = USUAL,
    *,
    domain: str = ALL_CASES,
    by: Sequence[str] = (),
    baseline: Baseline | None = None,
    first_reading: ReviewedSample | None = None,
) -> Explanation:
    """The steps from counts to interval, to the verdict and to the corrected percentage, of one row.

    `rows` is what `compliance_table` gave for the same input: the family and the verdicts. Where a stratum is
    a person, those read alike are put together and not named. A row that is not there is a KeyError.

    >>> from tilsyn.compliance.table import compliance_table
    >>> cases = pd.DataFrame({"case_id": list("abcd"), "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [80]})
    >>> answers = pd.DataFrame({"case_id": list("abcd"), "question": "Q1", "answer": ["ja"] * 3 + ["nej"]})
    >>> sample = ReviewedSample(cases, strata, answers)
    >>> found = explain(sample, "Q1", compliance_table(sample))
    >>> [(step.symbol, round(step.value, 4)) for step in found.now.steps[:3]]
    [('R̂', 80.0), ('P', 0.75), ('M', 4.0)]
    """
    here = rows[(rows["question"] == question) & (rows["domain"] == domain)]
    if here.empty:
        raise KeyError(question)
    mine = _reckon_row(now, question, domain, by, method.confidence)
    row = here.iloc[0]
    reread = None
    if first_reading is not None and domain == ALL_CASES:
        reread = by_question(first_reading, now, method.confidence).get(question)
    corrected = () if reread is None else correction_steps(reread, method.confidence)
    if mine is None or baseline is None or not np.isfinite(float(row["change"])):
        return Explanation(question, domain, _known(mine), None, (), reread, corrected)
    before = None
    if isinstance(baseline, ReviewedSample):
        before = _known(_reckon_row(baseline, question, domain, by, method.confidence))
        if mine.cases is not None or before.cases is not None:
            of_limits = (_estimate_and_limits(side) for side in (mine, before))
            steps = pooled_change_steps(*of_limits)
            return Explanation(question, domain, mine, before, steps, reread, corrected)
        sides = (float(row["baseline_estimate"]), float(before.level.n_eff_practice))
    else:
        sides = (float(row["baseline_estimate"]), float(row["baseline_n_relevant"]))
    steps = _change_steps(mine, before, sides, rows, row, method)
    return Explanation(question, domain, mine, before, steps, reread, corrected)


def _known(reckoning: Reckoning | None) -> Reckoning:
    if reckoning is None:
        raise KeyError("no such row")
    return reckoning


def _estimate_and_limits(side: Reckoning) -> tuple[float, float, float]:
    return float(side.level.estimate), *side.practice


def _reckon_row(
    side: ReviewedSample, question: str, domain: str, by: Sequence[str], confidence: float
) -> Reckoning | None:
    counted = tally(side, Scheme.of(side), [column for column in by if column in side.cases])
    at = np.flatnonzero((counted.rows["question"] == question) & (counted.rows["domain"] == domain))
    if at.size == 0:
        return None
    names = side.strata["stratum"].astype(str).tolist()
    return reckon(counted.counts.only(int(at[0])), names, confidence, side.name_strata)


def _change_steps(
    mine: Reckoning,
    before: Reckoning | None,
    baseline: tuple[float, float],
    rows: pd.DataFrame,
    row: pd.Series[float],
    method: Method,
) -> tuple[ExplainedStep, ...]:
    P1, e1 = float(mine.level.estimate), float(mine.level.n_eff_practice)
    P0, e0 = baseline
    found = change(P1, e1, P0, e0, method.confidence)
    sides = tuple(np.asarray(v) for v in (P1, e1, P0, e0))
    pooled, factor, null = float(found.pooled), float(found.factor), float(found.null_variance)
    d, ends = float(found.change), f"{plain(e1)} + {plain(e0)}"
    weighted = f"({plain(e1)} · {plain(P1)} + {plain(e0)} · {plain(P0)}) / ({ends})"
    spread = f"{plain(factor)} · {plain(pooled)} · {plain(1 - pooled)} · (1/{plain(e1)} + 1/{plain(e0)})"
    steps = [
        ExplainedStep("e1", "n_eff, f_h = 0", _sizes(mine), e1, "practice"),
        ExplainedStep("e0", "n_eff, f_h = 0", _sizes(before), e0, "" if before else "published"),
        ExplainedStep("d", "P1 − P0", f"{plain(P1)} − {plain(P0)}", d),
        ExplainedStep("c", "(e1 + e0) / (e1 + e0 − 1)", f"({ends}) / ({ends} − 1)", factor),
        ExplainedStep("p̃", "(e1 P1 + e0 P0) / (e1 + e0)", weighted, pooled),
        ExplainedStep("Var(0)", "c p̃ (1 − p̃) (1/e1 + 1/e0)", spread, null),
        ExplainedStep(
            "z",
            "d / √Var(0)",
            f"{plain(d)} / √{plain(null)}" if d else "",
            float(found.z),
            "" if d else "same",
        ),
        ExplainedStep(
            "p", "2 (1 − Φ(|z|))", f"2 · (1 − Φ({plain(abs(float(found.z)))}))", float(found.p_value)
        ),
    ]
    z = float(ndtri(0.5 + method.confidence / 2))
    for symbol, limit in (("L", float(found.low)), ("U", float(found.high))):
        delta = np.asarray(limit)
        after, base = (plain(float(share)) for share in constrained_shares(delta, *sides))
        tried = plain(limit) if limit >= 0 else f"({plain(limit)})"
        squared = f"({plain(d)} − {tried})²"
        var = plain(float(variance_under(delta, *sides)))
        numbers = f"{squared} ≤ {plain(z**2)} · {var}; p̃1 = {after}; p̃0 = {base}"
        steps.append(ExplainedStep(symbol, "(d − δ)² ≤ z² Var(δ)", numbers, limit))
    if np.isfinite(float(row["p_adjusted"])):
        steps.append(_adjusted_step(rows, row, method))
    return tuple(steps)


def _adjusted_step(rows: pd.DataFrame, row: pd.Series[float], method: Method) -> ExplainedStep:
    # Which p-value of the family decides: not always the row's own.
    p = np.sort(rows.loc[rows["p_adjusted"].notna(), "p_value"].to_numpy(dtype=float))
    k, r = len(p), int((p <= row["p_value"]).sum())
    if method.adjustment == "holm":
        j = int(np.argmax(p[:r] * (k - np.arange(r)))) + 1
        formula = "min(1, max p_(j) (k − j + 1)), j ≤ r"
        numbers = f"min(1, {plain(float(p[j - 1]))} · {k - j + 1})"
    else:
        j = r + int(np.argmin(p[r - 1 :] / np.arange(r, k + 1)))
        formula, numbers = "min p_(j) k / j, j ≥ r", f"{plain(float(p[j - 1]))} · {k} / {j}"
    where = f"r = {r}; j = {j}; k = {k}"
    return ExplainedStep("q", formula, f"{numbers}; {where}", float(row["p_adjusted"]), "family")


def _sizes(side: Reckoning | None) -> str:
    # What n_eff at f_h = 0 is made of.
    if side is None:
        return ""
    used = side.level.practice
    parts = {"V": used.variance, "n_K": used.n_kish, "n_W": used.n_heaviest}
    parts |= {"a": used.a} if np.isfinite(used.a) else {}
    return "; ".join(f"{name} = {plain(float(value))}" for name, value in parts.items())
