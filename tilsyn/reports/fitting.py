"""The columns of a table: how wide they are on paper, and how their numbers are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tilsyn.reports.paper import (
    DIGIT,
    INDENT,
    POINTS_PER_PIXEL,
    WIDEST_DIGIT,
    Paper,
    on_paper,
    text_width,
)
from tilsyn.reports.parts import Column, Report, Value

NUMERIC = ("range", "count", "share", "points", "number", "p")
FORMATS = {"count": "#,##0", "share": "0.0%", "points": "+0.0;-0.0;0.0", "number": "0.0", "p": "0.000"}
WHOLE = {"share": "0%", "points": "+0;-0;0"}
# The decimals that a public report shows, and has.
SHOWN = {"share": 2, "points": 0}
# A probability below what its format shows.
SMALL = {"da": '[<0.001]"<0,001";', "en": '[<0.001]"<0.001";'}
# The size of a table's text, and how small each layer's may become on paper.
SIZE, LEAST = 9, {"figures": 9, "annex": 8}
# Points of air beside a number, which has no indent.
AIR = 3.0
# Characters that no column of text is narrower than, and that a long word can ask for.
NARROWEST, LONG_WORD = 7.0, 18.0


def formats(report: Report) -> dict[str, str]:
    """Return how each kind of number is shown: whole per cents where the report is public."""
    shown = FORMATS | WHOLE if report.public else FORMATS
    return {**shown, "p": SMALL[report.language] + shown["p"]}


def cell_value(value: Value, kind: str, public: bool) -> Value:
    """Return what stands in a cell: no dust of floating point, nothing that would be shown as -0,0.

    In a public report there is no more to a number than is shown.

    >>> cell_value(-0.04, "points", False), cell_value(-0.4, "points", True)
    (0.0, 0.0)
    >>> cell_value(0.1 + 0.2, "share", False)
    0.3
    """
    if not isinstance(value, float):
        return value
    if public and kind in SHOWN:
        return round(value, SHOWN[kind]) + 0.0
    if kind in ("points", "number") and round(value, 1) == 0:
        return 0.0
    return round(value, 9)


def fitted(
    columns: Sequence[Column], rows: Sequence[Sequence[Value]], paper: Paper, layer: str
) -> tuple[list[Column], int]:
    """Return columns that stand side by side on a page, and the scale of print in per cent.

    First the columns of numbers give way, then those of text, as far as their words allow. Where that is not
    enough, none does: such a table runs over several pages, and is large enough to be read.
    """
    least = -(-100 * LEAST[layer] // SIZE)
    needs = [_needed(column, at, rows) for at, column in enumerate(columns)]
    widths = [max(column.width, need) for column, need in zip(columns, needs, strict=True)]
    over = (on_paper(widths) - paper.width * 100 / least) / WIDEST_DIGIT
    if over < sum(widths) - sum(needs):
        for numeric in (True, False):
            spare = [
                width - need if (column.kind in NUMERIC) == numeric else 0.0
                for column, width, need in zip(columns, widths, needs, strict=True)
            ]
            part = max(0.0, min(1.0, over / (sum(spare) or 1.0)))
            widths = [width - part * own for width, own in zip(widths, spare, strict=True)]
            over -= part * sum(spare)
    made = [replace(column, width=width) for column, width in zip(columns, widths, strict=True)]
    return made, max(least, min(100, int(100 * paper.width / on_paper(widths) + 0.01)))


def widened(columns: Sequence[Column], rows: Sequence[Sequence[Value]], room: float) -> list[Column]:
    """Return columns of which those of text have what is left of the page's width, where it saves lines."""
    wanted = []
    for at, column in enumerate(columns):
        texts = [row[at] for row in rows] if column.kind not in NUMERIC else []
        lines = [line for text in texts if isinstance(text, str) for line in text.split("\n")]
        wanted.append(max(0.0, max(map(_characters, lines), default=0.0) - column.width))
    rest = (room - on_paper([column.width for column in columns])) / WIDEST_DIGIT
    part = max(0.0, min(1.0, rest / (sum(wanted) or 1.0)))
    return [
        replace(column, width=column.width + part * more)
        for column, more in zip(columns, wanted, strict=True)
    ]


def _needed(column: Column, at: int, rows: Sequence[Sequence[Value]]) -> float:
    """Return the width that a column must have: its longest number's, or its longest word's in reason."""
    indent = AIR if column.kind in NUMERIC else INDENT
    heading = max((_characters(word, indent, bold=True) for word in column.heading.split()), default=0.0)
    if column.kind in NUMERIC:
        shown = {_as_shown(row[at], column.kind) for row in rows}
        return max(*(_characters(text, indent) for text in {*shown, ""}), min(LONG_WORD, heading))
    words = {word for row in rows if isinstance(text := row[at], str) for word in text.split()}
    longest = max((_characters(word) for word in words), default=0.0)
    return max(NARROWEST, min(LONG_WORD, max(longest, heading)))


def _as_shown(value: Value, kind: str) -> str:
    """Return what a cell of a column of numbers shows, rather longer than shorter."""
    if not isinstance(value, int | float):
        return value or ""
    if kind == "share":
        return f"{value * 100:.1f} %"
    return f"+{value:,.1f}" if kind == "points" else f"{value:,}" if kind == "count" else f"{value:.3f}"


def _characters(text: str, indent: float = INDENT, bold: bool = False) -> float:
    """Return the width of a column for a text on one line."""
    return (text_width(text, SIZE, bold) + indent) / (DIGIT * POINTS_PER_PIXEL)
