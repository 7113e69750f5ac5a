"""What people may write for the program's own words: options, their values, columns, in any language."""

from __future__ import annotations

from functools import cache

from tilsyn.base.canonical import slug
from tilsyn.base.language import dictionary, say, spellings


@cache
def _meant(area: str, before: str) -> dict[str, str]:
    """Return the program's word for each way to write it; their entries begin with `before`."""
    names = [key.removeprefix(before) for key in dictionary(area) if key.startswith(before)]
    return {slug(word): name for name in names for word in (name, *spellings(f"{area}.{before}{name}"))}


def program_word(word: str) -> str:
    """Return the program's word for an option or its value; a word that it does not know as it stands.

    >>> program_word("grund"), program_word("pr-dag"), program_word("Tabel"), program_word("2018-Q2")
    ('reason', 'as-of', 'table', '2018-Q2')
    """
    return _meant("alias", "").get(slug(word), word)


def column_word(word: str) -> str:
    """Return our name of a column; a word that we have none for as it stands.

    >>> column_word("Sagstype"), column_word("unit"), column_word("bopæl")
    ('case_type', 'unit', 'bopæl')
    """
    return _meant("init", "column_").get(slug(word), word)


def user_word(word: str) -> str:
    """Return what one of the program's words is in the language in use.

    >>> user_word("reason"), user_word("json")
    ('grund', 'json')
    """
    return say(f"alias.{word}") if word in dictionary("alias") else word
