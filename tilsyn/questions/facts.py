"""What is known of a case beside its answers: facts of the case head, and dates that limits name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, Self

from tilsyn.base.language import chosen, language, say
from tilsyn.questions.conditions import Condition, parse
from tilsyn.settings.levels import QuestionScope

FactKind = Literal["yes-no", "choice", "number", "date", "datetime"]
# The fact whose day decides the law, and the day of the reading: both stand in every case head.
ACT_DATE, REVIEWED_ON = "handling_dato", "gennemgang_dato"
REGIME = "regime"


@dataclass(frozen=True)
class Choice:
    """One value of a fact: its code and what people call it."""

    code: str
    text_da: str
    text_en: str = ""

    @property
    def text(self) -> str:
        return chosen(self.text_da, self.text_en)


YES_NO = (Choice("ja", "ja", "yes"), Choice("nej", "nej", "no"))


@dataclass(frozen=True)
class Fact:
    """A fact that the reviewer gives once in the case head and that questions rest on.

    It is asked only while `asked_when` is not false; without a value its `default` counts. A `computed` one
    follows from others. `register` names columns of the register that are shown beside it, and `proposals`
    what the register can propose, by rules of `proposing`.
    """

    name: str
    text_da: str
    text_en: str = ""
    register: tuple[str, ...] = ()
    kind: FactKind = "yes-no"
    choices: tuple[Choice, ...] = YES_NO
    why_da: str = ""
    why_en: str = ""
    asked_when: Condition | None = None
    default: str = ""
    computed: bool = False
    scope: QuestionScope = "core"
    proposals: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return chosen(self.text_da, self.text_en)

    @property
    def why(self) -> str:
        """What follows from it."""
        return chosen(self.why_da, self.why_en)

    @property
    def is_date(self) -> bool:
        """Whether its value is a date, which limits can name."""
        return self.kind in ("date", "datetime")

    @property
    def letters(self) -> dict[str, Choice]:
        """The choices by the one letter that each is answered with: the first of its code that is free.

        Yes and no are answered with those of the language in use.

        >>> choices = (Choice("nej", "nej"), Choice("nej_skriftlig", "nej, skriftligt"))
        >>> list(Fact("x", "?", kind="choice", choices=choices).letters)
        ['N', 'S']
        """
        found: dict[str, Choice] = {}
        for choice in self.choices:
            code = choice.text if self.kind == "yes-no" else choice.code
            parts = code.replace("-", "_").split("_")
            signs = "".join(part[0] for part in parts if part) + code + "abcdefghijklmnopqrstuvwxyz"
            letter = next(sign.upper() for sign in signs if sign.isalpha() and sign.upper() not in found)
            found[letter] = choice
        return found

    @cached_property
    def usual(self) -> str | None:
        """The value that counts where none is given."""
        return self.default if self.default in self.codes else None

    @property
    def codes(self) -> tuple[str, ...]:
        """The values that it can have, where they are a list."""
        return tuple(choice.code for choice in self.choices)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        data = asdict(self)
        data["asked_when"] = str(self.asked_when) if self.asked_when else None
        return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain; one of 0.1 is answered ja or nej."""
        values: dict[str, Any] = dict(data)
        for key in ("register", "proposals"):
            values[key] = tuple(data.get(key, ()))
        if "choices" in data:
            values["choices"] = tuple(Choice(**choice) for choice in data["choices"])
        values["asked_when"] = parse(data["asked_when"]) if data.get("asked_when") else None
        return cls(**values)


@dataclass(frozen=True)
class AskedDate:
    """A date that is asked beside a question because a limit names it.

    Where nobody gives it, the date `default` of the case head stands for it.
    """

    name: str
    text_da: str
    text_en: str = ""
    kind: Literal["date", "datetime"] = "date"
    default: str = ""

    @property
    def text(self) -> str:
        return chosen(self.text_da, self.text_en)


@dataclass(frozen=True)
class HeadWords:
    """What a catalogue calls the urgent question and the events that a case can be read from."""

    urgent_da: str = ""
    urgent_en: str = ""
    events_da: tuple[str, ...] = ()
    events_en: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `asdict` made plain."""
        values: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in data.items()
        }
        return cls(**values)

    @property
    def urgent(self) -> str:
        return chosen(self.urgent_da, self.urgent_en) or say("checklist.head_akut")

    @property
    def events(self) -> tuple[str, ...]:
        return (self.events_en if language() == "en" else ()) or self.events_da


NO_WORDS = HeadWords()


@dataclass(frozen=True)
class LawfulReason:
    """Why a thing may lawfully not be done, and the law that says so."""

    name: str
    text_da: str
    text_en: str = ""
    law: str = ""
    law_text: str = "to check"

    @property
    def text(self) -> str:
        return chosen(self.text_da, self.text_en)
