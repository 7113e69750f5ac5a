"""The page in a workbook's own measures: what fits on it, and how much room a text takes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from xlsxwriter.utility import xl_pixel_width

# Wide and legible; where it is missing, programs take DejaVu Sans, which is as wide.
FONT = "Verdana"
# A character of column width is a digit of this size; beside them a column has its padding.
NORMAL, DIGIT, PADDING = 10, 8, 5
POINTS_PER_PIXEL = 0.75
# The widest that a program makes such a digit (LibreOffice with DejaVu Sans), in points.
WIDEST_DIGIT = 6.36
# XlsxWriter knows how wide a text is in Calibri of 11 points; ours is wider, most of all when bold.
FAMILIAR, WIDER, BOLDER = 11, 1.25, 1.15
LINE = 1.25
INDENT = 9.0
# The highest row that programs know.
HIGHEST = 409.0
INCH = 72


@dataclass(frozen=True)
class Paper:
    """A4, upright or lying; lengths in points, margins in inches."""

    upright: bool
    side: float = 0.5
    top: float = 0.6
    bottom: float = 0.7

    @property
    def width(self) -> float:
        """What is left between the margins, less a little: programs round each column's width."""
        return ((595 if self.upright else 842) - 2 * self.side * INCH) * 0.985

    @property
    def height(self) -> float:
        """What is left between the margins, less a little: printers differ."""
        return ((842 if self.upright else 595) - (self.top + self.bottom) * INCH) * 0.98


def on_paper(widths: Sequence[float]) -> float:
    """Return the points that columns of these widths take on paper in the program that makes them widest.

    >>> round(on_paper([26, 26, 26]))
    508
    """
    return sum(width + PADDING / DIGIT for width in widths) * WIDEST_DIGIT


def characters(points: float) -> float:
    """Return the width of a single column that takes so many points on paper."""
    return points / WIDEST_DIGIT - PADDING / DIGIT


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the points that a text takes on one line, rather more than less."""
    return float(xl_pixel_width(text)) * POINTS_PER_PIXEL * size / FAMILIAR * WIDER * (BOLDER if bold else 1)


@lru_cache(maxsize=10_000)
def broken(text: str, width: float, size: float, bold: bool = False, indent: int = 0) -> tuple[str, ...]:
    r"""Break a text into the lines it takes in a column of a width.

    >>> broken("landet 2023: 96 %\nnabobyen 2017: 88 %", 60, 9)
    ('landet 2023: 96 %', 'nabobyen 2017: 88 %')
    >>> broken("landet 2020–2022: 69 % (delvis)", 16, 9)
    ('landet 2020–2022:', '69 % (delvis)')
    """
    room = max(width * DIGIT * POINTS_PER_PIXEL - indent * INDENT, 2 * size)
    made = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if text_width(longer, size, bold) <= room:
                line = longer
                continue
            if line:
                made.append(line)
            *full, line = _chopped(word, room, size, bold)
            made += full
        made.append(line)
    return tuple(made)


def lines(text: str, width: float, size: float, bold: bool = False, indent: int = 0) -> int:
    """Return how many lines a text takes in a column of a width."""
    return len(broken(text, width, size, bold, indent))


def _chopped(word: str, room: float, size: float, bold: bool) -> list[str]:
    """Break a word that is wider than its column where the column ends, as programs do."""
    parts = [""]
    for character in word:
        if parts[-1] and text_width(parts[-1] + character, size, bold) > room:
            parts.append("")
        parts[-1] += character
    return parts


def row_height(count: int, size: float, around: float = 3) -> float:
    """Return the height of a row of so many lines, in quarters of a point as programs keep it."""
    return min(HIGHEST, math.ceil((count * size * LINE + around) * 4) / 4)
