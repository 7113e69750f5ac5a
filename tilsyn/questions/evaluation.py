"""What counts at each question of a case: whether it applies, and its answer, whoever decided it.

A reader's answer may be ruled out by the law and the head, given by the head, decided by the dates of a
limit, or turned into *nej* where it is a lawful reason that something else does not bear out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES, code_of
from tilsyn.questions.conditions import Condition, Known, Term
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays
from tilsyn.questions.facts import ACT_DATE, REGIME, REVIEWED_ON
from tilsyn.questions.head import Head
from tilsyn.questions.limits import Limit, Span, Within
from tilsyn.questions.links import AnsweredWhen, Link, Requires, WarnWhen
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.reckoning import Reckoner, Verdict

# Who or what decided: the reader (""), the law of the act, a condition, the dates of a limit, a limit that
# has not run out, the case head, or a link.
Why = Literal["", "regime", "skipped", "dates", "running", "head", "link"]


@dataclass(frozen=True)
class Said:
    """What a reader answered, canonical, and the lawful reason that was chosen."""

    answer: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class CaseSaid:
    """What a case sheet says: facts by name as codes, dates by name, and answers by question id.

    The dates hold `handling_dato` and `gennemgang_dato`; those of a limit of 0.1 are `<id>.start` and
    `<id>.end`.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, date | datetime] = field(default_factory=dict)
    answers: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What counts at one question.

    `row` is the question as it reads for this case, None where its law does not ask it; `applies` is None
    while that is not known. `failing` are the comparisons that rule it out, `verdict` what its dates decide,
    `link` what turned or gave its answer, and `swapped` tells that its dates cannot be in that order.
    """

    question: str
    row: Question | None
    applies: bool | None = None
    answer: str | None = None
    reason: str = ""
    why: Why = ""
    failing: tuple[Term, ...] = ()
    verdict: Verdict | None = None
    link: Link | None = None
    swapped: bool = False
    warnings: tuple[WarnWhen, ...] = ()

    @property
    def by(self) -> str:
        """The link, or the name of the date, that decided; "" where neither did."""
        if self.why in ("head", "link"):
            return str(self.link)
        return self.verdict.by if self.why in ("dates", "running") and self.verdict is not None else ""


def evaluate(
    question_set: QuestionSet, said: CaseSaid, regime: str | None, working_days: WorkingDays
) -> dict[str, Outcome]:
    """Return what counts at each question, in the set's order; `regime` None is a law not known yet."""
    turned: dict[str, Requires] = {}
    while True:
        case = _Case(question_set, said, regime, working_days, turned)
        outcomes = {name: case.outcome(name) for name in question_set.ids}
        more = {name: link for name, outcome in outcomes.items() if (link := case.not_borne_out(outcome))}
        if not more:
            return {name: case.warned(outcome) for name, outcome in outcomes.items()}
        # An answer that was turned stays so, so this ends.
        turned |= more


class _Case:
    """One case, its questions looked at as they are asked for."""

    def __init__(
        self,
        question_set: QuestionSet,
        said: CaseSaid,
        regime: str | None,
        working_days: WorkingDays,
        turned: Mapping[str, Requires],
    ) -> None:
        self.set = question_set
        self.said = said
        self.regime = regime
        self.turned = turned
        self.act = _day(said.dates.get(ACT_DATE))
        self.head = Head(question_set, said.facts, said.dates, regime)
        reviewed = _day(said.dates.get(REVIEWED_ON))
        self.reckoning = Reckoner(working_days, reviewed, lambda condition: condition.holds(self.look))
        self._found: dict[str, Outcome] = {}

    def look(self, name: str) -> Known:
        """Return what is known of a fact or an answer."""
        if name == REGIME or self.head.knows(name):
            return self.head.look(name)
        if name not in self.set.ids:
            return Known(there=False)
        outcome = self.outcome(name)
        if outcome.applies is False:
            return Known(there=False)
        return _known(outcome)

    def outcome(self, name: str) -> Outcome:
        """Return what counts at a question, links that require something left out."""
        if name not in self._found:
            self._found[name] = self._outcome(name)
        return self._found[name]

    def _outcome(self, name: str) -> Outcome:
        row = self.set.question(name).at(self.regime, self.act)
        said = self.said.answers.get(name, Said())
        if row is None:
            return Outcome(name, None, False, NOT_RELEVANT, why="regime")
        applies = True if row.condition is None else row.condition.holds(self.look)
        if applies is False and row.condition is not None:
            failing = row.condition.failing(self.look)
            return Outcome(name, row, False, NOT_RELEVANT, why="skipped", failing=failing)
        own = Outcome(name, row, applies, said.answer, said.reason if said.answer == LAWFUL_NO else "")
        for link in row.links:
            if isinstance(link, AnsweredWhen) and link.condition.holds(self.look):
                return replace(own, answer=link.value, reason="", why="head", link=link)
        if name in self.turned:
            return replace(own, answer=NO, reason="", why="link", link=self.turned[name])
        return self._by_dates(own, row)

    def _by_dates(self, own: Outcome, row: Question) -> Outcome:
        """Return the outcome with what the dates decide; they never overrule a lawful reason."""
        limit = limit_of(row)
        if limit is None:
            return own
        try:
            verdict = self.reckoning.verdict(limit, self.head.dates)
        except DatesSwapped:
            return replace(own, swapped=True)
        own = replace(own, verdict=verdict)
        if own.answer in (LAWFUL_NO, NOT_RELEVANT):
            return own
        if verdict.state == "running":
            return replace(own, answer=NOT_RELEVANT, why="running")
        if verdict.answer is None or (own.answer == YES and not verdict.binding):
            return own
        return replace(own, answer=verdict.answer, why="dates")

    def not_borne_out(self, outcome: Outcome) -> Requires | None:
        """Return the link whose requirement a lawful reason does not meet."""
        if outcome.row is None or outcome.answer != LAWFUL_NO:
            return None
        answer = _known(outcome)
        for link in outcome.row.links:
            if isinstance(link, Requires) and link.concerns(answer) and self._met(link.required) is False:
                return link
        return None

    def _met(self, required: Condition | Limit) -> bool | None:
        if isinstance(required, Condition):
            return required.holds(self.look)
        try:
            answer = self.reckoning.verdict(required, self.head.dates).answer
        except DatesSwapped:
            return None
        return None if answer is None else answer == YES

    def warned(self, outcome: Outcome) -> Outcome:
        """Return the outcome with what a reader should look at again."""
        links = outcome.row.links if outcome.row is not None and outcome.applies else ()
        found = tuple(k for k in links if isinstance(k, WarnWhen) and k.condition.holds(self.look))
        return replace(outcome, warnings=found) if found else outcome


def _known(outcome: Outcome) -> Known:
    """Return an answer as conditions see it."""
    return Known(code_of(outcome.answer) if outcome.answer else None, outcome.applies, outcome.reason)


def limit_of(question: Question) -> Limit | None:
    """Return a question's limit; one of 0.1 is between two dates of its own."""
    deadline = question.deadline
    if question.limit is not None or deadline is None or deadline.amount is None or deadline.unit is None:
        return question.limit
    name = question.question_id
    return Within((Span(f"{name}.start", deadline.amount, deadline.unit),), f"{name}.end")


def _day(moment: date | datetime | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
