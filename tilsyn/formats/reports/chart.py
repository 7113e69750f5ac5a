"""A native chart with intervals and the baseline beside, to be read in black and white too."""

from __future__ import annotations

from collections.abc import Iterable

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumVal, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from tilsyn.base.language import say
from tilsyn.reports.parts import Chart

BAR, INK, GRID = "A9B8CC", "000000", "C9CFD6"
# Centimetres: the whole width of the page, and what a bar and the rest of the chart take in height.
WIDTH, PER_ROW, AROUND = 25.5, 0.6, 3.2


class _ErrorBars(ErrorBars):
    """Error bars whose parts stand in the order of the standard (ECMA-376, CT_ErrBars): plus before minus."""

    tagname = "errBars"
    __nested__ = ErrorBars.__nested__
    __attrs__ = ErrorBars.__attrs__
    __elements__ = ("errDir", "errBarType", "errValType", "noEndCap", "plus", "minus", "val", "spPr")


def chart_height(rows: int, baseline: bool) -> float:
    """Return a chart's height in centimetres.

    >>> chart_height(10, True)
    10.4
    """
    return round(AROUND + rows * PER_ROW * (1.2 if baseline else 1), 2)


def add_chart(ws: Worksheet, chart: Chart, at: int, head: int, last: int) -> None:
    """Draw a sheet's chart from row `at` on, of the table in rows `head` to `last`."""
    drawn = BarChart()
    drawn.type = "bar"
    drawn.gapWidth = 45
    drawn.overlap = -5
    labels = AxDataSource(strRef=StrRef(f=_cells(ws, chart.label, head, last)))
    baseline = chart.baseline
    for column, fill in ((chart.value, BAR), (baseline, "FFFFFF")):
        if column is None:
            continue
        series = Series(Reference(ws, min_col=column + 1, min_row=head, max_row=last), title_from_data=True)
        series.graphicalProperties = GraphicalProperties(solidFill=fill, ln=_line(INK, 0.75))
        series.invertIfNegative = False
        series.cat = labels
        drawn.series.append(series)
    drawn.series[0].errBars = _ErrorBars(
        errDir="y",
        errBarType="both",
        errValType="cust",
        noEndCap=False,
        plus=_lengths((point.high, point.value) for point in chart.points),
        minus=_lengths((point.value, point.low) for point in chart.points),
        spPr=GraphicalProperties(ln=_line(INK, 1.25)),
    )
    _axes(drawn)
    drawn.title = None
    drawn.legend.position = "t"
    drawn.legend.txPr = _text(900)
    if baseline is None:
        drawn.legend = None
    drawn.layout = Layout(manualLayout=_plot(last - head))
    # The stubs take openpyxl's own 15 x 7.5 cm for whole numbers.
    drawn.width = WIDTH  # type: ignore[assignment]
    drawn.height = chart_height(last - head, baseline is not None)
    ws.add_chart(drawn, f"A{at}")


def _axes(drawn: BarChart) -> None:
    """Percentages along the bottom from 0 to 100; the table's first row on top."""
    drawn.y_axis.scaling.min, drawn.y_axis.scaling.max = 0, 1
    drawn.y_axis.majorUnit = 0.1
    drawn.y_axis.number_format = "0%"
    drawn.y_axis.title = say("report.axis")
    drawn.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(GRID, 0.5)))
    drawn.y_axis.delete = drawn.x_axis.delete = False
    # Rows run downwards, which turns the other axis to the top unless it crosses at the far end.
    drawn.x_axis.scaling.orientation = "maxMin"
    drawn.y_axis.crosses = "max"
    drawn.x_axis.txPr, drawn.y_axis.txPr = _text(800), _text(800)
    drawn.x_axis.tickLblPos = "low"


def _plot(rows: int) -> ManualLayout:
    """Half the width is the names'."""
    top = 1.2 / (AROUND + rows * PER_ROW)
    return ManualLayout("inner", "edge", "edge", x=0.42, y=top, w=0.55, h=1 - 2.4 * top)


def _lengths(ends: Iterable[tuple[float | None, float | None]]) -> NumDataSource:
    """How far each point is from its limit, written out: no cell holds it."""
    lengths = [0.0 if far is None or near is None else far - near for far, near in ends]
    values = [NumVal(idx=at, v=repr(length)) for at, length in enumerate(lengths)]
    return NumDataSource(numLit=NumData(ptCount=len(values), pt=values))


def _cells(ws: Worksheet, column: int, head: int, last: int) -> str:
    """The cells of a table's column, without its heading."""
    letter = get_column_letter(column + 1)
    return f"{quote_sheetname(ws.title)}!${letter}${head + 1}:${letter}${last}"


def _line(colour: str, points: float) -> LineProperties:
    return LineProperties(solidFill=colour, w=int(points * 12700))


def _text(size: int) -> RichText:
    properties = CharacterProperties(sz=size, solidFill=INK)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)])
