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

from tilsyn.compliance.corrections import Reread, by_question
from tilsyn.compliance.explained_correction import correction_steps
from tilsyn.compliance.explained_level import Reckoning, Step, plain, reckon
from tilsyn.compliance.sample import Round
from tilsyn.compliance.tally import ALL, Scheme, tally
from tilsyn.statistics.change import Adjustment, change, constrained_shares, variance_under
from tilsyn.statistics.levels import Counts


@dataclass(frozen=True)
class Explanation:
    """A row of the table explained; `before` and `change` are there when it has a baseline.

    `reread` and the steps `corrected` are there when it has a corrected percentage, or could have had.
    """

    question: str
    domain: str
    now: Reckoning
    before: Reckoning | None
    change: tuple[Step, ...]
    reread: Reread | None = None
    corrected: tuple[Step, ...] = ()


def explain(
    now: Round,
    question: str,
    rows: pd.DataFrame,
    *,
    domain: str = ALL,
    by: Sequence[str] = (),
    baseline: Round | pd.DataFrame | None = None,
    confidence: float = 0.95,
    adjustment: Adjustment = "benjamini-hochberg",
    name_strata: bool = True,
    first_reading: Round | None = None,
    blind: bool = True,
) -> Explanation:
    """The steps from counts to interval, and to the verdict, of one row.

    Parameters
    ----------
    now : Round
        Reviews, strata and answers.
    question : str
        A question's id, `theme:…`, `*` or `uden_fejl`.
    rows : DataFrame
        What `compliance.table` gave for the same input: the family and the verdicts.
    domain : str
        `all`, or a domain such as `unit=Amager`.
    by : sequence of str
        The columns that domains were made of.
    baseline : Round or DataFrame, optional
        As in `compliance.table`.
    confidence, adjustment
        As in `compliance.table`.
    name_strata : bool
        False where a stratum is a person: those read alike are then put together and not named.
    first_reading, blind
        As in `compliance.analyse`; for the corrected percentage of a legal question.

    Returns
    -------
    Explanation

    Raises
    ------
    KeyError
        There is no such row.

    References
    ----------
    docs/methods.md, sections 5 to 7.

    Examples
    --------
    >>> from tilsyn.compliance.table import compliance_table
    >>> cases = pd.DataFrame({"case_id": list("abcd"), "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [80]})
    >>> answers = pd.DataFrame({"case_id": list("abcd"), "question": "Q1", "answer": ["ja"] * 3 + ["nej"]})
    >>> round_ = Round(cases, strata, answers)
    >>> found = explain(round_, "Q1", compliance_table(cases, strata, answers))
    >>> [(step.symbol, round(step.value, 4)) for step in found.now.steps[:3]]
    [('R̂', 80.0), ('P', 0.75), ('M', 4.0)]
    """
    here = rows[(rows["question"] == question) & (rows["domain"] == domain)]
    if here.empty:
        raise KeyError(question)
    mine = _reckon_round(now, question, domain, by, confidence, name_strata)
    row = here.iloc[0]
    reread = None
    if first_reading is not None and domain == ALL:
        reread = by_question(first_reading, now, confidence, blind=blind).get(question)
    corrected = () if reread is None else correction_steps(reread, confidence)
    if mine is None or baseline is None or not np.isfinite(float(row["change"])):
        return Explanation(question, domain, _known(mine), None, (), reread, corrected)
    before = None
    if isinstance(baseline, Round):
        before = _reckon_round(baseline, question, domain, by, confidence, name_strata)
        sides = (float(row["baseline_estimate"]), float(_known(before).practice.n_eff))
    else:
        sides = (float(row["baseline_estimate"]), float(row["baseline_n_relevant"]))
    steps = _change_steps(mine, before, sides, rows, row, confidence, adjustment)
    return Explanation(question, domain, mine, before, steps, reread, corrected)


def _known(reckoning: Reckoning | None) -> Reckoning:
    if reckoning is None:
        raise KeyError("no such row")
    return reckoning


def _reckon_round(
    side: Round, question: str, domain: str, by: Sequence[str], confidence: float, name_strata: bool
) -> Reckoning | None:
    present = [column for column in by if column in side.cases.columns]
    scheme = Scheme.of(side.questions, side.answers)
    counted = tally(side.cases, side.strata, side.answers, scheme, present)
    at = np.flatnonzero((counted.rows["question"] == question) & (counted.rows["domain"] == domain))
    if at.size == 0:
        return None
    row = Counts(*(getattr(counted.counts, name)[at[0]] for name in Counts.__dataclass_fields__))
    return reckon(row, side.strata["stratum"].astype(str).tolist(), confidence, name_strata)


