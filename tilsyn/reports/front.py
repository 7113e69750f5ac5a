"""The page for the committee as rows from above: what stands in each, how large, and how high the row is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.reports.paper import LINE, Paper, lines
from tilsyn.reports.parts import Report, Summary

PAPER = Paper(upright=True, side=0.6, top=0.6, bottom=0.7)
# Three columns for the figures side by side; a text stands over all three, which are one cell for it.
COLUMNS, WIDTH = 3, 25.5
ACROSS = COLUMNS * (WIDTH + 0.6)
TEXT, HEADING, TITLE = 10, 12, 16
FIGURE, LONG_FIGURE = 22, 14
# The air of a row in points, the least and the most: around its text, of a gap, and of a field to fill in.
AROUND_TEXT = (1.0, 5.0)
AIR = {"gap": (4.0, 11.0), "field": (32.0, 60.0)}


@dataclass(frozen=True)
class FrontRow:
    """A row of the page: texts, across it or beside each other, and how high they are; a gap or a field."""

    texts: Sequence[str] = ("",)
    look: str = "text"
    text: float = 0.0


def front_rows(report: Report) -> list[FrontRow]:
    """Return the page's rows."""
    summary = report.summary
    return [*_top(report, summary), *_figures(summary), *_blocks(summary)]


def _top(report: Report, summary: Summary) -> list[FrontRow]:
    rows = [_line(report.preliminary, "warning")] if report.preliminary else []
    rows += [_line(report.title, "text"), _line(summary.title, "title"), _line(report.subtitle, "text")]
    return rows + [_line(warning, "warning") for warning in report.warnings]


def _figures(summary: Summary) -> list[FrontRow]:
    if not summary.figures:
        return []
    shown = list(summary.figures[:COLUMNS])
    empty = [""] * (COLUMNS - len(shown))
    parts = {
        "label": [figure.label for figure in shown],
        "figure": [figure.value for figure in shown],
        "range": [figure.range for figure in shown],
        "before": [figure.before for figure in shown],
    }
    return [FrontRow(look="gap"), *(_beside([*texts, *empty], look) for look, texts in parts.items())]


def _blocks(summary: Summary) -> list[FrontRow]:
    rows = []
    for block in summary.blocks:
        rows += [FrontRow(look="gap"), _line(block.heading, "heading")]
        rows += [_line(sentence, "sentence") for sentence in block.sentences]
        if not block.sentences:
            rows.append(FrontRow(look="field"))
    return rows


def _line(text: str, look: str) -> FrontRow:
    size, bold = front_font(look, text)
    return FrontRow((text,), look, lines(text, ACROSS, size, bold, indent=1) * size * LINE)


def _beside(texts: Sequence[str], look: str) -> FrontRow:
    sizes = [(text, *front_font(look, text)) for text in texts]
    high = max(lines(text, WIDTH, size, bold, indent=1) * size * LINE for text, size, bold in sizes)
    return FrontRow(texts, look, high)


def fits(report: Report) -> bool:
    """Tell whether all of the page stands on one, with the least air."""
    return sum(row.text + AIR.get(row.look, AROUND_TEXT)[0] for row in front_rows(report)) <= PAPER.height


def front_heights(rows: Sequence[FrontRow]) -> list[float]:
    """Return the rows' heights: their texts', and as much air as leaves all on one page."""
    least = [row.text + AIR.get(row.look, AROUND_TEXT)[0] for row in rows]
    most = [row.text + AIR.get(row.look, AROUND_TEXT)[1] for row in rows]
    left = PAPER.height - sum(least)
    part = max(0.0, min(1.0, left / (sum(most) - sum(least))))
    return [int((low + part * (high - low)) * 4) / 4 for low, high in zip(least, most, strict=True)]


def front_font(look: str, text: str) -> tuple[float, bool]:
    """Return a look's size and whether it is bold; a figure that is a long text is written smaller."""
    if look == "figure":
        return (FIGURE if lines(text, WIDTH, FIGURE, bold=True, indent=1) == 1 else LONG_FIGURE), True
    size = {"title": TITLE, "heading": HEADING}.get(look, TEXT)
    return size, look in ("title", "heading", "warning", "label")
