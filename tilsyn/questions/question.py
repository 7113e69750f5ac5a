"""The parts of a catalogue: question, deadline, fact, case step and law regime."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, Self

from tilsyn.base.language import language
from tilsyn.questions.answers import ANSWERS, Kind
from tilsyn.questions.conditions import Condition, parse

Comparable = Literal["yes", "partly", "no"]
LawText = Literal["seen", "partly", "to check"]


_LIMIT = re.compile(r"([1-9]\d{0,2}) (hours|weekdays|months)")


def read_limit(text: str) -> tuple[int, str] | None:
    """Return the number and unit of a limit that can be computed, such as `4 months`, or None."""
    found = _LIMIT.fullmatch(text)
    return (int(found[1]), found[2]) if found else None


def _chosen(danish: str, english: str) -> str:
    """The text in the language in use; English falls back on Danish, which is the one that binds."""
    return english if language() == "en" and english else danish


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
        return _chosen(self.title_da, self.title_en)

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
        return _chosen(self.title_da, self.title_en)


@dataclass(frozen=True)
class Fact:
    """A yes/no fact that the reviewer gives once in the case head and that several questions rest on."""

    name: str
    text_da: str
    text_en: str
    # Columns of the register that are shown beside it, as information only.
    register: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return _chosen(self.text_da, self.text_en)


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
        return _chosen(self.text_da, self.text_en)

    @property
    def start(self) -> str:
        return _chosen(self.start_da, self.start_en)

    @property
    def end(self) -> str:
        return _chosen(self.end_da, self.end_en)


@dataclass(frozen=True)
class Question:
    """One question."""

    # Never used again for another question.
    question_id: str
    text_da: str
    # The case step, which is also the theme.
    step: str
    text_en: str = ""
    step_da: str = ""
    step_en: str = ""
    guidance_da: str = ""
    guidance_en: str = ""
    # Regime to paragraph; empty for grades.
    law: Mapping[str, str] = field(default_factory=dict)
    applies_when_da: str = ""
    applies_when_en: str = ""
    condition: Condition | None = None
    deadline: Deadline | None = None
    # Whether the question means the same in every regime.
    comparable: Comparable = "yes"
    # Whether the paragraph was read in the law's text.
    law_text: LawText = "to check"
    # One error outweighs the rest.
    critical: bool = False
    kind: Kind = "legal"
    # Those it belongs to; empty when it belongs to all.
    regimes: tuple[str, ...] = ()
    # Earlier ids of the same question, whose history it carries on.
    same_as: tuple[str, ...] = ()
    # Columns of the register that are shown beside it, as information only.
    register: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return _chosen(self.text_da, self.text_en)

    @property
    def guidance(self) -> str:
        return _chosen(self.guidance_da, self.guidance_en)

    @property
    def applies_when(self) -> str:
        return _chosen(self.applies_when_da, self.applies_when_en)

    @property
    def step_title(self) -> str:
        return _chosen(self.step_da, self.step_en) or self.step

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers one can choose, canonical (always Danish: they are part of the contract)."""
        return ANSWERS[self.kind]

    @property
    def computed(self) -> bool:
        """Whether two dates decide the answer."""
        return self.deadline is not None and self.deadline.computed

    def to_dict(self) -> dict[str, Any]:
        """Return the question as plain data (condition as text)."""
        data = asdict(self)
        data["law"] = dict(self.law)
        data["condition"] = str(self.condition) if self.condition else None
        return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the question that `to_dict` made plain."""
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
        values["condition"] = parse(data["condition"]) if data.get("condition") else None
        values["deadline"] = Deadline(**data["deadline"]) if data.get("deadline") else None
        return cls(**values)
