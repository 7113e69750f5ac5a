"""Question catalogues: what is asked, under which law, and when it applies.

A *catalogue* is one file of questions (`checklists/<name>.toml`); the legal ones belong to one law
regime. A *question set* is what a draw is reviewed with: the questions of its catalogues merged by id,
so that a sample with acts from both sides of 1 January 2024 has one set and one row per question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from tilsyn.questions.answers import Kind
from tilsyn.questions.question import CaseStep, Fact, Question, Regime


@dataclass(frozen=True)
class Catalogue:
    """One file of questions; `regime` is None for a thematic catalogue."""

    name: str
    version: str
    title_da: str
    title_en: str
    kind: Kind
    questions: tuple[Question, ...]
    steps: tuple[CaseStep, ...]
    facts: tuple[Fact, ...] = ()
    regime: Regime | None = None

    @property
    def title(self) -> str:
        """Its title in the language in use."""
        return CaseStep(self.name, self.title_da, self.title_en).title


@dataclass(frozen=True)
class QuestionSet:
    """The questions a draw is reviewed with, by case step; name and version are its catalogues'."""

    name: str
    version: str
    questions: tuple[Question, ...]
    regimes: tuple[Regime, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def themes(self) -> dict[str, str]:
        """Question id to case step, for every question."""
        return {question.question_id: question.step for question in self.questions}

    @property
    def legal(self) -> tuple[Question, ...]:
        """The questions that enter the compliance percentage."""
        return tuple(question for question in self.questions if question.kind == "legal")

    @property
    def graded(self) -> tuple[Question, ...]:
        """The questions answered in grades, which never do."""
        return tuple(question for question in self.questions if question.kind == "grade")

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(question.question_id for question in self.questions)

    def question(self, question_id: str) -> Question:
        """Return a question by its id, or by an earlier id it carries on; raises KeyError."""
        for question in self.questions:
            if question_id == question.question_id or question_id in question.same_as:
                return question
        raise KeyError(question_id)

    def regime_at(self, act_date: date | None) -> str | None:
        """Return the regime of an act, if it can be told: the only one, or the one in force on its date."""
        if len(self.regimes) == 1:
            return self.regimes[0].name
        if act_date is None:
            return None
        return next((regime.name for regime in self.regimes if regime.covers(act_date)), None)

    @property
    def needs_act_date(self) -> bool:
        """Whether the act's date decides which law a case is read by."""
        return len(self.regimes) > 1

    def to_dict(self) -> dict[str, Any]:
        """Return the whole set as plain JSON data, as a draw keeps it."""
        regimes = [
            asdict(r) | {"first": r.first and r.first.isoformat(), "last": r.last and r.last.isoformat()}
            for r in self.regimes
        ]
        return {
            "name": self.name,
            "version": self.version,
            "regimes": regimes,
            "facts": [asdict(fact) | {"register": list(fact.register)} for fact in self.facts],
            "questions": [question.to_dict() for question in self.questions],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the set that `to_dict` made plain."""

        def day(text: str | None) -> date | None:
            return date.fromisoformat(text) if text else None

        return cls(
            name=data["name"],
            version=data["version"],
            questions=tuple(Question.from_dict(entry) for entry in data["questions"]),
            regimes=tuple(
                Regime(**{**entry, "first": day(entry["first"]), "last": day(entry["last"])})
                for entry in data["regimes"]
            ),
            facts=tuple(Fact(**{**entry, "register": tuple(entry["register"])}) for entry in data["facts"]),
        )


def merged(catalogues: Sequence[Catalogue]) -> QuestionSet:
    """Merge catalogues into one question set, a question per id, in the later regime's wording.

    They stand by case step, in the later regime's order, with what only the earlier one has beside its step.
    """
    in_time = sorted(catalogues, key=lambda c: (c.kind != "legal", _newest_first(c)))
    steps = {step.name: step for catalogue in reversed(in_time) for step in catalogue.steps}
    order = list(dict.fromkeys(step.name for catalogue in in_time for step in catalogue.steps))
    by_id: dict[str, Question] = {}
    for catalogue in in_time:
        for question in catalogue.questions:
            by_id[question.question_id] = _with_regime(question, by_id.get(question.question_id))
    placed = [
        replace(q, step_da=steps[q.step].title_da, step_en=steps[q.step].title_en) for q in by_id.values()
    ]
    placed.sort(key=lambda question: order.index(question.step))
    facts = {fact.name: fact for catalogue in reversed(in_time) for fact in catalogue.facts}
    regimes = [catalogue.regime for catalogue in catalogues if catalogue.regime is not None]
    return QuestionSet(
        name="+".join(catalogue.name for catalogue in catalogues),
        version=", ".join(f"{catalogue.name} {catalogue.version}" for catalogue in catalogues),
        questions=tuple(_in_id_order(placed)),
        regimes=tuple(sorted(regimes, key=lambda regime: regime.first or date.min)),
        facts=tuple(facts.values()),
    )


def _newest_first(catalogue: Catalogue) -> int:
    first = catalogue.regime.first if catalogue.regime else None
    return -(first or date.min).toordinal()


def _with_regime(question: Question, known: Question | None) -> Question:
    if known is None:
        return question
    return replace(
        known,
        law={**question.law, **known.law},
        regimes=tuple(dict.fromkeys((*question.regimes, *known.regimes))),
        same_as=tuple(dict.fromkeys((*known.same_as, *question.same_as))),
    )


def _in_id_order(questions: Iterable[Question]) -> list[Question]:
    """Keep the order of steps, and inside a step the running numbers: UND-01 before UND-02."""
    listed = list(questions)
    steps = list(dict.fromkeys(question.step for question in listed))
    return sorted(listed, key=lambda question: (steps.index(question.step), question.question_id))
