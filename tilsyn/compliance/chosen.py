"""Cases that somebody chose are no random sample: their shares speak of themselves, and have no limits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tilsyn.reviews.sample import ReviewedSample

# What only a random sample has, by the ends of the columns' names.
_LIMITS = ("standard_error", "low", "high", "n_eff", "n_eff_practice", "mcnemar_p", "kappa_misleads")


def without_limits(rows: pd.DataFrame, sample: ReviewedSample) -> pd.DataFrame:
    """Return rows of figures; without limits where the sample's cases were chosen.

    >>> from tilsyn.base.which import Single
    >>> from tilsyn.settings.single import SinglePlan
    >>> of_list = {"cadence": "month", "per": "alle", "share": 1.0, "question_set": "x", "chosen": True}
    >>> plan = SinglePlan(level=Single("x"), **of_list)
    >>> rows = pd.DataFrame({"estimate": [0.5], "low": [0.2], "high": [0.8]})
    >>> sample = ReviewedSample(pd.DataFrame(), pd.DataFrame(), pd.DataFrame(), single=plan)
    >>> without_limits(rows, sample).values.tolist()
    [[0.5, nan, nan]]
    """
    if not sample.chosen:
        return rows
    return rows.assign(**{name: np.nan for name in rows.columns if str(name).endswith(_LIMITS)})
