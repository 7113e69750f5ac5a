"""Danish personal identification numbers: found, and never shown in full.

No modulus check: it has not held for all numbers since 2007 (CPR-kontoret, Personnumre uden kontrolciffer).
"""

from __future__ import annotations

import re

# Six digits that are a date (day + 60 for administrative numbers), an optional hyphen or space, four digits.
_DAY = r"(?:0[1-9]|[12][0-9]|3[01]|6[1-9]|[78][0-9]|9[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
PATTERN = rf"(?:^|[^0-9]){_DAY}{_MONTH}[0-9]{{2}}[- ]?[0-9]{{4}}(?:$|[^0-9])"
# A number cell loses its leading zero: day 1-9 is one digit there.
NUMBER_PATTERN = rf"^[1-9]{_MONTH}[0-9]{{6}}$"

# People also type a dash, a dot, or spaces around them.
_GAP = " ?[-\u2010-\u2015.]? ?"
_FIND = re.compile(rf"(?<![0-9])({_DAY}{_MONTH}[0-9]{{2}}){_GAP}[0-9]{{4}}(?![0-9])")
_NUMBER = re.compile(NUMBER_PATTERN)


def looks_like_cpr(text: str, number_cell: bool = False) -> bool:
    """Tell whether a text holds something that looks like a CPR number.

    In a number cell, nine digits may be one without its leading zero.

    >>> looks_like_cpr("see 120374-6598"), looks_like_cpr("991374-6598"), looks_like_cpr("1203746598123")
    (True, False, False)
    >>> looks_like_cpr("203746598", number_cell=True)
    True
    """
    return _FIND.search(text) is not None or (number_cell and _NUMBER.match(text) is not None)


def mask(text: str) -> str:
    """Return the text with every CPR-like number shown as its first two digits only.

    >>> mask("see 120374-6598 and 1203746598")
    'see 12xxxx-xxxx and 12xxxx-xxxx'
    >>> mask("203746598")
    '02xxxx-xxxx'
    """
    if _NUMBER.match(text):
        return f"0{text[0]}xxxx-xxxx"
    return _FIND.sub(lambda match: f"{match[1][:2]}xxxx-xxxx", text)
