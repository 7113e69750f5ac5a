"""The walk over an OpenDocument spreadsheet (.ods): every cell, repeated rows and columns written out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tilsyn.base.sheets import Place, Unreadable, WalkedCell, WalkedSheet, refuse_area
from tilsyn.formats.sheets.parts import Parts

_SPACES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{{_SPACES.format(name)}}}" for name in ("table", "office", "text", "style")
)
_ROW_GROUPS = {f"{_TABLE}{name}" for name in ("table-row-group", "table-header-rows", "table-rows")}
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_DURATION = re.compile(r"(-)?P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_MOST_REPEATED = 1_048_576
# How a formula shows that it failed, in the programs' languages: #N/A, #I/T, #VÆRDI!, Err:502.
_SHOWN_ERROR = re.compile(r"#[^\W\d_]+[/\w]*[!?]?|#DIV/0!|Err:\d+|Fejl:\d+")


def walk_ods(parts: Parts) -> list[WalkedSheet]:
    """Return the sheets of an OpenDocument spreadsheet, in their order."""
    root = parts.tree("content.xml")
    bodies = root.findall(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    tables = [] if len(bodies) != 1 else bodies[0].findall(f"{_TABLE}table")
    names = {table.get(f"{_TABLE}name", "").casefold() for table in tables}
    if len(bodies) != 1 or len(names) < len(tables):
        raise Unreadable("twofold")
    styles = _Styles([root, *([parts.tree("styles.xml")] if "styles.xml" in parts else [])])
    return [_TableWalk(table, styles).walk() for table in tables]


class _Styles:
    """Which styles strike their text out, and which hide their sheet."""

    def __init__(self, roots: list[Element]) -> None:
        self._parents: dict[str, str] = {}
        self._struck: dict[str, bool] = {}
        self.hiding: set[str] = set()
        for root in roots:
            for style in root.iter(f"{_STYLE}style"):
                self._take(style)

    def _take(self, style: Element) -> None:
        name = style.get(f"{_STYLE}name", "")
        self._parents[name] = style.get(f"{_STYLE}parent-style-name", "")
        for properties in style:
            line = properties.get(f"{_STYLE}text-line-through-style")
            line = properties.get(f"{_STYLE}text-line-through-type", line)
            if line is not None:
                self._struck[name] = line != "none"
            if properties.get(f"{_TABLE}display") == "false":
                self.hiding.add(name)

    def struck(self, name: str | None) -> bool:
        """Tell whether a style, or else the one that it builds on, strikes out."""
        seen: set[str] = set()
        while name and name not in seen:
            if name in self._struck:
                return self._struck[name]
            seen.add(name)
            name = self._parents.get(name)
        return False


class _TableWalk:
    """Walks over one table and returns it as a `WalkedSheet`."""

    def __init__(self, table: Element, styles: _Styles) -> None:
        self.table = table
        self.styles = styles
        hidden = table.get(f"{_TABLE}style-name") in styles.hiding
        self.sheet = WalkedSheet(table.get(f"{_TABLE}name", ""), hidden)
        self.column_styles: list[tuple[range, str | None]] = []
        self.hidden_rows: set[int] = set()
        self.found: list[tuple[range, range, WalkedCell | None, bool]] = []

    def walk(self) -> WalkedSheet:
        """Take up every cell."""
        hidden_columns = self._columns()
        row = 0
        for line, hidden in self._rows(self.table, False):
            rows = range(row, row + self._repeated(line, "rows"))
            self._take_row(line, rows)
            if hidden and self.found and self.found[-1][0] == rows:
                self.hidden_rows |= set(rows)
            row = rows.stop
        last = [(rows[-1], columns[-1]) for rows, columns, _, _ in self.found]
        refuse_area(self.sheet.name, last)
        for rows, columns, cell, commented in self.found:
            places = [(row, column) for row in rows for column in columns]
            if cell is not None:
                self.sheet.cells |= dict.fromkeys(places, cell)
            if commented:
                self.sheet.commented |= set(places)
        self.sheet.hidden_rows = frozenset(self.hidden_rows)
        filled = {column for _, column in self.sheet.cells}
        self.sheet.hidden_columns = frozenset(c for c in filled if any(c in r for r in hidden_columns))
        return self.sheet

    def _twofold(self, place: Place | None = None) -> Unreadable:
        return Unreadable("twofold", self.sheet.name, place)

    def _repeated(self, element: Element, what: str) -> int:
        text = element.get(f"{_TABLE}number-{what}-repeated", "1")
        if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _MOST_REPEATED):
            raise self._twofold()
        return int(text)

    def _columns(self) -> list[range]:
        """Return the hidden columns, and keep the styles that cells without one of their own take."""
        hidden, at = [], 0
        for column in self.table.iter(f"{_TABLE}table-column"):
            here = range(at, at + self._repeated(column, "columns"))
            self.column_styles.append((here, column.get(f"{_TABLE}default-cell-style-name")))
            if column.get(f"{_TABLE}visibility", "visible") != "visible":
                hidden.append(here)
            at = here.stop
        return hidden

    def _rows(self, parent: Element, hidden: bool) -> Iterator[tuple[Element, bool]]:
        """Yield the rows, those of groups too, and whether each is hidden."""
        for child in parent:
            if child.tag == f"{_TABLE}table-row":
                yield child, hidden or child.get(f"{_TABLE}visibility", "visible") != "visible"
            elif child.tag in _ROW_GROUPS:
                yield from self._rows(child, hidden or child.get(f"{_TABLE}display") == "false")
            elif child.tag in _CELLS:
                raise self._twofold()

    def _take_row(self, line: Element, rows: range) -> None:
        column = 0
        for element in line:
            if element.tag not in _CELLS:
                raise self._twofold((rows[0], column))
            columns = range(column, column + self._repeated(element, "columns"))
            place = (rows[0], column)
            cell = self._cell(element, place)
            commented = element.find(f"{_OFFICE}annotation") is not None
            if cell is not None or commented:
                self.found.append((rows, columns, cell, commented))
            column = columns.stop

    def _cell(self, element: Element, place: Place) -> WalkedCell | None:
        kinds = {value for key, value in element.items() if key.endswith("}value-type")}
        kind = element.get(f"{_OFFICE}value-type", "")
        formula = element.get(f"{_TABLE}formula")
        paragraphs = element.findall(f"{_TEXT}p")
        shown = "\n".join("".join(_pieces(paragraph)) for paragraph in paragraphs)
        if "error" in kinds or (formula is not None and _SHOWN_ERROR.fullmatch(shown.strip())):
            return WalkedCell("error", shown)
        if not kind:
            # A formula that gives "" has an empty paragraph; one that was never calculated has none.
            if formula is not None and not paragraphs:
                return WalkedCell("formula", "")
            return WalkedCell("text", shown) if shown.strip() else None
        struck = self._struck(element, place[1])
        if kind == "string":
            text = element.get(f"{_OFFICE}string-value", shown)
            if paragraphs and "".join(text.split()) != "".join(shown.split()):
                raise self._twofold(place)
            return WalkedCell("text", text, struck) if text else None
        if kind in ("float", "percentage", "currency"):
            zeros = "0" * len(shown) if re.fullmatch(r"0\d+", shown) else None
            return WalkedCell("number", self._figure(element, place), struck, zeros)
        if kind == "boolean":
            truth = element.get(f"{_OFFICE}boolean-value")
            if truth in ("true", "false"):
                return WalkedCell("bool", truth == "true", struck)
        if kind == "date" and (moment := element.get(f"{_OFFICE}date-value")):
            return WalkedCell("date", moment, struck)
        if kind == "time" and (match := _DURATION.fullmatch(element.get(f"{_OFFICE}time-value", ""))):
            # What is no time of the day is read as its text.
            days = _days(match)
            if 0 <= days < 1:
                return WalkedCell("number", days, struck)
            return WalkedCell("text", match[0], struck)
        raise self._twofold(place)

    def _figure(self, element: Element, place: Place) -> float:
        try:
            figure = float(element.get(f"{_OFFICE}value", ""))
        except ValueError:
            raise self._twofold(place) from None
        if not math.isfinite(figure):
            raise self._twofold(place)
        return figure

    def _struck(self, element: Element, column: int) -> bool:
        style = element.get(f"{_TABLE}style-name")
        if style is None:
            style = next((name for columns, name in self.column_styles if column in columns), None)
        spans = element.iterfind(f"{_TEXT}p//{_TEXT}span")
        return self.styles.struck(style) or any(
            self.styles.struck(span.get(f"{_TEXT}style-name")) for span in spans
        )


def _pieces(paragraph: Element) -> Iterator[str]:
    """Yield a paragraph's text; what stands in a frame or a comment inside it is none of it."""
    yield paragraph.text or ""
    for child in paragraph:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c", "1"))
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag.startswith(_TEXT):
            yield from _pieces(child)
        yield child.tail or ""


def _days(match: re.Match[str]) -> float:
    days, hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in match.groups()[1:])
    total = days + (hours + (minutes + seconds / 60) / 60) / 24
    return -total if match[1] else total
