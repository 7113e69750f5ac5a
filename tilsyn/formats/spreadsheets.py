"""The cells of any spreadsheet file, and what its first bytes tell of a file that is none.

Read with calamine, which drops what an empty-looking cell holds: error values and formulas that were never
calculated read as empty. Such cells are found in the file's own XML and named as `faults`.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem

Value = str | int | float | bool | date | datetime | time | timedelta
Fault = Literal["error", "formula"]
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")

# Cells that calamine would hold in memory for one sheet, corner to corner; a checklist has about 300.
_MOST_CELLS = 30_000_000
_MOST_BYTES = 500_000_000
# How the libraries tell that a file is broken off, overwritten in part or made by a faulty program.
_DAMAGE = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    expat.ExpatError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True)
class SheetCells:
    """One sheet's cells that hold something, by (row, column) from 0 as in the file.

    `faults` are the cells that read as empty but are not: an error value or an uncalculated formula.
    """

    name: str
    cells: dict[tuple[int, int], Value]
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    hidden: bool = False

    def rows(self) -> dict[int, dict[int, Value]]:
        """Return the rows that hold something: row to column to value."""
        rows: dict[int, dict[int, Value]] = {}
        for (row, column), value in self.cells.items():
            rows.setdefault(row, {})[column] = value
        return rows


def cell_name(row: int, column: int) -> str:
    """Return a cell's name as spreadsheets show it.

    >>> cell_name(0, 0), cell_name(6, 27)
    ('A1', 'AB7')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def cell_position(name: str) -> tuple[int, int]:
    """Return (row, column) of a cell's name, the inverse of `cell_name`.

    >>> cell_position("AB7")
    (6, 27)
    """
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(name[len(letters) :]) - 1, column - 1


def is_spreadsheet(data: bytes) -> bool:
    """Tell from the first bytes whether a file is a zip archive or an older Office file."""
    return data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))


def is_lock_file(path: Path) -> bool:
    """Tell whether a file only marks that a program has another one open."""
    return path.name.startswith(("~$", ".~lock."))


def read_sheets(path: Path, data: bytes) -> list[SheetCells]:
    """Return a spreadsheet file's sheets in their order, without charts; another kind of file is refused."""
    if (what := _not_readable(path, data)) is not None:
        raise _unreadable(path, what)
    try:
        return _sheets(path, data)
    except PasswordError:
        raise _unreadable(path, "encrypted") from None
    except _DAMAGE:
        raise _unreadable(path, "damaged") from None


def _unreadable(path: Path, what: str) -> InputError:
    values = {"suffix": path.suffix}
    found, remedy = say(f"load.file_{what}", **values), say(f"load.file_{what}_remedy", **values)
    return InputError([Problem(found, remedy, file=path.name)])


def _not_readable(path: Path, data: bytes) -> str | None:
    """Return what kind of file it is when it cannot be a spreadsheet, else None."""
    if is_lock_file(path):
        return "lock"
    if not data.strip(b"\x00 \r\n\t"):
        return "empty"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "encrypted" if "EncryptedPackage".encode("utf-16-le") in data else None
    if data.startswith(b"PK"):
        return _not_readable_zip(data)
    if data.startswith(b"%PDF"):
        return "pdf"
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if head[:1] == b"<":
        return "markup"
    return "text" if not re.search(rb"[\x01-\x08\x0e-\x1a]", head) else "unknown"


