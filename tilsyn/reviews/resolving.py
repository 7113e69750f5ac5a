"""Which answer counts at each question: the reviewer's own, or what follows from dates, answers and law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, code_of
from tilsyn.questions.conditions import Known
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays, derive
from tilsyn.questions.evaluation import CaseSaid, Outcome, Said, evaluate
from tilsyn.questions.facts import ACT_DATE, REVIEWED_ON
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.records import CaseReview, Given


@dataclass(frozen=True)
class Resolved:
    """The answer that counts at one question of one case: canonical, None when it is still to be answered.

    A `derived` one is not the reviewer's word: `why` says that it follows from its "dates", from another
    answer or a fact ("skipped"), from the law ("regime"), and by the rules of 2 as `Outcome.why` says.
    `outcome` is what decided it by those rules.
    """

    question: str
    answer: str | None
    derived: bool = False
    why: str = ""
    remark: str = ""
    reason: str = ""
    outcome: Outcome | None = None

    def legal(self, question_set: QuestionSet) -> bool:
        """Tell whether the answer enters a compliance percentage, as the question reads for this case."""
        row = self.outcome.row if self.outcome is not None else None
        return (row or question_set.question(self.question)).kind == "legal"


def regime_of(question_set: QuestionSet, act_date: date | None, latest_act: date) -> str | None:
    """Return the law regime a case is read by, or None when it cannot be told.

    No act reviewed is later than `latest_act`, such as the period's last day.
    """
    known = question_set.regime_at(act_date)
    if known is not None or act_date is not None:
        return known
    possible = [r.name for r in question_set.regimes if r.first is None or r.first <= latest_act]
    return possible[0] if len(possible) == 1 else None


def resolve(
    question_set: QuestionSet, review: CaseReview, regime: str | None, working_days: WorkingDays
) -> list[Resolved]:
    """Return the answer that counts at each question, in the set's order."""
    if question_set.rules > 1:
        return _by_evaluation(question_set, review, regime, working_days)
    given = {_known_id(question_set, name): value for name, value in review.answers.items()}
    base = {
        q.question_id: _own_answer(q, given.get(q.question_id, Given()), regime, working_days)
        for q in question_set.questions
    }
    found = base
    # Each round lets one more link of a chain of conditions take effect.
    for _ in base:
        known = {**review.facts, **{name: r.answer for name, r in found.items() if r.answer is not None}}
        now = {q.question_id: _skipped(q, base[q.question_id], known) for q in question_set.questions}
        if now == found:
            break
        found = now
    return list(found.values())


def _by_evaluation(
    question_set: QuestionSet, review: CaseReview, regime: str | None, working_days: WorkingDays
) -> list[Resolved]:
    given = {_known_id(question_set, name): value for name, value in review.answers.items()}
    outcomes = evaluate(question_set, said_of(review, given), regime, working_days)
    return [
        Resolved(
            question=name,
            answer=outcome.answer,
            derived=outcome.why != "",
            why=outcome.why,
            remark=given.get(name, Given()).remark,
            reason=outcome.reason,
            outcome=outcome,
        )
        for name, outcome in outcomes.items()
    ]


def said_of(review: CaseReview, given: Mapping[str, Given]) -> CaseSaid:
    """Return what a review says, in the shape that questions are evaluated by."""
    dates = dict(review.dates)
    for name, at in ((ACT_DATE, review.act_date), (REVIEWED_ON, review.reviewed_on)):
        if at is not None:
            dates[name] = at
    for name, value in given.items():
        for part, moment in (("start", value.start), ("end", value.end)):
            if moment is not None:
                dates[f"{name}.{part}"] = moment
    return CaseSaid(
        facts=review.facts,
        dates=dates,
        answers={name: Said(value.answer, value.reason) for name, value in given.items()},
    )


def _known_id(question_set: QuestionSet, name: str) -> str:
    try:
        return question_set.question(name).question_id
    except KeyError:
        return name


def _own_answer(question: Question, given: Given, regime: str | None, working_days: WorkingDays) -> Resolved:
    """Return the answer before other answers have their say."""
    name = question.question_id
    if regime is not None and question.regimes and regime not in question.regimes:
        return Resolved(name, NOT_RELEVANT, True, "regime", given.remark)
    derived = derived_answer(question, given, working_days)
    # That a question does not apply, or that a broken limit was lawful, is the reviewer's to say.
    if derived is not None and given.answer != NOT_RELEVANT and (derived, given.answer) != (NO, LAWFUL_NO):
        return Resolved(name, derived, True, "dates", given.remark)
    return Resolved(name, given.answer, remark=given.remark)


def derived_answer(question: Question, given: Given, working_days: WorkingDays) -> str | None:
    """Return the answer that a question's two dates decide, or None when they decide none."""
    if question.deadline is None:
        return None
    try:
        return derive(question.deadline, given.start, given.end, working_days)
    except DatesSwapped:
        return None


def _skipped(question: Question, own: Resolved, known: Mapping[str, str]) -> Resolved:
    if own.why == "regime" or question.condition is None:
        return own

    def look(name: str) -> Known:
        return Known(code_of(known[name]) if known.get(name) else None)

    if question.condition.holds(look) is not False:
        return own
    return Resolved(own.question, NOT_RELEVANT, True, "skipped", own.remark)
