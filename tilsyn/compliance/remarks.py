"""What stands beside a figure: what it leaves out, and what limits it, in the language in use."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tilsyn.base.language import say
from tilsyn.base.numbers import percent
from tilsyn.compliance.naming import row_id, verdict_name
from tilsyn.compliance.tally import Tally
from tilsyn.reviews.replacement_reasons import still_missing
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.statistics.change import BETTER, WORSE
from tilsyn.statistics.counts import weights
from tilsyn.statistics.levels import Levels

# A unit over this part of a row's relevant weight, read in fewer relevant cases than this, marks the row.
HEAVY, FEW_READINGS = 0.1, 5


def notes(
    rows: pd.DataFrame, counted: Tally, found: Levels, sample: ReviewedSample, public: bool = False
) -> list[str]:
    """The remark of each row of a compliance table, its column `note`: sentences, or empty.

    A `public` one does not say in which units a question applied to no case, or to few. The rows have counts,
    limits, verdict, `comparable`, `very_uncertain`, `many_answers` and `baseline_note`.
    """
    unread = left_out(counted, sample.name_strata)
    silent = [""] * len(rows) if public else _silent(counted, sample.name_strata)
    hardly = [[]] * len(rows) if public else hardly_read(counted)
    result = []
    for i, row in enumerate(rows.to_dict("records")):
        said = [unread[i]]
        if row["n_relevant"] == 0:
            said.append(say("compliance.none_relevant", n=row["n_reviewed"]))
        else:
            said.append(silent[i])
            if sample.chosen:
                said.append(say("compliance.chosen"))
            elif found.census[i]:
                said.append(say("compliance.census"))
            if found.census_only[i]:
                said.append(say("compliance.census_only"))
            if row["very_uncertain"]:
                said.append(say("compliance.very_uncertain"))
            if hardly[i]:
                said.append(say("compliance.hardly_read", units=", ".join(hardly[i])))
            if row["many_answers"]:
                said.append(say("compliance.many_answers"))
        if row["comparable"] in ("partly", "no"):
            said.append(say(f"compliance.comparable_{row['comparable']}"))
        if row["comparable"] in ("yes", "partly") and row["n_relevant"] > 0 and np.isnan(row["change"]):
            said.append(say("compliance.change_unknown"))
        unsure = not np.isnan(row["p_adjusted"]) and row["verdict"] not in (BETTER, WORSE)
        if unsure and (row["change_low"] > 0 or row["change_high"] < 0):
            said.append(say("compliance.may_be_chance"))
        if isinstance(row["baseline_note"], str) and row["baseline_note"] and not np.isnan(row["change"]):
            said.append(say("compliance.baseline_left_out", left_out=row["baseline_note"]))
        result.append("; ".join(text for text in said if text))
    return result


def left_out(counted: Tally, name_strata: bool = True) -> list[str]:
    """Which units and strata of each row have cases but no reviewed ones: the figure leaves them out.

    Where strata are persons (not `name_strata`) they are counted, never named.

    >>> from tilsyn.compliance.tally import Scheme, tally
    >>> from tilsyn.reviews.sample import ReviewedSample
    >>> cases = pd.DataFrame({"case_id": ["1"], "stratum": ["A"], "unit": ["A"]})
    >>> strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [9, 9]})
    >>> answers = pd.DataFrame({"case_id": ["1"], "question": ["Q1"], "answer": ["ja"]})
    >>> sample = ReviewedSample(cases, strata, answers)
    >>> left_out(tally(sample, Scheme.of(sample)))[0]
    'ekskl. enhed B'
    """
    unread = counted.in_row & (counted.counts.sample_size == 0) & (counted.counts.population_size > 0)
    return _of_rows(unread, counted, name_strata, "left_out")


def hardly_read(counted: Tally) -> list[list[str]]:
    """The units of each row that weigh over a tenth of its relevant cases on under five relevant readings.

    A row of one unit rests on that unit alone, and has its limit for few answers.
    """
    units = counted.strata["unit"].astype(str)
    names = list(dict.fromkeys(units))
    member = np.array([(units == name).to_numpy() for name in names], dtype=float).reshape(len(names), -1)
    weight = (weights(counted.counts) * counted.counts.relevant) @ member.T
    cases = counted.counts.relevant_cases @ member.T
    total = weight.sum(axis=1, keepdims=True)
    heavy = (weight > HEAVY * total) & (cases > 0) & (cases < FEW_READINGS) & (weight < total)
    return [[name for name, marked in zip(names, row, strict=True) if marked] for row in heavy]


def on_replaced(replacements: pd.DataFrame) -> list[str]:
    """How many drawn cases were replaced, and how many of them stay missing; nothing where none was.

    >>> on_replaced(pd.DataFrame({"case_id": ["1", "2"], "outside_population": [False, True]}))
    ['2 udtrukne sager er udskiftet; 1 af dem hører til populationen og mangler i yderpunkterne.']
    """
    if replacements.empty:
        return []
    values = {"n": len(replacements), "missing": len(still_missing(replacements))}
    return [say("compliance.replaced", **values)]


def on_missing(units: pd.DataFrame, missing: pd.DataFrame) -> list[str]:
    """What the cases that were not reviewed could change, in plain sentences; none when every one was.

    `units` is `nonresponse.reviewed_table`, `missing` is `nonresponse.conclusions`.

    >>> units = pd.DataFrame({"unit": ["A"], "drawn": 20, "reviewed": 18, "missing": 2, "uneven": False})
    >>> missing = pd.DataFrame({"question": ["Q1"], "missing": [2], "worst": [0.8], "best": [0.9],
    ...     "verdict": [None], "verdict_worst": [None], "verdict_best": [None], "depends": [False]})
    >>> on_missing(units, missing)[0]
    '18 af 20 udtrukne sager er gennemgået; 2 mangler (A 2).'
    """
    drawn, reviewed = int(units["drawn"].sum()), int(units["reviewed"].sum())
    if drawn == reviewed and missing.empty:
        return []
    lacking = units[units["missing"] > 0]
    where = ", ".join(f"{u} {n}" for u, n in zip(lacking["unit"], lacking["missing"], strict=True))
    said = []
    if drawn > reviewed:
        said.append(
            say("compliance.missing", reviewed=reviewed, drawn=drawn, n=drawn - reviewed, where=where)
        )
    uneven = units.loc[units["uneven"], "unit"].tolist()
    if uneven:
        said.append(say("compliance.uneven", units=", ".join(uneven)))
    decisive = missing[missing["depends"].astype(bool)]
    for row in decisive.to_dict("records"):
        worst, best = percent(row["worst"]), percent(row["best"])
        values = {"question": row_id(row["question"]), "worst": worst, "best": best}
        ends = [row[name] for name in ("verdict", "verdict_worst", "verdict_best")]
        if ends == [None] * 3:
            said.append(say("compliance.depends_interval", **values))
        else:
            # In the family, no verdict means too few cases for one.
            values |= {
                name: verdict_name(row[name]) or say("compliance.verdict_too_few")
                for name in ("verdict_worst", "verdict_best")
            }
            said.append(say("compliance.depends_verdict", **values))
    if decisive.empty:
        said.append(say("compliance.depends_none"))
    return said


def _silent(counted: Tally, name_strata: bool) -> list[str]:
    # Strata that were reviewed, but where the row's question applied to no case.
    reviewed = counted.counts.sample_size > 0
    return _of_rows(reviewed & (counted.counts.relevant == 0), counted, name_strata, "silent")


def _of_rows(marked: NDArray[np.bool_], counted: Tally, name_strata: bool, what: str) -> list[str]:
    units = counted.strata["unit"].astype(str).to_numpy()
    strata = counted.strata["stratum"].astype(str).to_numpy()
    first_of = {unit: i for i, unit in reversed(list(enumerate(units)))}
    codes = np.array([first_of[unit] for unit in units], dtype=np.intp)
    size = len(units)
    result = []
    for mask, in_row in zip(marked, counted.in_row, strict=True):
        if not mask.any():
            result.append("")
            continue
        whole = np.bincount(codes[mask], minlength=size) == np.bincount(codes[in_row], minlength=size)
        whole_units = list(dict.fromkeys(units[mask & whole[codes]]))
        parts = strata[mask & ~whole[codes]]
        said = []
        if whole_units:
            said.append(say(f"compliance.{what}_units", units=", ".join(whole_units)))
        if parts.size and name_strata:
            said.append(say(f"compliance.{what}_strata", strata=", ".join(parts)))
        elif parts.size and what == "left_out":
            # A caseworker without a relevant case says nothing of the unit; one without a review does.
            said.append(say("compliance.left_out_people", n=parts.size))
        result.append("; ".join(said))
    return result
