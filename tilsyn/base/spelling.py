"""The known name that a misspelt one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

# A name so many letters away from a known one, or fewer, is a misspelling of it.
SLIP = 2


def nearest(name: str, known: Iterable[str], *, alike: float = 60, shortened: bool = False) -> str | None:
    """Return the known name that a name looks most like; None when none is `alike` by so many of 100.

    With `shortened`, a part of a known name is like it too.

    >>> nearest("2018-00l", ["2018-001", "2018-412"]), nearest("42", ["2018-001"])
    ('2018-001', None)
    >>> nearest("Valby", ["Amager", "Valby-Vesterbro-Kgs. Enghave"], shortened=True)
    'Valby-Vesterbro-Kgs. Enghave'
    """
    from rapidfuzz import fuzz, process

    scorer = fuzz.WRatio if shortened else fuzz.ratio
    found = process.extractOne(name, list(known), scorer=scorer, score_cutoff=alike)
    return found[0] if found else None


def misspelt(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a name is a misspelling of: the first of the nearest.

    >>> misspelt("amgaer", ["valby", "amager"]), misspelt("amager", ["valby"])
    ('amager', None)
    """
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    found = process.extractOne(name, list(known), scorer=Levenshtein.distance, score_cutoff=SLIP)
    return found[0] if found else None
