"""The last guard: nothing that looks like a CPR number is written or shown, whatever it slipped through.

It goes by field: seeds, tickets, hashes, the log's own ids and what is reckoned with are what they are, and
never personal data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tilsyn.base.cpr import likeness, looks_like_cpr, mask
from tilsyn.base.language import say
from tilsyn.base.problems import Refused

_OWN = frozenset((
    "seed", "ticket", "commitment", "digest", "sha256", "hash", "prev", "head", "manifest", "anchor",
    "draw_id", "replaces", "workbook_id", "at", "made_on", "made_at", "loaded_at", "today", "algorithm",
    "versions", "files", "patterns", "wording", "numbers",
))  # fmt: skip
# What a result says of cases: their ids were judged when they were drawn.
_CASES = frozenset(("case_id", "replacement"))
_LONGEST = 60


def refuse_cpr(data: Any, file: str, known: Collection[str] = ()) -> None:
    """Refuse to write data with something like a CPR number in it; `known` are texts that are none."""
    # A record says most of its texts many times.
    for text in _texts(data):
        if looks_like_cpr(text, known=known):
            shown = mask(" ".join(text.split()), known)
            found = say("privacy.refused", file=mask(file), text=shown[:_LONGEST], like=likeness(text, known))
            raise Refused(found, say("privacy.refused_remedy"))


def masked(data: Any, known: Collection[str]) -> Any:
    """Return plain data with every CPR-like number masked but in the fields that hold none."""
    if isinstance(data, str):
        return mask(data, known) if looks_like_cpr(data, known=known) else data
    if isinstance(data, Mapping):
        return {
            masked(key, known): value if key in _OWN | _CASES else masked(value, known)
            for key, value in data.items()
        }
    return [masked(value, known) for value in data] if isinstance(data, list | tuple) else data


def no_numbers(data: Any) -> set[str]:
    """Return the texts of a result that are no CPR numbers whatever they look like."""
    if isinstance(data, Mapping):
        own = {value for key, value in data.items() if key in _OWN | _CASES and isinstance(value, str)}
        return own.union(*(no_numbers(value) for value in data.values()))
    return set().union(*map(no_numbers, data)) if isinstance(data, list | tuple) else set()


def _texts(data: Any, found: dict[str, None] | None = None) -> dict[str, None]:
    """Return every text of plain data once, keys too, but those of the program's own fields."""
    found = {} if found is None else found
    if isinstance(data, str):
        found[data] = None
    elif isinstance(data, Mapping):
        for key, value in data.items():
            _texts(key, found)
            if key not in _OWN:
                _texts(value, found)
    elif isinstance(data, list | tuple):
        for value in data:
            _texts(value, found)
    return found
