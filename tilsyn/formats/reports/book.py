"""A workbook being written with XlsxWriter: text that stays text, and bytes that no clock decides."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.core import Core
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from tilsyn.base.privacy import refuse_cpr
from tilsyn.reports.paper import FONT, NORMAL
from tilsyn.reports.parts import Value

INK, PALE, RULE, LINK = "#1F2933", "#E3E9F0", "#B8C2CC", "#0B4F8A"
# What XML cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Verdana of 10 points in the measures that XlsxWriter knows, in pixels.
_MEASURES = {"default_column_width": 72, "default_row_height": 17}


class _CoreWithLanguage(Core):
    def _write_cp_content_status(self) -> None:
        super()._write_cp_content_status()
        self._xml_data_element("dc:language", self.properties["language"])


class _PackagerWithLanguage(Packager):
    workbook: Any

    def _write_core_file(self) -> None:
        core = _CoreWithLanguage()
        core._set_properties(self.workbook.doc_properties)
        core._set_xml_writer(self._filename("docProps/core.xml"))  # type: ignore[no-untyped-call]
        core._assemble_xml_file()


class _WorkbookWithLanguage(Workbook):
    def _get_packager(self) -> Packager:
        return _PackagerWithLanguage()


class Book:
    """A workbook with its styles; `places` has each of its texts with the first place it stands in."""

    def __init__(self, title: str, properties: Mapping[str, str], day: date) -> None:
        self._file = io.BytesIO()
        self.title = title
        normal = {"font_name": FONT, "font_size": NORMAL}
        options = {"in_memory": True, "default_format_properties": normal, **_MEASURES}
        self.workbook = _WorkbookWithLanguage(self._file, options)
        created = datetime(day.year, day.month, day.day)
        self.workbook.set_properties({"title": title, **properties, "created": created})
        self.places: dict[str, str] = {}
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet."""
        return self.workbook.add_worksheet(name)

    def style(self, **properties: Any) -> Format:
        """Return a cell style, made once for each set of properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._styles:
            whole = {"font_name": FONT, "font_size": NORMAL, "font_color": INK, "valign": "vcenter"}
            self._styles[key] = self.workbook.add_format(whole | properties)
        return self._styles[key]

    def put(self, ws: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
        """Fill a cell; text stays text, also when it begins with `=`."""
        if isinstance(value, str):
            value = self._in_cell(ws, row, column, value)
            if value:
                ws.write_string(row, column, value, style)
                return
        if isinstance(value, int | float):
            ws.write_number(row, column, value, style)
        else:
            ws.write_blank(row, column, None, style)

    def put_across(self, ws: Worksheet, row: int, last: int, text: str, style: Format) -> None:
        """Write a text over the columns up to `last`, one cell to whoever reads it."""
        ws.merge_range(row, 0, row, last, "", style)
        self.put(ws, row, 0, text, style)

    def put_link(self, ws: Worksheet, row: int, name: str) -> None:
        """Link to the sheet of a name from the first column."""
        style = self.style(font_color=LINK, underline=1)
        target = f"internal:{quote_sheetname(name)}!A1"
        ws.write_url(row, 0, target, style, string=self._in_cell(ws, row, 0, name))

    def noted(self, ws: Worksheet, place: str, text: str) -> str:
        """Return a text as it can be written, having noted where it stands."""
        text = legal(text)
        self.places.setdefault(text, f"{ws.name}, {place}")
        return text

    def saved(self, known: Collection[str]) -> bytes:
        """Return the workbook as .xlsx; refused where a text is like a CPR number and not `known`."""
        refuse_cpr(list(self.workbook.doc_properties.values()), f"{self.title}.xlsx", known)
        for text, place in self.places.items():
            refuse_cpr(text, f"{self.title}.xlsx, {place}", known)
        self.workbook.close()
        return self._file.getvalue()

    def _in_cell(self, ws: Worksheet, row: int, column: int, text: str) -> str:
        return self.noted(ws, xl_rowcol_to_cell(row, column), text)


def legal(text: str) -> str:
    r"""Return a text without the characters that XML cannot hold.

    >>> legal("A\x07B")
    'AB'
    """
    return _ILLEGAL.sub("", text)
