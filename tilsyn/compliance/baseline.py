"""What a table is compared with: an earlier round, or a published table of counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import pandas as pd

from tilsyn.compliance import remarks
from tilsyn.compliance.comparability import Comparable, asked_otherwise, comparability, pooled_comparability
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.tally import Scheme, tally
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import change
from tilsyn.statistics.intervals import beta_interval
from tilsyn.statistics.levels import levels, practice_limits
from tilsyn.statistics.pooled import pooled_change

# An earlier sample, finished cases, or published counts: question, n_relevant, n_compliant.
Baseline = ReviewedSample | pd.DataFrame


def compare(
    rows: pd.DataFrame,
    side: str,
    prefix: str,
    baseline: Baseline | None,
    scheme: Scheme,
    regimes: Mapping[str, set[str]],
    by: Sequence[str],
    confidence: float,
) -> pd.DataFrame:
    """Add a baseline's columns and the change's to the rows of a compliance table.

    The names of the baseline's columns begin with `side`: estimate, low, high, n_relevant, n_cases, n_eff,
    note; those of the change with `prefix`: change, change_low, change_high, p_value, comparable. `scheme`
    and `regimes` (per question, the laws it was answered under) are those of now. A published table enters
    with its number relevant as size. A row that pools answers on either side is compared by its limits at f =
    0, which a published table does not tell: that change is left out.

    >>> rows = pd.DataFrame({"question": ["Q1"], "domain": "all", "estimate": 0.6, "n_eff_practice": 20.0,
    ...                      "pooled": False, "practice_low": 0.36, "practice_high": 0.81})
    >>> published = pd.DataFrame({"question": ["Q1"], "n_relevant": [20], "n_compliant": [18]})
    >>> scheme = Scheme(("Q1",), {}, {}, {})
    >>> found = compare(rows, "baseline_", "", published, scheme, {}, [], 0.95)
    >>> found[["baseline_estimate", "change", "p_value"]].round(6).values.tolist()
    [[0.9, -0.3, 0.030516]]
    """
    before, regimes_before, scheme_before = _before(baseline, scheme, by, confidence)
    joined = rows[["question", "domain"]].merge(before, how="left", on=["question", "domain"])
    result = rows.copy()
    for name in ("estimate", "low", "high", "n_relevant", "n_cases", "n_eff"):
        result[side + name] = joined[name].to_numpy(dtype=float)
    result[f"{side}note"] = joined["note"].to_numpy(dtype=object)
    verdict_of = _comparable(result["question"], scheme, regimes, regimes_before, scheme_before)
    comparable = verdict_of if baseline is not None else [None] * len(result)
    stated = pd.Series(comparable, dtype=object, index=result.index)
    # Without a figure to compare with there is nothing to call comparable.
    stated = stated.where((stated == "no") | result[f"{side}estimate"].notna(), None)
    possible = (stated.notna() & (stated != "no")).to_numpy()
    difference = change(
        result["estimate"],
        result["n_eff_practice"],
        np.where(possible, result[f"{side}estimate"], np.nan),
        result[f"{side}n_eff"],
        confidence,
    )
    of_limits = pooled_change(
        result["estimate"],
        (result["practice_low"], result["practice_high"]),
        np.where(possible, result[f"{side}estimate"], np.nan),
        (joined["practice_low"].to_numpy(dtype=float), joined["practice_high"].to_numpy(dtype=float)),
    )
    pooled = (result["pooled"] | joined["pooled"].fillna(False).astype(bool)).to_numpy()
    for name, values, of_pooled in (
        ("change", difference.change, of_limits.change),
        ("change_low", difference.low, of_limits.low),
        ("change_high", difference.high, of_limits.high),
        ("p_value", difference.p_value, np.nan),
    ):
        result[prefix + name] = np.where(pooled, of_pooled, values)
    result[f"{prefix}comparable"] = stated
    return result


def _before(
    baseline: Baseline | None, scheme: Scheme, by: Sequence[str], confidence: float
) -> tuple[pd.DataFrame, Mapping[str, set[str]], Scheme]:
    # The baseline's rows, the law its answers were given under, and what it asked.
    columns = [
        "question", "domain", "estimate", "low", "high", "n_relevant", "n_cases", "n_eff", "note",
        "pooled", "practice_low", "practice_high",
    ]  # fmt: skip
    if baseline is None:
        return pd.DataFrame(columns=columns).astype({"question": "str"}), {}, scheme
    if isinstance(baseline, ReviewedSample):
        own = Scheme.of(baseline).with_later_ids(scheme.earlier)
        sample = baseline.with_later_ids(scheme.earlier)
        counted = tally(sample, own, [column for column in by if column in sample.cases])
        found = levels(counted.counts, confidence)
        practice_low, practice_high = practice_limits(counted.counts, found, confidence)
        before = counted.rows[["question", "domain"]].assign(
            estimate=found.estimate,
            low=found.low,
            high=found.high,
            n_relevant=found.n_relevant,
            n_cases=found.n_cases,
            n_eff=found.n_eff_practice,
            note=remarks.left_out(counted, baseline.name_strata),
            pooled=counted.counts.pooled,
            practice_low=practice_low,
            practice_high=practice_high,
        )
        return before, sample.regimes, own
    m = baseline["n_relevant"].to_numpy(dtype=float)
    x = baseline["n_compliant"].to_numpy(dtype=float)
    estimate = np.divide(x, m, out=np.full(m.shape, np.nan), where=m > 0)
    low, high = beta_interval(estimate, m, confidence=confidence)
    published = {"estimate": estimate, "low": low, "high": high, "n_relevant": m, "n_cases": m}
    published |= {"n_eff": m, "note": "", "pooled": False, "practice_low": np.nan, "practice_high": np.nan}
    before = pd.DataFrame({"question": baseline["question"], "domain": ALL_CASES, **published})
    return before, {}, scheme


def _comparable(
    questions: pd.Series[str],
    scheme: Scheme,
    now: Mapping[str, set[str]],
    before: Mapping[str, set[str]],
    scheme_before: Scheme,
) -> list[Comparable]:
    def of(question: str) -> Comparable:
        rule = cast(Comparable, scheme.rules.get(question, "yes"))
        found = comparability(rule, now.get(question, ()), before.get(question, ()))
        changed = asked_otherwise(scheme.asked.get(question, {}), scheme_before.asked.get(question, {}))
        return "partly" if found == "yes" and changed else found

    result: dict[str, Comparable] = {}
    for row in questions.drop_duplicates():
        members = scheme.members(row)
        parts = [of(question) for question in members]
        if row not in scheme.legal and not set(members) <= set(scheme_before.legal):
            parts.append("partly")
        result[row] = pooled_comparability(parts)
    return [result[row] for row in questions]
