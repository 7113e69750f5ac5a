"""How a draw departed from the procedure, in words."""

from __future__ import annotations

from collections.abc import Iterable

from tilsyn.base.language import dictionary, say


def in_words(departures: Iterable[str]) -> str:
    """Return what departures are called; one of another version by its own name.

    >>> in_words(["period_not_ended", "other_thing"])
    'perioden var ikke slut; other_thing'
    """
    keys = {name: f"departure_{name}" for name in departures}
    return "; ".join(say(f"page.{key}") if key in dictionary("page") else name for name, key in keys.items())
