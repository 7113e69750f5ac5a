"""A native chart: for each row a point, its interval and a mark for before, told apart by shape alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.formats.reports.book import Book, legal
from tilsyn.reports.chart_numbers import BEFORE, DOWN, NAME, UP, VALUE, Series
from tilsyn.reports.paper import FONT
from tilsyn.reports.parts import Chart, Sheet

INK, GREY, GRID = "#000000", "#4A545E", "#C9CFD6"
SIZE = 9
NONE = {"none": True}
# A mark is an error bar: half its length on the axis, which is 1 long, its thickness in points, and whether
# it has caps at its ends. Of one that is as good as nothing long, only the caps are seen: an upright stroke.
POINT, MARK_BEFORE = (0.006, 6.5, False), (0.0001, 3.0, True)
# With more rounds than these their names stand upright.
LYING_NAMES = 9


@dataclass(frozen=True)
class ChartPlace:
    """Where a chart stands: its first cell, its size in pixels, its plot's box in parts of it.

    Without `names` its rows stand beside those of a table.
    """

    row: int
    column: int
    width: float
    height: float
    plot: tuple[float, float, float, float]
    names: bool = True


def legend(sheet: Sheet, chart: Chart) -> str:
    """Return what the marks of a chart mean."""
    parts = [say(f"report.marks_{chart.kind}")]
    if chart.baseline is not None:
        before = sheet.columns[chart.baseline].heading
        parts.append(say(f"report.mark_before_{chart.kind}", before=before))
    return " ".join(parts)


def draw(book: Book, ws: Worksheet, sheet: Sheet, chart: Chart, series: Series, place: ChartPlace) -> None:
    """Draw a chart, or the part of it that `series` has."""
    drawn: Any = book.workbook.add_chart({"type": "bar" if chart.kind == "rows" else "line"})
    (_draw_rows if chart.kind == "rows" else _draw_rounds)(drawn, series, chart.baseline is not None)
    corner = xl_rowcol_to_cell(place.row, place.column)
    title = book.noted(ws, corner, f"{chart.title}{series.told}")
    drawn.set_title({"name": _never_a_cell(title), "overlay": False, "name_font": _font(bold=True)})
    upright = len(series.rows) > LYING_NAMES
    _axes(drawn, chart.kind, _never_a_cell(legend(sheet, chart)), place.names, upright)
    drawn.set_legend(NONE)
    x, y, width, height = place.plot
    drawn.set_plotarea({"layout": {"x": x, "y": y, "width": width, "height": height}})
    drawn.set_chartarea({"border": NONE, "fill": NONE})
    drawn.set_size({"width": int(place.width), "height": int(place.height)})
    text = book.noted(ws, corner, f"{chart.alt_text}{series.told}")
    ws.insert_chart(place.row, place.column, drawn, {"description": text})


def _draw_rows(drawn: Any, series: Series, before: bool) -> None:
    """Bars without ink, one upon the other, of which only the error bars are seen."""
    bare = {"categories": series.cells(NAME), "fill": NONE, "border": NONE, "gap": 30, "overlap": 100}
    now = {**bare, "values": series.cells(VALUE)}
    drawn.add_series({**now, "y_error_bars": _interval(series)})
    if before:
        drawn.add_series({**bare, "values": series.cells(BEFORE), "y_error_bars": _mark(*MARK_BEFORE, INK)})
    drawn.add_series({**now, "y_error_bars": _mark(*POINT, INK)})


def _draw_rounds(drawn: Any, series: Series, before: bool) -> None:
    """Points in time with their intervals, the line through them broken where there is none."""
    names = {"categories": series.cells(NAME)}
    marker = {"type": "circle", "size": 8, "fill": {"color": INK}, "border": {"color": INK}}
    line = {"color": GREY, "width": 1}
    now = {"values": series.cells(VALUE), "line": line, "marker": marker, "y_error_bars": _interval(series)}
    drawn.add_series({**names, **now})
    if before:
        dashed = {"color": INK, "width": 1.25, "dash_type": "dash"}
        drawn.add_series({**names, "values": series.cells(BEFORE), "line": dashed})


def _axes(drawn: Any, kind: str, told: str, names: bool, upright: bool) -> None:
    """Per cents from 0 to 100, and the rows from above or the rounds from the left."""
    grid = {"visible": True, "line": {"color": GRID, "width": 0.5}}
    share = {
        "min": 0,
        "max": 1,
        "major_unit": 0.1 if names else 0.2,
        "num_format": "0%",
        "num_font": _font(),
        "line": NONE,
        "major_gridlines": grid,
    }
    named = {
        "num_font": _font(),
        "line": {"color": INK, "width": 0.75},
        "major_tick_mark": "none",
        "interval_unit": 1,
        "label_position": "low" if names else "none",
    }
    title = {"name": told, "name_font": _font()}
    if kind == "rows":
        # The table's first row stands on top, and the per cents at the foot all the same.
        drawn.set_y_axis({**named, "reverse": True, "crossing": "max", "major_gridlines": grid})
        drawn.set_x_axis({**share, **title})
    else:
        if upright:
            named["num_font"] = {**_font(), "rotation": -90}
        drawn.set_x_axis({**named, **title})
        drawn.set_y_axis(share)


def _interval(series: Series) -> dict[str, Any]:
    """From each value to its limits, with a cap at both ends."""
    return {
        "type": "custom",
        "plus_values": series.cells(UP),
        "minus_values": series.cells(DOWN),
        "line": {"color": INK, "width": 1.25},
    }


def _mark(half: float, thick: float, caps: bool, colour: str) -> dict[str, Any]:
    return {"type": "fixed", "value": half, "end_style": int(caps), "line": {"color": colour, "width": thick}}


def _never_a_cell(text: str) -> str:
    """Return a title that is not taken for the address of a cell: `A!B2`."""
    return legal(text).replace("!", "! ")


def _font(bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": SIZE, "bold": bold, "color": INK}
