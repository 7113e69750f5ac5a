"""The walk over one worksheet of an .xlsx file: what stands where it should, and nothing else."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tilsyn.base.sheets import Place, Unread, Unreadable, WalkedCell, WalkedSheet, column_of, refuse_area
from tilsyn.formats.sheets.parts import check, parsed
from tilsyn.formats.sheets.xlsx_cells import CellReader, Twofold, whole
from tilsyn.formats.sheets.xlsx_rows import filled_cells, first_cell, has_one_table, take_out
from tilsyn.formats.sheets.xlsx_tables import is_true

_NAME = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_ROWS, _COLUMNS = 1_048_576, 16_384


@functools.cache
def _column(letters: bytes) -> int:
    return column_of(letters.decode())


class SheetWalk:
    """Walks over one sheet's XML and fills a `WalkedSheet`.

    Where two readers could see two things, the file is refused as `twofold`: a cell that stands twice, or
    outside the table; two tables; a value that does not fit the cell's type.
    """

    def __init__(self, sheet: WalkedSheet, reader: CellReader) -> None:
        self.sheet = sheet
        self.reader = reader
        self.row = self.column = -1
        self.filled: list[Place] = []
        self.hidden_rows: set[int] = set()
        self.unread = Unread()
        self.plain: dict[int, bytes] = {}

    def walk(self, xml: bytes, unread: Unread = Unread()) -> None:
        """Take up every cell, but what is `unread`."""
        self.unread = unread
        try:
            if not self._passes(xml):
                self._walk(xml)
        except Twofold:
            place = (self.row, self.column) if self.row >= 0 and self.column >= 0 else None
            raise Unreadable("twofold", self.sheet.name, place) from None

    def _passes(self, xml: bytes) -> bool:
        """Take up the first cell alone, where it says that nobody reads the sheet."""
        written = first_cell(xml) if self.unread.marks else None
        held = None if written is None else self.reader.plain(written)
        if held is not None and held.value in self.unread.marks and has_one_table(xml):
            self.sheet.cells, self.sheet.passed = {(0, 0): held}, True
        return self.sheet.passed

    def _walk(self, xml: bytes) -> None:
        xml, self.plain = take_out(xml)
        self.space = check(xml).rpartition("}")[0] + "}"
        self.cell_tag, row_tag, rows = f"{self.space}c", f"{self.space}row", 0
        root = Element("")
        with parsed():
            # The root is the last element to end.
            for _, root in ElementTree.iterparse(io.BytesIO(xml)):
                if root.tag == row_tag:
                    rows += 1
                    self._take_row(root)
                    root.clear()
        self._hold_against(root, rows)
        refuse_area(self.sheet.name, self.filled)
        cells = self.sheet.cells
        self.sheet.hidden_rows = frozenset(self.hidden_rows & {row for row, _ in cells})
        self.sheet.hidden_columns = frozenset(self._hidden_columns(root) & {column for _, column in cells})

    def _hold_against(self, root: Element, rows: int) -> None:
        """See that all the rows were those of the one table, which holds nothing else."""
        tables = root.findall(f"{self.space}sheetData")
        listed = [child.tag for table in tables for child in table]
        astray = sum(1 for _ in root.iter(f"{self.space}c"))
        nested = sum(1 for _ in root.iter(f"{self.space}sheetData"))
        if len(tables) != 1 or nested > 1 or astray or listed != [f"{self.space}row"] * rows:
            raise Twofold

    def _hidden_columns(self, root: Element) -> set[int]:
        hidden: set[int] = set()
        for item in root.iterfind(f"{self.space}cols/{self.space}col"):
            if is_true(item, "hidden"):
                first, last = whole(item.get("min")), whole(item.get("max"))
                hidden |= set(range(first - 1, min(last, _COLUMNS)))
        return hidden

    def _take_row(self, row: Element) -> None:
        at = row.get("r")
        self.row = self.row + 1 if at is None else whole(at) - 1
        self.column = -1
        if not 0 <= self.row < _ROWS:
            raise Twofold
        if is_true(row, "hidden"):
            self.hidden_rows.add(self.row)
        begin = len(self.filled)
        self._take_plain(self.plain.pop(self.row, b""))
        for cell in row:
            if cell.tag != self.cell_tag:
                if cell.tag == f"{self.space}extLst":
                    continue
                raise Twofold
            self._find_place(cell.get("r"))
            # Readers make room for a cell that is closed in two steps, also when it is empty.
            if len(cell) and self.column not in self.sheet.unread:
                self._keep(self.reader.cell(cell, self.space))
        if self.unread.above and not self.sheet.unread:
            self._find_unread(self.filled[begin:])

    def _find_unread(self, row: Sequence[Place]) -> None:
        """Learn which columns are unread, where this is the row that says it."""
        said = {column: held.value for _, column in row if (held := self.sheet.cells.get((self.row, column)))}
        if self.unread.above in said.values():
            # Of two with one heading the reader takes the last, and tells what stands in the other.
            last = {text: column for column, text in said.items() if text in self.unread.headings}
            self.sheet.unread = frozenset(last.values())
            self.sheet.unread_from = self.row + 1

    def _take_plain(self, cells: bytes) -> None:
        for letters, written in filled_cells(cells, self.sheet.unread):
            self.column = _column(letters)
            self._keep(self.reader.plain(written))

    def _find_place(self, name: str | None) -> None:
        """Find where a cell stands: as it says, or after the one before."""
        row, column = self.row, self.column + 1
        if name is not None:
            letters = name.rstrip("0123456789")
            if not _NAME.fullmatch(name):
                raise Twofold
            row, column = int(name[len(letters) :]) - 1, column_of(letters)
        self.column = column
        if row != self.row or column >= _COLUMNS:
            raise Twofold

    def _keep(self, held: WalkedCell | None) -> None:
        """Take up what stands here, where nothing did."""
        place = (self.row, self.column)
        self.filled.append(place)
        if place in self.sheet.cells:
            raise Twofold
        if held is not None:
            self.sheet.cells[place] = held
