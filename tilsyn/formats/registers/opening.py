"""Registers of any kind: a file or a database becomes one table in memory with the mapped columns only."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb

from tilsyn.base.cpr import mask
from tilsyn.base.database import memory_database, within_memory
from tilsyn.base.file_names import readable
from tilsyn.base.problems import Problem
from tilsyn.formats.files import file_hash
from tilsyn.formats.registers.csv_files import read_csv
from tilsyn.formats.registers.csv_shape import CHUNK
from tilsyn.formats.registers.table import TABLE, RegisterOrigin, RegisterTable, refuse
from tilsyn.formats.spreadsheets import WORKBOOK_SUFFIXES, is_lock_file, is_spreadsheet
from tilsyn.sampling.frame_rules import ReadBy
from tilsyn.sampling.frame_whole import WholeRows
from tilsyn.sampling.sql import quoted
from tilsyn.settings.schema import Register


def read_register(
    settings: Register,
    path: Path | None = None,
    folder: Path = Path(),
    *,
    or_empty: bool = False,
    read_by: ReadBy | None = None,
) -> RegisterTable:
    """Read a register from a file, or without one from the database that the settings name.

    Paths in a database's address count from the folder. One without rows is refused, unless `or_empty`. Of a
    file that is `read_by` rules, not all columns may be kept.
    """
    if not settings.columns:
        raise refuse("no_columns", "tilsyn.toml")
    notes: list[Problem] = []
    dates: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    if path is None:
        from tilsyn.formats.registers.database_addresses import open_to_others
        from tilsyn.formats.registers.databases import read_database

        connection = memory_database()
        name, (headings, numbers) = read_database(connection, settings, folder)
        notes = open_to_others(settings.url or "", folder)
        origin = RegisterOrigin(mask(name), "database", None)
        relation = _with_unit(connection.table(TABLE), settings)
        return _filled(
            RegisterTable(relation, connection, origin, settings.with_unit(headings), numbers, tuple(notes))
        )
    kind = kind_of(path)
    whole: WholeRows | None = None
    state = _state(path)
    # A part of a CSV file is one thread's in any case.
    connection = memory_database(small=kind == "csv" and (state is None or state[2] <= CHUNK))
    with _unchanged(path, state), ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(file_hash, path)
        if kind == "csv":
            csv = read_csv(connection, path, settings, read_by)
            headings, notes, whole = csv.headings, csv.notes, csv.whole
            # In text, nine digits can be a CPR number that a spreadsheet shortened, or a running number.
            numbers = tuple(column for column in settings.columns if column != "case_id")
        elif kind == "parquet":
            from tilsyn.formats.registers.typed_cells import read_parquet

            headings, numbers = read_parquet(connection, path, settings)
        else:
            from tilsyn.formats.registers.sheet_rows import read_spreadsheet

            found = read_spreadsheet(connection, path, path.read_bytes(), settings)
            headings, numbers, notes = found.headings, tuple(sorted(found.numbers)), found.notes
            dates, sheets = tuple(sorted(found.dates)), found.sheets
    origin, table = (
        RegisterOrigin(mask(path.name), kind, hashed.result()),
        _with_unit(connection.table(TABLE), settings),
    )
    headings = settings.with_unit(headings)

    def whole_unchanged(rows: str, name: str) -> bool:
        assert whole is not None
        with within_memory(), _unchanged(path, state):
            return whole(rows, name)

    again = whole and whole_unchanged
    register = RegisterTable(table, connection, origin, headings, numbers, tuple(notes), dates, sheets, again)
    return register if or_empty else _filled(register)


@contextmanager
def _unchanged(path: Path, before: tuple[int, ...] | None) -> Iterator[None]:
    """Refuse a file that was written to, or that another took the place of, since it was as `before`.

    It is opened several times: what was hashed could be one file, and the rows those of another.
    """
    try:
        yield
    finally:
        # What went wrong in it was not the file's fault then.
        if _state(path) != before:
            raise refuse("changed", path.name) from None


def _state(path: Path) -> tuple[int, ...] | None:
    """Return what no other content of a file has, or None where it is gone.

    Whoever writes can set the time of writing back, but not that of the last change.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _with_unit(table: duckdb.DuckDBPyRelation, settings: Register) -> duckdb.DuckDBPyRelation:
    """Return a table with the one unit of a register that has no column of units."""
    return table if settings.unit is None else table.project(f"*, {quoted(settings.unit)} AS unit")


def _filled(table: RegisterTable) -> RegisterTable:
    """Return a register, refused when it has no rows."""
    if table.relation.limit(1).fetchone() is None:
        raise refuse("no_rows", table.origin.name)
    return table


def kind_of(path: Path) -> str:
    """Return the kind of a file by its name, after its first bytes are seen to agree."""
    if not path.exists():
        raise refuse("no_file", path.name, path=path)
    if path.is_dir():
        raise refuse("is_folder", path.name, path=path)
    if readable(str(path)) != str(path):
        # tilsyn.toml, which is UTF-8, could not name it.
        raise refuse("name_not_utf8", path.name)
    if is_lock_file(path):
        raise refuse("lock_file", path.name)
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError as error:
        raise refuse("unreadable", path.name, reason=error.strerror or "") from None
    if not start.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise refuse("empty", path.name)
    suffix = path.suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        return "spreadsheet"
    if suffix == ".parquet":
        return "parquet"
    what = _not_text(start)
    if what:
        raise refuse(f"really_{what}", path.name)
    return "csv"


def _not_text(start: bytes) -> str | None:
    """Return what a file named as text really is, or None."""
    if is_spreadsheet(start):
        return "spreadsheet"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"%PDF"):
        return "other"
    wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    # One character gone wrong is told with its line.
    return "other" if start.count(b"\x00") > len(start) / 10 and not wide else None
