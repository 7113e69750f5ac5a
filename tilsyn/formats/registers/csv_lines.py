"""A CSV register in which every line is a row of as many cells as the headings: DuckDB reads it.

Whether it is such a file, an independent count of its lines tells. What rules look at is kept of every row,
and all of a row in which a look at the whole suspects something; the rest is read again, of the few rows of
which it is asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from tilsyn.base.database import PackedTable
from tilsyn.formats.registers.csv_shape import CHUNK, Shape, chunks
from tilsyn.formats.registers.memory_file import memory_file
from tilsyn.formats.registers.table import TABLE
from tilsyn.sampling.frame_cells import SUSPECTED, suspicious
from tilsyn.sampling.frame_rules import Reading
from tilsyn.sampling.frame_whole import WholeRows
from tilsyn.sampling.sql import quoted

LOADED = "register_loaded"
# As many lines as these are found and taken apart sooner than the whole file is read again.
FEW = 5000
# A file that is larger is read in parts of so many bytes, each packed before the next is read.
LARGE, PART = 1 << 28, 1 << 25


class Lines:
    """The lines of a CSV file, read as its `shape` says; `places` says which cells our columns are.

    `unit` is of all rows. Without a `reading` all columns are kept of every row.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        shape: Shape,
        places: Mapping[str, int],
        unit: str | None,
        reading: Reading | None,
    ) -> None:
        self._connection = connection
        self._shape = shape
        self._cells = {column: f"c{place}" for column, place in places.items()}
        self._unit = {} if unit is None else {"unit": quoted(unit)}
        self._reading = reading
        self._path, self._encoding = Path(), ""
        self._packed = None if reading is None else PackedTable(connection.execute)

    def load(self, path: Path, encoding: str, recoded: Iterable[bytes] | None = None) -> bool:
        """Make the table `register`; tell whether there are as many rows as the file has lines.

        A file in an encoding that DuckDB does not read is `recoded` in parts.
        """
        self._path, self._encoding = path, encoding
        table = self._packed.name if self._packed else LOADED
        count = LineCount()
        with ThreadPoolExecutor(1) as beside:
            if recoded is None:
                counting = beside.submit(count.add_all, chunks(path))
                loaded = self._load(table, self._sources())
                counting.result()
            else:
                loaded = self._load(table, self._in_memory(map(count.add, recoded)))
        if loaded is None or count.lines != self._shape.top + loaded:
            return False
        # The place in the table is the number: counting with a window would read the file in one thread.
        self._connection.execute(
            f"""CREATE OR REPLACE TEMP VIEW {TABLE} AS SELECT rowid + {self._shape.top + 1} AS "row",
                * EXCLUDE _blank FROM {table} WHERE NOT _blank"""
        )
        return True

    @property
    def whole(self) -> WholeRows | None:
        """What reads the columns that were not kept of some rows into a table; None without a reading."""
        return self._read_again if self._packed else None

    def _sources(self) -> Iterator[str]:
        """Yield the SQL that reads the lines: of a large file that is packed, a part at a time."""
        if self._packed is None or self._path.stat().st_size <= LARGE:
            yield self._read_csv(str(self._path), self._shape.top)
        else:
            yield from self._in_memory(chunks(self._path))

    def _in_memory(self, parts: Iterable[bytes]) -> Iterator[str]:
        skipped = self._shape.top
        for lines in whole_lines(parts, PART):
            with memory_file(self._connection, lines) as address:
                yield self._read_csv(address, skipped)
            skipped = 0

    def _read_csv(self, where: str, skipped: int) -> str:
        types = ", ".join(f"'{cell}': 'VARCHAR'" for cell in self._every)
        # Values are no parameters: for these DuckDB imports pandas.
        return f"""read_csv({quoted(where)}, delim = {quoted(self._shape.delimiter)}, quote = '"',
            escape = '"', header = false, skip = {skipped}, auto_detect = false,
            columns = {{{types}}}, encoding = '{self._encoding}', store_rejects = true, rejects_limit = 0,
            buffer_size = {CHUNK})"""

    @property
    def _every(self) -> list[str]:
        return [f"c{place}" for place in range(len(self._shape.headings))]

    def _load(self, table: str, sources: Iterator[str]) -> int | None:
        """Load the rows as DuckDB sees them; return how many, None when any did not fit."""
        self._connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
        kind = "" if self._packed else "TEMP"
        try:
            # Rows of delimiters alone are the empty rows under a sheet's last one.
            for place, source in enumerate(sources):
                made = f"INSERT INTO {table}" if place else f"CREATE {kind} TABLE {table} AS"
                self._connection.execute(
                    f"""{made} SELECT {self._kept()}, coalesce({", ".join(self._every)}) IS NULL AS _blank
                        FROM {source}"""
                )
                if self._packed:
                    self._packed.pack()
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            # Its words quote the row, which may hold a name; the careful reader says what is the matter.
            return None
        counts = self._connection.execute(
            f"SELECT (SELECT count(*) FROM {table}), (SELECT count(*) FROM reject_errors)"
        ).fetchone()
        return None if counts is None or counts[1] else int(counts[0])

    def _kept(self) -> str:
        """Return the SQL of what is kept of a row: some cells; all of one that is suspected, as a list."""
        if self._reading is None:
            return _named(self._cells)
        rules, cells = self._reading.rules, self._cells | self._unit
        listed = ", ".join(cells[column] for column in rules.columns)
        kept = {name: cell for name, cell in self._cells.items() if name in self._reading.columns}
        return f"{_named(kept)}, CASE WHEN {suspicious(listed, rules)} THEN [{listed}] END AS {SUSPECTED}"

    def _read_again(self, rows: str, table: str) -> bool:
        kept = () if self._reading is None else self._reading.columns
        others = {name: cell for name, cell in self._cells.items() if name not in kept}
        if not others:
            return False
        first = f'SELECT "row" FROM {rows} ORDER BY "row" LIMIT {FEW + 1}'
        wanted = self._connection.execute(first).fetchall()
        found = self._values([row for (row,) in wanted], others)
        if not found:
            source = self._read_csv(str(self._path), self._shape.top)
            found = f"""SELECT * FROM (SELECT row_number() OVER () + {self._shape.top} AS "row",
                {_named(others)} FROM {source}) SEMI JOIN {rows} USING ("row")"""
        self._connection.execute(f"CREATE TEMP TABLE {table} AS {found}")
        return True

    def _values(self, rows: Sequence[int], others: Mapping[str, str]) -> str | None:
        """Return the SQL of cells of a few lines; None where there are many, or quotes in them."""
        places = [int(cell.removeprefix("c")) for cell in others.values()]
        values = []
        for row, line in lines_at(chunks(self._path), rows if len(rows) <= FEW else ()):
            cells = line.decode(self._encoding).removesuffix("\r").split(self._shape.delimiter)
            if b'"' in line or len(cells) != len(self._every):
                return None
            texts = (quoted(cells[place]) if cells[place] else "NULL::VARCHAR" for place in places)
            values.append(f"({', '.join([f'{row}::BIGINT', *texts])})")
        names = ", ".join(f'"{name}"' for name in others)
        return f'FROM (VALUES {", ".join(values)}) AS read("row", {names})' if values else None


