"""What the cells of an .xlsx file point to: the shared texts and the styles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tilsyn.formats.sheets.parts import Parts, check, elements

# The number formats that have a number instead of a text, of numbers that are no dates.
_BUILT_IN = {
    "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00",
    "12": "# ?/?", "13": "# ??/??", "37": "#,##0 ;(#,##0)", "38": "#,##0 ;[Red](#,##0)",
    "39": "#,##0.00;(#,##0.00)", "40": "#,##0.00;[Red](#,##0.00)", "48": "##0.0E+0", "49": "@",
}  # fmt: skip
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Text(NamedTuple):
    """A text of a cell, and whether any of it is struck out."""

    text: str
    struck: bool


class Style(NamedTuple):
    """How a cell is shown."""

    number_format: str | None = None
    struck: bool = False


def is_true(attributes: Mapping[str, str] | Element, name: str, default: str = "0") -> bool:
    """Tell whether an attribute is set, as the format writes truth."""
    return attributes.get(name, default) in ("1", "true", "on")


def unescaped(text: str) -> str:
    """Return a text with its `_x000D_` and line ends as they are meant.

    >>> unescaped("a_x000D__x000A_b_x005F_x0041_")
    'a\\nb_x0041_'
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_of(element: Element) -> Text:
    """Return the text in the runs of an `si` or `is`; the kana of `rPh` are no part of it.

    Space around a run counts only where the file says so.
    """
    space = element.tag.rpartition("}")[0] + "}"
    pieces = []
    struck = False
    for child in element:
        if child.tag == f"{space}t":
            pieces.append(_run(child))
        elif child.tag == f"{space}r":
            pieces += [_run(run) for run in child.iterfind(f"{space}t")]
            strike = child.find(f"{space}rPr/{space}strike")
            struck |= strike is not None and is_true(strike, "val", "1")
    return Text(unescaped("".join(pieces)), struck)


def inline_text(piece: str, *, preserved: bool) -> Text:
    """Return the text of a cell that has one run without a font of its own."""
    return Text(unescaped(_spaced(piece, preserved=preserved)), False)


def _run(run: Element) -> str:
    return _spaced(run.text or "", preserved=run.get(_SPACE) == "preserve")


def _spaced(piece: str, *, preserved: bool) -> str:
    return piece if preserved else piece.strip(" \t\r\n")


def read_shared_texts(parts: Parts, name: str) -> list[Text]:
    """Return the texts that cells share, in their order."""
    xml = parts.read(name)
    space = check(xml).rpartition("}")[0] + "}"
    return [text_of(element) for element in elements(xml, f"{space}si")]


def read_styles(parts: Parts, name: str) -> list[Style]:
    """Return the styles that cells name by their number."""
    root = parts.tree(name)
    listed = {
        item.get("numFmtId", ""): item.get("formatCode", "") for item in root.iterfind("{*}numFmts/{*}numFmt")
    }
    formats = _BUILT_IN | {number: code for number, code in listed.items() if code.lower() != "general"}
    struck = {
        str(number)
        for number, font in enumerate(root.iterfind("{*}fonts/{*}font"))
        if (strike := font.find("{*}strike")) is not None and is_true(strike, "val", "1")
    }
    return [
        Style(formats.get(item.get("numFmtId", "0")), item.get("fontId", "0") in struck)
        for item in root.iterfind("{*}cellXfs/{*}xf")
    ]
