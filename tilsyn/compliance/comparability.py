"""Whether a figure of now can be compared with an earlier one: the law changed on 1 January 2024."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

Comparable = Literal["yes", "partly", "no"]


def comparability(rule: Comparable, now: Collection[str], before: Collection[str]) -> Comparable:
    """Whether a question of now can be compared with its baseline, from the law each was answered under.

    `rule` is what the catalogue says of the question across regimes; it does not matter where one and the
    same regime rules both sides, or one is unknown (empty).

    >>> comparability("no", {"serviceloven"}, {"serviceloven"})
    'yes'
    >>> comparability("partly", {"barnets-lov"}, {"serviceloven"})
    'partly'
    """
    regimes = set(now) | set(before)
    return rule if now and before and len(regimes) > 1 else "yes"


def asked_otherwise(now: Mapping[str, str], before: Mapping[str, str]) -> bool:
    """Whether a question is asked otherwise than it was in a law that both question sets have.

    >>> asked_otherwise({"serviceloven": "Er det gjort?"}, {"serviceloven": "Blev det gjort?"})
    True
    """
    return any(now[law] != before[law] for law in now.keys() & before.keys())


def pooled_comparability(parts: Collection[Comparable]) -> Comparable:
    """Comparability of a row that pools questions: what all of them say (none: "yes"), else "partly".

    >>> pooled_comparability(["yes", "no"])
    'partly'
    """
    different = set(parts)
    if len(different) <= 1:
        return next(iter(different), "yes")
    return "partly"
