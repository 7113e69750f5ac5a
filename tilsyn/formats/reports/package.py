"""The bytes of a report's workbook: texts for those who cannot see it, and nothing that the clock decides."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import quoteattr

from openpyxl import Workbook

from tilsyn.formats.in_memory import saved

# Excel keeps a table's alternative text in an extension of its own.
_TABLE_TEXT = (
    '<extLst><ext uri="{{504A1905-F514-4f6f-8877-14C23A59335A}}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    "<x14:table altText={text}/></ext></extLst></table>"
)


def packed(
    book: Workbook,
    day: date,
    charts: Sequence[str],
    tables: Mapping[str, str],
    known: Collection[str] = (),
) -> bytes:
    """Return a workbook as bytes that depend on its content alone; it says it was made and changed on `day`.

    `charts` are the charts' alternative texts in the order of the sheets, one chart a sheet; `tables` those
    of the tables by name; `known` are texts that are no CPR numbers.
    """
    raw = io.BytesIO(saved(book, known=known))
    made = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=_order):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _dated(data, day)
            elif match := re.fullmatch(r"xl/drawings/drawing(\d+)\.xml", name):
                data = _described(data, charts[int(match[1]) - 1])
            elif name.startswith("xl/tables/"):
                data = _told(data, tables)
            # openpyxl stamps the parts with the time; the format's first day says nothing.
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, data)
    return made.getvalue()


def _order(name: str) -> tuple[bool, str]:
    """The list of contents first, as readers expect."""
    return name != "[Content_Types].xml", name


def _dated(data: bytes, day: date) -> bytes:
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + moment, data)


def _described(data: bytes, text: str) -> bytes:
    described = rb"\g<1> descr=" + quoteattr(text).encode().replace(b"\\", b"\\\\") + rb"\g<2>"
    return re.sub(rb'(<(?:xdr:)?cNvPr\b[^>]*?name="[^"]*")([^>]*>)', described, data, count=1)


def _told(data: bytes, tables: Mapping[str, str]) -> bytes:
    name = re.search(rb'displayName="([^"]*)"', data)
    text = tables[name[1].decode()] if name else ""
    return data.replace(b"</table>", _TABLE_TEXT.format(text=quoteattr(text)).encode())
