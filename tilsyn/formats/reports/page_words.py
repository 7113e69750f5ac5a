"""What stands in a report's page: figures as people write them, and texts that are never markup."""

from __future__ import annotations

import re
from html import escape

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent, signed
from tilsyn.reports.parts import Kind, Value

NUMERIC = frozenset({"count", "share", "points", "number", "p"})
# What no page may hold, and no reader could see.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_PLAIN = re.compile(r"[^\w .,:;()/%+–-]", re.ASCII)


def text(value: str) -> str:
    """Return a text as it stands in a page, between tags and in attributes.

    >>> text('<b>"A & B"</b>')
    '&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;'
    """
    return escape(_UNFIT.sub("", value))


def style_text(value: str) -> str:
    r"""Return a text as a string of a style sheet, which it cannot end.

    >>> style_text('A "B"</style>')
    '"A \\22 B\\22 \\3c /style\\3e "'
    """
    inner = _PLAIN.sub(lambda found: f"\\{ord(found[0]):x} ", _UNFIT.sub("", value))
    return f'"{inner}"'


def shown(value: Value, kind: Kind, public: bool) -> str:
    """Return a cell as people read it; percentages of a public report are whole.

    >>> shown(0.8665, "share", False), shown(0.8665, "share", True), shown(-3.04, "points", False)
    ('86,7 %', '87 %', '-3,0')
    >>> shown(1234, "count", False), shown(0.0002, "p", False), shown("..", "share", True)
    ('1.234', 'under 0,001', '..')
    """
    if value is None or isinstance(value, str):
        return value or ""
    digits = 0 if public else 1
    if kind == "share":
        return percent(value, digits)
    if kind == "points":
        return signed(value, digits)
    if kind == "count":
        return number(value)
    if kind == "number":
        return number(value, 1)
    if kind == "p":
        return number(value, 3) if value >= 0.0005 else say("web.tiny", p=number(0.001, 3))
    return str(value)
