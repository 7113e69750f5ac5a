"""The verdicts of a table: the family, what its rows could have shown, and what the round before said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tilsyn.compliance.method import Method
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.statistics.change import BETTER, NO_SURE_CHANGE, WORSE, adjust, verdicts
from tilsyn.statistics.visible import smallest_fall, too_few

# A question is judged only with this many relevant answers on both sides.
FAMILY_MINIMUM = 5
TOO_FEW = "too_few"


def judged(rows: pd.DataFrame, legal: Sequence[str], method: Method) -> pd.DataFrame:
    """Add p_adjusted, verdict, verdict_reason and detectable to the compared rows of a table.

    The family is the `legal` questions over all cases with enough relevant answers on both sides.
    `detectable` is the smallest fall that a row finds with 80 % power. A row of the family that could hardly
    have seen 20 points has no *no sure change*: its verdict is None, and `verdict_reason` says "too_few".
    """
    family = (
        rows["question"].isin(legal)
        & (rows["domain"] == ALL_CASES)
        & (rows["n_relevant"] >= FAMILY_MINIMUM)
        & (rows["baseline_n_relevant"] >= FAMILY_MINIMUM)
        & rows["p_value"].notna()
    ).to_numpy()
    p_values = np.where(family, rows["p_value"].to_numpy(dtype=float), np.nan)
    adjusted = adjust(p_values, method.adjustment)
    found = verdicts(adjusted, rows["change"].to_numpy(dtype=float))
    detectable = np.full(len(rows), np.nan)
    unseen = np.zeros(len(rows), dtype=bool)
    if family.any():
        names = ["baseline_estimate", "n_eff_practice", "baseline_n_eff"]
        before, e1, e0 = rows.loc[family, names].to_numpy(dtype=float).T
        detectable[family] = smallest_fall(before, e1, e0, int(family.sum()))
        unseen[family] = too_few(before, e1, e0, int(family.sum()))
    silent = [bool(blind) and verdict == NO_SURE_CHANGE for blind, verdict in zip(unseen, found, strict=True)]
    said = [None if unsaid else verdict for unsaid, verdict in zip(silent, found, strict=True)]
    reasons = [TOO_FEW if unsaid else None for unsaid in silent]
    return rows.assign(
        p_adjusted=adjusted,
        # None stays None, which pandas would make nan.
        verdict=pd.Series(said, dtype=object, index=rows.index),
        verdict_reason=pd.Series(reasons, dtype=object, index=rows.index),
        detectable=detectable,
    )


def confirmed(rows: pd.DataFrame, before: Mapping[str, str | None] | None) -> list[bool | None]:
    """Whether each row's verdict stood in the round before too, against the same baseline.

    `before` are that round's verdicts by question, None where there is no such round. None where a row has no
    *fremgang* or *tilbagegang* to confirm, or no round before.

    >>> rows = pd.DataFrame({"question": ["Q1", "Q2"], "domain": "all", "verdict": ["fremgang", None]})
    >>> confirmed(rows, {"Q1": "fremgang"}), confirmed(rows, None)
    ([True, None], [None, None])
    """
    if before is None:
        return [None] * len(rows)
    return [
        before.get(question) == verdict if domain == ALL_CASES and verdict in (BETTER, WORSE) else None
        for question, domain, verdict in zip(rows["question"], rows["domain"], rows["verdict"], strict=True)
    ]
