"""The months by their names, in both languages."""

from __future__ import annotations

from functools import cache

from tilsyn.base.language import say, spellings


def month_name(number: int) -> str:
    """Return a month's name in the language in use, from 1.

    >>> month_name(5)
    'maj'
    """
    return say("common.month_names").split()[number - 1]


def month_number(name: str) -> int:
    """Return the number of a month by its Danish or English name, or its first letters; 0 when it is none.

    >>> month_number("maj"), month_number("Oct"), month_number("kvartal")
    (5, 10, 0)
    """
    return _numbers().get(name.lower(), 0)


@cache
def _numbers() -> dict[str, int]:
    whole = {
        name.lower(): number
        for names in spellings("common.month_names")
        for number, name in enumerate(names.split(), start=1)
    }
    return whole | {name[:3]: number for name, number in whole.items()} | {"sept": 9}
