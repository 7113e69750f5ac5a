"""What a checklist holds: whose cases go into which workbook, and what stands in a case's head and rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, cast

from tilsyn.base.canonical import file_stem
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.questions.answers import NO, YES, answer_text
from tilsyn.questions.deadlines import add_months
from tilsyn.questions.facts import ACT_DATE, REVIEWED_ON, Fact
from tilsyn.questions.question import Question, Regime
from tilsyn.questions.question_set import QuestionSet
from tilsyn.reviews.head_values import shown_choices
from tilsyn.reviews.records import CRITICISM

FieldKind = Literal["locked", "hidden", "text", "date", "choice", "span"]


@dataclass(frozen=True)
class Case:
    """A case to review.

    `facts` are what the register knows, as people read it, by column name; `proposed` what it proposes in the
    head, by fact. `earlier` are the answers of the
    level before by question id, none in a blind review.
    """

    case_id: str
    unit: str
    facts: Mapping[str, str] = field(default_factory=dict)
    proposed: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """The cases of one workbook; `name` is the file's stem, `title` what people call it."""

    name: str
    title: str
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class HeadField:
    """One field of the case head; a `span` is two dates, a `hidden` field is for the reader of the file only.

    `number` is what people see beside it, so that a skipped question can point at it.
    """

    key: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    help: str = ""
    number: str = ""
    required: bool = False


@dataclass(frozen=True)
class Checklist:
    """The questions a draw can be asked, by case step with grades last, and its case head.

    `regimes` are those that an act of the period or earlier can fall under; `latest_act` is the last day that
    an act can be of, where a later law begins after it.
    """

    question_set: QuestionSet
    regimes: tuple[Regime, ...]
    questions: tuple[Question, ...]
    head: tuple[HeadField, ...]
    latest_act: date | None = None

    @property
    def asks_act_date(self) -> bool:
        """Whether the act's date decides which questions apply."""
        return len(self.regimes) > 1


def checklist(question_set: QuestionSet, level: int, latest_act: date) -> Checklist:
    """Return what the cases of a draw are asked, without the laws that came into force after `latest_act`."""
    regimes = tuple(r for r in question_set.regimes if r.first is None or r.first <= latest_act)
    names = {regime.name for regime in regimes}
    asked = [q for q in question_set.questions if not q.regimes or names.intersection(q.regimes)]
    asked.sort(key=lambda question: question.kind == "grade")
    head = _head(question_set, asked, level, len(regimes) > 1)
    last = latest_act if len(regimes) < len(question_set.regimes) else None
    return Checklist(question_set, regimes, tuple(asked), head, last)


def _head(
    question_set: QuestionSet, asked: Sequence[Question], level: int, several: bool
) -> tuple[HeadField, ...]:
    def make(
        key: str, kind: FieldKind, choices: str = "", help: str = "", required: bool = False
    ) -> HeadField:
        listed = tuple(say(f"checklist.{choices}").split("|")) if choices else ()
        told = say(f"checklist.{help}") if help else ""
        return HeadField(key, say(f"checklist.head_{key}"), kind, listed, told, required=required)

    yes_no = (answer_text(YES), answer_text(NO))
    date_why = "head_act_date_why" if several else "head_optional"
    fields = [make(key, "hidden") for key in ("case_id", "draw_id", "workbook_id")]
    fields += [
        HeadField("akut", say("checklist.head_akut"), "choice", yes_no[:1], say("checklist.head_akut_why")),
        make("reviewer", "choice", f"roles_{level}", "head_optional"),
        make("reviewed_on", "date", help="head_optional"),
        make("act_event", "choice", "events", "head_optional"),
        make("act_date", "date", help=date_why, required=several),
    ]
    if question_set.regimes:
        fields.append(make("regime", "locked"))
    fields += [make("look_back", "span", help="head_optional"), make("case_type", "locked")]
    for number, fact in enumerate(_facts_asked(question_set, asked), start=1):
        if question_set.rules > 1:
            fields.append(_fact_field(fact))
            continue
        resting = [q.question_id for q in asked if q.condition and fact.name in q.condition.names]
        why = say("checklist.head_fact_why", questions=", ".join(resting))
        fields.append(HeadField(f"fact:{fact.name}", fact.text, "choice", yes_no, why, f"S{number}"))
    criticism = HeadField(
        "criticism", say("checklist.head_criticism"), "choice", CRITICISM, say("checklist.head_criticism_why")
    )
    return (*fields, criticism, make("note", "text", help="head_optional"))


def _fact_field(fact: Fact) -> HeadField:
    """Return the field of a fact: a date, a number or a letter."""
    key, kind = f"fact:{fact.name}", "choice" if fact.kind in ("choice", "yes-no") else "text"
    kind = "date" if fact.is_date else kind
    choices = tuple(fact.letters) if kind == "choice" else ()
    told = "; ".join(text for text in (shown_choices(fact) if choices else "", fact.why) if text)
    return HeadField(key, fact.text, cast(FieldKind, kind), choices, told)


def _facts_asked(question_set: QuestionSet, asked: Sequence[Question]) -> list[Fact]:
    if question_set.rules > 1:
        own = (ACT_DATE, REVIEWED_ON)
        return [fact for fact in question_set.facts if not fact.computed and fact.name not in own]
    named = {name for question in asked if question.condition for name in question.condition.names}
    return [fact for fact in question_set.facts if fact.name in named]


def look_back(period: Period) -> tuple[date, date]:
    """Return the year that ends with the period: what the head proposes to look back on.

    >>> look_back(Period.parse("2018-Q2"))
    (datetime.date(2017, 7, 1), datetime.date(2018, 6, 30))
    """
    after = period.end.toordinal() + 1
    return add_months(date.fromordinal(after), -12), period.end


def group_name(number: int) -> str:
    """Return the file's stem of a group's workbook at levels 3 and 4.

    >>> group_name(2)
    'gruppe-2'
    """
    return f"gruppe-{number}"


def parts(level: int, cases: Sequence[Case], departments: Sequence[str], groups: int) -> list[Part]:
    """Deal the cases out to workbooks, in the order of their names.

    There is one per department of a unit at level 1, per unit at level 2, per group of reviewers at levels 3
    and 4. `departments` are the cases', "" where there is none.
    """
    if level in (3, 4):
        # Dealt round, so that every group reads all units.
        titles = [say("checklist.group", number=n + 1) for n in range(groups)]
        return [Part(group_name(n + 1), titles[n], tuple(cases[n::groups])) for n in range(groups)]
    found: dict[tuple[str, str], list[Case]] = {}
    for case, department in zip(cases, departments, strict=True):
        found.setdefault((case.unit, department if level == 1 else ""), []).append(case)
    made: list[Part] = []
    taken: set[str] = set()
    for names, listed in sorted(found.items()):
        stem = name = file_stem(*names)
        number = 1
        # Two units' names can give the same file name.
        while name in taken:
            number += 1
            name = f"{stem}-{number}"
        taken.add(name)
        made.append(Part(name, ", ".join(text for text in names if text), tuple(listed)))
    return made
