"""Why a drawn case can be replaced: as `tilsyn.toml` says, or the four that hold without a word there."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from tilsyn.base.canonical import slug
from tilsyn.base.language import chosen, dictionary
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.names import Flag, Name

# The usual reasons, and whether each puts a case outside the population; the dictionary has their words.
_USUAL = {"wrong_person": True, "no_access": False, "outside_target": True, "conflict": False}


def _code(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        raise fault("settings.bad_reason_name", value=value)
    return value


class ReplacementReason(TomlTable):
    """A reason; `outside_population` where the case should not have been on the list drawn from."""

    name: Annotated[str, AfterValidator(_code)]
    text_da: Name | None = None
    text_en: Name | None = None
    outside_population: Flag

    @model_validator(mode="after")
    def _has_words(self) -> ReplacementReason:
        if not (self.text_da or self.text_en):
            raise fault("settings.reason_without_words", name=self.name)
        return self

    @property
    def text(self) -> str:
        """Its words in the language in use, or in the other where it has only that."""
        return chosen(self.text_da or "", self.text_en or "")

    @property
    def spellings(self) -> tuple[str, ...]:
        """What it is known by when somebody types it, as a slug."""
        return tuple(slug(word) for word in (self.name, self.text_da, self.text_en) if word)


def _each_apart(reasons: tuple[ReplacementReason, ...]) -> tuple[ReplacementReason, ...]:
    """Refuse a name or words that two reasons share: nobody could tell which of them is meant."""
    taken: dict[str, str] = {}
    for reason in reasons:
        for spelling in dict.fromkeys(reason.spellings):
            if spelling in taken:
                raise fault("settings.reason_twice", word=spelling, names=f"{taken[spelling]}, {reason.name}")
            taken[spelling] = reason.name
    return reasons


@cache
def usual_reasons() -> tuple[ReplacementReason, ...]:
    """Return the four reasons that hold where the settings name none."""
    words = {name: dictionary("replace")[f"reason_{name}"] for name in _USUAL}
    return tuple(
        ReplacementReason(
            name=name, text_da=words[name]["da"], text_en=words[name]["en"], outside_population=outside
        )
        for name, outside in _USUAL.items()
    )


ReplacementReasons = Annotated[
    tuple[ReplacementReason, ...], Field(min_length=1), AfterValidator(_each_apart)
]
