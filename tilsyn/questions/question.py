"""A question, as it reads in each law and version of it; the case step and the law it belongs to."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal, Self

from tilsyn.base.language import chosen, language
from tilsyn.questions.answers import ANSWERS, LAWFUL_NO, NOT_RELEVANT, YES_OR_NO, Kind, Known
from tilsyn.questions.conditions import Condition, parse, parse_first
from tilsyn.questions.limits import Limit, event, parse_limit, references
from tilsyn.questions.links import Link, Requires, parse_link
from tilsyn.questions.scales import USUAL, Grade, Scale, known_on, text_on
from tilsyn.settings.levels import QuestionScope

Comparable = Literal["yes", "partly", "no"]
LawText = Literal["seen", "partly", "to check"]
GUIDES = ("look", "ja", "nej", "lovlig")


_LIMIT = re.compile(r"([1-9]\d{0,2}) (hours|weekdays|months)")


def read_limit(text: str) -> tuple[int, str] | None:
    """Return the number and unit of a limit that can be computed, such as `4 months`, or None."""
    found = _LIMIT.fullmatch(text)
    return (int(found[1]), found[2]) if found else None


@dataclass(frozen=True)
class Regime:
    """A law in force for acts from one date (inclusive) to another (inclusive); None is open-ended."""

    name: str
    title_da: str
    title_en: str
    first: date | None = None
    last: date | None = None

    @property
    def title(self) -> str:
        return chosen(self.title_da, self.title_en)

    @property
    def always(self) -> bool:
        """Whether it is in force at all times."""
        return self.first is None and self.last is None

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class CaseStep:
    """A step of the case, which is also the theme a question is reported under."""

    name: str
    title_da: str
    title_en: str

    @property
    def title(self) -> str:
        return chosen(self.title_da, self.title_en)


@dataclass(frozen=True)
class Deadline:
    """A time limit; with amount and unit two dates decide the answer, without them the reviewer does."""

    text_da: str
    text_en: str
    amount: int | None = None
    unit: str | None = None
    start_da: str = ""
    start_en: str = ""
    end_da: str = ""
    end_en: str = ""

    @property
    def computed(self) -> bool:
        """Whether two dates decide the answer."""
        return self.amount is not None

    @property
    def text(self) -> str:
        return chosen(self.text_da, self.text_en)

    @property
    def start(self) -> str:
        return chosen(self.start_da, self.start_en)

    @property
    def end(self) -> str:
        return chosen(self.end_da, self.end_en)


@dataclass(frozen=True)
class Question:
    """One question as it reads in one law for acts from `valid_from` to `valid_to`.

    In a question set it stands as it reads newest, and `versions` has all that it has read, oldest first. One
    of a catalogue of 0.1 has a `deadline`, the others a `limit`.
    """

    # Never used again for another question.
    question_id: str
    text_da: str
    # The case step, which is also the theme.
    step: str
    text_en: str = ""
    short_da: str = ""
    short_en: str = ""
    topic_da: str = ""
    topic_en: str = ""
    step_da: str = ""
    step_en: str = ""
    guidance_da: str = ""
    guidance_en: str = ""
    # Where to look, and what one answer of each kind looks like: keys of `GUIDES`.
    guides_da: Mapping[str, str] = field(default_factory=dict)
    # Regime to paragraph; empty for grades.
    law: Mapping[str, str] = field(default_factory=dict)
    applies_when_da: str = ""
    applies_when_en: str = ""
    condition: Condition | None = None
    deadline: Deadline | None = None
    limit: Limit | None = None
    # Codes of the set's reasons; whether a lawful *nej* needs none of them.
    lawful_reasons: tuple[str, ...] = ()
    any_reason: bool = True
    links: tuple[Link, ...] = ()
    link_da: str = ""
    # Whether the question means the same in every regime.
    comparable: Comparable = "yes"
    # Whether the paragraph was read in the law's text, and where.
    law_text: LawText = "to check"
    law_source: str = ""
    # Who approved the question as it reads, in words: role, day and note.
    approved: str = ""
    note: str = ""
    # One error outweighs the rest.
    critical: bool = False
    kind: Kind = "legal"
    # The catalogue's own, lowest first; none where they are the usual three.
    grades: Scale = ()
    scope: QuestionScope = "core"
    # Those it belongs to; empty when it belongs to all.
    regimes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    # Earlier ids of the same question, whose history it carries on.
    same_as: tuple[str, ...] = ()
    # Columns of the register that are shown beside it, as information only.
    register: tuple[str, ...] = ()
    versions: tuple[Question, ...] = ()

    @property
    def text(self) -> str:
        return chosen(self.text_da, self.text_en)

    @property
    def short(self) -> str:
        """At most 60 characters where the catalogue says them; else the whole text."""
        return chosen(self.short_da, self.short_en) or self.text

    @property
    def topic(self) -> str:
        """What it is about, in the middle of a sentence; empty where the catalogue does not say."""
        return self.topic_en if language() == "en" else self.topic_da

    @property
    def guidance(self) -> str:
        return chosen(self.guidance_da, self.guidance_en) or self.guides_da.get("look", "")

    @property
    def applies_when(self) -> str:
        return chosen(self.applies_when_da, self.applies_when_en)

    @property
    def step_title(self) -> str:
        return chosen(self.step_da, self.step_en) or self.step

    @property
    def graded(self) -> bool:
        """Whether it is answered in grades."""
        return self.kind == "grade"

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers one can choose in any version, canonical (always Danish: part of the contract)."""
        if self.graded:
            return (*(grade.name for grade in self.scale), NOT_RELEVANT)
        lawful = self.any_reason or self.most_reasons > 0
        return tuple(answer for answer in ANSWERS[self.kind] if lawful or answer != LAWFUL_NO)

    @property
    def scale(self) -> Scale:
        """The grades it is answered in, lowest first; none where it is answered otherwise."""
        return (self.grades or USUAL) if self.graded else ()

    @property
    def known(self) -> Known:
        """What can be typed, in its plain form, and the answer it means."""
        return known_on(self.scale) if self.graded else YES_OR_NO

    def called(self, answer: str) -> str:
        """Return what an answer is called in the language in use."""
        return text_on(self.scale, answer)

    @property
    def most_reasons(self) -> int:
        """How many lawful reasons the version with most of them has."""
        return max(len(row.lawful_reasons) for row in (self, *self.versions))

    @property
    def computed(self) -> bool:
        """Whether two dates decide the answer, in a catalogue of 0.1."""
        return self.deadline is not None and self.deadline.computed

    @property
    def limited(self) -> bool:
        """Whether it has a limit in any of its versions."""
        return any(row.limit or row.deadline for row in (self, *self.versions))

    def at(self, regime: str | None, day: date | None) -> Question | None:
        """Return the question as it reads for an act of that law and day; None where it is not asked.

        While the law or the day is not known, it is what all possible versions say alike.
        """
        listed = [row for row in self.versions or (self,) if row.may_cover(regime, day)]
        if not listed:
            return None
        newest = listed[-1]
        if (
            len(listed) == 1
            or len({(row.condition, row.limit, row.lawful_reasons, row.links) for row in listed}) == 1
        ):
            return newest
        return replace(newest, condition=None, limit=None, links=())

    def may_cover(self, regime: str | None, day: date | None) -> bool:
        """Tell whether the question can read so for an act of that law and day, as far as they are known."""
        if regime is not None and self.regimes and regime not in self.regimes:
            return False
        if day is None:
            return True
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    def to_dict(self) -> dict[str, Any]:
        """Return the question as plain data (condition, limit and links as text)."""
        data = {name: getattr(self, name) for name in self.__dataclass_fields__}
        data |= {
            "law": dict(self.law),
            "guides_da": dict(self.guides_da),
            "grades": [asdict(grade) for grade in self.grades],
            "condition": str(self.condition) if self.condition else None,
            "deadline": asdict(self.deadline) if self.deadline else None,
            "limit": str(self.limit) if self.limit else None,
            "links": [str(link) for link in self.links],
            "valid_from": self.valid_from and self.valid_from.isoformat(),
            "valid_to": self.valid_to and self.valid_to.isoformat(),
            "versions": [version.to_dict() for version in self.versions],
        }
        if not self.grades:
            # A question of an earlier version reads as it was written.
            del data["grades"]
        return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the question that `to_dict` made plain."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        # A draw of 0.1 has conditions in its own language, and knows of no limits, links and versions.
        first = "any_reason" not in data
        text = data.get("condition")
        values["condition"] = (parse_first if first else parse)(text) if text else None
        values["deadline"] = Deadline(**data["deadline"]) if data.get("deadline") else None
        values["grades"] = tuple(Grade(**grade) for grade in data.get("grades", ()))
        values["limit"] = parse_limit(data["limit"]) if data.get("limit") else None
        values["links"] = tuple(map(parse_link, data.get("links", ())))
        for name in ("valid_from", "valid_to"):
            values[name] = date.fromisoformat(data[name]) if data.get(name) else None
        values["versions"] = tuple(map(cls.from_dict, data.get("versions", ())))
        return cls(**values)


