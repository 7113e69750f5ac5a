"""Any spreadsheet file as sheets and cells, or in words why it cannot be read."""

from __future__ import annotations

from pathlib import Path

from tilsyn.base.language import say
from tilsyn.base.problems import InputError, Problem
from tilsyn.base.sheets import SheetCells, Unread, Unreadable, cell_name
from tilsyn.formats.sheets.worker import read_apart

WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".xlsb")


def is_spreadsheet(data: bytes) -> bool:
    """Tell from the first bytes whether a file is a zip archive or an older Office file."""
    return data.startswith((b"PK", b"\xd0\xcf\x11\xe0"))


def is_lock_file(path: Path) -> bool:
    """Tell whether a file only marks that a program has another one open."""
    return path.name.startswith(("~$", ".~lock."))


def read_sheets(path: Path, data: bytes, unread: Unread = Unread()) -> list[SheetCells]:
    """Return a spreadsheet file's sheets in their order, without charts; another kind of file is refused.

    What is `unread` may be left out.
    """
    if is_lock_file(path):
        raise _unreadable(path, Unreadable("lock"))
    try:
        return read_apart(data, unread)
    except Unreadable as refused:
        raise _unreadable(path, refused) from None


def _unreadable(path: Path, refused: Unreadable) -> InputError:
    values = {"suffix": path.suffix}
    found = say(f"load.file_{refused.what}", **values)
    remedy = say(f"load.file_{refused.what}_remedy", **values)
    cell = None if refused.place is None else cell_name(*refused.place)
    return InputError([Problem(found, remedy, file=path.name, sheet=refused.sheet, cell=cell)])
