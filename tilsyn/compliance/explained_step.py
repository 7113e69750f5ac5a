"""One line of a reckoning, and numbers with the digits to reckon on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ExplainedStep:
    """One line of the reckoning: what is computed, by which formula, from which numbers, to which value.

    `note` is a key of the dictionary's area `explanation`, or empty.
    """

    symbol: str
    formula: str
    numbers: str
    value: float
    note: str = ""


def plain(value: float, digits: int = 10) -> str:
    """A number with enough digits to reckon on, without needless zeros.

    What goes into a step is written with 10 significant digits and what comes out with 8, so that a
    calculator gets what is printed.

    Examples
    --------
    >>> plain(25.0), plain(13 / 15), plain(9.8635e-07), plain(float("inf"))
    ('25', '0.8666666667', '9.8635e-07', '∞')
    >>> plain(13 / 15, 8), plain(125_000.0)
    ('0.86666667', '125000')
    """
    if not np.isfinite(value):
        return "∞" if np.isposinf(value) else "-"
    return f"{value:.{digits}g}"