def _not_readable_zip(data: bytes) -> str | None:
    """Return what kind of zip archive it is when it is no spreadsheet, else None."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
                return "huge"
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                return "encrypted"
    except _DAMAGE:
        return "damaged"
    if not any(name.startswith("xl/workbook.") for name in names) and "content.xml" not in names:
        return "other"
    return None


def _sheets(path: Path, data: bytes) -> list[SheetCells]:
    faults = _faults(path, data)
    sheets = []
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for meta in book.sheets_metadata:
            if meta.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(meta.name)
            start = sheet.start or (0, 0)
            # The rows come from row 0, the columns from the first that holds something.
            cells = {
                (row, column): value
                for row, values in enumerate(sheet.iter_rows())
                if any(value != "" for value in values)
                for column, value in enumerate(values, start[1])
                if value != ""
            }
            hidden = meta.visible != SheetVisibleEnum.Visible
            sheets.append(SheetCells(meta.name, cells, faults.get(meta.name, {}), hidden))
    return sheets


# An error value, or a formula with no value kept (a text formula that gives "" is written as t="str").
_FAULT = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+[0-9]+)"[^>]*?'
    rb'(?:(\bt="e")[^>]*>|>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>)"
)
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]+[0-9]+)"[^>]*?(/>|>)')
# Rows so far down that a column far to the right as well would be too much.
_LAST_ROWS = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="[0-9]{4,7}"')
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def _faults(path: Path, data: bytes) -> dict[str, dict[tuple[int, int], Fault]]:
    """Return each sheet's cells that calamine reads as empty though they hold something."""
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            return _ods_faults(path, archive.read("content.xml"))
        if "xl/workbook.xml" not in names:
            return {}
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {item.get("Id"): item.get("Target", "").removeprefix("/") for item in relations}
        found = {}
        # Both the usual and the strict form of the format: only their namespaces differ.
        for item in ElementTree.fromstring(archive.read("xl/workbook.xml")).findall(".//{*}sheet"):
            relation = next((value for key, value in item.items() if key.endswith("}id")), "")
            target = targets.get(relation, "")
            entry = target if target.startswith("xl/") else f"xl/{target}"
            if entry in names:
                xml = archive.read(entry)
                # Calamine stops without a word where a sheet's XML breaks off.
                expat.ParserCreate().Parse(xml, True)
                _refuse_far_cells(path, item.get("name", ""), xml)
                found[item.get("name", "")] = _xlsx_faults(xml)
    return found


def _xlsx_faults(xml: bytes) -> dict[tuple[int, int], Fault]:
    faults: dict[tuple[int, int], Fault] = {}
    for match in _FAULT.finditer(xml):
        name, error = match[1], match[2]
        if error or b't="str"' not in match[0]:
            faults[cell_position(name.decode())] = "error" if error else "formula"
    return faults


def _refuse_far_cells(path: Path, sheet: str, xml: bytes) -> None:
    """Refuse a sheet whose corner cells lie so far apart that reading it would fill the memory."""
    # A cell that is closed at once is only formatted.
    found = _CELL.findall(xml) if _LAST_ROWS.search(xml) else []
    _refuse_area(path, sheet, [cell_position(name.decode()) for name, end in found if end == b">"])


def _refuse_area(path: Path, sheet: str, places: list[tuple[int, int]]) -> None:
    rows, columns = (max((place[axis] for place in places), default=0) + 1 for axis in (0, 1))
    if rows * columns > _MOST_CELLS:
        found, remedy = say("load.far_cells"), say("load.far_cells_remedy")
        far = cell_name(*max(places))
        raise InputError([Problem(found, remedy, file=path.name, sheet=sheet, cell=far)])


def _ods_faults(path: Path, content: bytes) -> dict[str, dict[tuple[int, int], Fault]]:
    """Return the error cells of an OpenDocument spreadsheet, counting repeated rows and columns."""
    found: dict[str, dict[tuple[int, int], Fault]] = {}
    for table in ElementTree.fromstring(content).iter(f"{_TABLE}table"):
        faults: dict[tuple[int, int], Fault] = {}
        places = []
        row = 0
        for line in table.iter(f"{_TABLE}table-row"):
            column = 0
            for cell in line:
                kinds = {value for key, value in cell.items() if key.endswith("}value-type")}
                if kinds:
                    places.append((row, column))
                if "error" in kinds:
                    faults[row, column] = "error"
                column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
            row += int(line.get(f"{_TABLE}number-rows-repeated", 1))
        _refuse_area(path, table.get(f"{_TABLE}name", ""), places)
        found[table.get(f"{_TABLE}name", "")] = faults
    return found
