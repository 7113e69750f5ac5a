"""What one cell of an .xlsx file holds, by what its file says of texts and styles."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from tilsyn.base.sheets import Unreadable, WalkedCell
from tilsyn.formats.sheets.xlsx_rows import parts_of, told
from tilsyn.formats.sheets.xlsx_tables import Style, Text, inline_text, text_of, unescaped

_WHOLE = re.compile(r"[0-9]{1,9}")
_FIGURE = re.compile(r"[-+]?[0-9]*\.?[0-9]*([eE][-+]?[0-9]+)?")
_TRUTH = {"0": False, "1": True, "false": False, "true": True}
_PLAIN = Style()
_UNCALCULATED = WalkedCell("formula", "")


class Twofold(Exception):
    """What stands in a place can be read in two ways; whoever walks there knows where it is."""


def whole(text: str | None) -> int:
    """Return a number that is written in figures alone."""
    if text is None or not _WHOLE.fullmatch(text):
        raise Twofold
    return int(text)


class CellReader:
    """Reads the cells of one file; what is written in the same way holds the same, and is read once."""

    def __init__(self, texts: Sequence[Text], styles: Sequence[Style]) -> None:
        self.texts = texts
        self.styles = styles
        self.plain = functools.cache(self._plain)

    def _plain(self, written: bytes) -> WalkedCell | None:
        """Return what a cell of a plain row holds."""
        cell = parts_of(written)
        if cell.formula and not cell.stored and cell.kind in (b"", b"n"):
            # Most cells of a checklist that no program has reckoned yet.
            return _UNCALCULATED
        style = self._style(cell.style.decode())
        try:
            if cell.inline:
                piece = inline_text(told(cell.text), preserved=cell.preserved != b"")
                return self._held("inlineStr", style, "", piece, formula=False)
            stored = told(cell.stored)
            return self._held(cell.kind.decode() or "n", style, stored, None, formula=cell.formula != b"")
        except UnicodeDecodeError:
            raise Unreadable("damaged") from None

    def cell(self, cell: Element, space: str) -> WalkedCell | None:
        """Return what a cell holds; None when that is nothing. `space` begins the names of its parts."""
        stored, formula, inline = "", False, None
        for child in cell:
            part = child.tag.removeprefix(space)
            if part == "v" and not stored and not len(child):
                stored = child.text or ""
            elif part == "f" and not formula and not len(child):
                formula = True
            elif part == "is" and inline is None:
                inline = text_of(child)
            elif part != "extLst":
                raise Twofold
        return self._held(cell.get("t", "n"), self._style(cell.get("s")), stored, inline, formula=formula)

    def _held(
        self, kind: str, style: Style, stored: str, inline: Text | None, *, formula: bool
    ) -> WalkedCell | None:
        blank = not stored.strip()
        if (inline is None) == (kind == "inlineStr") and not (inline is None and blank):
            raise Twofold
        if kind == "e":
            return WalkedCell("error", stored)
        if blank and formula and kind != "str":
            return _UNCALCULATED
        if kind in ("s", "str", "inlineStr"):
            if inline is not None and not blank:
                raise Twofold
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
        raise Twofold

    def _style(self, number: str | None) -> Style:
        if not number or not _WHOLE.fullmatch(number) or int(number) >= len(self.styles):
            return _PLAIN
        return self.styles[int(number)]

    def _text(self, kind: str, stored: str) -> Text:
        if kind == "str" or not stored:
            return Text(unescaped(stored), False)
        index = whole(stored)
        if index >= len(self.texts):
            raise Twofold
        return self.texts[index]

    def _figure(self, stored: str) -> float:
        try:
            figure = float(stored)
        except ValueError:
            raise Twofold from None
        if not math.isfinite(figure):
            raise Twofold
        return figure
