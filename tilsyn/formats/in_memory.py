"""Workbooks as bytes; openpyxl by itself puts every sheet in a file outside the workspace on the way."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from tilsyn.base.privacy import refuse_cpr


class MemoryWriter(ExcelWriter):
    """Writes the parts of a workbook, its sheets in memory alone."""

    _archive: ZipFile
    sheet_writer: type[WorksheetWriter] = WorksheetWriter

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        out = BytesIO()
        writer: Any = self.sheet_writer(ws, out)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], self.content(ws, out.getvalue()))
        self.manifest.append(ws)

    def content(self, sheet: Any, written: bytes) -> bytes:
        """Return a sheet's part of the file, given what openpyxl wrote."""
        return written


def saved(
    workbook: Workbook, writer: type[MemoryWriter] = MemoryWriter, known: Collection[str] = ()
) -> bytes:
    """Return a workbook as .xlsx; refused with something like a CPR number in it, but in a `known` text."""
    cells: list[Any] = [cell for sheet in workbook.worksheets for cell in sheet._cells.values()]
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    refuse_cpr(sorted(texts), f"{workbook.properties.title}.xlsx", known)
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        writer(workbook, archive).write_data()
    return content.getvalue()
