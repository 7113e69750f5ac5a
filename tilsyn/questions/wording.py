"""Conditions, limits and links in people's words, and what decided an answer."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.numbers import date_text
from tilsyn.questions.answers import ANSWERS, LAWFUL, answer_text, code_of
from tilsyn.questions.conditions import Condition, Term
from tilsyn.questions.evaluation import Outcome
from tilsyn.questions.limits import Before, Either, Limit, Span
from tilsyn.questions.links import AnsweredWhen, Link, Requires
from tilsyn.questions.question_set import QuestionSet
from tilsyn.questions.reckoning import Verdict

_ANSWERS = {code_of(answer): answer for answer in ANSWERS["legal"]}
_SIGNS = {"=": "equals", "!=": "differs", ">=": "at_least", "<": "under"}


class Wording:
    """The words of a question set's names."""

    def __init__(self, question_set: QuestionSet) -> None:
        self._facts = {fact.name: fact for fact in question_set.facts}
        self._names = {asked.name: asked.text for asked in question_set.dates}
        self._names |= {fact.name: fact.text for fact in question_set.facts}
        self._questions = {question.question_id: question for question in question_set.questions}
        self._reasons = {reason.name: reason.text for reason in question_set.reasons}

    def name(self, name: str) -> str:
        """Return what people call a fact or a date; a question keeps its number."""
        return self._names.get(name, name).rstrip("?:. ")

    def value(self, name: str, code: str) -> str:
        """Return what people call a value of a fact or an answer."""
        if name in self._facts:
            choices = {choice.code: choice.text for choice in self._facts[name].choices}
            return choices.get(code, code)
        word, _, reason = code.partition(":")
        if word == LAWFUL and reason:
            return say("question.lawful_of", reason=self._reasons.get(reason, reason))
        if name in self._questions and self._questions[name].graded:
            question = self._questions[name]
            return next((question.called(a) for a in question.answers if code_of(a) == word), code)
        return answer_text(_ANSWERS[word]) if word in _ANSWERS else code

    def term(self, term: Term) -> str:
        """Return a comparison in words."""
        name = self.name(term.name)
        if term.operator == "given":
            return say("question.given", name=name)
        if term.operator == "relevant":
            return say("question.relevant", name=name)
        values = say("question.value_or").join(self.value(term.name, code) for code in term.values)
        return say(f"question.{_SIGNS[term.operator]}", name=name, value=values)

    def condition(self, condition: Condition | None) -> str:
        """Return a condition in words."""
        if condition is None:
            return say("question.always")
        parts = (say("question.and").join(map(self.term, terms)) for terms in condition.alternatives)
        return say("question.or").join(parts)

    def limit(self, limit: Limit) -> str:
        """Return a limit in words."""
        if isinstance(limit, Either):
            told = {"then": self.limit(limit.then), "otherwise": self.limit(limit.otherwise)}
            return say("question.either", condition=self.condition(limit.condition), **told)
        if isinstance(limit, Before):
            return say("question.before", start=self.name(limit.reference))
        spans = [self._span(span) for span in limit.spans]
        return say("question.earliest", spans="; ".join(spans)) if len(spans) > 1 else spans[0]

    def _span(self, span: Span) -> str:
        start = self.name(span.start)
        if not span.amount:
            return say("question.day_of", start=start)
        return say("question.span", length=say(f"question.{span.unit}", n=span.amount), start=start)

    def link(self, link: Link) -> str:
        """Return a link in words."""
        if isinstance(link, Requires):
            required = link.required
            told = self.condition(required) if isinstance(required, Condition) else self.limit(required)
            return say("question.requires", required=told)
        if isinstance(link, AnsweredWhen):
            value = answer_text(link.value)
            return say("question.answered_when", value=value, condition=self.condition(link.condition))
        return say("question.warn_when", condition=self.condition(link.condition))

    def verdict(self, verdict: Verdict) -> str:
        """Return the last lawful day in words, and which date decided; "" where none is known."""
        if verdict.last is None:
            return ""
        told = say("question.last_day", day=date_text(verdict.last), start=self.name(verdict.by))
        if verdict.free:
            told = say("question.last_free", told=told)
        if verdict.with_saturdays is not None:
            told = say("question.last_saturdays", told=told, other=date_text(verdict.with_saturdays))
        if verdict.state == "passed":
            told = say("question.passed", told=told)
        return told if verdict.binding else say("question.proposed", told=told)

    def why(self, outcome: Outcome) -> str:
        """Return what decided an answer that is not the reader's own; "" for the reader's."""
        if outcome.why == "skipped":
            terms = say("question.and").join(map(self.term, outcome.failing))
            return say("question.why_skipped", condition=terms)
        if outcome.why == "regime":
            return say("question.why_regime")
        if outcome.why in ("head", "link") and outcome.link is not None:
            return say(f"question.why_{outcome.why}", link=self.link(outcome.link))
        told = self.verdict(outcome.verdict) if outcome.verdict is not None else ""
        if outcome.why == "running":
            return say("question.why_running", told=told)
        return told if outcome.why == "dates" else ""
