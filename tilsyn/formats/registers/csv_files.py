"""Registers in CSV.

A file in which every line is a row of all its cells is read by `csv_lines`. Any other file is read with care
by `csv_records`, which decides each row by itself. An encoding that DuckDB does not read is turned into UTF-8
in memory, never through a file, because a register holds personal data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from tilsyn.base.problems import Problem
from tilsyn.formats.registers.csv_lines import Lines
from tilsyn.formats.registers.csv_records import read_records
from tilsyn.formats.registers.csv_shape import chunks, decoded, find_shape
from tilsyn.formats.registers.table import held_headings, match_headings, refuse
from tilsyn.sampling.frame_rules import ReadBy
from tilsyn.sampling.frame_whole import WholeRows
from tilsyn.settings.schema import Register

# The bytes that are letters and quotes in Windows-1252 but control characters in Latin-1.
SINGLE_BYTE = ("cp1252", "iso8859-1")
NOT_WINDOWS = bytes(byte for byte in range(256) if not 0x80 <= byte <= 0x9F)


@dataclass(frozen=True)
class CsvRegister:
    """What is known of a CSV file whose rows are in the table `register`.

    `headings` are our columns to those of the file, as they stand there; `notes` are what is worth knowing of
    its rows; `whole` reads what was not kept of them, None where all was.
    """

    headings: dict[str, str]
    notes: list[Problem]
    whole: WholeRows | None = None


def read_csv(
    connection: duckdb.DuckDBPyConnection, path: Path, settings: Register, read_by: ReadBy | None = None
) -> CsvRegister:
    """Make the table `register` of a CSV file: `row` and the mapped columns as text.

    Where a file of lines is `read_by` rules, only the columns that these look at are kept of its plain rows.
    """
    shape = find_shape(path, settings, held_headings(settings.columns))
    places = match_headings(shape.headings, settings.columns, path.name, shape.skipped + 1)
    headings = {column: shape.headings[place] for column, place in places.items()}
    reading = None if read_by is None else read_by(settings.with_unit(headings))
    lines = Lines(connection, shape, places, settings.unit, reading)
    if shape.top == shape.skipped + 1:
        if _as_it_stands(path, shape.encoding):
            read_as = "latin-1" if shape.encoding in SINGLE_BYTE else "utf-8"
            loaded = lines.load(path, read_as)
        else:
            # Nothing of it is there to be read again.
            everything = reading and replace(reading, columns=tuple(places))
            lines = Lines(connection, shape, places, settings.unit, everything)
            recoded = (part.encode("utf-8") for part in decoded(path, shape.encoding))
            loaded = lines.load(path, "utf-8", recoded)
        if loaded:
            return CsvRegister(headings, [], lines.whole)
    text = "".join(_without_nul(decoded(path, shape.encoding), path.name))
    return CsvRegister(headings, read_records(connection, text, path.name, shape, places))


def _without_nul(parts: Iterator[str], file: str) -> Iterator[str]:
    """Yield a text, refused at the line of a character that no text holds."""
    line = 1
    for part in parts:
        if "\x00" in part:
            raise refuse("nul", file, row=line + part[: part.index("\x00")].count("\n"))
        line += part.count("\n")
        yield part


def _as_it_stands(path: Path, encoding: str) -> bool:
    """Tell whether DuckDB can read a file: in UTF-8, or in Windows-1252 that is Latin-1 as well."""
    if set("*?[") & set(str(path)):
        return False
    if encoding in SINGLE_BYTE:
        return not any(chunk.translate(None, NOT_WINDOWS) for chunk in chunks(path))
    return encoding in ("utf-8", "utf-8-sig")
