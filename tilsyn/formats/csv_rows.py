"""CSV files as people save them: UTF-8 with or without BOM, UTF-16, Windows-1252; semicolon, comma or tab."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

from tilsyn.base.canonical import canonical_id
from tilsyn.base.cpr import mask
from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem, UsageError
from tilsyn.base.sheets import Place, SheetCells, Value

DELIMITERS = ";,\t"
# A first line by which files tell Excel their delimiter.
_EXCEL_HINT = re.compile(r"sep=.", re.IGNORECASE)
# 750, 1.250 and 1250,0 are whole numbers as spreadsheets write them.
_WHOLE = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:[.,]0+)?")


@dataclass(frozen=True)
class Row:
    """A row of a file: its number as a spreadsheet counts, and its cells by column name, trimmed."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass
class Reader:
    """One file's cells as they are read, and the problems found so far."""

    path: Path
    problems: list[Problem] = field(default_factory=list)

    def add(
        self, key: str, row: int, column: str | None = None, note: bool = False, **values: object
    ) -> None:
        """Add a problem: `key` of the dictionary's area `compliance`, CPR-like values masked."""
        shown = {name: mask(v) if isinstance(v, str) else v for name, v in values.items()}
        problem = _problem(self.path, key, row, **shown)
        self.problems.append(replace(problem, column=column, kind="note" if note else "error"))

    def whole(self, row: Row, column: str) -> int | None:
        """Return a cell's whole number; None, and a problem, where it has none."""
        match = _WHOLE.fullmatch(row[column])
        if match is None:
            key = "not_whole" if row[column] else "blank_cell"
            self.add(key, row.number, column, name=column, found=row[column])
            return None
        return int(re.sub(r"\D", "", match[1]))


def read_rows(
    path: Path, required: Sequence[str], aliases: Mapping[str, str]
) -> tuple[list[str], list[Row], list[Problem]]:
    """Read a CSV file whose first row has the headings: return its columns, its rows, and its problems.

    Rows without anything in them are left out, and all are when the file as a whole has problems. `aliases`
    are other headings (lower case) and the column they mean.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError(say("compliance.no_file", file=path), say("compliance.no_file_remedy")) from None
    numbered, problem = _cells(path, data, required, headed=True)
    if problem is not None:
        return [], [], [problem]
    columns: list[str] = []
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in numbered:
        values = [canonical_id(cell) for cell in cells]
        if not any(values):
            continue
        if not columns:
            columns = [aliases.get(name.lower(), name.lower()) for name in values]
            problems = [
                _problem(path, "missing_column", number, column=name, found=", ".join(filter(None, values)))
                for name in required
                if name not in columns
            ]
            problems += [
                _problem(path, "double_column", number, column=name)
                for name in dict.fromkeys(columns)
                if name and columns.count(name) > 1
            ]
            if problems:
                return columns, [], problems
            continue
        if any(values[len(columns) :]):
            problems.append(_problem(path, "extra_cells", number, n=len(columns)))
            continue
        rows.append(Row(number, dict(zip(columns, values, strict=False))))
    if not rows and not problems:
        problems.append(_problem(path, "empty_file", columns=", ".join(required)))
    return columns, rows, problems


def read_column(path: Path, column: str, aliases: Mapping[str, str]) -> list[str]:
    """Return what stands in a column of a CSV file; of one without headings, what stands on each line."""
    try:
        data = path.read_bytes()
    except OSError:
        raise UsageError(say("compliance.no_file", file=path), say("compliance.no_file_remedy")) from None
    numbered, problem = _cells(path, data, [column], headed=True)
    rows = [[canonical_id(cell) for cell in cells] for _, cells in numbered]
    rows = [row for row in rows if any(row)]
    names = [aliases.get(name.lower(), name.lower()) for name in rows[0]] if rows else []
    if column in names:
        at, rows = names.index(column), rows[1:]
    elif all(sum(map(bool, row)) == 1 for row in rows):
        at = 0
    else:
        found = ", ".join(filter(None, names))
        problem = _problem(path, "missing_column", numbered[0][0], column=column, found=found)
    if problem is None and not rows:
        problem = _problem(path, "empty_file", columns=column)
    if problem is not None:
        raise InputError([problem])
    return [cell for row in rows if (cell := next(iter(row[at : at + 1]), ""))]


def csv_sheet(path: Path, data: bytes, required: Sequence[str]) -> SheetCells:
    """Return a CSV file as a sheet of texts, its headings anywhere; one that cannot be read is told."""
    numbered, problem = _cells(path, data, required, headed=False)
    if problem is not None:
        raise InputError([problem])
    cells: dict[Place, Value] = {
        (number, column): text.strip()
        for number, (_, row) in enumerate(numbered)
        for column, text in enumerate(row)
        if text.strip()
    }
    return SheetCells(path.stem, cells)


def _cells(
    path: Path, data: bytes, required: Sequence[str], *, headed: bool
) -> tuple[list[tuple[int, list[str]]], Problem | None]:
    """Return the rows of a CSV file by the number of their first line, or why they cannot be read."""
    text = _decoded(data)
    if text is None:
        return [], _problem(path, "not_text")
    # Not `splitlines`: that one also breaks a remark at Word's soft line breaks and page breaks.
    lines = list(StringIO(text, newline=""))
    if not any(line.strip() for line in lines):
        return [], _problem(path, "empty_file", columns=", ".join(required))
    first = next(line for line in lines if line.strip())
    if _EXCEL_HINT.fullmatch(first.strip()):
        lines[lines.index(first)] = "\n"
        first = next((line for line in lines if line.strip()), "")
    # Under a title line the headings are not first: there it is what stands in most of the lines.
    delimiter = max(
        DELIMITERS, key=first.count if headed else lambda sign: sum(sign in line for line in lines)
    )
    csv.field_size_limit(sys.maxsize)
    # Strict: else a quotation mark that nobody closed swallows the rows below it in silence.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    numbered: list[tuple[int, list[str]]] = []
    # A row is where its first line is: a quoted cell may hold line breaks.
    start = 1
    try:
        for cells in reader:
            numbered.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        return [], _problem(path, "open_quote", start)
    return numbered, None


def _decoded(data: bytes) -> str | None:
    # A zip signature or a zero byte is a workbook or another program's file, never CSV text.
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return None
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _problem(path: Path, key: str, row: int | None = None, **values: object) -> Problem:
    return Problem(
        say(f"compliance.{key}", **values),
        say(f"compliance.{key}_remedy", **values),
        file=path.name,
        row=row,
    )