def _change_steps(
    mine: Reckoning,
    before: Reckoning | None,
    baseline: tuple[float, float],
    rows: pd.DataFrame,
    row: pd.Series[float],
    confidence: float,
    adjustment: Adjustment,
) -> tuple[Step, ...]:
    P1, e1 = float(mine.level.estimate), float(mine.practice.n_eff)
    P0, e0 = baseline
    found = change(P1, e1, P0, e0, confidence)
    sides = tuple(np.asarray(v) for v in (P1, e1, P0, e0))
    pooled, factor = (e1 * P1 + e0 * P0) / (e1 + e0), (e1 + e0) / (e1 + e0 - 1)
    null = factor * pooled * (1 - pooled) * (1 / e1 + 1 / e0)
    d, ends = float(found.change), f"{plain(e1)} + {plain(e0)}"
    weighted = f"({plain(e1)} · {plain(P1)} + {plain(e0)} · {plain(P0)}) / ({ends})"
    spread = f"{plain(factor)} · {plain(pooled)} · {plain(1 - pooled)} · (1/{plain(e1)} + 1/{plain(e0)})"
    steps = [
        Step("e1", "n_eff, f_h = 0", _sizes(mine), e1, "practice"),
        Step("e0", "n_eff, f_h = 0", _sizes(before), e0, "" if before else "published"),
        Step("d", "P1 − P0", f"{plain(P1)} − {plain(P0)}", d),
        Step("c", "(e1 + e0) / (e1 + e0 − 1)", f"({ends}) / ({ends} − 1)", factor),
        Step("p̃", "(e1 P1 + e0 P0) / (e1 + e0)", weighted, pooled),
        Step("Var(0)", "c p̃ (1 − p̃) (1/e1 + 1/e0)", spread, null),
        Step(
            "z",
            "d / √Var(0)",
            f"{plain(d)} / √{plain(null)}" if d else "",
            float(found.z),
            "" if d else "same",
        ),
        Step("p", "2 (1 − Φ(|z|))", f"2 · (1 − Φ({plain(abs(float(found.z)))}))", float(found.p_value)),
    ]
    z = float(ndtri(0.5 + confidence / 2))
    for symbol, limit in (("L", float(found.low)), ("U", float(found.high))):
        delta = np.asarray(limit)
        after, base = (plain(float(share)) for share in constrained_shares(delta, *sides))
        tried = plain(limit) if limit >= 0 else f"({plain(limit)})"
        squared = f"({plain(d)} − {tried})²"
        var = plain(float(variance_under(delta, *sides)))
        numbers = f"{squared} ≤ {plain(z**2)} · {var}; p̃1 = {after}; p̃0 = {base}"
        steps.append(Step(symbol, "(d − δ)² ≤ z² Var(δ)", numbers, limit))
    if np.isfinite(float(row["p_adjusted"])):
        steps.append(_adjusted_step(rows, row, adjustment))
    return tuple(steps)


def _adjusted_step(rows: pd.DataFrame, row: pd.Series[float], adjustment: Adjustment) -> Step:
    # Which p-value of the family decides: not always the row's own.
    p = np.sort(rows.loc[rows["p_adjusted"].notna(), "p_value"].to_numpy(dtype=float))
    k, r = len(p), int((p <= row["p_value"]).sum())
    if adjustment == "holm":
        j = int(np.argmax(p[:r] * (k - np.arange(r)))) + 1
        formula = "min(1, max p_(j) (k − j + 1)), j ≤ r"
        numbers = f"min(1, {plain(float(p[j - 1]))} · {k - j + 1})"
    else:
        j = r + int(np.argmin(p[r - 1 :] / np.arange(r, k + 1)))
        formula, numbers = "min p_(j) k / j, j ≥ r", f"{plain(float(p[j - 1]))} · {k} / {j}"
    where = f"r = {r}; j = {j}; k = {k}"
    return Step("q", formula, f"{numbers}; {where}", float(row["p_adjusted"]), "family")


def _sizes(side: Reckoning | None) -> str:
    # What n_eff at f_h = 0 is made of.
    if side is None:
        return ""
    parts = {"V": side.practice.variance, "n_K": side.practice.n_kish, "n_W": side.practice.n_heaviest}
    parts |= {"a": side.practice.a} if np.isfinite(side.practice.a) else {}
    return "; ".join(f"{name} = {plain(float(value))}" for name, value in parts.items())
