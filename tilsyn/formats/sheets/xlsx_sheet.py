"""The walk over one worksheet of an .xlsx file: what stands where it should, and nothing else."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tilsyn.base.sheets import Place, Unread, Unreadable, WalkedCell, WalkedSheet, column_of, refuse_area
from tilsyn.formats.sheets.parts import check, parsed
from tilsyn.formats.sheets.xlsx_rows import first_cell, take_out, told
from tilsyn.formats.sheets.xlsx_tables import Style, Text, inline_text, is_true, text_of, unescaped

_NAME = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_FIGURE = re.compile(r"[-+]?[0-9]*\.?[0-9]*([eE][-+]?[0-9]+)?")
_TRUTH = {"0": False, "1": True, "false": False, "true": True}
_ROWS, _COLUMNS = 1_048_576, 16_384
_PLAIN = Style()
_UNCALCULATED = WalkedCell("formula", "")


class SheetWalk:
    """Walks over one sheet's XML and fills a `WalkedSheet`.

    Where two readers could see two things, the file is refused as `twofold`: a cell that stands twice, or
    outside the table; two tables; a value that does not fit the cell's type.
    """

    def __init__(self, sheet: WalkedSheet, texts: Sequence[Text], styles: Sequence[Style]) -> None:
        self.sheet = sheet
        self.texts = texts
        self.styles = styles
        self.row = self.column = -1
        self.filled: list[Place] = []
        self.hidden_rows: set[int] = set()
        self.unread = Unread()
        self.plain: dict[int, list[tuple[bytes, ...]]] = {}

    def walk(self, xml: bytes, unread: Unread = Unread()) -> None:
        """Take up every cell, but what is `unread`."""
        self.unread = unread
        first = first_cell(xml) if unread.marks else None
        held = self._plain(*first[1:]) if first else None
        if held is not None and held.value in unread.marks:
            self.sheet.cells, self.sheet.passed = {(0, 0): held}, True
            return
        xml, self.plain = take_out(xml)
        self.space = check(xml).rpartition("}")[0] + "}"
        row_tag, rows = f"{self.space}row", 0
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

    def _twofold(self) -> Unreadable:
        place = (self.row, self.column) if self.row >= 0 and self.column >= 0 else None
        return Unreadable("twofold", self.sheet.name, place)

    def _hold_against(self, root: Element, rows: int) -> None:
        """See that all the rows were those of the one table, which holds nothing else."""
        tables = root.findall(f"{self.space}sheetData")
        listed = [child.tag for table in tables for child in table]
        astray = sum(1 for _ in root.iter(f"{self.space}c"))
        nested = sum(1 for _ in root.iter(f"{self.space}sheetData"))
        if len(tables) != 1 or nested > 1 or astray or listed != [f"{self.space}row"] * rows:
            raise self._twofold()

    def _hidden_columns(self, root: Element) -> set[int]:
        hidden: set[int] = set()
        for item in root.iterfind(f"{self.space}cols/{self.space}col"):
            if is_true(item, "hidden"):
                first, last = self._whole(item.get("min")), self._whole(item.get("max"))
                hidden |= set(range(first - 1, min(last, _COLUMNS)))
        return hidden

    def _whole(self, text: str | None) -> int:
        if text is None or not _WHOLE.fullmatch(text):
            raise self._twofold()
        return int(text)

    def _take_row(self, row: Element) -> None:
        at = row.get("r")
        self.row = self.row + 1 if at is None else self._whole(at) - 1
        self.column = -1
        if not 0 <= self.row < _ROWS:
            raise self._twofold()
        if is_true(row, "hidden"):
            self.hidden_rows.add(self.row)
        cell_tag, other_tag = f"{self.space}c", f"{self.space}extLst"
        begin = len(self.filled)
        self._take_plain(self.plain.pop(self.row, ()))
        for cell in row:
            if cell.tag != cell_tag:
                if cell.tag == other_tag:
                    continue
                raise self._twofold()
            self._find_place(cell.get("r"))
            # Readers make room for a cell that is closed in two steps, also when it is empty.
            if len(cell) and self.column not in self.sheet.unread:
                self._keep(self._cell(cell))
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

    def _take_plain(self, cells: Iterable[tuple[bytes, ...]]) -> None:
        for column, *held in cells:
            self.column = column_of(column.decode())
            if self.column not in self.sheet.unread:
                self._keep(self._plain(*held))

    def _find_place(self, name: str | None) -> None:
        """Find where a cell stands: as it says, or after the one before."""
        row, column = self.row, self.column + 1
        if name is not None:
            letters = name.rstrip("0123456789")
            if not _NAME.fullmatch(name):
                raise self._twofold()
            row, column = int(name[len(letters) :]) - 1, column_of(letters)
        self.column = column
        if row != self.row or column >= _COLUMNS:
            raise self._twofold()

    def _keep(self, held: WalkedCell | None) -> None:
        """Take up what stands here, where nothing did."""
        place = (self.row, self.column)
        self.filled.append(place)
        if place in self.sheet.cells:
            raise self._twofold()
        if held is not None:
            self.sheet.cells[place] = held

    def _plain(
        self,
        number: bytes,
        kind: bytes,
        formula: bytes,
        stored: bytes,
        inline: bytes,
        preserved: bytes,
        text: bytes,
    ) -> WalkedCell | None:
        """Return what a cell of a plain row holds."""
        if formula and not stored and kind in (b"", b"n"):
            # Most cells of a checklist that no program has reckoned yet.
            return _UNCALCULATED
        style = self._style(number.decode())
        try:
            if inline:
                piece = inline_text(told(text), preserved=preserved != b"")
                return self._held("inlineStr", style, "", piece, formula=False)
            return self._held(kind.decode() or "n", style, told(stored), None, formula=formula != b"")
        except UnicodeDecodeError:
            raise Unreadable("damaged") from None

    def _cell(self, cell: Element) -> WalkedCell | None:
        """Return what a cell holds; None when that is nothing."""
        stored, formula, inline = "", False, None
        for child in cell:
            part = child.tag.removeprefix(self.space)
            if part == "v" and not stored and not len(child):
                stored = child.text or ""
            elif part == "f" and not formula and not len(child):
                formula = True
            elif part == "is" and inline is None:
                inline = text_of(child)
            elif part != "extLst":
                raise self._twofold()
        return self._held(cell.get("t", "n"), self._style(cell.get("s")), stored, inline, formula=formula)

    def _held(
        self, kind: str, style: Style, stored: str, inline: Text | None, *, formula: bool
    ) -> WalkedCell | None:
        blank = not stored.strip()
        if (inline is None) == (kind == "inlineStr") and not (inline is None and blank):
            raise self._twofold()
        if kind == "e":
            return WalkedCell("error", stored)
        if blank and formula and kind != "str":
            return _UNCALCULATED
        if kind in ("s", "str", "inlineStr"):
            if inline is not None and not blank:
                raise self._twofold()
            text = inline or self._text(kind, stored)
            return WalkedCell("text", text.text, style.struck or text.struck) if text.text else None
        if blank:
            return None
        if kind == "n" and _FIGURE.fullmatch(stored):
            return WalkedCell("number", self._figure(stored), style.struck, style.number_format)
        if kind == "b" and stored in _TRUTH:
            return WalkedCell("bool", _TRUTH[stored], style.struck)
        if kind == "d":
            return WalkedCell("date", stored, style.struck)
        raise self._twofold()

    def _style(self, number: str | None) -> Style:
        if not number or not _WHOLE.fullmatch(number) or int(number) >= len(self.styles):
            return _PLAIN
        return self.styles[int(number)]

    def _text(self, kind: str, stored: str) -> Text:
        if kind == "str" or not stored:
            return Text(unescaped(stored), False)
        index = self._whole(stored)
        if index >= len(self.texts):
            raise self._twofold()
        return self.texts[index]

    def _figure(self, stored: str) -> float:
        try:
            figure = float(stored)
        except ValueError:
            raise self._twofold() from None
        if not math.isfinite(figure):
            raise self._twofold()
        return figure
