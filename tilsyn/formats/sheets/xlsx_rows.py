"""Rows of a worksheet as every program writes them, taken out of its XML as text: a tree takes longer.

Only a row that is plain from end to end is taken out. What is written in any other way stays in the XML for
the walk, and the row's own tag always does: where it stands, and whether it is hidden, the walk says.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A register's sheet may be a thousand times as large, and would be held twice.
_MOST = 5_000_000
_BEGIN = re.compile(
    rb'<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")? ?\?>\s*(?=<)|(?=<)'
)
# U+FFFE and U+FFFF are no signs of a text; what begins as they do is left to the walk.
_SIGNS = r"[^<>&\x00-\x08\x0b-\x1f\xef]*"
_TEXT = rf"{_SIGNS}(?:&(?:amp|lt|gt|quot|apos);{_SIGNS})*"
_PLACE = r'<c r="([A-Z]{1,2})[0-9]+"(?: s="([0-9]{1,9})")?'
_FORMULA = rf'(<f)(?: [a-z]+="[^<>&"\x00-\x1f]*")*(?:/>|>{_TEXT}</f>)'
_VALUE = rf'(?: t="(n|s|str|b|e|d)")?>(?=<[fv])(?:{_FORMULA})?(?:<v ?/>|<v>({_TEXT})</v>)?</c>'
_INLINE = rf' t="(inlineStr)"><is><t( xml:space="preserve")?>({_TEXT})</t></is></c>'
_FILLED = f"{_PLACE}(?:{_VALUE}|{_INLINE})"
_EMPTY = rf'{_PLACE}(?: t="[a-zA-Z]+")?(?: ?/>|></c>)'
_ATTRIBUTES = r'(?: (?!r=)[A-Za-z0-9:]+="[^<>&"\x00-\x1f]*")*'
_FILLED_CELL = re.compile(_FILLED.encode())
# The same without groups, in the row that each cell says it stands in.
_CELLS = re.sub(r"\((?!\?)", "(?:", f"(?:{_FILLED}|{_EMPTY})+").replace("[0-9]+", r"\2")
_PLAIN_ROW = rf'(<row{_ATTRIBUTES} r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES}>)({_CELLS})</row>'
_ROW, _FIRST_ROW = (re.compile((space + _PLAIN_ROW).encode()) for space in ("", r"\s*"))


class PlainCell(NamedTuple):
    """A cell's parts as they are written; what is not there is empty."""

    column: bytes
    style: bytes
    kind: bytes
    formula: bytes
    stored: bytes
    inline: bytes
    preserved: bytes
    text: bytes


def _table(xml: bytes) -> slice | None:
    """Return where the rows stand, in the one table that a sheet has."""
    begin, end = xml.find(b"<sheetData"), xml.find(b"</sheetData>")
    if begin < 0 or (xml.count(b"<sheetData"), xml.count(b"</sheetData>")) != (1, 1):
        return None
    return slice(xml.find(b">", begin) + 1, end)


def take_out(xml: bytes) -> tuple[bytes, dict[int, list[tuple[bytes, ...]]]]:
    """Return a sheet's XML without the cells of its plain rows; and those that hold something, by row."""
    taken: dict[int, list[tuple[bytes, ...]]] = {}

    def emptied(found: re.Match[bytes]) -> bytes:
        row = int(found[2]) - 1
        if row in taken:
            return found[0]
        taken[row] = _FILLED_CELL.findall(found[3])
        return found[1] + b"</row>"

    table = _table(xml)
    if table is None or len(xml) > _MOST:
        return xml, {}
    left = b"".join([xml[: table.start], _ROW.sub(emptied, xml[table]), xml[table.stop :]])
    return (left, taken) if _is_plain(left) else (xml, {})


def first_cell(xml: bytes) -> PlainCell | None:
    """Return what stands in A1, where its row is plain."""
    table = _table(xml)
    row = table and _FIRST_ROW.match(xml, table.start)
    cell = _FILLED_CELL.match(row[3]) if row and row[2] == b"1" and _is_plain(xml[: row.end()]) else None
    return PlainCell(*cell.groups(b"")) if cell and cell[1] == b"A" else None


def _is_plain(xml: bytes) -> bool:
    """Tell whether what looks like a tag is one: there are no comments, sections or instructions."""
    begin = _BEGIN.match(xml)
    return begin is not None and not (xml.find(b"<!") >= 0 or xml.find(b"<?", begin.end()) >= 0)


def told(text: bytes) -> str:
    """Return a text with its entities as the signs they stand for; `UnicodeDecodeError` if it is none."""
    said = text.decode()
    if "&" in said:
        for entity, sign in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
            said = said.replace(f"&{entity};", sign)
    return said
