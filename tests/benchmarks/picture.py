"""A scatter of coverage against truth as SVG, without a drawing library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 50, 60
LOWEST = 0.70


def scatter(title: str, series: Mapping[str, Sequence[tuple[float, float]]], truths: Sequence[float]) -> str:
    """Draw coverage (vertical, .70 to 1) against truth, a column of dots per truth and series.

    `series` maps a name to a list of (truth, coverage); what lies under .70 is drawn on the floor as a triangle.
    """
    step = (WIDTH - LEFT - RIGHT) / len(truths)
    shapes = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{title}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" font-size="14" font-weight="bold">{title}</text>',
    ]
    for tick in (0.70, 0.75, 0.80, 0.85, 0.90, 0.95, 1.0):
        y = _y(tick)
        strong = tick == 0.95
        shapes.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{"#222222" if strong else "#d0d0d0"}" stroke-width="{1.5 if strong else 1}"/>'
            f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:.0%}</text>'
        )
    for number, truth in enumerate(truths):
        x = LEFT + step * (number + 0.5)
        shapes.append(f'<text x="{x:.1f}" y="{HEIGHT - 35}" text-anchor="middle">{truth:.0%}</text>')
    shapes.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 12}" text-anchor="middle">true share compliant</text>'
    )
    styles = (("#00507a", "circle"), ("#b04a00", "cross"))
    for place, ((name, points), (colour, form)) in enumerate(zip(series.items(), styles, strict=True)):
        offset = (place - 0.5) * step * 0.4
        shapes.append(_mark(form, colour, LEFT + 10 + place * 260, 38))
        shapes.append(f'<text x="{LEFT + 20 + place * 260}" y="42">{name}</text>')
        for truth, coverage in points:
            x = LEFT + step * (truths.index(truth) + 0.5) + offset
            shapes.append(
                _mark(form if coverage >= LOWEST else "floor", colour, x, _y(max(coverage, LOWEST)))
            )
    return "\n".join([*shapes, "</svg>", ""])


def _y(coverage: float) -> float:
    return TOP + (1 - coverage) / (1 - LOWEST) * (HEIGHT - TOP - BOTTOM)


def _mark(form: str, colour: str, x: float, y: float) -> str:
    if form == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}" fill-opacity="0.55"/>'
    if form == "cross":
        path = f"M{x - 3:.1f} {y - 3:.1f}l6 6m0 -6l-6 6"
        return f'<path d="{path}" stroke="{colour}" stroke-opacity="0.7" fill="none"/>'
    return f'<path d="M{x - 4:.1f} {y - 6:.1f}h8l-4 6z" fill="{colour}" fill-opacity="0.7"/>'
