"""Question catalogues: what is asked, under which law, and when it applies.

A *catalogue* is one file of questions (`checklists/<name>.toml`); the legal ones belong to one law
regime. A *question set* is what a draw is reviewed with: the questions of its catalogues merged by id,
so that a sample with acts from both sides of 1 January 2024 has one set and one row per question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, Self, TypeVar

from tilsyn.questions.criticism import USUAL_CRITICISM, CriticismScale, CriticismStep
from tilsyn.questions.facts import NO_WORDS, AskedDate, Fact, HeadWords, LawfulReason
from tilsyn.questions.limits import Either
from tilsyn.questions.links import link_condition
from tilsyn.questions.outcomes import CaseOutcome
from tilsyn.questions.question import CaseStep, Question, Regime
from tilsyn.questions.scales import text_on
from tilsyn.settings.levels import QuestionScope

# How answers follow from what a case sheet says: 1 as version 0.1 did, 2 since.
Rules = Literal[1, 2]


@dataclass(frozen=True)
class Catalogue:
    """One file of questions, a row per version; `regime` is None for a thematic catalogue."""

    name: str
    version: str
    title_da: str
    title_en: str
    kind: Literal["legal", "grade"]
    questions: tuple[Question, ...]
    steps: tuple[CaseStep, ...]
    facts: tuple[Fact, ...] = ()
    regime: Regime | None = None
    rules: Rules = 1
    reasons: tuple[LawfulReason, ...] = ()
    dates: tuple[AskedDate, ...] = ()
    outcomes: tuple[CaseOutcome, ...] = ()
    words: HeadWords = NO_WORDS
    criticism: CriticismScale | None = None

    @property
    def title(self) -> str:
        """Its title in the language in use."""
        return CaseStep(self.name, self.title_da, self.title_en).title

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its questions, each once."""
        return tuple(dict.fromkeys(question.question_id for question in self.questions))


