"""Every word a user reads, in Danish and English: the one dictionary.

Its entries stand in the folder `dictionary`, a file of TOML per area and a line per entry, in which a text is
written as JSON writes it too: `key = { da = "...", en = "..." }`. A line is read when its text is said.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tilsyn.base.which import Single, Which

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")

_FOLDER = Path(__file__).parent / "dictionary"
_ENTRY = re.compile(r"^([\w-]+) = \{ (.*) \}$", re.MULTILINE)
_TEXT = re.compile(r'(\w+) = ("(?:[^"\\]|\\.)*")')

_language: Language = "da"


def language() -> Language:
    """Return the language in use."""
    return _language


def set_language(name: str) -> None:
    """Choose the language of all that follows."""
    global _language
    if name not in LANGUAGES:
        raise ValueError(name)
    _language = name


def chosen(danish: str, english: str) -> str:
    """Return the text in the language in use, or the other where there is only that; the Danish one binds."""
    return english if _language == "en" and english else danish or english


@contextmanager
def using(name: str) -> Iterator[None]:
    """Use a language for a while.

    >>> with using("en"):
    ...     say("common.error")
    'Error'
    """
    before = _language
    set_language(name)
    try:
        yield
    finally:
        set_language(before)


@cache
def _lines(area: str) -> dict[str, str]:
    """Return one area's entries as they are written."""
    return dict(_ENTRY.findall((_FOLDER / f"{area}.toml").read_text("utf-8")))


@cache
def entry(area: str, name: str) -> dict[str, str]:
    """Return one entry's texts: language to text."""
    return {language: json.loads(text) for language, text in _TEXT.findall(_lines(area)[name])}


@cache
def dictionary(area: str) -> dict[str, dict[str, str]]:
    """Return one area's entries: key to text per language."""
    return {name: entry(area, name) for name in _lines(area)}


def areas() -> list[str]:
    """Return the names of all areas, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def say(key: str, *parts: str, **values: Any) -> str:
    """Return the text of `area.key` in the language in use, its `{0}` and `{placeholders}` filled in.

    An entry may have words of its own for one (`da_one`), taken where `n` is 1. A `level` that is a number or
    a single draw is said as `named` has it. A KeyError, for an entry or a value that is missing, is a fault
    in the program.

    >>> say("common.error")
    'Fejl'
    """
    area, name = key.split(".", 1)
    texts = entry(area, name)
    text = texts[_language]
    if str(values.get("n")) == "1":
        text = texts.get(f"{_language}_one", text)
    if isinstance(level := values.get("level"), int | Single):
        values |= named(level)
    return text.format(*parts, **values)


def named(which: Which) -> dict[str, str]:
    """Return how a draw is called: at the beginning of a sentence, within it, as a place, in a command.

    >>> named(2)["Level"], named(Single("ombud"))["at_level"], named(Single("ombud"))["level_argument"]
    ('Niveau 2', 'i enkeltudtræk »ombud«', '--single ombud')
    """
    kind = "single" if isinstance(which, Single) else "level"
    level = say(f"common.{kind}_named", which=which)
    option = f"--{kind} {which}"
    return {
        "level": level,
        "Level": level[0].upper() + level[1:],
        "at_level": say(f"common.at_{kind}", named=level),
        "of_level": say(f"common.of_{kind}", named=level),
        "level_option": option,
        "level_argument": option if isinstance(which, Single) else str(which),
    }


def spellings(key: str) -> tuple[str, ...]:
    """Return a text in every language: what a reader of people's files recognises.

    >>> spellings("common.error")
    ('Fejl', 'Error')
    """
    area, name = key.split(".", 1)
    return tuple(entry(area, name).values())
