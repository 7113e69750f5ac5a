"""The tables of agreement between two readings of the same cases: per question, overall, and what they
disagree on.

A lawful *nej* followed the law, but it is another answer than *ja*: by the rules of 2 the two are kept apart,
and a draw of 0.1 counts them as one, as it did. A question that both readings set aside without judging
(derived *ikke relevant*: another law, skipped by another answer) is no agreement between readers and takes no
part. Answers on a scale of grades have raw agreement and AC1 only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tilsyn.compliance.naming import ALL_QUESTIONS
from tilsyn.compliance.tally import USUAL_GRADES
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES
from tilsyn.statistics import agreement
from tilsyn.statistics.agreement_over_cases import clustered_n_eff, share_over_cases

PairCounts = np.ndarray[Any, np.dtype[np.float64]]
LEGAL = (YES, NO, NOT_RELEVANT)
# With the lawful *nej* as an answer of its own.
LAWFUL_APART = (YES, LAWFUL_NO, NO, NOT_RELEVANT)
_CELL = {YES: "yes", LAWFUL_NO: "lawful", NO: "no", NOT_RELEVANT: "not_relevant"}
# Outside this share of *ja*, kappa says more about the share than about the readers.
STEADY_FOR_KAPPA = (0.2, 0.8)


def pairs(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Put two readings side by side, for the cases and questions that both answered.

    Each has case_id, question, answer (canonical), and optionally remark, derived (bool); the first is the
    earlier level. Columns: case_id, question, first, second (answers as given), first_remark, second_remark.
    A case with two answers to a question is a ValueError.

    >>> one = pd.DataFrame({"case_id": ["a", "b"], "question": ["Q", "Q"], "answer": ["ja", "nej"]})
    >>> pairs(one, one.head(1))[["case_id", "first", "second"]].values.tolist()
    [['a', 'ja', 'ja']]
    """
    sides = []
    for name, answers in (("first", first), ("second", second)):
        side = answers.loc[answers["answer"].notna(), ["case_id", "question", "answer"]].copy()
        side[f"{name}_remark"] = answers["remark"].fillna("") if "remark" in answers else ""
        derived = answers["derived"].astype(bool) if "derived" in answers else False
        side[f"{name}_aside"] = (side["answer"] == NOT_RELEVANT) & derived
        if side.duplicated(["case_id", "question"]).any():
            raise ValueError(f"the {name} reading has a case with two answers to one question")
        sides.append(side.rename(columns={"answer": name}))
    both = sides[0].merge(sides[1], on=["case_id", "question"], how="inner")
    both = both[~(both["first_aside"] & both["second_aside"])]
    columns = ["case_id", "question", "first", "second", "first_remark", "second_remark"]
    return both[columns].reset_index(drop=True)