@dataclass(frozen=True)
class QuestionSet:
    """The questions a draw is reviewed with, by case step; name and version are its catalogues'."""

    name: str
    version: str
    questions: tuple[Question, ...]
    regimes: tuple[Regime, ...] = ()
    facts: tuple[Fact, ...] = ()
    rules: Rules = 1
    reasons: tuple[LawfulReason, ...] = ()
    dates: tuple[AskedDate, ...] = ()
    outcomes: tuple[CaseOutcome, ...] = ()
    words: HeadWords = NO_WORDS
    criticism: CriticismScale | None = None

    @property
    def themes(self) -> dict[str, str]:
        """Question id to case step, for every question."""
        return {question.question_id: question.step for question in self.questions}

    @property
    def legal(self) -> tuple[Question, ...]:
        """The questions that enter the compliance percentage, in one of their versions at least."""
        return tuple(q for q in self.questions if "legal" in {row.kind for row in (q.versions or (q,))})

    @property
    def graded(self) -> tuple[Question, ...]:
        """The questions answered in grades, which never do."""
        return tuple(question for question in self.questions if question.graded)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(question.question_id for question in self.questions)

    @cached_property
    def _known(self) -> dict[str, Question]:
        """The questions by the ids that each has had; where two had one, the first."""
        return {
            name: question
            for question in reversed(self.questions)
            for name in (question.question_id, *question.same_as)
        }

    def question(self, question_id: str) -> Question:
        """Return a question by its id, or by an earlier id it carries on; raises KeyError."""
        return self._known[question_id]

    @property
    def criticism_scale(self) -> CriticismScale:
        """The steps of criticism, mildest first: the usual where the catalogues say none, or none at all."""
        return USUAL_CRITICISM if self.criticism is None else self.criticism

    def called(self, name: str, answer: str) -> str:
        """Return what an answer to a question is called, or what a case came to by an outcome's rule."""
        outcome = next((outcome for outcome in self.outcomes if outcome.name == name), None)
        return text_on(outcome.values if outcome else self.question(name).scale, answer)

    def fact(self, name: str) -> Fact | None:
        """Return a fact of the case head by its name."""
        return next((fact for fact in self.facts if fact.name == name), None)

    def reasons_of(self, question: Question) -> tuple[LawfulReason, ...]:
        """Return the lawful reasons of a question, in its order: what `L1`, `L2` stand for."""
        by_name = {reason.name: reason for reason in self.reasons}
        return tuple(by_name[name] for name in question.lawful_reasons if name in by_name)

    def regime_at(self, act_date: date | None) -> str | None:
        """Return the regime of an act, if it can be told: the only one, or the one in force on its date."""
        if len(self.regimes) == 1:
            return self.regimes[0].name
        if act_date is None:
            return None
        return next((regime.name for regime in self.regimes if regime.covers(act_date)), None)

    def of_scope(self, scope: QuestionScope) -> QuestionSet:
        """Return the set with the questions of its core alone, or all; facts that nothing rests on go too."""
        if scope == "extended":
            return self
        kept = tuple(question for question in self.questions if question.scope == "core")
        return self._with(kept, [fact.name for fact in self.facts if fact.scope == "core"])

    def of_questions(self, wanted: Collection[str]) -> QuestionSet:
        """Return the set with some questions and those that they rest on, without what a case comes to."""
        ids = set(wanted)
        before: set[str] = set()
        while ids != before:
            before = ids
            rows = [row for name in ids for row in (self.question(name).versions or (self.question(name),))]
            named = set().union(*map(names, rows))
            ids = ids | {self._known[name].question_id for name in named if name in self._known}
        kept = tuple(question for question in self.questions if question.question_id in ids)
        return replace(self._with(kept, []), outcomes=())

    def _with(self, kept: tuple[Question, ...], facts: Collection[str]) -> QuestionSet:
        """Return the set with these questions and facts, and what they rest on."""
        named = set(facts).union(*(names(row) for q in kept for row in (q.versions or (q,))))
        for fact in reversed(self.facts):
            if fact.name in named and fact.asked_when is not None:
                named |= set(fact.asked_when.names)
        reasons = {name for q in kept for row in (q.versions or (q,)) for name in row.lawful_reasons}
        ids = {question.question_id for question in kept}
        outcomes = (
            replace(outcome, questions=tuple(name for name in outcome.questions if name in ids))
            for outcome in self.outcomes
        )
        return replace(
            self,
            questions=kept,
            outcomes=tuple(outcome for outcome in outcomes if outcome.questions),
            facts=tuple(fact for fact in self.facts if fact.name in named),
            reasons=tuple(reason for reason in self.reasons if reason.name in reasons),
            dates=tuple(asked for asked in self.dates if asked.name in named),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the whole set as plain JSON data, as a draw keeps it."""
        regimes = [
            asdict(r) | {"first": r.first and r.first.isoformat(), "last": r.last and r.last.isoformat()}
            for r in self.regimes
        ]
        data: dict[str, Any] = {
            "name": self.name,
            "version": self.version,
            "regimes": regimes,
            "facts": [fact.to_dict() for fact in self.facts],
            "reasons": [asdict(reason) for reason in self.reasons],
            "dates": [asdict(asked) for asked in self.dates],
            "questions": [question.to_dict() for question in self.questions],
        }
        if self.outcomes:
            data["outcomes"] = [outcome.to_dict() for outcome in self.outcomes]
        if self.words != NO_WORDS:
            data["words"] = asdict(self.words)
        if self.criticism is not None:
            data["criticism"] = [asdict(step) for step in self.criticism]
        # A set without it follows the rules of 0.1.
        return data if self.rules == 1 else {"rules": self.rules, **data}

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
            facts=tuple(Fact.from_dict(entry) for entry in data["facts"]),
            rules=data.get("rules", 1),
            reasons=tuple(LawfulReason(**entry) for entry in data.get("reasons", ())),
            dates=tuple(AskedDate(**entry) for entry in data.get("dates", ())),
            words=HeadWords.from_dict(data.get("words", {})),
            outcomes=tuple(CaseOutcome.from_dict(entry) for entry in data.get("outcomes", ())),
            criticism=tuple(CriticismStep(**entry) for entry in data["criticism"])
            if "criticism" in data
            else None,
        )


def names(question: Question) -> set[str]:
    """Return every fact, date and question that a question's condition, limit and links name."""
    conditions = [question.condition, *map(link_condition, question.links)]
    dates: set[str] = set()
    limits = [question.limit, *(getattr(link, "required", None) for link in question.links)]
    for limit in limits:
        if isinstance(limit, Either):
            conditions.append(limit.condition)
        dates |= set(getattr(limit, "dates", ()))
    return dates | {name for condition in conditions if condition for name in condition.names}


def merged(catalogues: Sequence[Catalogue]) -> QuestionSet:
    """Merge catalogues into one question set, a question per id, in the newest wording.

    They stand by case step, in the later regime's order, with what only the earlier one has beside its step.
    A catalogue without days, beside others of the law, holds for acts of every day.
    """
    catalogues = _in_force(catalogues)
    in_time = sorted(catalogues, key=lambda c: (c.kind != "legal", _newest_first(c)))
    steps = {step.name: step for catalogue in reversed(in_time) for step in catalogue.steps}
    order = list(dict.fromkeys(step.name for catalogue in in_time for step in catalogue.steps))
    rows: dict[str, list[Question]] = {}
    for catalogue in in_time:
        newest_first = sorted(catalogue.questions, key=_valid_from, reverse=True)
        for row in sorted(newest_first, key=lambda row: catalogue.ids.index(row.question_id)):
            titles = steps[row.step]
            placed = replace(row, step_da=titles.title_da, step_en=titles.title_en)
            rows.setdefault(row.question_id, []).append(placed)
    questions = sorted((_question(found) for found in rows.values()), key=lambda q: order.index(q.step))
    regimes = [catalogue.regime for catalogue in catalogues if catalogue.regime is not None]
    return QuestionSet(
        name="+".join(catalogue.name for catalogue in catalogues),
        version=", ".join(f"{catalogue.name} {catalogue.version}" for catalogue in catalogues),
        questions=tuple(_in_id_order(questions)),
        regimes=tuple(sorted(regimes, key=lambda regime: regime.first or date.min)),
        facts=_each_once(fact for catalogue in reversed(in_time) for fact in catalogue.facts),
        rules=max((catalogue.rules for catalogue in catalogues), default=1),
        reasons=_each_once(reason for catalogue in reversed(in_time) for reason in catalogue.reasons),
        dates=_each_once(asked for catalogue in reversed(in_time) for asked in catalogue.dates),
        words=next((c.words for c in in_time if c.words != NO_WORDS), NO_WORDS),
        outcomes=_over_all(outcome for catalogue in reversed(in_time) for outcome in catalogue.outcomes),
        # A scale is one thing: that of the newest catalogue that says any.
        criticism=next((c.criticism for c in in_time if c.criticism is not None), None),
    )


def _in_force(catalogues: Sequence[Catalogue]) -> list[Catalogue]:
    """Return the catalogues, those in force at all times without a regime: they rule out no other."""
    if sum(catalogue.regime is not None for catalogue in catalogues) < 2:
        return list(catalogues)
    return [
        replace(
            catalogue, regime=None, questions=tuple(replace(row, regimes=()) for row in catalogue.questions)
        )
        if catalogue.regime is not None and catalogue.regime.always
        else catalogue
        for catalogue in catalogues
    ]


def _newest_first(catalogue: Catalogue) -> int:
    first = catalogue.regime.first if catalogue.regime else None
    return -(first or date.min).toordinal()


def _valid_from(question: Question) -> date:
    return question.valid_from or date.min


def _question(newest_first: Sequence[Question]) -> Question:
    """Return the versions of a question as one."""
    newest = newest_first[0]
    if len(newest_first) == 1:
        return newest
    oldest_first = tuple(reversed(newest_first))
    regimes = tuple(dict.fromkeys(name for row in oldest_first for name in row.regimes))
    return replace(
        newest,
        law={name: law for row in oldest_first for name, law in row.law.items()},
        # One that holds in every law in one version is ruled out by none.
        regimes=regimes if all(row.regimes for row in newest_first) else (),
        same_as=tuple(dict.fromkeys(name for row in newest_first for name in row.same_as)),
        versions=oldest_first,
    )


Named = TypeVar("Named", Fact, AskedDate, LawfulReason)


def _each_once(listed: Iterable[Named]) -> tuple[Named, ...]:
    """Return what bears one name once, as it was told last."""
    return tuple({entry.name: entry for entry in listed}.values())


def _over_all(listed: Iterable[CaseOutcome]) -> tuple[CaseOutcome, ...]:
    """Return each rule over the questions of all catalogues that have it."""
    found: dict[str, CaseOutcome] = {}
    for outcome in listed:
        before = found.get(outcome.name, outcome).questions
        found[outcome.name] = replace(outcome, questions=tuple(dict.fromkeys([*before, *outcome.questions])))
    return tuple(found.values())


def _in_id_order(questions: Iterable[Question]) -> list[Question]:
    """Keep the order of steps, and inside a step the running numbers: UND-01 before UND-02."""
    listed = list(questions)
    steps = list(dict.fromkeys(question.step for question in listed))
    return sorted(listed, key=lambda question: (steps.index(question.step), question.question_id))
