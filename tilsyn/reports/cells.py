"""Reviewed cases counted as small as a public report lets them be told apart: by stratum and domains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tilsyn.compliance.tally import COMPLIANT, RELEVANT, Scheme, domains, legal_answers
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.intervals import Floats


@dataclass(frozen=True)
class Cells:
    """Cases with a relevant answer, put together where stratum and every domain are the same.

    Per cell: `stratum` (its position), `cases`, `good` (cases without fault), and their `answers` and
    `faults`. Per stratum: `population_size` and `reviewed`. Per domain, labelled as in the compliance table:
    `member` (domains, cells), `own` (domains, strata its rows rest on) and `whole` (a unit of which every
    case was drawn). `most` is the largest number of relevant answers of one case.
    """

    stratum: NDArray[np.intp]
    cases: Floats
    good: Floats
    answers: Floats
    faults: Floats
    population_size: Floats
    reviewed: Floats
    labels: tuple[str, ...]
    member: NDArray[np.bool_]
    own: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    most: int

    @classmethod
    def of(cls, sample: ReviewedSample, by: Sequence[str]) -> Cells:
        """Count a sample of finished cases, for the domains of the columns `by`.

        >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
        >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [9]})
        >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["ja", "nej"]})
        >>> cells = Cells.of(ReviewedSample(cases, strata, answers), ["unit"])
        >>> cells.labels, cells.cases.tolist(), cells.good.tolist()
        (('unit=A',), [2.0], [1.0])
        """
        strata = sample.strata
        at = pd.Index(strata["stratum"]).get_indexer(pd.Index(sample.cases["stratum"]))
        parts = domains(sample, by)[1:]
        table = _answered(sample).assign(stratum=at)
        names = []
        for column in by:
            names.append(f"of_{column}")
            table[names[-1]] = ""
            for part in parts:
                if part.label.startswith(f"{column}="):
                    table.loc[part.cases, names[-1]] = part.label
        table = table[table["answers"] > 0]
        sums = (
            table.assign(cases=1.0)
            .groupby([*names, "stratum"], as_index=False)[["cases", "good", "answers", "faults"]]
            .sum()
        )
        labels = tuple(part.label for part in parts)
        read_whole = _read_whole(strata)
        of_cell = sums[names].to_numpy(dtype=object)
        return cls(
            stratum=sums["stratum"].to_numpy(dtype=np.intp),
            **{name: sums[name].to_numpy(dtype=float) for name in ("cases", "good", "answers", "faults")},
            population_size=strata["population_size"].to_numpy(dtype=float),
            reviewed=np.bincount(at, minlength=len(strata)).astype(float),
            labels=labels,
            member=_flags([(of_cell == label).any(axis=1) for label in labels], len(sums)),
            own=_flags([part.strata for part in parts], len(strata)),
            whole=np.array([label in read_whole for label in labels], dtype=bool),
            most=int(table["answers"].max()) if len(table) else 0,
        )


def _flags(rows: Sequence[NDArray[np.bool_]], width: int) -> NDArray[np.bool_]:
    """Return rows of so many flags as one array, also where there is none."""
    return np.array(rows, dtype=bool).reshape(len(rows), width)


def _answered(sample: ReviewedSample) -> pd.DataFrame:
    """Return of each case its relevant answers, how many are faults, and whether it has answers and none."""
    said = legal_answers(sample.answers)
    asked = said["question"].isin(Scheme.of(sample).legal) & said["answer"].isin(RELEVANT)
    said = said[asked]
    right = said["answer"].isin(COMPLIANT)
    counted = pd.DataFrame(
        {"answers": right.groupby(said["case_id"]).size(), "right": right.groupby(said["case_id"]).sum()}
    )
    found = counted.reindex(sample.cases["case_id"]).fillna(0).astype(float).reset_index(drop=True)
    faults = found["answers"] - found["right"]
    return pd.DataFrame({"answers": found["answers"], "faults": faults, "good": (faults == 0).astype(float)})


def _read_whole(strata: pd.DataFrame) -> set[str]:
    """Return the domains of the units of which every case was drawn."""
    if "taken_whole" in strata:
        whole = strata["taken_whole"].astype(bool)
    elif "sample_size" in strata:
        whole = strata["sample_size"] >= strata["population_size"]
    else:
        whole = pd.Series(False, index=strata.index)
    every = whole.groupby(strata["unit"].astype(str)).all()
    return {f"unit={unit}" for unit in every.index[every]}
