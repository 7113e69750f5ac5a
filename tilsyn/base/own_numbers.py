"""Other countries' personal numbers, as a workspace describes them: found wherever a CPR number is.

Like the language they hold for all that a command does, so that no reader or writer can forget them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# What a number is masked as; a pattern that is found here, or in nothing, would be found everywhere.
MASKED = "xxxx"
_WITHOUT_NUMBERS = ("", "x", MASKED, 5 * MASKED)

_patterns: dict[str, re.Pattern[str]] = {}


def look_for(patterns: Mapping[str, str]) -> None:
    """Find these patterns, by their names, in all that follows, and no others."""
    _patterns.clear()
    _patterns.update((name, _compiled(pattern)) for name, pattern in patterns.items())


def why_unreadable(pattern: str) -> str | None:
    """Return why a pattern cannot be used, or None.

    DuckDB, which looks through a register, knows fewer signs than Python: nothing looks ahead or back.
    """
    import duckdb

    try:
        _compiled(pattern)
        with duckdb.connect() as connection:
            connection.execute("SELECT regexp_matches('', ?)", [pattern])
    except re.error as error:
        return str(error)
    except duckdb.InvalidInputException as error:
        return str(error).partition(": ")[2]
    return None


def too_wide(pattern: str) -> bool:
    """Tell whether a pattern is found where no number is."""
    return any(_compiled(pattern).search(text) for text in _WITHOUT_NUMBERS)


def _compiled(pattern: str) -> re.Pattern[str]:
    # Digits and letters are those of ASCII, as in DuckDB.
    return re.compile(pattern, re.ASCII)


def own_places(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where in a text a pattern is found, and the pattern's name."""
    for name, pattern in _patterns.items():
        for match in pattern.finditer(text):
            yield match.start(), match.end(), name


def own_sql() -> str:
    """Return the pattern of them all for DuckDB; empty where there is none."""
    return "|".join(f"(?:{pattern.pattern})" for pattern in _patterns.values())
