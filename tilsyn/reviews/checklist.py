"""What a checklist holds: whose cases go into which workbook, and what stands in a case's head and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from tilsyn.base.language import say
from tilsyn.questions.conditions import Condition, Known
from tilsyn.questions.criticism import CriticismScale, is_usual, mild
from tilsyn.questions.facts import ACT_DATE, REGIME, REVIEWED_ON, Fact, HeadWords
from tilsyn.questions.needed import needed_when
from tilsyn.questions.question import Question, Regime
from tilsyn.questions.question_set import QuestionSet, names

# Whether somebody may be in danger now: answered like a fact, and no question rests on it.
_AKUT = Fact("akut", "")

FieldKind = Literal["hidden", "text", "line", "date", "list", "fact"]


@dataclass(frozen=True)
class Case:
    """A case to review.

    `facts` are what the register knows, as people read it, by column name; `proposed` what it proposes in the
    head, by fact: a code, or a date. `earlier` are the answers of the level before by question id, none in a
    blind review.
    """

    case_id: str
    unit: str
    facts: Mapping[str, str] = field(default_factory=dict)
    proposed: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """The cases of one workbook; `name` is the file's stem, `title` what people call it.

    `readers` are the names that those who read may be known by, the narrowest first.
    """

    name: str
    title: str
    cases: tuple[Case, ...]
    readers: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeadField:
    """One field of the case head.

    A `hidden` field is for the reader of the file only, a `line` stands below the questions, a `list` is one
    of its choices, and a `fact` what the question set asks.
    """

    key: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    help: str = ""
    required: bool = False
    fact: Fact | None = None

    @property
    def dated(self) -> bool:
        """Whether a date is typed in it."""
        return self.kind == "date" or (self.fact is not None and self.fact.is_date)


@dataclass(frozen=True)
class Checklist:
    """The questions a draw can be asked, by case step with grades last, and its case head.

    `regimes` are those that an act of the period or earlier can fall under; `latest_act` is the last day that
    an act can be of, where a later law begins after it; `needed` is when a fact can decide something, where
    it cannot always.
    """

    question_set: QuestionSet
    regimes: tuple[Regime, ...]
    questions: tuple[Question, ...]
    head: tuple[HeadField, ...]
    latest_act: date | None = None
    needed: Mapping[str, Condition] = field(default_factory=dict)

    @property
    def asks_act_date(self) -> bool:
        """Whether the act's date decides which questions apply."""
        return len(self.regimes) > 1


def checklist(question_set: QuestionSet, roles: Sequence[str], latest_act: date) -> Checklist:
    """Return what the cases of a draw are asked, without the laws that came into force after `latest_act`.

    `roles` are those that a reader can choose from.
    """
    regimes = tuple(r for r in question_set.regimes if r.first is None or r.first <= latest_act)
    names = {regime.name for regime in regimes}
    asked = [q for q in question_set.questions if not q.regimes or names.intersection(q.regimes)]
    asked.sort(key=lambda question: question.kind == "grade")
    facts = _facts_asked(question_set, asked, regimes)
    head = _head(facts, roles, question_set.words, len(regimes) > 1, question_set.criticism_scale)
    last = latest_act if len(regimes) < len(question_set.regimes) else None
    needed = {
        fact.name: when for fact in question_set.facts if (when := needed_when(question_set, fact.name))
    }
    return Checklist(question_set, regimes, tuple(asked), head, last, needed)


def _facts_asked(
    question_set: QuestionSet, asked: Sequence[Question], regimes: Sequence[Regime]
) -> list[Fact]:
    """Return the facts that something rests on and that can be asked under one of the laws."""
    law = Known(regimes[0].name if len(regimes) == 1 else None)

    def possible(fact: Fact) -> bool:
        alternatives = fact.asked_when.alternatives if fact.asked_when else ((),)
        return any(
            all(term.name != REGIME or term.holds(law) is not False for term in terms)
            for terms in alternatives
        )

    named = {name for question in asked for row in (question.versions or (question,)) for name in names(row)}
    facts = {fact.name: fact for fact in question_set.facts}
    for fact in reversed(question_set.facts):
        if fact.name in named and fact.asked_when is not None:
            named |= set(fact.asked_when.names)
    kept = {ACT_DATE, REVIEWED_ON, *(fact.name for fact in facts.values() if fact.name in named)}
    return [fact for fact in facts.values() if fact.name in kept and possible(fact)]


def _head(
    listed: Sequence[Fact], roles: Sequence[str], words: HeadWords, several: bool, criticism: CriticismScale
) -> tuple[HeadField, ...]:
    def make(key: str, kind: FieldKind, choices: Sequence[str] = ()) -> HeadField:
        if kind == "hidden":
            return HeadField(key, "", kind)
        label, why = say(f"checklist.head_{key}"), say(f"checklist.head_{key}_why")
        return HeadField(key, label, kind, tuple(choices), why)

    facts = [fact for fact in listed if not fact.computed]
    own = [fact for fact in facts if fact.name not in (ACT_DATE, REVIEWED_ON)]
    # What the choices say can make a number needless, so it comes after them.
    own.sort(key=lambda fact: fact.kind == "number")
    act = next((fact.text for fact in facts if fact.name == ACT_DATE), say("checklist.head_act_date"))
    return (
        *(make(key, "hidden") for key in ("case_id", "draw_id", "workbook_id")),
        HeadField("akut", words.urgent, "fact", help=say("checklist.head_akut_why"), fact=_AKUT),
        make("reviewed_on", "date"),
        make("reviewer", "list", roles),
        make("act_event", "list", words.events),
        HeadField("act_date", act, "date", help=say("checklist.head_act_date_why"), required=several),
        *(HeadField(f"fact:{fact.name}", fact.text, "fact", help=fact.why, fact=fact) for fact in own),
        *_criticism(criticism),
        *(make(key, "line") for key in ("conclusion", "learning", "note")),
    )


def _criticism(scale: CriticismScale) -> tuple[HeadField, ...]:
    """Return the field for criticism; none where it is not asked for."""
    if not scale:
        return ()
    label = say("checklist.head_criticism_usual" if is_usual(scale) else "checklist.head_criticism")
    why = say("checklist.head_criticism_why")
    if steps := ", ".join(mild(scale)):
        why += " " + say("checklist.head_criticism_mild", step=steps[0].upper() + steps[1:])
    return (HeadField("criticism", label, "list", tuple(step.text for step in scale), why),)
