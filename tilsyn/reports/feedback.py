"""What a reading found, case by case, for the caseworker's leader: what was right, then what was not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.base.periods import Period
from tilsyn.questions.answers import LAWFUL_NO, NO, YES
from tilsyn.questions.question import Question
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.wording import Wording
from tilsyn.reviews.in_force import CaseInForce
from tilsyn.reviews.resolving import Resolved


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
    """All that is told of one case; `facts` are the labels and values that head the page."""

    case_id: str
    facts: tuple[tuple[str, str], ...]
    right: tuple[FeedbackLine, ...]
    wrong: tuple[FeedbackLine, ...]
    conclusion: str
    learning: str
    simulated: bool


@dataclass(frozen=True)
class FeedbackOn:
    """What the pages of a draw share; `known` are texts that are no CPR numbers whatever they look like."""

    question_set: QuestionSet
    level: int
    period: Period
    known: Collection[str]

    def page(self, case: CaseInForce, unit: str) -> FeedbackPage:
        """Return the page of a reviewed case. Grades are neither right nor wrong, and stay out."""
        review = case.review
        reviewed_on = date_text(review.reviewed_on) if review.reviewed_on else say("feedback.not_said")
        level = f"{say('report.level', level=self.level)}, {say(f'report.level_{self.level}')}"
        return FeedbackPage(
            case_id=review.case_id,
            facts=(
                (say("feedback.level"), level),
                (say("feedback.period"), self.period.label()),
                (say("feedback.unit"), unit),
                (say("checklist.head_reviewed_on"), reviewed_on),
                (say("checklist.head_reviewer"), self._masked(review.reviewer) or say("feedback.not_said")),
            ),
            right=tuple(self._line(r, case.regime) for r in case.resolved if r.answer in (YES, LAWFUL_NO)),
            wrong=tuple(self._line(r, case.regime) for r in case.resolved if r.answer == NO),
            conclusion=self._masked(review.head.get("conclusion", "")),
            learning=self._masked(review.head.get("learning", "")),
            simulated=review.simulated,
        )

    def _line(self, answer: Resolved, regime: str | None) -> FeedbackLine:
        question = answer.outcome.row if answer.outcome is not None else None
        question = question or self.question_set.question(answer.question)
        law = question.law.get(regime or "") or "; ".join(question.law.values())
        told = [] if answer.answer == YES else [self._reason(answer), self._masked(answer.remark)]
        told += [self._decided(answer, question)] if answer.answer == NO else []
        lines = tuple(text for text in told if text)
        return FeedbackLine(question.question_id, question.short, law, question.critical, lines)

    def _reason(self, answer: Resolved) -> str:
        """Return the lawful reason in words."""
        if answer.answer != LAWFUL_NO:
            return ""
        reasons = {reason.name: reason.text for reason in self.question_set.reasons}
        reason = reasons.get(answer.reason, "")
        return say("feedback.lawful_of", reason=reason) if reason else say("feedback.lawful")

    def _decided(self, answer: Resolved, question: Question) -> str:
        """Return the limit, date or link that decided an answer; "" where the reader did."""
        if answer.outcome is not None:
            told = Wording(self.question_set).why(answer.outcome)
        else:
            told = question.deadline.text if answer.why == "dates" and question.deadline else ""
        return say("feedback.decided", told=told) if told else ""

    def _masked(self, text: str) -> str:
        return mask(text, self.known)