def asked_by_law(question: Question) -> dict[str, str]:
    """Return what is asked in each law, newest: the text with its condition and limit."""
    found: dict[str, str] = {}
    for row in question.versions or (question,):
        limit = row.limit or (row.deadline and f"{row.deadline.amount} {row.deadline.unit}")
        found |= dict.fromkeys(row.regimes, f"{row.text_da}|{row.condition or ''}|{limit or ''}")
    return found


def row_dates(question: Question, facts: Collection[str]) -> tuple[str, str]:
    """Return the dates in a question's row, in any version: *Frist fra* and *Sket*; "" for none."""
    first = last = ""
    for row in reversed(question.versions or (question,)):
        starts, end = asked_dates(row, facts)
        first, last = first or next(iter(starts), ""), last or end
    return first, last


def asked_dates(question: Question, facts: Collection[str]) -> tuple[tuple[str, ...], str]:
    """Return the dates asked beside a question: those its limit runs from, and the one that is to come.

    What stands in the case head (`facts`) is not asked again; "" where the second is one of them.
    """
    limits = [question.limit] if question.limit else []
    limits += [
        k.required
        for k in question.links
        if isinstance(k, Requires) and not isinstance(k.required, Condition)
    ]
    if not limits:
        return (), ""
    first = tuple(dict.fromkeys(name for limit in limits for name in references(limit) if name not in facts))
    last = event(limits[0])
    return first, "" if last in facts else last
