"""Whether a figure of now can be compared with an earlier one: the law changed on 1 January 2024."""

from __future__ import annotations

from collections.abc import Collection
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


def pooled_comparability(parts: Collection[Comparable]) -> Comparable:
    """Comparability of a row that pools questions: what all of them say (none: "yes"), else "partly".

    >>> pooled_comparability(["yes", "no"])
    'partly'
    """
    different = set(parts)
    if len(different) <= 1:
        return next(iter(different), "yes")
    return "partly"
