"""What people choose from in a list of `tilsyn.toml`: codes, and the words that stand for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, TypeVar

from pydantic import field_validator, model_validator

from tilsyn.base.canonical import slug
from tilsyn.base.language import chosen
from tilsyn.base.toml_tables import TomlTable, fault
from tilsyn.settings.names import Name


class Coded(TomlTable):
    """One of a list: its code, and its words in a language or both; `what` the dictionary calls it."""

    what: ClassVar[str]
    name: str
    text_da: Name | None = None
    text_en: Name | None = None

    @field_validator("name")
    @classmethod
    def _is_code(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
            raise fault(f"settings.bad_{cls.what}_name", value=value)
        return value

    @model_validator(mode="after")
    def _has_words(self) -> Coded:
        if not (self.text_da or self.text_en):
            raise fault(f"settings.{self.what}_without_words", name=self.name)
        return self

    @property
    def text(self) -> str:
        """Its words in the language in use, or in the other where it has only that."""
        return chosen(self.text_da or "", self.text_en or "")

    @property
    def spellings(self) -> tuple[str, ...]:
        """What it is known by when somebody types it, as a slug."""
        return tuple(slug(word) for word in (self.name, self.text_da, self.text_en) if word)


AnyCoded = TypeVar("AnyCoded", bound=Coded)


def each_apart(listed: tuple[AnyCoded, ...]) -> tuple[AnyCoded, ...]:
    """Refuse a name or words that two of a list share: nobody could tell which of them is meant."""
    taken: dict[str, str] = {}
    for one in listed:
        for spelling in dict.fromkeys(one.spellings):
            if spelling in taken:
                names = f"{taken[spelling]}, {one.name}"
                raise fault(f"settings.{one.what}_twice", word=spelling, names=names)
            taken[spelling] = one.name
    return listed


def meant(listed: Sequence[AnyCoded], text: str) -> AnyCoded | None:
    """Return the one that somebody typed, by its code or words in either language."""
    return next((one for one in listed if slug(text) in one.spellings), None)
