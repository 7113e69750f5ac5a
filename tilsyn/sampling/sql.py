"""Values and texts in SQL that takes no parameters."""

from __future__ import annotations

# What is trimmed of a text, as `trim` takes it.
OUTER_SPACE = r"' ' || chr(9) || chr(13) || chr(10) || chr(160)"


def quoted(text: str) -> str:
    """Return a text as an SQL literal, also one with a NUL character, where a literal would end."""
    return "'" + text.replace("'", "''").replace("\x00", "' || chr(0) || '") + "'"
