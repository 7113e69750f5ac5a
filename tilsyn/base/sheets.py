"""What the readers of spreadsheet files return: sheets, their cells, and what those cells hide."""

from __future__ import annotations

import functools
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

Value = str | int | float | bool | date | datetime | time | timedelta
Fault = Literal["error", "formula"]
Kind = Literal["text", "number", "bool", "date", "error", "formula"]
# Row and column, from 0 as in the file.
Place = tuple[int, int]

# Cells that a reader would hold in memory for one sheet, corner to corner; a checklist has about 300.
MOST_CELLS = 30_000_000
# What a file may hold when unpacked; a register of 300,000 rows has about 200 MB.
MOST_BYTES = 500_000_000


class Unreadable(Exception):
    """A file that is refused: `what` is the dictionary's `load.file_<what>`, in the worst place known."""

    def __init__(self, what: str, sheet: str | None = None, place: Place | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.sheet = sheet
        self.place = place

    def __reduce__(self) -> tuple[type[Unreadable], tuple[str, str | None, Place | None]]:
        """Let it go from process to process with all its parts."""
        return type(self), (self.what, self.sheet, self.place)


class Unread(NamedTuple):
    """What nobody reads of a file: sheets with one of the texts `marks` in A1, and columns of the others.

    The columns are those headed by one of the texts `headings` in the first row that holds `above`.
    """

    marks: frozenset[str] = frozenset()
    above: str = ""
    headings: frozenset[str] = frozenset()


class WalkedCell(NamedTuple):
    """A cell that holds something: its kind, its value as stored, and how it is shown.

    A number that is shown as a date is its day number here. An error has its name as value, a formula that
    was never calculated has "". `number_format` is that of a number, None for the general one.
    """

    kind: Kind
    value: str | float | bool
    struck: bool = False
    number_format: str | None = None


@dataclass
class WalkedSheet:
    """One sheet as the walk found it; `hidden_rows` and `hidden_columns` name only those that hold cells.

    `epoch_1904` says that day 0 of its dates is 1 January 1904. A sheet that was `passed` over has its first
    cell alone; the columns `unread` have no cells from the row `unread_from` on.
    """

    name: str
    hidden: bool = False
    cells: dict[Place, WalkedCell] = field(default_factory=dict)
    commented: set[Place] = field(default_factory=set)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    epoch_1904: bool = False
    passed: bool = False
    unread: frozenset[int] = frozenset()
    unread_from: int = 0


@dataclass(frozen=True)
class SheetCells:
    """One sheet's cells that hold something, by (row, column) from 0 as in the file.

    `faults` are the cells that read as empty but are not: an error value or an uncalculated formula.
    `hidden` is the sheet itself; `hidden_rows` and `hidden_columns` hold something and are not shown (a
    filter, or a person). `struck` cells are struck out in whole or in part, `commented` ones have a comment.
    `number_formats` say how a number that is no date is shown.
    """

    name: str
    cells: dict[Place, Value]
    faults: dict[Place, Fault] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[Place] = frozenset()
    commented: frozenset[Place] = frozenset()
    number_formats: dict[Place, str] = field(default_factory=dict)

    def rows(self) -> dict[int, dict[int, Value]]:
        """Return the rows that hold something: row to column to value."""
        rows: dict[int, dict[int, Value]] = {}
        for (row, column), value in self.cells.items():
            rows.setdefault(row, {})[column] = value
        return rows


def refuse_area(sheet: str, places: Collection[Place]) -> None:
    """Refuse a sheet whose corner cells lie so far apart that reading it would fill the memory."""
    furthest = max(places, default=(0, 0))
    columns = max((column for _, column in places), default=0) + 1
    if (furthest[0] + 1) * columns > MOST_CELLS:
        raise Unreadable("far_cells", sheet, furthest)


def cell_name(row: int, column: int) -> str:
    """Return a cell's name as spreadsheets show it.

    >>> cell_name(0, 0), cell_name(6, 27)
    ('A1', 'AB7')
    """
    return f"{letters_of(column)}{row + 1}"


@functools.cache
def letters_of(column: int) -> str:
    """Return the name of a column, the inverse of `column_of`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_position(name: str) -> Place:
    """Return (row, column) of a cell's name, the inverse of `cell_name`.

    >>> cell_position("AB7")
    (6, 27)
    """
    letters = name.rstrip("0123456789")
    return int(name[len(letters) :]) - 1, column_of(letters)


@functools.cache
def column_of(letters: str) -> int:
    """Return the number of a column, from 0."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
