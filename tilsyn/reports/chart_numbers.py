"""The sheet of the numbers that charts are drawn from: in sight, and empty where there is no figure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from tilsyn.base.language import say
from tilsyn.reports.fitting import cell_value
from tilsyn.reports.parts import Chart, ChartPoint, Column, Report, Sheet, Value

# The columns of the sheet; `DOWN` and `UP` are the distances from the value to the ends of its interval.
CHART, NAME, VALUE, LOW, HIGH, BEFORE, DOWN, UP = range(8)


@dataclass(frozen=True)
class Series:
    """Where a chart's numbers stand: on which sheet, in which rows from 0; `told` says which part it is."""

    name: str
    rows: range
    told: str = ""

    def cells(self, column: int) -> str:
        """Return the address of a column's numbers."""
        cells = xl_range_abs(self.rows.start, column, self.rows.stop - 1, column)
        return f"={quote_sheetname(self.name)}!{cells}"

    def parts(self, most: int) -> list[Series]:
        """Return it in parts of about the same length, none of more than so many rows."""
        count = math.ceil(len(self.rows) / most)
        size = math.ceil(len(self.rows) / count)
        rows = [self.rows[at : at + size] for at in range(0, len(self.rows), size)]
        told = [f" ({number}/{len(rows)})" if len(rows) > 1 else "" for number in range(1, len(rows) + 1)]
        return [replace(self, rows=own, told=text) for own, text in zip(rows, told, strict=True)]


def numbers_sheet(report: Report) -> Sheet | None:
    """Return the sheet with the numbers of all charts, one after the other."""
    columns = [
        Column(say("report.numbers_chart"), "long", 20),
        Column(say("report.numbers_name"), "long", 24),
        Column(say("report.numbers_value"), "share", 8),
        Column(say("report.numbers_low"), "share", 8),
        Column(say("report.numbers_high"), "share", 8),
        Column(say("report.numbers_before"), "share", 8),
        Column(say("report.numbers_down"), "share", 8),
        Column(say("report.numbers_up"), "share", 8),
    ]
    rows = [
        _row(sheet.name, point, report.public) for sheet, chart in _charts(report) for point in chart.points
    ]
    if not rows:
        return None
    name, title = say("report.numbers_tab"), say("report.numbers_title")
    return Sheet(name, title, [say("report.numbers_intro")], columns, rows, "chart_numbers", portrait=True)


def series_by_sheet(report: Report, name: str, first: int) -> dict[str, Series]:
    """Return where each chart's numbers stand, by the key of its sheet; the first of all in row `first`."""
    found = {}
    for sheet, chart in _charts(report):
        after = first + len(chart.points)
        found[sheet.key] = Series(name, range(first, after))
        first = after
    return found


def _charts(report: Report) -> list[tuple[Sheet, Chart]]:
    return [(sheet, sheet.chart) for sheet in report.sheets if sheet.chart is not None]


def _row(chart: str, point: ChartPoint, public: bool) -> list[Value]:
    """A point's row; the distances are those of the numbers as they stand, and tell no more than these."""
    shares = (point.value, point.low, point.high, point.before)
    value, low, high, before = (cell_value(share, "share", public) for share in shares)
    if not (isinstance(value, float) and isinstance(low, float) and isinstance(high, float)):
        return [chart, point.name, value, None, None, before, None, None]
    return [chart, point.name, value, low, high, before, max(0.0, value - low), max(0.0, high - value)]
