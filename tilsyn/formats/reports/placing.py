"""Where a sheet's chart stands: beside its table, row by row, or below it, and always whole on a page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.formats.reports.chart import LYING_NAMES, SIZE, ChartPlace, draw, legend
from tilsyn.formats.reports.desk import Desk
from tilsyn.reports.chart_numbers import Series
from tilsyn.reports.paper import DIGIT, PADDING, POINTS_PER_PIXEL, characters, lines, row_height, text_width
from tilsyn.reports.parts import Chart, Sheet

# A rest of the page that is as wide has room for a chart beside the table. In points.
FOR_A_CHART = 190
# A chart's axis of per cents, and the air around its title, its foot and a row where the rows have names.
AXIS, OVER, UNDER, ROW = 20.0, 16.0, 6.0, 8.0
# The part of the width that is the names', and what is left right of the last per cent.
NAMES, RIGHT = 0.4, 0.05
# The lines of a name that there is room for in a chart; the table has it whole.
MOST_LINES = 4
# The cells under a chart below a table, and how low and how high the plot of a chart over time may be.
CELLS, LOW, HIGH = 15.0, 150.0, 280.0


@dataclass(frozen=True)
class Beside:
    """A chart beside a table, row by row: the heights of its title and of what stands under its plot."""

    title: float
    foot: float
    width: float


def beside(desk: Desk, sheet: Sheet, heights: Sequence[float], rest: float, room: float) -> Beside | None:
    """Return how a chart stands in the column that is the page's rest; None where it has no room.

    The table's rows are as high as the highest then, and all must stand on one page.
    """
    chart = sheet.chart
    if chart is None or chart.kind != "rows" or rest < FOR_A_CHART or not sheet.rows:
        return None
    width = characters(rest)
    title = row_height(lines(chart.title, width - 3, SIZE, True), SIZE, OVER)
    foot = AXIS + row_height(lines(legend(sheet, chart), width * (0.9 - RIGHT), SIZE), SIZE, UNDER)
    whole = sum(desk.heights) + title + heights[0] + len(sheet.rows) * max(heights[1:]) + foot
    return Beside(title, foot, width) if whole <= room else None


def draw_beside(desk: Desk, sheet: Sheet, chart: Chart, series: Series, place: Beside, head: int) -> None:
    """Draw a chart whose rows are the table's own, so that the names are there already."""
    rows = sum(desk.heights[head + 1 :])
    desk.row(place.foot)
    above = place.title + desk.heights[head]
    whole = above + rows + place.foot
    plot = (0.04, above / whole, 0.96 - RIGHT, rows / whole)
    size = (place.width * DIGIT + PADDING - 2, whole / POINTS_PER_PIXEL - 2)
    at = ChartPlace(head - 1, len(sheet.columns), *size, plot, names=False)
    draw(desk.book, desk.ws, sheet, chart, series, at)


def draw_below(
    desk: Desk, sheet: Sheet, chart: Chart, series: Series, widths: Sequence[float], head: int, room: float
) -> None:
    """Draw a chart under its table, in as many parts as it takes for each to stand whole on a page."""
    width = sum(int(one * DIGIT + 0.5) + PADDING for one in widths)
    characters = width / DIGIT
    above = row_height(lines(chart.title, characters * 0.9, SIZE, True), SIZE, OVER)
    foot = AXIS + row_height(lines(legend(sheet, chart), characters * 0.5, SIZE), SIZE, UNDER)
    points = chart.points
    used = _used(desk.heights, head, room)
    if chart.kind == "rows":
        names = max(lines(point.name, characters * (NAMES - 0.03), SIZE) for point in points)
        tall = row_height(min(names, MOST_LINES), SIZE, ROW)
        most = max(1, int((room - above - foot - 3 * CELLS) / tall))
        left, right = NAMES, RIGHT
    else:
        if len(points) > LYING_NAMES:
            foot += max(text_width(point.name, SIZE) for point in points)
        rest = room - used - above - foot - 3 * CELLS
        tall = (rest if LOW < rest < HIGH else HIGH) / len(points)
        most = len(points)
        left, right = 0.07, 0.03
    breaks = []
    for part in series.parts(most):
        cells = math.ceil((above + len(part.rows) * tall + foot) / CELLS)
        if used + (cells + 1) * CELLS > room:
            breaks.append(desk.next)
            used = desk.heights[head]
        used += (cells + 1) * CELLS
        first = desk.row(CELLS) + 1
        for _ in range(cells):
            desk.row(CELLS)
        whole = cells * CELLS
        box = (left, above / whole, 1 - left - right, len(part.rows) * tall / whole)
        place = ChartPlace(first, 0, width - 2, whole / POINTS_PER_PIXEL - 2, box)
        draw(desk.book, desk.ws, sheet, chart, part, place)
    desk.ws.set_h_pagebreaks(breaks)


def _used(heights: Sequence[float], head: int, room: float) -> float:
    """Return how much of its last page a sheet takes so far; the heading is repeated on each."""
    used = 0.0
    for row, height in enumerate(heights):
        if used + height > room:
            used = heights[head] if row > head else 0.0
        used += height
    return used
