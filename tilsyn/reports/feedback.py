"""What a reading found, case by case, for the caseworker's leader: what was right, then what was not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES
from tilsyn.questions.criticism import step_kept
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.wording import Wording
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.reviews.resolving import Resolved

_NO_GRADES = (None, YES, NO, LAWFUL_NO, NOT_RELEVANT)


@dataclass(frozen=True)
class FeedbackLine:
    """One question on a page: its short text and law, and what is told of the answer, a line each."""

    question: str
    text: str
    law: str
    critical: bool
    told: tuple[str, ...]


@dataclass(frozen=True)
class FeedbackPage:
    """All that is told of one case; `facts` are the labels and values that head the page.

    Grades are neither right nor wrong, and stand by themselves.
    """

    case_id: str
    facts: tuple[tuple[str, str], ...]
    right: tuple[FeedbackLine, ...]
    wrong: tuple[FeedbackLine, ...]
    graded: tuple[FeedbackLine, ...]
    # Headings and texts that end the page.
    closing: tuple[tuple[str, str], ...]
    simulated: bool


@dataclass(frozen=True)
class FeedbackOn:
    """What the pages of a draw share; `known` are texts that are no CPR numbers whatever they look like."""

    question_set: QuestionSet
    level: str
    period: Period
    known: Collection[str]

    def page(self, case: CaseInForce, unit: str) -> FeedbackPage:
        """Return the page of a reviewed case."""
        review = case.review
        reviewed_on = date_text(review.reviewed_on) if review.reviewed_on else ""
        closing = [(say(f"feedback.{key}"), review.head.get(key, "")) for key in ("conclusion", "learning")]
        if review.criticism:
            step = step_kept(self.question_set.criticism_scale, review.criticism)
            closing.append((say("report.criticism"), step.text))
        return FeedbackPage(
            case_id=review.case_id,
            facts=(
                (say("feedback.level"), self.level),
                (say("feedback.period"), self.period.label()),
                (say("feedback.unit"), unit),
                (say("checklist.head_reviewed_on"), reviewed_on or say("feedback.not_said")),
                (say("checklist.head_reviewer"), self._told(review.reviewer)),
            ),
            right=self._lines(case, (YES, LAWFUL_NO)),
            wrong=self._lines(case, (NO,)),
            graded=self._lines(case, {each.answer for each in case.resolved}.difference(_NO_GRADES)),
            closing=tuple((heading, self._told(text)) for heading, text in closing),
            simulated=review.simulated,
        )

    def _lines(self, case: CaseInForce, answers: Collection[str | None]) -> tuple[FeedbackLine, ...]:
        return tuple(self._line(each, case.regime) for each in case.resolved if each.answer in answers)

    def _line(self, answer: Resolved, regime: str | None) -> FeedbackLine:
        question = answer.outcome.row if answer.outcome is not None else None
        question = question or self.question_set.question(answer.question)
        law = question.law.get(regime or "") or "; ".join(question.law.values())
        told = (self._said(answer), mask(answer.remark, self.known), self._decided(answer, question))
        lines = tuple(text for text in told if text)
        return FeedbackLine(question.question_id, question.short, law, question.critical, lines)

    def _said(self, answer: Resolved) -> str:
        """Return the answer in words where the heading above it does not say it: a grade, a lawful reason."""
        if answer.answer is not None and answer.answer not in _NO_GRADES:
            return self.question_set.called(answer.question, answer.answer)
        if answer.answer != LAWFUL_NO:
            return ""
        reasons = {reason.name: reason.text for reason in self.question_set.reasons}
        reason = reasons.get(answer.reason, "")
        return say("feedback.lawful_of", reason=reason) if reason else say("feedback.lawful")

    def _decided(self, answer: Resolved, question: Question) -> str:
        """Return the limit, date or link that decided a *nej*; "" where the reader did."""
        if answer.answer != NO:
            return ""
        if answer.outcome is not None:
            told = Wording(self.question_set).why(answer.outcome)
        else:
            told = question.deadline.text if answer.why == "dates" and question.deadline else ""
        return say("feedback.decided", told=told) if told else ""

    def _told(self, text: str) -> str:
        return mask(text, self.known) or say("feedback.not_said")
