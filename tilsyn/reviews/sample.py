"""The reviewed sample: the cases drawn of a level and period, and how they were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import pandas as pd

from tilsyn.base.periods import Period
from tilsyn.base.which import Which
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.plain_sample import PlainAnswer, PlainCase, PlainSample, PlainStratum, SampleScope

Row = TypeVar("Row", PlainCase, PlainStratum, PlainAnswer)

REPLACEMENT_COLUMNS = {
    "case_id": "str",
    "replacement": "str",
    "reason": "str",
    "on": "str",
    "stratum": "object",
    "text_da": "str",
    "text_en": "str",
    "outside_population": "bool",
}


def _none_replaced() -> pd.DataFrame:
    return pd.DataFrame(columns=list(REPLACEMENT_COLUMNS)).astype(REPLACEMENT_COLUMNS)


@dataclass(frozen=True)
class ReviewedSample(SampleScope):
    """The cases drawn of a level and period, how they were answered, and what is known of them.

    `cases` has a row per drawn or replacing case in force: case_id, stratum, unit and, where they are known,
    ticket, order, inclusion_probability, design_weight, facts of the register, complete (bool), act_date,
    regime (the law of the act), reviewer, reviewed_on, akut, handled (bool), criticism, replaces (the case it
    stands in for, or None), workbook, simulated (bool). Without `complete` all are reviewed.

    `strata` has stratum, unit, population_size (N_h, cases of the frame) and, where they are known,
    stratum_size, sample_size (cases drawn), reviewed, missing, replaced.

    `answers` has case_id, question, answer (canonical) and, from checklists, relevant (bool), compliant
    (boolean or NA), legal (bool: it enters a percentage, as the question reads for the case), reason (the
    lawful one's name), why and by (what decided it, by the rules of 2), derived (bool), remark; unfinished
    cases are there too.

    `replacements` has case_id, replacement, reason (its name), on (date), stratum, and what held then: the
    reason's text_da and text_en (one may be empty) and outside_population (bool).

    `questions` is the question set, or the theme of each question that is known. `name_strata` is False where
    a stratum is a person, who is counted and never named; `blind` says that who reviewed did not see an
    earlier reading's answers. `speaks_of` and `reviewed_recently` (how many) are as in the draw's record;
    `single` is the plan of a single draw.
    """

    cases: pd.DataFrame
    strata: pd.DataFrame
    answers: pd.DataFrame
    questions: QuestionSet | Mapping[str, str] | None = None
    replacements: pd.DataFrame = field(default_factory=_none_replaced)
    name: str = ""
    level: Which | None = None
    period: Period | None = None
    name_strata: bool = True
    blind: bool = True

    @property
    def n_drawn(self) -> int:
        """How many cases are to be reviewed."""
        return len(self.cases)

    @property
    def n_reviewed(self) -> int:
        """How many are."""
        return len(self._done)

    @property
    def n_missing(self) -> int:
        """How many are not: nonresponse until they are."""
        return self.n_drawn - self.n_reviewed

    @property
    def finished(self) -> ReviewedSample:
        """The reviewed cases and their answers: those that count."""
        if "complete" not in self.cases:
            return self
        cases = self._done.reset_index(drop=True)
        answers = self.answers[self.answers["case_id"].isin(cases["case_id"])].reset_index(drop=True)
        return replace(self, cases=cases, answers=answers)

    @property
    def _done(self) -> pd.DataFrame:
        return self.cases[self.cases["complete"]] if "complete" in self.cases else self.cases

    @property
    def simulated(self) -> bool:
        """Whether any case was answered by the demonstration."""
        return "simulated" in self.cases and bool(self.cases["simulated"].any())

    @property
    def plain(self) -> PlainSample:
        """The same as plain rows, which figures are counted from."""
        return PlainSample(
            _rows(PlainCase, self.cases),
            _rows(PlainStratum, self.strata),
            _rows(PlainAnswer, self.answers),
            self.questions,
            speaks_of=self.speaks_of,
            reviewed_recently=self.reviewed_recently,
            single=self.single,
        )

    @property
    def n_asked(self) -> int:
        """How many cases were drawn; not known of reviews made elsewhere."""
        return int(self.strata["sample_size"].sum())

    @property
    def units(self) -> tuple[str, ...]:
        """The units of the strata, as they are compared with another period's."""
        return self.plain.units

    @property
    def regimes(self) -> dict[str, set[str]]:
        """Per question, the laws of the cases it was relevant to; of all cases where it was to none.

        >>> cases = pd.DataFrame({"case_id": ["1"], "regime": ["serviceloven"]})
        >>> answers = pd.DataFrame({"case_id": ["1"], "question": ["Q1"], "answer": ["ja"]})
        >>> ReviewedSample(cases, pd.DataFrame(), answers).regimes
        {'Q1': {'serviceloven'}}
        """
        return self.plain.regimes if "regime" in self.cases else {}

    def with_later_ids(self, later: Mapping[str, str]) -> ReviewedSample:
        """The same answers under the ids of the questions that carry theirs on (earlier id to present id)."""
        return replace(
            self, answers=self.answers.assign(question=self.answers["question"].replace(dict(later)))
        )


def _rows(kind: type[Row], table: pd.DataFrame) -> list[Row]:
    """Return a table's rows as plain ones; what it has no column of is as it usually is."""
    columns = [
        table[name].astype(object).where(table[name].notna(), None)
        if name in table
        else [kind._field_defaults.get(name)] * len(table)
        for name in kind._fields
    ]
    return list(map(kind, *columns))


def joined(samples: Sequence[ReviewedSample], strata: pd.DataFrame) -> ReviewedSample:
    """Several draws as one, over the strata given: the months of a quarter, oldest first."""
    cases = pd.concat([sample.cases for sample in samples], ignore_index=True)
    answers = pd.concat([sample.answers for sample in samples], ignore_index=True)
    replacements = pd.concat([sample.replacements for sample in samples], ignore_index=True)
    return replace(
        samples[-1],
        # A case is not drawn twice within a quarter; should it be, its newest review counts.
        cases=cases.drop_duplicates("case_id", keep="last", ignore_index=True),
        answers=answers.drop_duplicates(["case_id", "question"], keep="last", ignore_index=True),
        replacements=replacements,
        strata=strata,
    )
