"""Rows of a worksheet as every program writes them, taken out of its XML as text: a tree takes longer.

Only a row that is plain from end to end is taken out. What is written in any other way stays in the XML for
the walk, and the row's own tag always does: where it stands, and whether it is hidden, the walk says.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from tilsyn.base.sheets import letters_of
from tilsyn.formats.sheets.parts import is_well_formed

# A register's sheet may be a thousand times as large, and would be held twice.
_MOST = 5_000_000
_BEGIN = re.compile(
    rb'<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")? ?\?>\s*(?=<)|(?=<)'
)
# No signs of a text, or some that may be none: not `]]>`, nor U+FFFE and U+FFFF, which begin with \xef.
_NO_SIGNS = bytes(set(range(0x20)) - {*b"\t\n"}) + b"]\xef"
_TAG, _LAST = re.compile(rb"<[^<>]*>"), re.compile(rb"</[^<>]*>\s*")
_LOOKED_FOR = re.compile(rb"<(?:[^\s<>/]*:)?(?:c|cols|row|sheetData)[\s/>]")
_REFERENCE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)")
# That there is no sign in it but those of a text is seen to for a row as a whole.
_TEXT = "[^<]*+"
_STYLE = '(?: s="([0-9]{1,9})")?+'
_FORMULA = rf'(<f)(?: [a-z]++="[^<>&"\x00-\x1f]*+")*+(?:/>|>{_TEXT}</f>)'
_VALUE = rf'(?: t="(n|s|str|b|e|d)")?+>(?=<[fv])(?:{_FORMULA})?+(?:<v ?/>|<v>({_TEXT})</v>)?+'
_INLINE = rf' t="(inlineStr)"><is><t( xml:space="preserve")?+>({_TEXT})</t></is>'
_EMPTY = r'(?: t="[a-zA-Z]++")?+(?: ?/>|></c>)'
_ATTRIBUTES = r'(?: (?!r=)[A-Za-z0-9:]++="[^<>&"\x00-\x1f]*+")*+'
_PARTS = re.compile(f"{_STYLE}(?:{_VALUE}|{_INLINE})".encode())
# The same without groups, in the row that each cell says it stands in.
_HELD = re.sub(r"\((?!\?)", "(?:", f"{_STYLE}(?:(?:{_VALUE}|{_INLINE})</c>|{_EMPTY})")
_CELLS = rf'(?:<c r="[A-Z]{{1,2}}\2"{_HELD})++'
_PLAIN_ROW = rf'(<row{_ATTRIBUTES} r="([1-9][0-9]{{0,6}})"{_ATTRIBUTES}>)({_CELLS})</row>'
_ROW, _FIRST_ROW = (re.compile((space + _PLAIN_ROW).encode()) for space in ("", r"\s*"))


class PlainCell(NamedTuple):
    """A cell's parts as they are written; what is not there is empty."""

    style: bytes
    kind: bytes
    formula: bytes
    stored: bytes
    inline: bytes
    preserved: bytes
    text: bytes


def parts_of(written: bytes) -> PlainCell:
    """Return the parts of a plain cell, of what is written in it from its place on."""
    parts = _PARTS.fullmatch(written)
    assert parts is not None
    return PlainCell(*parts.groups(b""))


@functools.lru_cache(maxsize=8)
def _filled(unread: frozenset[int]) -> re.Pattern[bytes]:
    """Return the pattern of a cell of a plain row that holds something, in a column that is read."""
    passed = "|".join(letters_of(column) for column in sorted(unread)) or "-"
    column = f"(?!(?:{passed})[0-9])([A-Z]{{1,2}})"
    return re.compile(rf'<c r="{column}[0-9]+"([^>/]*>(?:<(?!/c>)[^<]*+)++)</c>'.encode())


def filled_cells(row: bytes, unread: frozenset[int] = frozenset()) -> list[tuple[bytes, bytes]]:
    """Return the letters of the column, and what is written, of each cell that holds something."""
    return _filled(unread).findall(row)


def take_out(xml: bytes) -> tuple[bytes, dict[int, bytes]]:
    """Return a sheet's XML without the cells of its plain rows; and those cells, by row."""
    taken: dict[int, bytes] = {}

    def emptied(found: re.Match[bytes]) -> bytes:
        row = int(found[2]) - 1
        if row in taken or not _is_text(found[3]):
            return found[0]
        taken[row] = found[3]
        return found[1] + b"</row>"

    begin, end = xml.find(b"<sheetData"), xml.rfind(b"</sheetData>")
    if not 0 <= begin < end or len(xml) > _MOST:
        return xml, {}
    left = b"".join([xml[:begin], _ROW.sub(emptied, xml[begin:end]), _rest(xml, end)])
    return (left, taken) if has_one_table(left) and _is_plain(left) else (xml, {})


def _rest(xml: bytes, end: int) -> bytes:
    """Return what a sheet ends with: no more than its end, where the walk would find nothing below the table.

    Rules and lists, which no reader looks at, are longer than what is left of the rows.
    """
    rest, begin = xml[end:], _BEGIN.match(xml)
    root, last = begin and _TAG.match(xml, begin.end()), xml[xml.rfind(b"</") :]
    if not root or not _LAST.fullmatch(last) or _LOOKED_FOR.search(rest):
        return rest
    return b"</sheetData>" + last if is_well_formed(root[0] + b"<sheetData>" + rest) else rest


def first_cell(xml: bytes) -> bytes | None:
    """Return what is written in A1, where its row is plain."""
    row = _FIRST_ROW.match(xml, xml.find(b">", xml.find(b"<sheetData")) + 1)
    cell = _filled(frozenset()).match(row[3]) if row and row[2] == b"1" and _is_text(row[3]) else None
    if row is None or cell is None or cell[1] != b"A":
        return None
    return cell[2] if _is_plain(xml[: row.end()]) else None


def has_one_table(xml: bytes) -> bool:
    """Tell whether there is one table to read in a sheet, as far as it is plain."""
    return (xml.count(b"<sheetData"), xml.count(b"</sheetData>")) == (1, 1)


def _is_text(row: bytes) -> bool:
    """Tell whether all signs in a row are those of a text, or entities that every program knows."""
    return len(row.translate(None, _NO_SIGNS)) == len(row) and not _REFERENCE.search(row)


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
