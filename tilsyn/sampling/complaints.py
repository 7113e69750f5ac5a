"""Complaints of a list beside the register, and which cases they make complained of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tilsyn.base.durations import Duration

# What the column holds; a rule may write them as any other truth value.
COMPLAINED_YES, COMPLAINED_NO = "ja", "nej"


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """One complaint, in its `row` of the list; unanswered it is open. A list may lack kind and outcome."""

    row: int
    case_id: str
    received: date
    acknowledged: date | None = None
    answered: date | None = None
    kind: str = ""
    outcome: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintRecord:
    """The list that rules of a draw looked at, and the `cases` that it makes complained of.

    They had a complaint received in the time `within` before the end of the draw's period.
    """

    name: str
    sha256: str
    within: str
    cases: Sequence[str]


def complained(complaints: Iterable[Complaint], until: date, within: str) -> tuple[str, ...]:
    """Return the cases with a complaint received in the time `within` that ended with the day `until`.

    >>> one = Complaint(row=2, case_id="1", received=date(2018, 4, 1))
    >>> complained([one], date(2018, 6, 30), "3 months"), complained([one], date(2018, 6, 30), "2 months")
    (('1',), ())
    """
    before = Duration.parse(within).before(until)
    return tuple(sorted({row.case_id for row in complaints if before < row.received <= until}))
