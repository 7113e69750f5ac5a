"""Registers in CSV: encoding, delimiter and heading row found, and every ragged row named.

DuckDB reads UTF-8 and Latin-1 from the disk itself; any other encoding is turned into UTF-8 in memory, never
through a file, because a register holds personal data.
"""

from __future__ import annotations

import codecs
import collections
import csv
import itertools
import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
from fsspec.implementations.memory import MemoryFileSystem

from tilsyn.base.language import say
from tilsyn.base.numbers import number
from tilsyn.base.problems import InputError, Problem
from tilsyn.formats.registers.table import (
    TABLE,
    TOP_ROWS,
    Worth,
    find_heading_row,
    held_headings,
    match_headings,
    refuse,
)
from tilsyn.settings.schema import Register

DELIMITERS = ";,\t|"
CHUNK = 1 << 22
HEAD = 1 << 16
LISTED = 1000
MEMORY = "/tilsyn-register.csv"
LOADED = "register_loaded"
# The bytes that are letters and quotes in Windows-1252 but control characters in Latin-1.
NOT_WINDOWS = bytes(byte for byte in range(256) if not 0x80 <= byte <= 0x9F)
BLANK = re.compile(rb"\n(?=\r?\n)")


def _chunks(data: mmap.mmap) -> Iterator[bytes]:
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]


