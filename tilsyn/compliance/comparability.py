"""Whether a figure of now can be compared with an earlier one: the law changed on 1 January 2024."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

Comparable = Literal["yes", "partly", "no"]


def comparability(rule: Comparable, now: Collection[str], before: Collection[str]) -> Comparable:
    """Whether a question of now can be compared with its baseline, from the law each was answered under.

    Parameters
    ----------
    rule : {"yes", "partly", "no"}
        What the catalogue says of the question across regimes.
    now, before : collection of str
        The regimes (law texts) of the reviewed acts on each side; empty when unknown.

    Returns
    -------
    str
        "yes" when one and the same regime rules both sides or a regime is unknown, else the rule.

    Raises
    ------
    Nothing.

    References
    ----------
    Barnets lov (lov nr. 721 of 13 June 2023), in force on 1 January 2024.

    Examples
    --------
    >>> comparability("no", {"serviceloven"}, {"serviceloven"})
    'yes'
    >>> comparability("partly", {"barnets-lov"}, {"serviceloven"})
    'partly'
    """
    regimes = set(now) | set(before)
    return rule if now and before and len(regimes) > 1 else "yes"


def pooled_comparability(parts: Collection[Comparable]) -> Comparable:
    """Comparability of a theme, of all questions, or of cases without fault: from its questions.

    Parameters
    ----------
    parts : collection of {"yes", "partly", "no"}
        Comparability of each question pooled.

    Returns
    -------
    str
        "yes" or "no" when all say so (no questions: "yes"), else "partly".

    Raises
    ------
    Nothing.

    References
    ----------
    None; a rule of this project.

    Examples
    --------
    >>> pooled_comparability(["yes", "no"])
    'partly'
    """
    different = set(parts)
    if len(different) <= 1:
        return next(iter(different), "yes")
    return "partly"
