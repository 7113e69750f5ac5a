"""What measured time limits are called, in the language in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent

if TYPE_CHECKING:
    from tilsyn.compliance.deadline_figures import DeadlineFigures, MeasuredRule

DASH = "–"


def length_text(one: MeasuredRule) -> str:
    """Return how long a limit is."""
    return say(f"deadlines.length_{one.rule.unit}", n=one.rule.amount)


def time_text(one: MeasuredRule, value: float | None) -> str:
    """Return a time with its unit, hours with a decimal; a dash where there is none."""
    if value is None:
        return DASH
    return say(f"deadlines.length_{one.time_unit}", n=number(value, int(one.time_unit == "hours")))


def over_text(days: float) -> str:
    """Return how much a case is over its limit: in whole days, or in hours or minutes.

    >>> over_text(57), over_text(0.5), over_text(1 / 1440)
    ('57 dage', '12 timer', '1 minut')
    """
    if days >= 1:
        return say("deadlines.length_days", n=number(int(days)))
    minutes = round(days * 24 * 60)
    if minutes >= 60:
        return say("deadlines.length_hours", n=number(minutes // 60))
    return say("deadlines.length_minutes", n=minutes)


def share_text(figures: DeadlineFigures, few: int) -> str:
    """Return the share within the limit; with few cases settled how many of how many."""
    if figures.share is None:
        return DASH
    if figures.decided < few:
        return say("deadlines.of", n=number(figures.n("within")), all=number(figures.decided))
    return percent(figures.share)


def bounds_text(one: MeasuredRule, figures: DeadlineFigures) -> str:
    """Return between what a share can come to lie, where cases are not settled yet; else nothing."""
    yet = figures.n("open_within", "undecided")
    if not yet or figures.bounds is None:
        return ""
    least, most = (percent(share) for share in figures.bounds)
    return say("deadlines.note_bounds", name=one.rule.name, n=number(yet), least=least, most=most)


def bounds_texts(rules: Sequence[MeasuredRule]) -> list[str]:
    """Return between what the shares of limits can come to lie, where cases are not settled yet."""
    told = (bounds_text(one, one.figures[0]) for one in rules if one.figures)
    return [text for text in told if text]


def doubt_texts(names: Sequence[str]) -> list[str]:
    """Return what is said of limits in hverdage while nobody has chosen about Saturdays."""
    return [say("deadlines.note_saturdays", names=", ".join(names))] if names else []


def domain_text(domain: str) -> str:
    """Return the value that a domain is of."""
    return domain.partition("=")[2] or say("deadlines.no_value")


def column_title(column: str) -> str:
    """Return what a column is called; one of the workspace's own as it stands."""
    return say(f"deadlines.col_{column}") if column in ("unit", "case_type") else column
