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
    """A yes/no fact that the reviewer gives once in the case head and that several questions rest on.

    Parameters
    ----------
    name : str
    text_da, text_en : str
    register : tuple of str
        Register columns shown beside it, as information only.
    """

    name: str
    text_da: str
    text_en: str
    register: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return _chosen(self.text_da, self.text_en)


@dataclass(frozen=True)
class Deadline:
    """A time limit.

    Parameters
    ----------
    text_da, text_en : str
        As the law's table words it.
    amount, unit : int and {"hours", "weekdays", "months"}, or None
        Given when the answer can be computed from two dates; None when the reviewer answers.
    start_da, start_en, end_da, end_en : str
        What the two dates are.
    """

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
    """One question.

    Parameters
    ----------
    question_id : str
        For example `UND-01`; never used again for another question.
    text_da, text_en, guidance_da, guidance_en, applies_when_da, applies_when_en : str
    law : mapping of str to str
        Regime to paragraph; empty for grades.
    step : str
        Case step, which is also the theme.
    condition : Condition or None
        The machine-readable part of when it applies.
    deadline : Deadline or None
    comparable : {"yes", "partly", "no"}
        Whether the question means the same in every regime.
    law_text : {"seen", "partly", "to check"}
        Whether the paragraph was read in the law's text.
    critical : bool
        One error outweighs the rest.
    kind : {"legal", "grade"}
    regimes : tuple of str
        Regimes it belongs to; empty when it belongs to all.
    same_as : tuple of str
        Earlier ids of the same question, whose history it carries on.
    register : tuple of str
        Register columns shown beside it, as information only.
    """

    question_id: str
    text_da: str
    step: str
    text_en: str = ""
    step_da: str = ""
    step_en: str = ""
    guidance_da: str = ""
    guidance_en: str = ""
    law: Mapping[str, str] = field(default_factory=dict)
    applies_when_da: str = ""
    applies_when_en: str = ""
    condition: Condition | None = None
    deadline: Deadline | None = None
    comparable: Comparable = "yes"
    law_text: LawText = "to check"
    critical: bool = False
    kind: Kind = "legal"
    regimes: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
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
