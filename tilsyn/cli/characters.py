"""What a terminal has characters for: look-alikes for what its code page lacks."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

# What a character looks like where a code page lacks it; of others, the letter without its accents.
_ALIKE = {
    "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ß": "ss",
    "»": '"', "«": '"', "“": '"', "”": '"', "’": "'", "‘": "'", "…": "...",
    "–": "-", "—": "-", "−": "-", "•": "*",
    "●": "o", "─": "-", "│": "|", "·": ".", "→": "->", "≤": "<=", "≥": ">=", "≈": "~", "×": "x", "±": "+/-",
    "√": "sqrt", "Σ": "sum", "½": "1/2",
}  # fmt: skip


def replace_what_cannot_be_shown() -> None:
    """Let no character end a command that the terminal's code page lacks: it is shown by one like it."""
    codecs.register_error("alike", _alike)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="alike")


def _alike(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_like, error.object[error.start : error.end])), error.end


def _like(character: str) -> str:
    found = _ALIKE.get(character) or unicodedata.normalize("NFKD", character)
    return found if found.isascii() else found[0] if found[0].isascii() else "?"


def showable(text: str, encoding: str) -> str:
    """Return a text as an encoding can show it.

    >>> replace_what_cannot_be_shown()
    >>> showable("»Brønshøj« ──●── 90 %", "ascii"), showable("»Brønshøj« ──●── 90 %", "cp1252")
    ('"Broenshoej" --o-- 90 %', '»Brønshøj« --o-- 90 %')
    """
    return text.encode(encoding, "alike").decode(encoding)
