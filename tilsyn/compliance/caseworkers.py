"""Whose cases a unit's sample is made of: counted, never named.

A comparison takes cases as independent. Where one caseworker has most of a unit's cases, it may speak of that
caseworker and not of the unit.
"""

from __future__ import annotations

import pandas as pd

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.reviews.sample import ReviewedSample

COLUMNS = ("unit", "n_reviewed", "caseworkers", "most_of_one")


def mostly_one(sample: ReviewedSample, fewest: int = 5) -> pd.DataFrame:
    """The units of which one caseworker has more than half of the reviewed cases; `fewest` cases or more.

    None where the register names no caseworkers, or where a stratum is one (level 1).

    >>> cases = pd.DataFrame({"case_id": list("abcdef"), "unit": "Nord", "caseworker": list("xxxxyz")})
    >>> mostly_one(ReviewedSample(cases, pd.DataFrame(), pd.DataFrame())).values.tolist()
    [['Nord', 6, 3, 4]]
    """
    cases = sample.cases
    if "caseworker" not in cases or not sample.name_strata:
        return pd.DataFrame(columns=list(COLUMNS))
    worker = cases["caseworker"].fillna("").astype(str).str.strip()
    known = cases.assign(worker=worker)[worker != ""]
    each = known.groupby(["unit", "worker"], sort=True).size().groupby("unit", sort=True)
    reviewed = cases.groupby("unit", sort=True).size().rename("n_reviewed")
    found = pd.concat({"caseworkers": each.size(), "most_of_one": each.max()}, axis=1).join(reviewed)
    found = found.reset_index()[list(COLUMNS)]
    mostly = (found["n_reviewed"] >= fewest) & (2 * found["most_of_one"] > found["n_reviewed"])
    return found[mostly].reset_index(drop=True)


def on_caseworkers(found: pd.DataFrame) -> list[str]:
    """What `mostly_one` found, a sentence for each unit."""
    said = []
    for row in found.to_dict("records"):
        counts = {name: number(row[name]) for name in COLUMNS[1:]}
        key = "alone" if row["caseworkers"] == 1 else "several"
        said.append(say(f"compliance.mostly_one_{key}", unit=row["unit"], **counts))
    return said
