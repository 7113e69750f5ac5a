"""The words that tell what a register's headings mean; they stand in `heading_words.toml`."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_TABLES = tomllib.loads((files("tilsyn.formats.registers") / "heading_words.toml").read_text("utf-8"))


def _words(table: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(words.split()) for name, words in _TABLES[table].items()}


WORDS = _words("columns")
WEAK_WORDS = _words("weak")
COMPLAINT_WORDS = {"case_id": WORDS["case_id"], **_words("complaints")}
_OTHERS = _words("others")
BESIDES, SOMEBODY_ELSE = frozenset(_OTHERS["besides"]), frozenset(_OTHERS["somebody_else"])
PERSONAL, PERSONAL_PARTS = frozenset(_OTHERS["personal"]), _OTHERS["personal_parts"]
