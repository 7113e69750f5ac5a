"""The sheets of a spreadsheet file: walked over, then read by calamine, and refused where the two disagree.

calamine passes over what it does not expect, and there is more than one way to read most damage. The walk
decides what stands in a cell; calamine says which numbers are dates.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from tilsyn.base.sheets import Fault, Place, SheetCells, Unread, Unreadable, Value, WalkedCell, WalkedSheet
from tilsyn.formats.sheets.ods import walk_ods
from tilsyn.formats.sheets.parts import Parts
from tilsyn.formats.sheets.xlsx import walk_xlsx

_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_SPACE = re.compile(r"\s+")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
# Two readings of one moment differ by what rounding to the millisecond makes of a day number.
_SAME_DAY_NUMBER = 2e-8


def read(data: bytes, unread: Unread = Unread()) -> list[SheetCells]:
    """Return a file's sheets in their order, without charts; `Unreadable` where it is refused.

    What is `unread` of an .xlsx file is left out, but A1 of an unread sheet.
    """
    walked = _walk(data, unread)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            names = [meta.name for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
            if names != [sheet.name for sheet in walked]:
                raise Unreadable("twofold")
            return [_held_together(sheet, _values(book, sheet)) for sheet in walked]
    except PasswordError:
        raise Unreadable("encrypted") from None
    except CalamineError:
        raise Unreadable("damaged") from None


def _walk(data: bytes, unread: Unread) -> list[WalkedSheet]:
    """Walk over a file by what its first bytes say that it is."""
    if not data.strip(b"\x00 \r\n\t"):
        raise Unreadable("empty")
    if data.startswith(_OLD_OFFICE):
        raise Unreadable("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "old")
    if data.startswith(b"PK"):
        return _walk_zip(Parts(data), unread)
    if data.startswith(b"%PDF"):
        raise Unreadable("pdf")
    head = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if head[:1] == b"<":
        raise Unreadable("markup")
    raise Unreadable("text" if not re.search(rb"[\x01-\x08\x0e-\x1a]", head) else "unknown")


def _walk_zip(parts: Parts, unread: Unread) -> list[WalkedSheet]:
    if "META-INF/manifest.xml" in parts and b"encryption-data" in parts.read("META-INF/manifest.xml"):
        raise Unreadable("encrypted")
    if "content.xml" in parts:
        return walk_ods(parts)
    if "xl/workbook.bin" in parts:
        raise Unreadable("old")
    if "xl/workbook.xml" not in parts:
        raise Unreadable("other")
    return walk_xlsx(parts, unread)


def _values(book: CalamineWorkbook, walked: WalkedSheet) -> dict[Place, Value]:
    if walked.passed:
        return {place: str(cell.value) for place, cell in walked.cells.items()}
    sheet = book.get_sheet_by_name(walked.name)
    start = sheet.start or (0, 0)
    # The rows come from row 0, the columns from the first that holds something.
    return {
        (row, column): value
        for row, values in enumerate(sheet.iter_rows())
        if any(value != "" for value in values)
        for column, value in enumerate(values, start[1])
        if value != "" and not (column in walked.unread and row >= walked.unread_from)
    }


def _held_together(walked: WalkedSheet, values: dict[Place, Value]) -> SheetCells:
    """Return a sheet's cells; refused at the first that the two readers see differently."""
    faults: dict[Place, Fault] = {}
    cells: dict[Place, Value] = {}
    for place, cell in walked.cells.items():
        value = values.pop(place, "")
        if cell.kind in ("error", "formula"):
            faults[place] = "error" if cell.kind == "error" else "formula"
        elif _agree(cell, value, walked.epoch_1904):
            cells[place] = str(cell.value) if cell.kind == "text" else value
        else:
            raise Unreadable("twofold", walked.name, place)
    # What calamine alone sees is whitespace or nothing.
    for place, value in values.items():
        if not isinstance(value, str) or value.strip():
            raise Unreadable("twofold", walked.name, place)
    seen = walked.cells.items()
    return SheetCells(
        walked.name,
        cells,
        faults,
        walked.hidden,
        walked.hidden_rows,
        walked.hidden_columns,
        frozenset(place for place, cell in seen if cell.struck),
        frozenset(walked.commented),
        {
            place: cell.number_format
            for place, cell in seen
            if cell.number_format is not None and isinstance(cells[place], float)
        },
    )


def _agree(cell: WalkedCell, value: Value, epoch_1904: bool) -> bool:
    """Tell whether both readers saw the same value; how much space there is in a text is left open."""
    if cell.kind == "text":
        text = str(cell.value)
        return isinstance(value, str) and (value == text or _SPACE.sub("", value) == _SPACE.sub("", text))
    if cell.kind == "bool":
        return value is cell.value
    if cell.kind == "date":
        return _same_date(str(cell.value), value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value == cell.value
    days = _day_number(value, _EPOCH_1904 if epoch_1904 else _EPOCH)
    apart = abs(float(cell.value) - days)
    # Before March 1900 Excel counts a leap day that never was.
    return apart < _SAME_DAY_NUMBER or (days < 62 and apart < 1 + _SAME_DAY_NUMBER)


def _day_number(value: Value, epoch: datetime) -> float:
    """Return the day number of a date or a duration; no number for anything else."""
    if isinstance(value, datetime):
        return (value - epoch) / timedelta(1)
    if isinstance(value, date):
        return float((datetime.combine(value, time()) - epoch).days)
    if isinstance(value, time):
        return (datetime.combine(epoch, value) - epoch) / timedelta(1)
    return value / timedelta(1) if isinstance(value, timedelta) else float("nan")


def _same_date(text: str, value: Value) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return value == text
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return isinstance(value, datetime) and abs(value - moment.replace(tzinfo=None)) < timedelta(
        milliseconds=2
    )
