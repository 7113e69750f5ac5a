"""The outcome of a case: what the answers to some of its questions come to, by a rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Self

from tilsyn.base.language import chosen
from tilsyn.questions.answers import LAWFUL_NO, NO, YES, names_of
from tilsyn.questions.scales import Grade, Scale

# *all*: each is good enough; *worst*: the lowest grade; *count*: how many are not good enough, in bands.
Rule = Literal["all", "worst", "count"]
_BAND = re.compile(r"(?P<least>\d+)\s*=\s*(?P<text>\S.*)")
_YES_OR_NO: Scale = (Grade(NO, *names_of(NO)), Grade(YES, *names_of(YES)))


def read_band(text: str) -> tuple[int, str] | None:
    """Return from how many on a band is, and what it is called; None where the text says neither.

    >>> read_band("0 = uden fejl"), read_band("mange")
    ((0, 'uden fejl'), None)
    """
    found = _BAND.fullmatch(text.strip())
    return (int(found["least"]), found["text"].strip()) if found else None


@dataclass(frozen=True)
class CaseOutcome:
    """A rule and the questions it is over; `good` are the answers that are good enough.

    `scale` are the grades of its questions, none where they are answered ja or nej. `bands` say from how
    many answers that are not good enough a case is called what.
    """

    name: str
    text_da: str
    text_en: str
    rule: Rule
    questions: tuple[str, ...]
    good: tuple[str, ...] = (YES, LAWFUL_NO)
    bands: tuple[tuple[int, str], ...] = ()
    scale: Scale = ()

    @property
    def text(self) -> str:
        """What it is called in the language in use."""
        return chosen(self.text_da, self.text_en)

    @property
    def values(self) -> Scale:
        """What a case can come to: the lowest first, or the bands in their order."""
        if self.rule == "worst":
            return self.scale
        if self.rule == "count":
            return tuple(Grade(text, text) for _, text in self.bands)
        return _YES_OR_NO

    def same_rule(self, other: CaseOutcome) -> bool:
        """Whether it is the same rule, over whatever questions."""
        return replace(self, questions=()) == replace(other, questions=())

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_dict` made plain."""
        values = dict(data)
        values["scale"] = tuple(Grade(**grade) for grade in data["scale"])
        values["bands"] = tuple((least, text) for least, text in data["bands"])
        for name in ("questions", "good"):
            values[name] = tuple(data[name])
        return cls(**values)
