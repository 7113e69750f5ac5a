"""Charts as inline SVG: a point, its interval and a mark for before, on a scale from 0 to 100.

Places along the scale are shares of the width, so that a chart is as wide as there is room for and its text
keeps its size. Form tells what a mark is, not colour: a square is now, a stroke across the scale before.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tilsyn.base.language import say
from tilsyn.formats.reports.page_words import shown, text
from tilsyn.reports.parts import Chart, ChartPoint, Sheet

_TICKS = (0, 25, 50, 75, 100)
_ROW, _SCALE = 26, 18
# A chart over time: its height and the room for labels, in pixels, and where it begins and ends, in per cent.
_HEIGHT, _ABOVE, _BELOW = 260, 12, 28
_LEFT, _RIGHT = 10.0, 97.0
# More names of rounds than this run into each other.
_NAMES = 3


def chart_markup(sheet: Sheet, chart: Chart, public: bool) -> str:
    """Return the figure of a sheet; nothing where the chart has no points."""
    if not chart.points:
        return ""
    draw = _over_time if chart.kind == "rounds" else _row_by_row
    name = f"figure-{sheet.key}"
    return (
        f'<figure aria-labelledby="{name}">\n<figcaption id="{name}">{text(chart.title)}</figcaption>\n'
        f"{draw(sheet, chart, public)}\n{_legend(sheet, chart)}\n</figure>"
    )


def _words(point: ChartPoint, before: str, public: bool) -> str:
    """Return a point's figures in words."""
    if point.value is None:
        return say("web.no_figure")
    told = shown(point.value, "share", public)
    if point.low is not None and point.high is not None:
        low, high = shown(point.low, "share", public), shown(point.high, "share", public)
        told = say("web.between", value=told, low=low, high=high)
    if point.before is not None:
        told += f"; {before}: {shown(point.before, 'share', public)}"
    return told


def _row_by_row(sheet: Sheet, chart: Chart, public: bool) -> str:
    scale = "".join(f'<text x="{tick}%" y="14" text-anchor="middle">{tick}</text>' for tick in _TICKS)
    axis = f'<svg height="{_SCALE}" aria-hidden="true">{scale}</svg>'
    lines = [
        f'<p class="unseen">{text(chart.alt_text)}</p>',
        f'<div class="row"><span></span>{axis}<span>%</span></div>',
        "<ul>",
    ]
    before = _heading(sheet, chart.baseline)
    for n, point in enumerate(chart.points, 1):
        name = f"row-{sheet.key}-{n}"
        told = "" if point.value is None else shown(point.value, "share", public)
        lines.append(
            f'<li class="row"><span>{text(point.name)}</span>'
            f'<svg height="{_ROW}" role="img" aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">{text(point.name)}</title>'
            f'<desc id="{name}-desc">{text(_words(point, before, public))}</desc>'
            f"{_row(point)}</svg><span>{told}</span></li>"
        )
    return "\n".join([*lines, "</ul>"])


def _row(point: ChartPoint) -> str:
    middle = _ROW / 2
    parts = [_line("grid", f"{tick}%", 0, f"{tick}%", _ROW) for tick in _TICKS]
    if point.low is not None and point.high is not None:
        low, high = _percent(point.low), _percent(point.high)
        parts.append(_line("range", low, middle, high, middle))
        parts += [_line("range", end, middle - 5, end, middle + 5) for end in (low, high)]
    if point.before is not None:
        before = _percent(point.before)
        parts.append(_line("before", before, middle - 9, before, middle + 9))
    if point.value is not None:
        parts.append(_square(_percent(point.value), middle))
    return "".join(parts)


def _over_time(sheet: Sheet, chart: Chart, public: bool) -> str:
    points = chart.points
    places = [f"{_across(n, len(points)):.2f}%" for n in range(len(points))]
    parts = []
    for tick in _TICKS:
        height = _height(tick / 100)
        parts.append(_line("grid", f"{_LEFT}%", height, f"{_RIGHT}%", height))
        parts.append(f'<text x="{_LEFT - 1.5}%" y="{height + 4:.1f}" text-anchor="end">{tick}</text>')
    for (one, first), (other, second) in pairwise(zip(places, points, strict=True)):
        if first.value is not None and second.value is not None:
            parts.append(_line("path", one, _height(first.value), other, _height(second.value)))
    before = _heading(sheet, chart.baseline)
    for place, point in zip(places, points, strict=True):
        told = f"{point.name}: {_words(point, before, public)}"
        parts.append(f"<g><title>{text(told)}</title>{_mark(place, point)}</g>")
    parts += _names(points, places)
    name = f"rounds-{sheet.key}"
    return (
        f'<svg height="{_HEIGHT}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{text(chart.title)}</title>'
        f'<desc id="{name}-desc">{text(chart.alt_text)}</desc>{"".join(parts)}</svg>'
    )


def _mark(place: str, point: ChartPoint) -> str:
    parts = []
    if point.low is not None and point.high is not None:
        low, high = _height(point.low), _height(point.high)
        parts.append(_line("range", place, low, place, high))
    if point.before is not None:
        # A drawing of its own: from a place that is a share of the width, no line can go so many pixels.
        stroke = _line("before", "-9", 0, "9", 0)
        parts.append(f'<svg x="{place}" y="{_height(point.before):g}">{stroke}</svg>')
    if point.value is not None:
        parts.append(_square(place, _height(point.value)))
    return "".join(parts)


def _names(points: Sequence[ChartPoint], places: Sequence[str]) -> list[str]:
    """Return the rounds' names under the chart: the first, the last, and those there is room for."""
    last = len(points) - 1
    step = max(1, -(-last // _NAMES))
    named = []
    for n in range(len(points)):
        if n not in (0, last) and (n % step or last - n < step):
            continue
        anchor = "middle" if last == 0 else {0: "start", last: "end"}.get(n, "middle")
        minor = "" if n in (0, last) else ' class="minor"'
        place = f'x="{places[n]}" y="{_HEIGHT - 8}" text-anchor="{anchor}"'
        named.append(f"<text {place}{minor}>{text(points[n].name)}</text>")
    return named


def _legend(sheet: Sheet, chart: Chart) -> str:
    """Return what the marks are, by the headings of their columns."""
    entries = [(_square("15", 9), _heading(sheet, chart.value))]
    if any(point.low is not None for point in chart.points):
        ends = "".join(_line("range", end, 5, end, 13) for end in ("3", "27"))
        entries.append((_line("range", "3", 9, "27", 9) + ends, say("web.range")))
    if chart.baseline is not None:
        entries.append((_line("before", "15", 0, "15", 18), _heading(sheet, chart.baseline)))
    drawn = "".join(
        f'<span><svg height="18" aria-hidden="true">{mark}</svg>{text(name)}</span>' for mark, name in entries
    )
    return f'<p class="legend">{drawn}</p>'


def _heading(sheet: Sheet, column: int | None) -> str:
    return "" if column is None else sheet.columns[column].heading


def _across(n: int, count: int) -> float:
    """Return where a round stands, in per cent of the width; a single one in the middle."""
    return _LEFT + (_RIGHT - _LEFT) * (n / (count - 1) if count > 1 else 0.5)


def _height(share: float) -> float:
    return round(_ABOVE + (1 - share) * (_HEIGHT - _ABOVE - _BELOW), 1)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def _line(kind: str, x1: str, y1: float, x2: str, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1}" y1="{y1:g}" x2="{x2}" y2="{y2:g}"/>'


def _square(x: str, y: float) -> str:
    return f'<rect class="now" x="{x}" y="{y:g}" width="9" height="9" transform="translate(-4.5 -4.5)"/>'
