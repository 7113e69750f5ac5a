"""The register against the reader: a time limit by dates, and what was answered to the question of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tilsyn.compliance.deadline_cases import DeadlineCases
from tilsyn.compliance.deadline_figures import last_of
from tilsyn.compliance.deadline_states import judge
from tilsyn.questions.answers import NO, YES
from tilsyn.sampling.rule_columns import listed
from tilsyn.settings.deadline_rules import DeadlineRule

# What the register says of a limit, and a reader of its question.
Side = Literal["yes", "no", "open"]
_SETTLED: dict[str, Side] = {"within": "yes", "over": "no", "open_over": "no"}


@dataclass(frozen=True)
class DifferingCase:
    """A case of which the register says one thing and its reader another."""

    case_id: str
    unit: str | None
    rule: str
    reader: str
    start: date
    last: date
    stop: date | None
    answer: str


@dataclass(frozen=True)
class LimitReading:
    """The cases of a draw by what the register says of a limit and what its `reader` answered.

    `counts` has both sides: kept ("yes"), not kept ("no"), or neither ("open"). The register leaves open what
    it cannot measure, what is not settled, and a case that the rule is not about or that it does not have.
    """

    rule: str
    question: str
    draw_id: str
    reader: str
    counts: Mapping[tuple[str, str], int]
    differing: tuple[DifferingCase, ...]

    @property
    def compared(self) -> int:
        """The cases of which both say whether the limit was kept."""
        return sum(n for sides, n in self.counts.items() if "open" not in sides)

    @property
    def agree(self) -> int:
        """Those of which both say the same."""
        return self.counts.get(("yes", "yes"), 0) + self.counts.get(("no", "no"), 0)


def limit_reading(
    cases: DeadlineCases, rule: DeadlineRule, draw_id: str, reader: str, answers: Mapping[str, str]
) -> LimitReading:
    """Hold the register against the answers by case of a draw, whenever the limit began in them."""
    rows = cases.ask(
        f"""SELECT case_id, unit, state, start, last, stop
            FROM ({judge(cases, rule, f"case_id IN ({listed(answers)})")}) ORDER BY case_id"""
    )
    sides = {row[0]: _SETTLED.get(row[2], "open") for row in rows}
    counts: Counter[tuple[str, str]] = Counter(
        (sides.get(case, "open"), _side(answer)) for case, answer in answers.items()
    )
    differing = [
        DifferingCase(case, unit, rule.name, reader, start, last_of(last), stop, answers[case])
        for case, unit, _, start, last, stop in rows
        if {sides[case], _side(answers[case])} == {"yes", "no"}
    ]
    return LimitReading(rule.name, rule.question or "", draw_id, reader, counts, tuple(differing))


def _side(answer: str) -> Side:
    """Return what an answer says of the limit; a *nej* with a lawful reason says that it was not kept."""
    if answer == YES:
        return "yes"
    return "no" if answer.startswith(NO) else "open"
