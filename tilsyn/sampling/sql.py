"""Values in SQL that takes no parameters."""

from __future__ import annotations


def quoted(text: str) -> str:
    """Return a text as an SQL literal, also one with a NUL character, where a literal would end."""
    return "'" + text.replace("'", "''").replace("\x00", "' || chr(0) || '") + "'"
