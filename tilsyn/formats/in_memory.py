"""Workbooks as bytes; openpyxl by itself puts every sheet in a file outside the workspace on the way."""

from __future__ import annotations

from collections.abc import Callable, Collection
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
        self._archive.writestr(ws.path[1:], self.content(ws))
        self.manifest.append(ws)

    def content(self, sheet: Any) -> bytes:
        """Return a sheet's part of the file."""
        out = BytesIO()
        writer: Any = self.sheet_writer(sheet, out)
        writer.write()
        sheet._rels = writer._rels
        return out.getvalue()


def saved(
    workbook: Workbook,
    writer: Callable[[Workbook, ZipFile], MemoryWriter] = MemoryWriter,
    known: Collection[str] = (),
) -> bytes:
    """Return a workbook as .xlsx; refused with something like a CPR number in it, but in a `known` text."""
    cells: list[Any] = [cell for sheet in workbook.worksheets for cell in sheet._cells.values()]
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    refuse_cpr(sorted(texts), f"{workbook.properties.title}.xlsx", known)
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        writer(workbook, archive).write_data()
    return content.getvalue()