def whole_lines(parts: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    r"""Yield the parts of a text, as many together as have so many bytes, each time to the end of a line.

    >>> list(whole_lines([b"ab\nc", b"d", b"e\nf\ng"], 4))
    [[b'ab\n'], [b'c', b'd', b'e\nf\n'], [b'g']]
    """
    held: list[bytes] = []
    for part in parts:
        held.append(part)
        end = part.rfind(b"\n") + 1
        if end and sum(map(len, held)) >= size:
            held[-1], rest = part[:end], part[end:]
            yield held
            held = [rest]
    if any(held):
        yield held


def lines_at(parts: Iterable[bytes], rows: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    r"""Yield the lines with these numbers, counted from 1, which are in order.

    >>> list(lines_at([b"a\nb", b"c\n", b"d"], [2, 3]))
    [(2, b'bc'), (3, b'd')]
    """
    wanted = deque(rows)
    first, begun = 1, b""
    for part in parts:
        if not wanted:
            return
        last = first + part.count(b"\n")
        lines = [*(begun + part).split(b"\n")] if wanted[0] < last else []
        while wanted and wanted[0] < last:
            yield wanted[0], lines[wanted.popleft() - first]
        begun = part.rpartition(b"\n")[2] if last > first else begun + part
        first = last
    if wanted and wanted[0] == first:
        yield first, begun


def _named(cells: Mapping[str, str]) -> str:
    return ", ".join(f'{cell} AS "{column}"' for column, cell in cells.items())


class LineCount:
    """How many lines a file has, counted part by part."""

    def __init__(self) -> None:
        self._ends = self._returns = self._both = self._empty = 0
        self._last, self._nul = b"", False

    def add_all(self, parts: Iterable[bytes]) -> None:
        """Count the lines of all parts."""
        for part in parts:
            self.add(part)

    def add(self, part: bytes) -> bytes:
        """Count the lines of the next part, and return it."""
        self._nul = self._nul or b"\x00" in part
        self._ends += part.count(b"\n")
        self._returns += part.count(b"\r")
        self._both += part.count(b"\r\n") + (self._last == b"\r" and part.startswith(b"\n"))
        filled = part.rstrip(b"\r\n")
        self._empty = (self._empty if not filled else 0) + part[len(filled) :].count(b"\n")
        self._last = part[-1:] or self._last
        return part

    @property
    def lines(self) -> int | None:
        """The lines down to the last filled one; None where their ends are not all alike.

        A character that no text holds makes it no file of lines either.
        """
        alike = self._returns == self._both and self._both in (0, self._ends)
        return self._ends - self._empty + 1 if alike and not self._nul else None
