"""How much room a text takes in Arial, and in Liberation Sans, which is as wide.

Where a program has neither it shows another font, and makes its columns as much wider.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

# Thousandths of the font's size, by the signs that are so wide.
_SIGNS: Mapping[int, str] = {
    191: "'",
    222: "ijl’",
    260: "|",
    278: " !,./:;I[\\]ft·",
    333: "()-`r“”",
    334: "{}",
    350: "•",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu§«»åéüöä–",
    584: "+<=>~",
    604: "●",
    611: "FTZø",
    667: "&ABEKPSVXYÅ",
    708: "█░",
    722: "CDHNRUw",
    778: "GOQØ",
    833: "Mm",
    889: "%æ",
    944: "W",
    1000: "Æ—…→",
    1015: "@",
}
_WIDTHS = {sign: width for width, signs in _SIGNS.items() for sign in signs}
_OTHER = 1000
_BOLD = 1.08
# A line is so much higher than its font, and a cell has so many points around its text.
LINE = 1.17
PADDING = 4.0


@lru_cache(maxsize=20_000)
def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text on one line, in points.

    >>> width("nej", 10) < width("ja, det er den", 10)
    True
    """
    return sum(_WIDTHS.get(sign, _OTHER) for sign in text) * size / 1000 * (_BOLD if bold else 1)


@lru_cache(maxsize=20_000)
def lines(text: str, room: float, size: float, *, bold: bool = False) -> int:
    """Return the lines that a text takes in a cell of so many points, wrapped between words.

    >>> lines("et", 50, 10), lines("et ord og et til", 50, 10), lines("to\\nlinjer", 90, 10)
    (1, 2, 2)
    """
    return sum(_wrapped(line, room - PADDING, size, bold) for line in text.split("\n"))


def _wrapped(line: str, room: float, size: float, bold: bool) -> int:
    count, used, space = 1, 0.0, width(" ", size, bold=bold)
    for word in line.split():
        length = width(word, size, bold=bold)
        if used and used + space + length > room:
            count, used = count + 1, 0.0
        used += length + (space if used else 0.0)
        # A word that is longer than a line is broken where it must.
        extra = int(used // room) if used > room else 0
        count, used = count + extra, used - extra * room
    return count


def height(text: str, room: float, size: float, *, bold: bool = False) -> float:
    """Return the height of a cell's wrapped text, in points."""
    return lines(text, room, size, bold=bold) * size * LINE + 1


@lru_cache(maxsize=20_000)
def cut(text: str, room: float, size: float) -> str:
    """Return a text that stands on one line, its end left out where it must be.

    >>> cut("en kort", 100, 10), cut("en lang tekst om ingenting", 60, 10)
    ('en kort', 'en lang te…')
    """
    if width(text, size) <= room - PADDING:
        return text
    used, left = 0.0, room - PADDING - width("…", size)
    for place, sign in enumerate(text):
        used += width(sign, size)
        if used > left:
            return text[:place].rstrip(" ,.:?") + "…"
    return text


@lru_cache(maxsize=20_000)
def fitted(text: str, room: float, size: float, most: int) -> str:
    """Return a text that takes so many lines at most, its last words left out where they must be.

    >>> fitted("en kort", 60, 10, 2), fitted("en lang tekst om ingenting, og om alt", 60, 10, 2)
    ('en kort', 'en lang tekst om…')
    """
    words = text.split()
    if lines(" ".join(words), room, size) <= most:
        return " ".join(words)
    while len(words) > 1 and lines(" ".join(words) + "…", room, size) > most:
        words.pop()
    return cut(" ".join(words).rstrip(" ,.:;·") + "…", most * (room - PADDING), size)
