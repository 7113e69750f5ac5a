"""TOML files that people write: read with the line of every key, which TOML's own reader does not keep."""

from __future__ import annotations

import re
import tomllib
from typing import Any

# Where something stands: the keys and, in lists of tables, the numbers (from 0) that lead to it.
Location = tuple[int | str, ...]

_HEADING = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*(\"[^\"]+\"|'[^']+'|[\w-]+)\s*=")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)")
_QUOTED = re.compile(r'\s*([\w-]+\s*=\s*)"([^"]*\\[^"]*)"')
_BAD_ESCAPES = (
    "Unescaped '\\' in a string",
    "Invalid hex value",
    "Escaped character is not a Unicode scalar value",
)
_LONG_TEXT = ('"""', "'''")


class BadToml(ValueError):
    """A text is no TOML: the `reason`, and its `line`."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def read_toml(text: str) -> dict[str, Any]:
    """Return what a TOML text says; raises BadToml."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines())
        raise BadToml(_PLACE.sub("", str(error)), line) from None


def without_escapes(reason: str, line: str) -> str | None:
    r"""Return how a line should be written that a backslash in `"…"` made unreadable; None where none did.

    >>> without_escapes("Invalid hex value", r'path = "C:\Users\sager.csv"')
    "path = 'C:\\Users\\sager.csv'"
    >>> without_escapes("Invalid value", r'delimiter = "\t" x') is None
    True
    """
    found = _QUOTED.match(line)
    if found is None or not (reason in _BAD_ESCAPES or found[2].endswith("\\")):
        return None
    return f"{found[1]}'{found[2]}'"


def key_lines(text: str) -> dict[Location, int]:
    r"""Return the line of each table and key, found by reading headings and `key =` alone.

    >>> key_lines('[[plan]]\nunits = []\n[plan.levels.2]\ntotal = 5')[("plan", 0, "levels", "2", "total")]
    4
    """
    lines: dict[Location, int] = {}
    table: Location = ()
    counts: dict[Location, int] = {}
    quotes = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if quotes:
            quotes = "" if quotes in line else quotes
        elif heading := _HEADING.match(line):
            *outer, last = (part.strip().strip("\"'") for part in heading[2].split("."))
            table = ()
            for name in outer:
                table += (name,)
                if table in counts:
                    table += (counts[table] - 1,)
            table += (last,)
            if heading[1] == "[[":
                # What is wrong in the list as a whole is told at its first table.
                lines.setdefault(table, number)
                counts[table] = counts.get(table, 0) + 1
                table += (counts[table] - 1,)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key[1].strip("\"'")), number)
            quotes = next((mark for mark in _LONG_TEXT if line.count(mark) == 1), "")
    return lines


def line_of(location: Location, lines: dict[Location, int]) -> int | None:
    """Return the line of a key, or of the nearest thing around it."""
    while location:
        if location in lines:
            return lines[location]
        location = location[:-1]
    return None
