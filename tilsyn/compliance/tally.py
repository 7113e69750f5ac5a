"""Counting: from reviewed cases and their answers to one row of counts per question and domain.

The rows of a compliance table are the legal questions, the themes, all questions together (`*`) and the cases
without fault (`uden_fejl`), each for all cases and for each domain asked for. Graded (thematic) questions are
counted apart and never enter these rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tilsyn.compliance.naming import ALL_CASES, ALL_QUESTIONS, THEME, WITHOUT_FAULT
from tilsyn.questions.answers import LAWFUL_NO, NO, YES
from tilsyn.questions.question import asked_by_law
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.scales import USUAL
from tilsyn.reviews.plain_sample import PlainSample
from tilsyn.settings.levels import WHOLE_FRAME
from tilsyn.statistics.counts import Counts
from tilsyn.statistics.intervals import Floats
from tilsyn.statistics.weighted_gamma import AnsweredCases

if TYPE_CHECKING:
    import pandas as pd

    from tilsyn.reviews.sample import ReviewedSample

# A case whose case type is not given still belongs somewhere.
UNKNOWN_DOMAIN = "uoplyst"

# Where no question set says another.
USUAL_GRADES = tuple(grade.name for grade in USUAL)
COMPLIANT = (YES, LAWFUL_NO)
RELEVANT = (YES, LAWFUL_NO, NO)
_KINDS = (RELEVANT, COMPLIANT, (LAWFUL_NO,))


@dataclass(frozen=True)
class Scheme:
    """What the questions are: the legal ones in order, the graded ones' grades, and the theme of each.

    `scales` has the grades of each graded question, lowest first; `rules` says of each question whether it
    can be compared across law regimes, `asked` what it asks in each; `earlier` which earlier ids a question
    carries on (earlier id to present id).
    """

    legal: tuple[str, ...]
    scales: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, str]
    rules: Mapping[str, str]
    earlier: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, sample: ReviewedSample | PlainSample) -> Scheme:
        """Scheme of a sample's question set; without one of the questions answered, in order of appearance.

        >>> from tilsyn.reviews.plain_sample import PlainAnswer
        >>> answers = [PlainAnswer("1", "Q1", "ja"), PlainAnswer("1", "Q2", "lav grad")]
        >>> scheme = Scheme.of(PlainSample([], [], answers, {"Q1": "plan"}))
        >>> scheme.legal, scheme.graded, scheme.themes
        (('Q1',), ('Q2',), {'Q1': 'plan'})
        """
        questions = sample.questions
        if isinstance(questions, QuestionSet):
            return cls(
                legal=tuple(q.question_id for q in questions.legal),
                scales={q.question_id: tuple(grade.name for grade in q.scale) for q in questions.graded},
                themes=questions.themes,
                rules={q.question_id: q.comparable for q in questions.legal},
                earlier={old: q.question_id for q in questions.questions for old in q.same_as},
                asked={q.question_id: asked_by_law(q) for q in questions.legal},
            )
        answers = as_plain(sample).answers
        in_order = list(dict.fromkeys(one.question for one in answers))
        graded = {one.question for one in answers if one.answer in USUAL_GRADES}
        themes = {} if questions is None else {q: t for q, t in questions.items() if q in in_order}
        return cls(
            legal=tuple(q for q in in_order if q not in graded),
            scales={q: USUAL_GRADES for q in in_order if q in graded},
            themes=themes,
            rules={},
        )

    def with_later_ids(self, names: Mapping[str, str]) -> Scheme:
        """The same scheme with questions under the ids that carry them on."""
        return Scheme(
            legal=tuple(names.get(q, q) for q in self.legal),
            scales={names.get(q, q): scale for q, scale in self.scales.items()},
            themes={names.get(q, q): theme for q, theme in self.themes.items()},
            rules={names.get(q, q): rule for q, rule in self.rules.items()},
            asked={names.get(q, q): asked for q, asked in self.asked.items()},
        )

    @property
    def graded(self) -> tuple[str, ...]:
        """The questions answered in grades."""
        return tuple(self.scales)

    def members(self, row: str) -> tuple[str, ...]:
        """Questions that a row of the table rests on."""
        if row in (ALL_QUESTIONS, WITHOUT_FAULT):
            return self.legal
        if row.startswith(THEME):
            return tuple(q for q in self.legal if THEME + self.themes.get(q, "") == row)
        return (row,)

    def pools(self, row: str) -> bool:
        """Whether a row pools several answers of a case: the question set decides it, never the data.

        >>> scheme = Scheme(("Q1", "Q2", "Q3"), {}, {"Q1": "plan", "Q2": "plan", "Q3": "visit"}, {})
        >>> [scheme.pools(row) for row in scheme.rows]
        [False, False, False, True, False, True, False]
        """
        return row == ALL_QUESTIONS or (row.startswith(THEME) and len(self.members(row)) > 1)

    @property
    def rows(self) -> list[str]:
        """Row names in the order of the table."""
        themes = dict.fromkeys(THEME + self.themes[q] for q in self.legal if q in self.themes)
        pooled = [ALL_QUESTIONS, WITHOUT_FAULT] if self.legal else []
        return [*self.legal, *themes, *pooled]


@dataclass(frozen=True)
class Domain:
    """A part of the reviewed cases, and the strata its rows rest on."""

    label: str
    cases: NDArray[np.bool_]
    strata: NDArray[np.bool_]


@dataclass(frozen=True)
class Counted:
    """Counts of all rows, in the order domain, question.

    `in_row` (rows, strata) tells which strata a row rests on, reviewed or not; `n_lawful` has each row's
    lawful reasons.
    """

    counts: Counts
    in_row: NDArray[np.bool_]
    n_lawful: NDArray[np.int_]


@dataclass(frozen=True)
class Tally(Counted):
    """The same, where `rows` has `question`, `domain`, `n_reviewed` and `n_lawful`."""

    rows: pd.DataFrame
    strata: pd.DataFrame


def tally(sample: ReviewedSample, scheme: Scheme, by: Sequence[str] = ()) -> Tally:
    """Count relevant and compliant answers per row and stratum, for all cases and per value of columns `by`.

    The sample holds finished cases only; a question that a case has no answer to is not relevant to it.
    Tables that do not fit together are a ValueError.

    >>> import pandas as pd
    >>> from tilsyn.reviews.sample import ReviewedSample
    >>> cases = pd.DataFrame({"case_id": ["1", "2"], "stratum": "A", "unit": "A"})
    >>> strata = pd.DataFrame({"stratum": ["A"], "unit": ["A"], "population_size": [10]})
    >>> answers = pd.DataFrame({"case_id": ["1", "2"], "question": "Q1", "answer": ["ja", "nej"]})
    >>> sample = ReviewedSample(cases, strata, answers)
    >>> result = tally(sample, Scheme.of(sample))
    >>> result.rows["question"].tolist(), result.counts.compliant[:, 0].tolist()
    (['Q1', '*', 'uden_fejl'], [1.0, 1.0, 1.0])
    """
    import pandas as pd

    parts, names = domains(sample, by), scheme.rows
    found = counted(sample.plain, scheme, parts)
    rows = pd.DataFrame(
        {
            "question": pd.Series(names * len(parts), dtype="str"),
            "domain": np.repeat([domain.label for domain in parts], len(names)),
            "n_reviewed": np.repeat([int(domain.cases.sum()) for domain in parts], len(names)),
            "n_lawful": found.n_lawful,
        }
    )
    return Tally(found.counts, found.in_row, found.n_lawful, rows, sample.strata)


def counted(sample: PlainSample, scheme: Scheme, parts: Sequence[Domain] | None = None) -> Counted:
    """Count as `tally` does, for some domains; without them for all cases."""
    parts = parts or [_everything(len(sample.cases), len(sample.strata))]
    of_case = _strata_of(sample)
    relevant, compliant, lawful = _answered(sample, scheme.legal)
    r, c, pooled = _measures(scheme, relevant, compliant)
    reasons = _lawful(scheme, lawful, c)
    size = len(sample.strata)
    reviewed = np.bincount(of_case, minlength=size).astype(float)
    moments = (r, c, (r > 0).astype(float), r * r, r * c, c * c)
    sums = np.zeros((len(moments), len(parts), size, r.shape[1]))
    for d, domain in enumerate(parts):
        inside = np.flatnonzero(domain.cases)
        for moment, sum_ in zip(moments, sums, strict=True):
            np.add.at(sum_[d], of_case[inside], moment[inside])
    # Rows in the order domain, question; last axis the strata.
    flat = sums.transpose(0, 1, 3, 2).reshape(len(moments), -1, size)
    in_row = np.repeat([domain.strata for domain in parts], r.shape[1], axis=0).reshape(-1, size)
    sizes = np.array([row.population_size for row in sample.strata], dtype=float)
    N = np.broadcast_to(sizes, in_row.shape)
    n = np.where(in_row, reviewed, 0.0)
    answered = np.full((len(parts), r.shape[1]), None, dtype=object)
    for d, domain in enumerate(parts):
        mine = domain.cases
        for row in np.flatnonzero(pooled).tolist():
            answered[d, row] = AnsweredCases.of(of_case[mine], r[mine, row], c[mine, row])
    counts = Counts(N, n, flat[0], flat[1], flat[2], flat[3], flat[4], flat[5], answered.ravel())
    n_lawful = np.concatenate([reasons[domain.cases].sum(axis=0) for domain in parts]).astype(int)
    return Counted(counts, in_row, n_lawful)


def _everything(cases: int, strata: int) -> Domain:
    return Domain(ALL_CASES, np.ones(cases, dtype=bool), np.ones(strata, dtype=bool))


def domains(sample: ReviewedSample, by: Sequence[str]) -> list[Domain]:
    """All cases, then the values of each column in `by`: units as the strata have them, others by name.

    A unit's rows rest on that unit's strata and on those it has reviewed cases in; any other domain crosses
    strata and rests on all of them. Cases without a value come last, as `uoplyst`.

    >>> import pandas as pd
    >>> from tilsyn.reviews.sample import ReviewedSample
    >>> cases = pd.DataFrame({"case_id": ["1"], "stratum": ["A"], "unit": ["A"], "case_type": ["x"]})
    >>> strata = pd.DataFrame({"stratum": ["A", "B"], "unit": ["A", "B"], "population_size": [10, 10]})
    >>> sample = ReviewedSample(cases, strata, pd.DataFrame())
    >>> [domain.label for domain in domains(sample, ["unit", "case_type"])]
    ['all', 'unit=A', 'unit=B', 'case_type=x']
    """
    cases, strata = sample.cases, sample.strata
    result = [_everything(len(cases), len(strata))]
    everywhere = result[0].strata
    for column in by:
        value_of = cases[column].astype(object).where(cases[column].notna(), UNKNOWN_DOMAIN).astype(str)
        value_of = value_of.where(value_of.str.strip() != "", UNKNOWN_DOMAIN)
        values = sorted(set(value_of), key=lambda value: (value == UNKNOWN_DOMAIN, value))
        if column == "unit":
            drawn = strata.loc[strata["stratum"] != WHOLE_FRAME, "unit"]
            values = list(dict.fromkeys([*drawn.astype(str), *values]))
        for value in values:
            inside = (value_of == value).to_numpy()
            own = everywhere
            if column == "unit":
                touched = strata["stratum"].isin(cases.loc[inside, "stratum"])
                own = ((strata["unit"].astype(str) == value) | touched).to_numpy()
            result.append(Domain(f"{column}={value}", inside, own))
    return result


def _measures(
    scheme: Scheme, relevant: Floats, compliant: Floats
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    # Relevant and compliant answers per case and row of the table, and which rows pool several of a case.
    r, c, pooled = [relevant], [compliant], [False] * len(scheme.legal)
    position = {question: i for i, question in enumerate(scheme.legal)}
    for row in scheme.rows[len(scheme.legal) :]:
        columns = [position[question] for question in scheme.members(row)]
        answered = relevant[:, columns].sum(axis=1, keepdims=True)
        right = compliant[:, columns].sum(axis=1, keepdims=True)
        if row == WITHOUT_FAULT:
            right = ((answered > 0) & (right == answered)).astype(float)
            answered = (answered > 0).astype(float)
        r.append(answered)
        c.append(right)
        pooled.append(scheme.pools(row))
    return np.hstack(r), np.hstack(c), np.asarray(pooled, dtype=bool)


def legal_answers(answers: pd.DataFrame) -> pd.DataFrame:
    """The answers to questions that are legal ones as they read for the case."""
    return answers[answers["legal"].astype(bool)] if "legal" in answers else answers


def _lawful(scheme: Scheme, lawful: Floats, compliant: Floats) -> Floats:
    """Lawful reasons per case and row of the table; cases without fault that have one in their row."""
    position = {question: i for i, question in enumerate(scheme.legal)}
    columns = []
    for place, row in enumerate(scheme.rows):
        given = lawful[:, [position[question] for question in scheme.members(row)]].sum(axis=1)
        columns.append((given > 0) & (compliant[:, place] > 0) if row == WITHOUT_FAULT else given)
    return np.column_stack(columns) if columns else np.zeros((len(lawful), 0))


def _answered(sample: PlainSample, questions: Sequence[str]) -> NDArray[np.float64]:
    """Whether each question was relevant to each case, complied with, and lawfully not: the first axis."""
    row = {case.case_id: place for place, case in enumerate(sample.cases)}
    if len(row) < len(sample.cases):
        raise ValueError("a case is listed twice among the reviewed cases")
    column = {question: place for place, question in enumerate(questions)}
    said = {}
    for case_id, question, answer, legal in sample.answers:
        if legal and question in column and case_id in row:
            at = row[case_id], column[question]
            if at in said:
                raise ValueError("a case has two answers to one question")
            said[at] = answer
    found = np.zeros((len(_KINDS), len(row), len(column)))
    for kind, answers in zip(found, _KINDS, strict=True):
        places = [at for at, answer in said.items() if answer in answers]
        if places:
            kind[tuple(np.array(places).T)] = 1
    return found


def _strata_of(sample: PlainSample) -> NDArray[np.intp]:
    """The number of each case's stratum."""
    number = {row.stratum: place for place, row in enumerate(sample.strata)}
    for case in sample.cases:
        if case.stratum not in number:
            raise ValueError(f"unknown stratum: {case.stratum}")
    return np.array([number[case.stratum] for case in sample.cases], dtype=np.intp)


def as_plain(sample: ReviewedSample | PlainSample) -> PlainSample:
    """A sample as plain rows."""
    return sample if isinstance(sample, PlainSample) else sample.plain
