"""The contrast of two colours, as WCAG 2.2 reckons it."""

from __future__ import annotations

import re


def schemes(page: str) -> list[dict[str, str]]:
    """Return the colours that a page names, in the order of its schemes: light, dark."""
    return [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", page, re.DOTALL)
    ]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, each #rrggbb."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
