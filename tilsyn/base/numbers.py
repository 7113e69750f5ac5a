"""Numbers and dates as a user reads them, rounded half up as Excel does."""

from __future__ import annotations

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from tilsyn.base.language import language
from tilsyn.base.months import month_name

_DANISH = str.maketrans(",.", ".,")


def round_half_up(value: float, digits: int = 0) -> float:
    """Round half away from zero to so many decimals, on the number's shortest form, as Excel does.

    >>> round_half_up(0.125, 2), round_half_up(2.5), round_half_up(1.005, 2)
    (0.13, 3.0, 1.01)
    """
    if not math.isfinite(value):
        return value
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def number(value: float, digits: int = 0) -> str:
    """Return a number with the language's separators.

    >>> number(4000), number(14.25, 1), number(-0.04, 1)
    ('4.000', '14,3', '0,0')
    """
    # What is rounded to nothing has no sign: adding 0 takes it from a minus nought.
    rounded = round_half_up(value, digits) + 0.0
    text = f"{Decimal(repr(rounded)):,.{digits}f}"
    return text if language() == "en" else text.translate(_DANISH)


def percent(share: float, digits: int = 1) -> str:
    """Return a share in [0, 1] as a percentage.

    >>> percent(0.8665)
    '86,7 %'
    """
    return number(float(Decimal(repr(float(share))) * 100), digits) + (" %" if language() == "da" else "%")


def points(difference: float, digits: int = 1) -> str:
    """Return a difference of shares in percentage points, with its sign.

    >>> points(0.11776), points(-0.03), points(0)
    ('+11,8', '-3,0', '0,0')
    """
    return signed(float(Decimal(repr(float(difference))) * 100), digits)


def signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign; nothing has none.

    >>> signed(11.776), signed(-3), signed(0.04), signed(-0.04)
    ('+11,8', '-3,0', '0,0', '0,0')
    """
    text = number(value, digits)
    return f"+{text}" if value > 0 and text.strip("0,.") != "" else text


def date_text(day: date) -> str:
    """Return a day as people print it.

    >>> date_text(date(2018, 6, 30))
    '30. juni 2018'
    """
    return f"{day.day}{'.' if language() == 'da' else ''} {month_name(day.month)} {day.year}"
