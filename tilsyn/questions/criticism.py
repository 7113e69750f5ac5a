"""The scale of criticism of a case: a catalogue's own, or the Borgerrådgiver's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tilsyn.base.language import chosen, spellings

# An Excel cell's list of choices stands between quotes, with commas between, and has room for so many signs.
LONGEST_LIST = 255


@dataclass(frozen=True)
class CriticismStep:
    """A step, as it is kept and what it is called; `criticism` is False where it is noted but is none."""

    name: str
    text_da: str
    text_en: str = ""
    criticism: bool = field(default=True, kw_only=True)

    @property
    def text(self) -> str:
        """What it is called in the language in use."""
        return chosen(self.text_da, self.text_en)

    @property
    def spelt(self) -> frozenset[str]:
        """What it is known by, in small letters; English workbooks of before had both words."""
        both = f"{self.name} ({self.text_en})"
        return frozenset(word.casefold() for word in (self.name, self.text_da, self.text_en, both) if word)


# Mildest first, as every scale; none at all where criticism is not asked for.
CriticismScale = tuple[CriticismStep, ...]
USUAL_CRITICISM: CriticismScale = (
    CriticismStep("uheldigt", *spellings("answers.criticism_uheldigt"), criticism=False),
    CriticismStep("fejl", *spellings("answers.criticism_fejl")),
    CriticismStep("beklageligt", *spellings("answers.criticism_beklageligt")),
    CriticismStep("meget beklageligt", *spellings("answers.criticism_meget_beklageligt")),
    CriticismStep("kritisabelt", *spellings("answers.criticism_kritisabelt")),
    CriticismStep("meget kritisabelt", *spellings("answers.criticism_meget_kritisabelt")),
    CriticismStep("stærkt kritisabelt", *spellings("answers.criticism_staerkt_kritisabelt")),
)


def is_usual(scale: Sequence[CriticismStep]) -> bool:
    """Tell whether a scale is the Borgerrådgiver's, whatever its steps are called in English."""
    return [step.name for step in scale] == [step.name for step in USUAL_CRITICISM]


def step_meant(scale: Sequence[CriticismStep], text: str) -> CriticismStep | None:
    """Return the step that a text means, in either language.

    >>> step_meant(USUAL_CRITICISM, "Error").name, step_meant(USUAL_CRITICISM, "fejl (error)").name
    ('fejl', 'fejl')
    """
    return next((step for step in scale if text.casefold() in step.spelt), None)


def step_kept(scale: Sequence[CriticismStep], name: str) -> CriticismStep:
    """Return the step of a name that was loaded; one of another scale of before stands as it is.

    >>> step_kept((), "uheldigt").criticism, step_kept((), "streng")
    (False, CriticismStep(name='streng', text_da='streng', text_en='', criticism=True))
    """
    known = {step.name: step for step in (*USUAL_CRITICISM, *scale)}
    return known.get(name, CriticismStep(name, name))


def mild(scale: Sequence[CriticismStep]) -> tuple[str, ...]:
    """Return what the steps that are noted, but are no criticism, are called.

    >>> mild(USUAL_CRITICISM)
    ('uheldigt',)
    """
    return tuple(step.text for step in scale if not step.criticism)