def agreement_table(
    paired: pd.DataFrame,
    questions: Sequence[str] | None = None,
    confidence: float = 0.95,
    *,
    lawful_apart: bool = False,
    beside: Collection[str] = (),
    scales: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """A row of agreement per question, after one for all legal questions together (`*`).

    `questions` gives their order (sorted without it); questions that nobody answered are left out. With
    `lawful_apart` a lawful *nej* agrees with its like only, and has counts of its own (`yes_lawful`, …); what
    rests on two answers (kappa, shift, specific agreement) still counts it with *ja*: the law was followed.
    Questions `beside` the legal ones have a row, but no part in `*`; nor have those answered on a scale of
    grades: `scales`, or where no question set is known those with one of the usual grades.

    Columns: question; n_cases, n_pairs; counts `yes_no` (first *ja*, second *nej*) and so on over ja, nej,
    ikke relevant; agreement, relevance_agreement, ac1 and kappa, each with _low and _high; n_relevant (pairs
    both found relevant), yes_agreement, no_agreement, n_no (*nej* answers they rest on), net_shift (second
    *ja* minus first), mcnemar_p, stricter ("first", "second" or None), pabak, n_eff, prevalence (share of
    *ja*), kappa_misleads (bool). nan where undefined. In `*` several pairs come from one case: its
    shares have the interval of pooled rows, with cases as units and no n_eff; its coefficients rest on
    n_eff_relevant, and there is no mcnemar_p.

    >>> answers = ["ja", "ja", "ikke relevant"]
    >>> first = pd.DataFrame({"case_id": list("abc"), "question": "Q", "answer": answers})
    >>> second = first.assign(answer=["ja", "nej", "ikke relevant"])
    >>> row = agreement_table(pairs(first, second)).iloc[1]
    >>> int(row["n_pairs"]), int(row["yes_no"]), float(row["agreement"].round(3)), row["stricter"]
    (3, 1, 0.667, 'second')
    """
    plain = paired if lawful_apart else _as_followed(paired)
    of_law = LAWFUL_APART if lawful_apart else LEGAL
    if scales is None:
        graded = plain[["first", "second"]].isin(USUAL_GRADES).any(axis=1)
        scales = {str(question): USUAL_GRADES for question in plain.loc[graded, "question"]}
    legal = plain[~plain["question"].isin({*scales, *beside})]
    rows = [_law_row(ALL_QUESTIONS, legal, confidence, of_law)] if len(legal) else []
    there = {str(name): part for name, part in plain.groupby("question", sort=True)}
    for question in questions if questions is not None else sorted(there):
        if question in there:
            if question in scales:
                part = there[question]
                # The two may have been asked on different scales.
                said = sorted({*part["first"], *part["second"]} - {NOT_RELEVANT})
                grades = [*dict.fromkeys([*scales[question], *said]), NOT_RELEVANT]
                rows.append(_row(question, part, confidence, _counts(part, grades)))
            else:
                rows.append(_law_row(question, there[question], confidence, of_law))
    table = pd.DataFrame(rows)
    # Questions in grades have none of these: None stays None, which pandas would make nan and counts floats.
    for name in ("stricter", "n_no", "net_shift", "kappa_misleads", *_cells(of_law)):
        table[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    return table


def _as_followed(paired: pd.DataFrame) -> pd.DataFrame:
    """The pairs with a lawful *nej* counted as *ja*."""
    return paired.assign(**{side: paired[side].replace(LAWFUL_NO, YES) for side in ("first", "second")})


def _cells(labels: Sequence[str]) -> list[str]:
    return [f"{_CELL[one]}_{_CELL[two]}" for one in labels for two in labels]


def _counts(part: pd.DataFrame, labels: Sequence[str]) -> PairCounts:
    known = pd.Index(labels)
    codes = [known.get_indexer(pd.Index(part[side])) for side in ("first", "second")]
    if any((code < 0).any() for code in codes):
        raise ValueError(f"an answer that is none of {', '.join(labels)}")
    table = np.zeros((len(labels), len(labels)))
    np.add.at(table, (codes[0], codes[1]), 1.0)
    return table


def _row(question: str, part: pd.DataFrame, confidence: float, table: PairCounts) -> dict[str, Any]:
    """What a question has on any scale; the last row and column of `table` are *ikke relevant*."""
    pooled = question == ALL_QUESTIONS
    last = len(table) - 1
    judged = table[:last, :last]
    touched = np.array(
        [[judged.sum(), table[:last, last].sum()], [table[last, :last].sum(), table[last, last]]]
    )
    relevant = part[(part["first"] != NOT_RELEVANT) & (part["second"] != NOT_RELEVANT)]
    relevance = part.assign(first=part["first"] == NOT_RELEVANT, second=part["second"] == NOT_RELEVANT)
    worth_relevant = _worth(relevant) if pooled else float(len(relevant))
    row: dict[str, Any] = {"question": question, "n_cases": part["case_id"].nunique(), "n_pairs": len(part)}
    if pooled:
        row |= _named("agreement", _over_cases(part, confidence))
        row |= _named("relevance_agreement", _over_cases(relevance, confidence))
    else:
        row |= _named("agreement", agreement.raw_agreement(table, confidence))
        row |= _named("relevance_agreement", agreement.raw_agreement(touched, confidence))
    worth = np.nan if pooled else float(len(part))
    row |= {"n_relevant": len(relevant), "n_eff": worth, "n_eff_relevant": worth_relevant}
    return row | _named("ac1", agreement.ac1(judged, confidence, worth_relevant))


def _law_row(question: str, part: pd.DataFrame, confidence: float, labels: Sequence[str]) -> dict[str, Any]:
    """As `_row`, with the counts of each pair of answers and the measures of *ja* and *nej*."""
    table = _counts(part, labels)
    measures = _row(question, part, confidence, table)
    row = {name: measures[name] for name in ("question", "n_cases", "n_pairs")}
    row |= dict(zip(_cells(labels), table.astype(int).ravel().tolist(), strict=True))
    row |= measures
    followed = _counts(_as_followed(part), LEGAL)[:2, :2]
    return row | _two_answers(followed, confidence, row["n_eff_relevant"], question == ALL_QUESTIONS)


def _two_answers(judged: PairCounts, confidence: float, worth: float, pooled: bool) -> dict[str, Any]:
    """The measures of the pairs both found relevant, on *ja* and *nej*."""
    n = judged.sum()
    moved = agreement.shift(judged)
    yes, no = agreement.specific_agreement(judged)
    kappa = agreement.kappa(judged, confidence, worth)
    prevalence = float((judged[0].sum() + judged[:, 0].sum()) / (2 * n)) if n else np.nan
    low, high = STEADY_FOR_KAPPA
    return {
        "yes_agreement": yes,
        "no_agreement": no,
        "n_no": int(judged[1].sum() + judged[:, 1].sum()),
        "net_shift": moved.net,
        "mcnemar_p": np.nan if pooled or not n else moved.p_value,
        "stricter": None if moved.net == 0 else ("second" if moved.net < 0 else "first"),
        **_named("kappa", kappa),
        "pabak": agreement.pabak(judged),
        "prevalence": prevalence,
        "kappa_misleads": bool(n and (np.isnan(kappa.estimate) or not low <= prevalence <= high)),
    }


def _named(name: str, measure: agreement.Measure) -> dict[str, float]:
    return {name: measure.estimate, f"{name}_low": measure.low, f"{name}_high": measure.high}


def _over_cases(part: pd.DataFrame, confidence: float) -> agreement.Measure:
    """The agreement of pooled pairs: several come from one case."""
    same = _agreed_by_case(part)
    return share_over_cases(same["sum"], same["size"], confidence)


def _worth(part: pd.DataFrame) -> float:
    """What pooled pairs are worth to a coefficient."""
    same = _agreed_by_case(part)
    return clustered_n_eff(same["sum"], same["size"])


def _agreed_by_case(part: pd.DataFrame) -> pd.DataFrame:
    same = (part["first"] == part["second"]).astype(float)
    return same.groupby(part["case_id"]).agg(["sum", "size"])


def disagreements(
    paired: pd.DataFrame, critical: Collection[str] = (), *, lawful_apart: bool = False
) -> pd.DataFrame:
    """The pairs that differ, gravest first: for the meeting where readers learn from each other.

    One error on a `critical` question outweighs the rest. The columns of `pairs`, then critical (bool) and
    rank: 1 *ja* then *nej* on a critical question, 2 *ikke relevant* then *nej* on one, 3 *ja* then *nej*, 4
    *ikke relevant* then *nej*, 5 *nej* then *ja*, 6 whether the question is relevant, 7 the grade, and with
    `lawful_apart` 8 whether it was done or lawfully not. Sorted by rank, question, case.

    >>> first = pd.DataFrame({"case_id": list("ab"), "question": ["Q", "R"], "answer": ["ja", "ja"]})
    >>> second = first.assign(answer=["nej", "nej"])
    >>> disagreements(pairs(first, second), {"R"})[["case_id", "rank"]].values.tolist()
    [['b', 1], ['a', 3]]
    """
    first, second = (_as_followed(paired)[side] for side in ("first", "second"))
    same = (paired["first"] == paired["second"]) if lawful_apart else (first == second)
    differ = paired[~same].copy()
    first, second = first[differ.index], second[differ.index]
    grave = differ["question"].isin(list(critical))
    now_no = second == NO
    kinds = [
        (now_no & (first == YES) & grave, 1),
        (now_no & (first == NOT_RELEVANT) & grave, 2),
        (now_no & (first == YES), 3),
        (now_no & (first == NOT_RELEVANT), 4),
        ((first == NO) & (second == YES), 5),
        ((first == NOT_RELEVANT) | (second == NOT_RELEVANT), 6),
        (first == second, 8),
    ]
    differ["critical"] = grave
    differ["rank"] = np.select([kind for kind, _ in kinds], [rank for _, rank in kinds], 7)
    return differ.sort_values(["rank", "question", "case_id"]).reset_index(drop=True)


def not_relevant_shares(answers: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """How often each group of reviewers answered *ikke relevant*: an answer that is easily misused.

    The answers have case_id, question, answer, group (who reviewed), and optionally derived (bool): answers
    that nobody gave are not counted. Columns: group (None for all, first), n_cases, n_answers,
    n_not_relevant, share, low, high. Unweighted; the interval rests on cases, for answers of one case are not
    independent.

    >>> given = pd.DataFrame({"case_id": list("aabb"), "question": list("QRQR"), "group": "Amager",
    ...                       "answer": ["ja", "ikke relevant", "nej", "ja"]})
    >>> not_relevant_shares(given)[["n_answers", "n_not_relevant", "share"]].values.tolist()[0]
    [4.0, 1.0, 0.25]
    """
    given = answers[answers["answer"].notna()]
    if "derived" in given:
        given = given[~given["derived"].astype(bool)]
    groups = [(None, given), *given.groupby("group", sort=True)]
    rows = []
    for group, part in groups:
        if part.empty:
            continue
        aside = (part["answer"] == NOT_RELEVANT).astype(float)
        by_case = aside.groupby(part["case_id"]).agg(["sum", "size"])
        found = share_over_cases(by_case["sum"], by_case["size"], confidence)
        rows.append(
            {
                "group": group,
                "n_cases": len(by_case),
                "n_answers": len(part),
                "n_not_relevant": int(aside.sum()),
                "share": found.estimate,
                "low": found.low,
                "high": found.high,
            }
        )
    columns = ["group", "n_cases", "n_answers", "n_not_relevant", "share", "low", "high"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(group=pd.Series([row["group"] for row in rows], dtype=object))
