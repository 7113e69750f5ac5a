"""What a terminal has room for: fewer columns, narrower ones."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tilsyn.base.language import say
from tilsyn.cli.characters import showable

# Piped to a file or a mail, a table must not be cut to 80 columns.
_PIPED = 200
# A text may be broken into lines of so many characters, and into four lines rather than more; where fewer
# columns than this would stay, its words may be broken too.
_NARROW, _CRAMPED, _LINES, _FEWEST = 20, 12, 4, 3
# The heights of a small line's characters, and what stands for them where not all of them can be shown.
_HEIGHTS, _PLAIN_HEIGHTS = "▁▂▃▄▅▆▇█", "12345678"


@dataclass(frozen=True)
class Table:
    """A table for the terminal; a heading that begins with `>` is right-aligned, the notes stand under it.

    Where there is no room for all columns, the `important` ones stay longest, in their order, then those to
    the left. What stands in `own_line` gets lines of its own under the table instead.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    notes: Sequence[str] = ()
    important: Sequence[str] = ()
    own_line: str | None = None


def heights() -> str:
    """Return the characters of a small line, from the lowest to the highest, as stdout can show them."""
    try:
        _HEIGHTS.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return _PLAIN_HEIGHTS
    return _HEIGHTS


def small_line(shares: Iterable[float | None], characters: str) -> str:
    """Return shares from 0 to 1 as a line of characters, with a gap for each that is None.

    >>> small_line([0, 0.5, None, 0.93, 1], "12345678")
    '15 88'
    """
    top = len(characters) - 1
    return "".join(" " if share is None else characters[int(share * top + 0.5)] for share in shares)


def fitted(table: Table, width: int) -> Table:
    """Return a table that is no wider: the least important columns are left out, which a note says.

    >>> fitted(Table(["Unit", ">Cases", "Remark"], [["A", "1", "x " * 50]]), 30).columns
    ['Unit', '>Cases']
    """
    if _total(_whole(table, place) for place in range(len(table.columns))) <= width:
        return table
    headings = [_plain(heading) for heading in table.columns]
    order = [headings.index(_plain(heading)) for heading in table.important if _plain(heading) in headings]
    order += [place for place in range(len(headings)) if place not in order]
    easily = needed = _easily(table)
    unbroken = [max(pair) for pair in zip(needed, map(len, headings), strict=True)]
    if _total(unbroken) <= width:
        needed = unbroken
    kept = _room(needed, order, width)
    if kept < min(_FEWEST, len(order)):
        needed = [_needed(table, place, _CRAMPED) for place in range(len(headings))]
        kept = _room(needed, order, width)
    shown, gone = sorted(order[:kept]), sorted(order[kept:])
    below = [place for place in gone if headings[place] == table.own_line]
    names = ", ".join(headings[place] or "–" for place in gone if place not in below)
    notes = [say("app.left_out", names=names, width=_total(easily))] if names else []
    notes += [line for place in below for line in _lines(table, shown, place)]
    return replace(
        table,
        columns=[_broken(table.columns[place], needed[place]) for place in shown],
        rows=[[row[place] for place in shown] for row in table.rows],
        notes=[*notes, *table.notes],
    )


def _plain(heading: str) -> str:
    return heading.removeprefix(">")


def _total(widths: Iterable[int]) -> int:
    """Return how wide a table of columns so wide is, its lines included."""
    return sum(width + 3 for width in widths) + 1


def _room(needed: Sequence[int], order: Sequence[int], width: int) -> int:
    """Return how many columns there is room for; one column alone says nothing of anything."""
    kept = len(order)
    while kept > 2 and _total(needed[place] for place in order[:kept]) > width:
        kept -= 1
    return kept


def _whole(table: Table, place: int) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, (_plain(table.columns[place]), *(row[place] for row in table.rows))))


def _needed(table: Table, place: int, narrow: int) -> int:
    """Return how wide a column must be to be read: a figure is not broken, nor a word but a long one."""
    from rich.cells import cell_len

    cells = [row[place] for row in table.rows]
    heading = max(map(cell_len, _plain(table.columns[place]).split()), default=0)
    if table.columns[place].startswith(">"):
        return max([heading, *map(cell_len, cells)])
    whole = _whole(table, place)
    if _plain(table.columns[place]) == table.own_line:
        return whole
    word = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
    longest = min(word, 2 * narrow) if narrow == _NARROW else 0
    return min(whole, max(heading, narrow, longest, whole // _LINES))


def _easily(table: Table) -> list[int]:
    """Return how wide the columns must be to be read easily."""
    return [_needed(table, place, _NARROW) for place in range(len(table.columns))]


def _broken(heading: str, width: int) -> str:
    """Return the heading of a column of figures in as many lines as it takes."""
    return "\n".join(textwrap.wrap(heading, width + 1)) if heading.startswith(">") else heading


def _lines(table: Table, shown: Sequence[int], place: int) -> list[str]:
    """Return a column as lines of their own, each under what its row begins with."""
    lines = [table.columns[place]]
    for row in table.rows:
        if row[place]:
            lines += [", ".join(row[other] for other in shown[:2]) + ":", f"  {row[place]}"]
    return lines


def show_table(table: Table | str, width: int | None) -> None:
    """Print a table or a text on stdout, so wide; else as wide as COLUMNS says or the terminal is."""
    from rich.console import Console as Rich
    from rich.table import Table as RichTable
    from rich.text import Text

    class Pipe(Rich):
        def on_broken_pipe(self) -> None:
            """Leave it to `show`, which knows the exit code."""
            raise BrokenPipeError

    rich = Pipe(highlight=False, width=width or _width(table))

    def as_shown(text: str) -> Text:
        return Text(showable(text, rich.encoding))

    if isinstance(table, str):
        rich.print(as_shown(table))
        return
    table = fitted(table, rich.width)
    title = as_shown(table.title) if table.title else None
    grid = RichTable(title=title, title_justify="left", header_style="bold")
    for heading in table.columns:
        right = heading.startswith(">")
        grid.add_column(
            as_shown(heading.removeprefix(">")), justify="right" if right else "left", no_wrap=right
        )
    for row in table.rows:
        grid.add_row(*map(as_shown, row))
    rich.print(grid)
    for note in table.notes:
        rich.print(as_shown(note))


def _width(table: Table | str) -> int | None:
    """Return how wide the terminal is said to be; None to ask itself."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return int(columns)
    if sys.stdout.isatty():
        return None
    # Where nobody said how wide, there is room for every column.
    needed = 0 if isinstance(table, str) else _total(_easily(table))
    return max(_PIPED, needed)