def find_encoding(data: mmap.mmap) -> str:
    """Return the encoding of a file: by its first bytes, else UTF-8 when all of it is, else Windows-1252."""
    start = data[:4]
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(data):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _decoded(data: mmap.mmap, encoding: str, file: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(data):
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise refuse(
            "not_decoded", file, encoding=encoding, byte=f"{error.object[error.start]:02X}"
        ) from None


def _head(data: mmap.mmap, encoding: str) -> str:
    """Return the beginning of the text, without the BOM and without a half last line."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    text = decoder.decode(data[:HEAD]).removeprefix("\ufeff")
    if len(data) > HEAD:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text
    return text


@dataclass(frozen=True)
class Shape:
    """How a CSV file is written, and where its headings are: in the line after `skipped` others."""

    encoding: str
    delimiter: str
    headings: list[str]
    skipped: int


def find_shape(path: Path, data: mmap.mmap, settings: Register, worth: Worth) -> Shape:
    """Find how a CSV file is written, unless the settings say so: its delimiter splits out most headings."""
    encoding = settings.encoding or find_encoding(data)
    if settings.encoding == "utf-8":
        # DuckDB would take such bytes for quotes gone wrong.
        collections.deque(_decoded(data, encoding, path.name), maxlen=0)
    lines = _head(data, encoding).splitlines(keepends=True)

    def top(delimiter: str) -> tuple[list[list[str]], list[int]]:
        reader = csv.reader(lines, delimiter=delimiter)
        rows, before = [], [0]
        for row in itertools.islice(reader, TOP_ROWS):
            rows.append(row)
            before.append(reader.line_num)
        return rows, before

    def fit(delimiter: str) -> tuple[int, int]:
        rows, _ = top(delimiter)
        return max((worth(row) for row in rows), default=0), max((len(row) for row in rows), default=0)

    delimiter = settings.delimiter or max(DELIMITERS, key=fit)
    rows, before = top(delimiter)
    at = find_heading_row(rows, worth)
    if at is None:
        raise refuse("empty", path.name)
    if len(rows[at]) == 1:
        raise refuse("one_column", path.name, delimiter=delimiter.replace("\t", "\\t"))
    return Shape(encoding, delimiter, rows[at], before[at])


def _blank_lines(data: mmap.mmap) -> list[int]:
    """Return the numbers of the empty lines, counted as a spreadsheet counts rows: not inside quotes."""
    blank = []
    line, position, quoted = 1, 0, False
    for match in BLANK.finditer(data):
        between = data[position : match.end()]
        if b'"' not in between:
            line += 0 if quoted else between.count(b"\n")
        else:
            for number_, part in enumerate(between.split(b'"')):
                quoted = quoted if number_ == 0 else not quoted
                line += 0 if quoted else part.count(b"\n")
        position = match.end()
        if not quoted:
            blank.append(line)
    return blank


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, data: mmap.mmap, settings: Register
) -> dict[str, str]:
    """Make the table `register` of a CSV file: `row` and the mapped columns as text.

    Returns our columns to their headings, as they stand in the file.
    """
    shape = find_shape(path, data, settings, held_headings(settings.columns))
    encoding, headings = shape.encoding, shape.headings
    places = match_headings(headings, settings.columns, path.name, shape.skipped + 1)
    where, read_as = str(path), "utf-8"
    memory = MemoryFileSystem()
    if encoding in ("cp1252", "iso8859-1") and not any(
        chunk.translate(None, NOT_WINDOWS) for chunk in _chunks(data)
    ):
        read_as = "latin-1"
    elif encoding not in ("utf-8", "utf-8-sig") or set("*?[") & set(where):
        where = f"memory://{MEMORY}"
        _to_memory(memory, _decoded(data, encoding, path.name))
    connection.register_filesystem(memory)
    try:
        try:
            _load(connection, where, read_as, shape, places)
        except duckdb.InvalidInputException:
            # Line ends of two kinds in one file, as when two exports are put together.
            where, read_as = f"memory://{MEMORY}", "utf-8"
            _to_memory(memory, _even_lines(_decoded(data, encoding, path.name)))
            try:
                _load(connection, where, read_as, shape, places)
            except duckdb.Error:
                # DuckDB's own text quotes the row, which may hold a name.
                raise refuse("not_csv", path.name) from None
    finally:
        connection.unregister_filesystem("memory")
        memory.store.pop(MEMORY, None)
    _refuse_ragged(connection, path.name, len(headings))
    first = shape.skipped + 1
    _number_rows(connection, first, [line for line in _blank_lines(data) if line > first])
    return {column: headings[place] for column, place in places.items()}


def _to_memory(memory: MemoryFileSystem, parts: Iterator[str]) -> None:
    with memory.open(MEMORY, "wb") as file:
        for part in parts:
            file.write(part.encode("utf-8"))


def _even_lines(parts: Iterator[str]) -> Iterator[str]:
    """Yield the text with LF line ends only."""
    held = ""
    for part in parts:
        text = held + part
        held = "\r" if text.endswith("\r") else ""
        yield text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
    yield held.replace("\r", "\n")


def _load(
    connection: duckdb.DuckDBPyConnection,
    where: str,
    encoding: str,
    shape: Shape,
    places: Mapping[str, int],
) -> None:
    """Load the mapped columns, in order; rows that do not fit the heading are put aside by DuckDB."""
    every = [f"c{place}" for place in range(len(shape.headings))]
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in every)
    mapped = ", ".join(f'c{place} AS "{column}"' for column, place in places.items())
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    # Rows of delimiters alone are the empty rows under a sheet's last one.
    connection.execute(
        f"""CREATE OR REPLACE TABLE {LOADED} AS
            SELECT {mapped}, coalesce({", ".join(every)}) IS NULL AS blank FROM read_csv($path,
                delim = $delimiter, quote = '"', escape = '"', header = true, skip = $skipped,
                auto_detect = false, columns = {{{types}}}, encoding = $encoding, store_rejects = true,
                rejects_limit = 0)""",
        {"path": where, "delimiter": shape.delimiter, "skipped": shape.skipped, "encoding": encoding},
    )


def _refuse_ragged(connection: duckdb.DuckDBPyConnection, file: str, width: int) -> None:
    """Name every row that DuckDB put aside."""
    rejected = connection.execute(
        "SELECT line, any_value(error_type), any_value(error_message), count(*) OVER () "
        f"FROM reject_errors GROUP BY line ORDER BY line LIMIT {LISTED}"
    ).fetchall()
    problems = []
    for line, kind, message, _ in rejected:
        found_width = re.search(r"Found: (\d+)", str(message))
        if str(kind) in ("MISSING COLUMNS", "TOO MANY COLUMNS") and found_width:
            found = say("register.ragged", found=found_width[1], width=width)
            remedy = say("register.ragged_remedy")
        else:
            found, remedy = say("register.bad_quotes"), say("register.bad_quotes_remedy")
        problems.append(Problem(found, remedy, file=file, row=int(line)))
    if rejected and rejected[0][3] > LISTED:
        found = say("register.ragged_more", n=number(rejected[0][3] - LISTED))
        problems.append(Problem(found, say("register.ragged_remedy"), file=file))
    if problems:
        raise InputError(problems)


def _number_rows(connection: duckdb.DuckDBPyConnection, first: int, blank: list[int]) -> None:
    """Make the register of what is loaded: its rows numbered from the heading in row `first` on."""
    # The place in the table is the number: counting with a window would read the file in one thread.
    numbered = f'SELECT rowid + {first + 1} AS "row", * EXCLUDE blank FROM {LOADED} WHERE NOT blank'
    if not blank:
        connection.execute(f"CREATE OR REPLACE VIEW {TABLE} AS {numbered}")
        return
    # DuckDB passes over empty lines. The row above one, counted without them, to how many there are so far.
    passed = {line - before: before for before, line in enumerate(blank, start=1)}
    connection.execute(
        f"""CREATE OR REPLACE TABLE {TABLE} AS
            SELECT r.* REPLACE (r."row" + coalesce(b.passed, 0) AS "row")
            FROM ({numbered}) AS r ASOF LEFT JOIN
                (SELECT unnest($after) AS after, unnest($passed) AS passed) AS b ON r."row" > b.after
            ORDER BY r."row" """,
        {"after": list(passed), "passed": list(passed.values())},
    )
