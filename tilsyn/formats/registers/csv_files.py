"""Registers in CSV.

DuckDB reads a file in which every line is a row of all its cells; whether it is such a file, an independent
count of its lines tells. Any other file is read with care by `csv_records`, which decides each row by itself.
An encoding that DuckDB does not read is turned into UTF-8 in memory, never through a file, because a register
holds personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tilsyn.base.problems import Problem
from tilsyn.formats.registers.csv_records import read_records
from tilsyn.formats.registers.csv_shape import CHUNK, Shape, chunks, decoded, find_shape
from tilsyn.formats.registers.table import TABLE, held_headings, match_headings, refuse
from tilsyn.sampling.sql import quoted
from tilsyn.settings.schema import Register

MEMORY = "/tilsyn-register.csv"
LOADED = "register_loaded"
# The bytes that are letters and quotes in Windows-1252 but control characters in Latin-1.
SINGLE_BYTE = ("cp1252", "iso8859-1")
NOT_WINDOWS = bytes(byte for byte in range(256) if not 0x80 <= byte <= 0x9F)


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, settings: Register
) -> tuple[dict[str, str], list[Problem]]:
    """Make the table `register` of a CSV file: `row` and the mapped columns as text.

    Returns our columns to their headings, as they stand in the file, and what is worth knowing of its rows.
    """
    shape = find_shape(path, settings, held_headings(settings.columns))
    places = match_headings(shape.headings, settings.columns, path.name, shape.skipped + 1)
    notes: list[Problem] = []
    if not _read_lines(connection, path, shape, places):
        text = "".join(_without_nul(decoded(path, shape.encoding), path.name))
        notes = read_records(connection, text, path.name, shape, places)
    return {column: shape.headings[place] for column, place in places.items()}, notes


def _without_nul(parts: Iterator[str], file: str) -> Iterator[str]:
    """Yield a text, refused at the line of a character that no text holds."""
    line = 1
    for part in parts:
        if "\x00" in part:
            raise refuse("nul", file, row=line + part[: part.index("\x00")].count("\n"))
        line += part.count("\n")
        yield part


def _read_lines(
    connection: duckdb.DuckDBPyConnection, path: Path, shape: Shape, places: Mapping[str, int]
) -> bool:
    """Load a file in which every line is a row of as many cells as the headings; tell whether it is one."""
    if shape.top != shape.skipped + 1:
        return False
    if _as_it_stands(path, shape.encoding):
        read_as = "latin-1" if shape.encoding in SINGLE_BYTE else "utf-8"
        loaded = _loaded(connection, str(path), read_as, chunks(path), shape, places)
    else:
        with _in_memory(connection, path, shape.encoding) as content:
            loaded = _loaded(connection, f"memory://{MEMORY}", "utf-8", _parts(content), shape, places)
    if not loaded:
        return False
    # The place in the table is the number: counting with a window would read the file in one thread.
    connection.execute(
        f"""CREATE OR REPLACE TEMP VIEW {TABLE} AS
            SELECT rowid + {shape.top + 1} AS "row", * EXCLUDE blank FROM {LOADED} WHERE NOT blank"""
    )
    return True


def _as_it_stands(path: Path, encoding: str) -> bool:
    """Tell whether DuckDB can read a file: in UTF-8, or in Windows-1252 that is Latin-1 as well."""
    if set("*?[") & set(str(path)):
        return False
    if encoding in SINGLE_BYTE:
        return not any(chunk.translate(None, NOT_WINDOWS) for chunk in chunks(path))
    return encoding in ("utf-8", "utf-8-sig")


@contextmanager
def _in_memory(connection: duckdb.DuckDBPyConnection, path: Path, encoding: str) -> Iterator[bytes]:
    """Turn a file into UTF-8 in memory, at `MEMORY`, and yield its bytes."""
    from fsspec.implementations.memory import MemoryFileSystem

    memory = MemoryFileSystem()
    with memory.open(MEMORY, "wb") as file:
        for part in decoded(path, encoding):
            file.write(part.encode("utf-8"))
    connection.register_filesystem(memory)
    try:
        yield memory.cat_file(MEMORY)
    finally:
        connection.unregister_filesystem("memory")
        memory.store.pop(MEMORY, None)


def _loaded(
    connection: duckdb.DuckDBPyConnection,
    where: str,
    encoding: str,
    lines: Iterable[bytes],
    shape: Shape,
    places: Mapping[str, int],
) -> bool:
    """Load a file's rows, and tell whether there are as many as an independent count of its lines says."""
    with ThreadPoolExecutor(1) as beside:
        counted = beside.submit(_count_lines, lines)
        loaded = _load(connection, where, encoding, shape, places)
        return loaded is not None and counted.result() == shape.top + loaded


def _parts(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]


def _count_lines(parts: Iterable[bytes]) -> int | None:
    """Return how many lines a file has down to its last filled one; None where their ends are not all alike.

    A character that no text holds makes it no file of lines either.
    """
    ends = returns = both = empty = 0
    last = b""
    for part in parts:
        if b"\x00" in part:
            return None
        ends += part.count(b"\n")
        returns += part.count(b"\r")
        both += part.count(b"\r\n") + (last == b"\r" and part.startswith(b"\n"))
        filled = part.rstrip(b"\r\n")
        empty = (empty if not filled else 0) + part[len(filled) :].count(b"\n")
        last = part[-1:]
    if returns != both or both not in (0, ends):
        return None
    return ends - empty + 1


def _load(
    connection: duckdb.DuckDBPyConnection,
    where: str,
    encoding: str,
    shape: Shape,
    places: Mapping[str, int],
) -> int | None:
    """Load the rows as DuckDB sees them; return how many, None when any did not fit."""
    every = [f"c{place}" for place in range(len(shape.headings))]
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in every)
    mapped = ", ".join(f'c{place} AS "{column}"' for column, place in places.items())
    connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    try:
        # Rows of delimiters alone are the empty rows under a sheet's last one. Values are no parameters: for
        # these DuckDB imports pandas.
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE {LOADED} AS
                SELECT {mapped}, coalesce({", ".join(every)}) IS NULL AS blank FROM read_csv({quoted(where)},
                    delim = {quoted(shape.delimiter)}, quote = '"', escape = '"', header = false,
                    skip = {shape.top}, auto_detect = false, columns = {{{types}}},
                    encoding = '{encoding}', store_rejects = true, rejects_limit = 0,
                    buffer_size = {CHUNK})"""
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        # Its words quote the row, which may hold a name; the careful reader says what is the matter.
        return None
    counts = connection.execute(
        f"SELECT (SELECT count(*) FROM {LOADED}), (SELECT count(*) FROM reject_errors)"
    ).fetchone()
    return None if counts is None or counts[1] else int(counts[0])
