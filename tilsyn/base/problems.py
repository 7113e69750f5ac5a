"""Problems found in people's files, and the ways a command can end.

Errors are part of the product: each names where it stands, what was found and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from tilsyn.base.file_names import readable


@dataclass(frozen=True)
class Problem:
    """One thing wrong in an input: what was found (CPR-like values masked), the remedy, and the place.

    An error must be corrected before anything is saved; a note is only told. `row` counts as a person sees
    it, the heading being row 1.

    >>> Problem("no case number", "fill it in", file="cases.csv", row=7).place
    'cases.csv, 7'
    """

    found: str
    remedy: str
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = None
    kind: Literal["error", "note"] = "error"

    def __post_init__(self) -> None:
        if self.file is not None:
            object.__setattr__(self, "file", readable(self.file))

    @property
    def place(self) -> str:
        """Where it stands, from the file inwards."""
        parts = (self.file, self.sheet, self.cell, self.row, self.column)
        return ", ".join(str(part) for part in parts if part is not None)

    def as_dict(self) -> dict[str, Any]:
        """Return all fields as plain data."""
        return dict(vars(self))


class TilsynError(Exception):
    """A command cannot go on, and says why and what to do."""

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(TilsynError):
    """The command was called wrongly (exit code 2)."""

    exit_code = 2


class InputError(TilsynError):
    """An input has to be corrected (exit code 3); holds every problem of it."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(f"{p.place}: {p.found}" for p in self.problems))


class Refused(TilsynError):
    """The command is refused and nothing was changed (exit code 4)."""

    exit_code = 4


class CheckFailed(TilsynError):
    """A check found something (exit code 5)."""

    exit_code = 5
