"""What of a period's complaints everybody may see: rounded numbers, and none of few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tilsyn.base.numbers import round_half_up
from tilsyn.compliance.complaints import ComplaintFigures, TimeTaken
from tilsyn.reports.disclosure import TIMES_FROM, rounded, withheld
from tilsyn.reports.worlds import Rule

# Of fewer complaints than this nothing is said.
FEW_COMPLAINTS = 5
Counted = list[tuple[str, int | None]]


@dataclass(frozen=True)
class PublicTime:
    """How long it took, in days, and the share within the limit in whole per cent."""

    median: float | None
    ninety: float | None
    share: float | None


@dataclass(frozen=True)
class PublicComplaints:
    """The complaints as they may be published, their numbers to the nearest 5; what is withheld is None."""

    received: int | None
    reply: PublicTime | None
    acknowledgement: PublicTime | None
    units: Counted
    outcomes: Counted
    kinds: Counted


def published(
    figures: Sequence[ComplaintFigures],
    outcomes: Sequence[tuple[str, int]],
    kinds: Sequence[tuple[str, int]],
    rule: Rule,
) -> PublicComplaints:
    """Return what may be published of figures (all complaints first, then each unit's) and of words counted.

    >>> counted([("Nord", 12), ("Syd", 3), ("Vest", 6)])
    [('Nord', 10), ('Syd', None), ('Vest', None)]
    """
    whole, *units = figures
    few = whole.received < FEW_COMPLAINTS
    return PublicComplaints(
        received=None if few else int(rounded(whole.received)),
        reply=None if few else _time(whole.reply, rule),
        acknowledgement=None if few else _time(whole.acknowledgement, rule),
        units=[] if few else counted([(row.domain, row.received) for row in units]),
        outcomes=[] if few else counted(outcomes),
        kinds=[] if few else counted(kinds),
    )


def counted(rows: Sequence[tuple[str, int]]) -> Counted:
    """Return counts of one total as they may be published."""
    hidden = withheld([n for _, n in rows], FEW_COMPLAINTS)
    return [(name, None if gone else int(rounded(n))) for (name, n), gone in zip(rows, hidden, strict=True)]


def _time(taken: TimeTaken | None, rule: Rule) -> PublicTime | None:
    """Return times and the share as of a limit that is measured on every case."""
    if taken is None:
        return None
    few = taken.ended + taken.open < TIMES_FROM
    times = (None, None) if few else (taken.median, taken.ninety)
    share = taken.share
    if share is not None and rule.withholds_whole(taken.decided, taken.within or 0):
        share = None
    return PublicTime(*times, None if share is None else round_half_up(share, 2))
