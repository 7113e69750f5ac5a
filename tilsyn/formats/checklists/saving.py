"""Saves workbooks of very many cells: openpyxl's own file, the rows of its sheets written as text.

openpyxl builds an XML element per cell, which took half of the time of a level-1 round with its 231 sheets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from xml.etree.ElementTree import tostring
from xml.sax.saxutils import escape
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.formats.in_memory import MemoryWriter, saved

# Days are counted from 30 December 1899, which is right from March 1900 on.
_DAY_ZERO = date(1899, 12, 30).toordinal()
# Spreadsheet programs read such a code as its character; its first underscore as a code stands for itself.
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EMPTY_ROWS = re.compile("<sheetData ?(?:/>|></sheetData>)")
_SELECTED = re.compile('activeCell="[A-Z]+[0-9]+" sqref="[A-Z]+[0-9]+"')
_LINKS = re.compile("<hyperlinks>.*</hyperlinks>", re.DOTALL)
_LINK = re.compile('<hyperlink ref="([A-Z]+[0-9]+)"[^>]*>')
_FOOT = re.compile("<headerFooter>.*</headerFooter>", re.DOTALL)
# Row and column; what ends a row stands after its last column.
_Place = tuple[int, int]
_AFTER = 100_000


@dataclass(eq=False)
class Stamp:
    """A sheet that others are like, but for its `own` cells and their links, its first cell and its foot.

    It is the same in every respect where it has none. `written` is its XML once it was saved.
    """

    sheet: Worksheet
    own: Collection[_Place] = ()
    written: _Written | None = None


def checklist_bytes(
    workbook: Workbook, known: Collection[str], stamps: Mapping[str, Stamp] | None = None
) -> bytes:
    """Return a workbook, filled in by `Styles`, of texts, whole numbers, dates without a time, and formulas.

    It has no comments, charts or tables. A sheet that has a stamp, by its name, needs only its own cells.
    """
    return saved(workbook, partial(_Writer, stamps or {}), known)


class _Sheet(WorksheetWriter):
    """Writes all of a sheet but its rows."""

    def rows(self) -> list[Any]:
        sheet: Any = self.ws
        sheet._hyperlinks.extend(_links(sheet))
        return []


class _Writer(MemoryWriter):
    """Writes the parts of the file; the sheets by `_Sheet`, or from what it wrote of another."""

    sheet_writer = _Sheet

    def __init__(self, stamps: Mapping[str, Stamp], workbook: Workbook, archive: ZipFile) -> None:
        super().__init__(workbook, archive)
        self.stamps = stamps
        self.styles: dict[int, str] = {}

    def content(self, sheet: Any) -> bytes:
        stamp = self.stamps.get(sheet.title) or Stamp(sheet)
        if stamp.written is None:
            stamp.written = self._whole(stamp.sheet, stamp.own)
        if stamp.sheet is sheet or not stamp.own:
            return stamp.written.xml()
        return stamp.written.stamped(stamp.own, sheet, self._texts(sheet, sheet.row_dimensions)).xml()

    def _whole(self, sheet: Any, own: Collection[_Place]) -> _Written:
        parts = _EMPTY_ROWS.split(super().content(sheet).decode())
        if len(parts) != 2:
            raise RuntimeError("openpyxl writes its rows in another way")
        rows = {row for row, _ in sheet._cells}
        ends = {(row, _AFTER): "</row>" for row in rows}
        texts = dict.fromkeys(own, "") | self._texts(sheet, rows) | ends
        return _Written(parts[0], dict(sorted(texts.items())), parts[1])

    def _texts(self, sheet: Any, rows: Collection[int]) -> dict[_Place, str]:
        """Return the cells by their place, and these rows' tags before them."""
        texts: dict[_Place, str] = {}
        for row in rows:
            # Asking for a row that has none would make it one.
            dimension = dict(sheet.row_dimensions.get(row, ()))
            attributes = "".join(f' {key}="{value}"' for key, value in dimension.items())
            texts[row, 0] = f'<row r="{row}"{attributes}>'
        # Styles are numbered as they are met.
        for (row, column), cell in sorted(sheet._cells.items()):
            style = self.styles.get(id(cell._style))
            if style is None:
                style = self.styles[id(cell._style)] = str(cell.style_id)
            texts[row, column] = _cell(f"{get_column_letter(column)}{row}", style, cell.data_type, cell.value)
        return texts


@dataclass(frozen=True)
class _Written:
    """A sheet's XML: its cells and tags of rows in their order, and what stands before and after them."""

    head: str
    texts: dict[_Place, str]
    tail: str

    def xml(self) -> bytes:
        """Return all of it."""
        return "".join([self.head, "<sheetData>", *self.texts.values(), "</sheetData>", self.tail]).encode()

    def stamped(self, own: Collection[_Place], sheet: Any, texts: Mapping[_Place, str]) -> _Written:
        """Return the XML of another sheet, of which these are its own cells."""
        if not texts.keys() <= self.texts.keys():
            raise RuntimeError("a cell stands where its stamp has none")
        names = {f"{get_column_letter(column)}{row}" for row, column in own}
        start = sheet.sheet_view.selection[-1].activeCell
        tail = _replaced(_LINKS, self.tail, lambda links: _linked(links, names, sheet))
        return _Written(
            _replaced(_SELECTED, self.head, lambda _: f'activeCell="{start}" sqref="{start}"'),
            {**self.texts, **dict.fromkeys(own, ""), **texts},
            _replaced(_FOOT, tail, lambda _: tostring(sheet.HeaderFooter.to_tree(), "unicode")),
        )


def _replaced(part: re.Pattern[str], xml: str, new: Callable[[str], str]) -> str:
    xml, found = part.subn(lambda old: new(old[0]), xml)
    if found != 1:
        raise RuntimeError("openpyxl writes its sheets in another way")
    return xml


def _linked(links: str, names: Collection[str], sheet: Any) -> str:
    """Return the links without those of the cells `names`, with a sheet's own in their place."""
    kept = _LINK.sub(lambda link: "" if link[1] in names else link[0], links)
    own = [tostring(link.to_tree(), "unicode") for link in _links(sheet)]
    return kept.replace("</hyperlinks>", "".join([*own, "</hyperlinks>"]))


def _links(sheet: Any) -> list[Any]:
    return [cell.hyperlink for cell in sheet._cells.values() if cell.hyperlink is not None]


def _cell(place: str, style: str, kind: str, value: Any) -> str:
    start = f'<c r="{place}" s="{style}"'
    if value is None:
        return start + "/>"
    if kind == "s":
        text = escape(_CODE.sub("_x005F_", value))
        return f'{start} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if kind == "f":
        return f"{start}><f>{escape(value[1:])}</f><v/></c>"
    number = value.toordinal() - _DAY_ZERO if kind == "d" else value
    return f'{start} t="n"><v>{number}</v></c>'
