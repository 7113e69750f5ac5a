"""Workbooks, reports and draws as text that a reviewer can read line by line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.reports.parts import Report, Sheet
from tilsyn.reviews import layout

LEFT_OUT = "(left out: differs from run to run)"
_ANCHOR = re.compile(r"\b\d+:[0-9a-f]{16}\b")


def draw_text(path: Path) -> str:
    """Return a `draw.json`, without the moment it was made, its anchor and the versions it was made with."""
    draw = json.loads(path.read_text("utf-8"))
    for name in ("made_on", "made_at", "anchor", "versions"):
        draw[name] = LEFT_OUT
    return json.dumps(draw, ensure_ascii=False, indent=1) + "\n"


def workbook_text(path: Path) -> str:
    """Return a workbook's cells, sheet by sheet: the cell, what may be typed in it, and what stands in it."""
    return "\n".join(line for sheet in load_workbook(path).worksheets for line in _sheet_lines(sheet))


def _sheet_lines(sheet: Worksheet) -> Iterator[str]:
    hidden = [f"row {row}" for row, size in sorted(sheet.row_dimensions.items()) if size.hidden]
    hidden += [f"column {name}" for name, size in sorted(sheet.column_dimensions.items()) if size.hidden]
    yield f"== {sheet.title} =="
    yield f"state: {sheet.sheet_state}; locked: {'yes' if sheet.protection.sheet else 'no'}"
    yield f"stays in view: {sheet.freeze_panes}; hidden: {', '.join(hidden) or 'nothing'}"
    # The days without work come from the package `holidays`, whose versions differ.
    last = 1 if sheet["A1"].value == layout.FREE_DAYS_MARK else None
    rules = _rules(sheet)
    for row in sheet.iter_rows(max_row=last):
        for cell in row:
            marks = rules.get(cell.coordinate, []) if isinstance(cell, Cell) else []
            if sheet.protection.sheet and not cell.protection.locked:
                marks = ["open", *marks]
            if cell.value is not None or marks:
                yield f"{cell.coordinate:6}{_in_brackets(marks)}{_cell_text(cell.value)}".rstrip()
    yield ""


def _rules(sheet: Worksheet) -> dict[str, list[str]]:
    """Return the validation of each cell: its kind and its limits."""
    found: dict[str, list[str]] = {}
    for rule in sheet.data_validations.dataValidation:
        limits = [str(limit) for limit in (rule.operator, rule.formula1, rule.formula2) if limit is not None]
        for area in rule.sqref:
            for row in (
                sheet[area.coord] if area.size["rows"] * area.size["columns"] > 1 else [[sheet[area.coord]]]
            ):
                for cell in row:
                    found.setdefault(cell.coordinate, []).append(" ".join([str(rule.type), *limits]))
    return found


def _in_brackets(marks: list[str]) -> str:
    return f"[{'; '.join(marks)}] " if marks else ""


def _cell_text(value: Any) -> str:
    text = "" if value is None else str(value).replace("\n", "\\n")
    return _ANCHOR.sub(LEFT_OUT, text)


def report_text(report: Report) -> str:
    """Return a report: its cover, and each sheet as a table."""
    cover = [
        f"== {report.title} ==",
        report.subtitle,
        *(f"! {warning}" for warning in report.warnings),
        f"# {report.summary.title}",
        *(f"{one.label}: {one.value}, {one.range}; {one.before}" for one in report.summary.figures),
        *(line for block in report.summary.blocks for line in (f"# {block.heading}", *block.sentences)),
        "",
    ]
    return "\n".join([*cover, *(line for sheet in report.sheets for line in _report_sheet_lines(sheet))])


def _report_sheet_lines(sheet: Sheet) -> Iterator[str]:
    yield f"== {sheet.name} =="
    yield sheet.title
    yield from sheet.lines
    yield " | ".join(f"{column.heading} [{column.kind}]" for column in sheet.columns)
    for row in sheet.rows:
        yield " | ".join(_value_text(value) for value in row)
    if sheet.chart is not None:
        yield f"chart: {sheet.chart.alt_text}"
    yield ""


def _value_text(value: Any) -> str:
    return f"{value:.6f}" if isinstance(value, float) else _cell_text(value)
