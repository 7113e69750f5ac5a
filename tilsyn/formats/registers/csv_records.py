"""The careful reader of a CSV register: each record is decided by itself, and all of them are counted again.

Here are the files that a spreadsheet or a person has been at: line breaks in cells, cells that were not
written, empty lines, line ends of several kinds, quotes gone wrong.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import duckdb

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import InputError, Problem
from tilsyn.formats.registers.csv_shape import Shape
from tilsyn.formats.registers.table import ROWS_AT_A_TIME, add_rows, new_table, refuse

LISTED = 1000
# Excel decides for sixteen rows at a time whether it writes their last empty cells.
BLOCK = 16
# So many of the rows make it the file's habit to leave out last empty cells; fewer are rows gone wrong.
HABIT = 0.1
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass
class _Records:
    """What became of a file's records: `n` of them, each in a row of the register or told here."""

    width: int
    delimiter: str
    needed: int
    n: int = 0
    problems: list[Problem] = field(default_factory=list)
    # Record and number of cells of the rows that have fewer than the headings, in order.
    short: list[tuple[int, int]] = field(default_factory=list)

    def tell(self, what: str, row: int, **values: str | int) -> None:
        """Tell of a row that cannot be read."""
        self.problems.append(
            Problem(say(f"register.{what}", **values), say(f"register.{what}_remedy", **values), row=row)
        )

    def read(self, text: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
        """Yield the filled rows below the headings with their numbers, each as wide as these."""
        # A row may be larger than the module's default allows.
        csv.field_size_limit(sys.maxsize)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter, strict=True)
        while True:
            line = reader.line_num
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                self.n += 1
                self.tell("bad_quotes", self.n)
                continue
            self.n += 1
            if self.n > skipped + 1 and any(row) and self._fits(row, reader.line_num - line):
                yield self.n, row + [""] * (self.width - len(row))

    def _fits(self, row: list[str], lines: int) -> bool:
        """Tell whether a row has the headings' cells, lacks only last ones, or has only empty ones more."""
        if lines > 1 and self._swallowed(row):
            self.tell("swallowed", self.n, lines=lines)
        elif any(row[self.width :]) or len(row) < self.needed or (lines > 1 and len(row) < self.width):
            self.tell("ragged", self.n, found=len(row), width=self.width)
        else:
            if len(row) < self.width:
                self.short.append((self.n, len(row)))
            return True
        return False

    def _swallowed(self, row: Sequence[str]) -> bool:
        """Tell whether a cell that goes over several lines holds what may be whole rows."""
        return any(
            cell.count(self.delimiter) >= self.width - 1 and _LINE_END.search(cell) is not None
            for cell in row
        )

    def judge_short(self, rows: int, cut_off: bool) -> None:
        """Tell of the short rows that are none of a spreadsheet's making."""
        lengths = dict(self.short)
        last = self.short and self.short[-1][0] == self.n
        at_the_end = last and self.n - 1 in lengths
        habit = len(lengths) >= min(BLOCK, max(HABIT * rows, 1)) or at_the_end
        wrong = set() if habit else set(lengths)
        wrong |= {row for run in self._runs() for row in run}
        if last and cut_off and all(self.short[-1][1] < length for _, length in self.short[:-1]):
            wrong.add(self.n)
        for row in sorted(wrong):
            self.tell("ragged", row, found=lengths[row], width=self.width)
        self.short = [(row, length) for row, length in self.short if row not in wrong]

    def _runs(self) -> Iterator[list[int]]:
        """Yield the neighbouring short rows that are one row together: a line break outside quotes."""
        for _, run in itertools.groupby(enumerate(self.short), lambda entry: entry[1][0] - entry[0]):
            together = [entry for _, entry in run]
            cells = sum(length for _, length in together)
            if len(together) > 1 and cells == self.width + len(together) - 1:
                yield [row for row, _ in together]


def read_records(
    connection: duckdb.DuckDBPyConnection,
    text: str,
    file: str,
    shape: Shape,
    places: Mapping[str, int],
) -> list[Problem]:
    """Make the table `register` of a text, and return what is worth knowing of its rows."""
    needed = max((places[name] for name in ("case_id", "unit") if name in places), default=0) + 1
    records = _Records(len(shape.headings), shape.delimiter, needed)
    new_table(connection, list(places))
    rows = 0
    with ThreadPoolExecutor(1) as beside:
        counted = beside.submit(_count_records, text, shape.delimiter)
        found = records.read(text, shape.skipped)
        while part := list(itertools.islice(found, ROWS_AT_A_TIME)):
            add_rows(
                connection,
                list(places),
                [(row, *(cells[place] or None for place in places.values())) for row, cells in part],
            )
            rows += len(part)
    records.judge_short(rows, not text.endswith(("\n", "\r")))
    if records.problems:
        raise InputError(_listed(records.problems, file))
    if counted.result() != records.n:
        raise refuse("counts", file, read=number(records.n), counted=number(counted.result()))
    return _notes(records)


def _count_records(text: str, delimiter: str) -> int:
    """Count the records in another way: the line ends that are left when the quoted cells are taken out."""
    quoted = re.compile(rf'(?<![^{re.escape(delimiter)}\r\n])"(?:[^"]++|"")*+"')
    left = quoted.sub("x", text)
    return len(_LINE_END.findall(left)) + (not left.endswith(("\n", "\r")) and left != "")


def _listed(problems: Sequence[Problem], file: str) -> Iterator[Problem]:
    """Yield the problems of a file's rows, very many of them counted."""
    for problem in sorted(problems, key=lambda problem: problem.row or 0)[:LISTED]:
        yield Problem(problem.found, problem.remedy, file=file, row=problem.row)
    if len(problems) > LISTED:
        found = say("register.ragged_more", n=number(len(problems) - LISTED))
        yield Problem(found, say("register.ragged_remedy"), file=file)


def _notes(records: _Records) -> list[Problem]:
    if not records.short:
        return []
    rows = ", ".join(str(row) for row, _ in records.short[:3])
    found = say("register.short_rows", n=number(len(records.short)), rows=rows)
    first = records.short[0][0]
    return [Problem(found, say("register.short_rows_remedy"), row=first, kind="note")]
