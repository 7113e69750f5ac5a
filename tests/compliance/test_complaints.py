"""Complaints counted by hand: what was answered, how long it took, and how it stands with the limits."""

from __future__ import annotations

from datetime import date

import pytest

from tilsyn.base.durations import Duration
from tilsyn.base.periods import Period
from tilsyn.compliance.complaints import (
    ComplaintFlow,
    ReplyLimits,
    as_they_stood,
    figures_of,
    flow_of,
    overdue,
)
from tilsyn.reports.complaints import published
from tilsyn.reports.worlds import Rule
from tilsyn.sampling.complaints import Complaint

TODAY = date(2018, 7, 10)
Q2 = Period.parse("2018-Q2")


def complaint(
    case_id: str, received: date, answered: date | None = None, acknowledged: date | None = None
) -> Complaint:
    return Complaint(row=2, case_id=case_id, received=received, answered=answered, acknowledged=acknowledged)


# The first day of April is 100 days before today.
COMPLAINTS = [
    complaint("a", date(2018, 4, 1), date(2018, 4, 11), date(2018, 4, 3)),
    complaint("b", date(2018, 4, 2), date(2018, 4, 30)),
    complaint("c", date(2018, 4, 3), date(2018, 5, 2), date(2018, 5, 3)),
    complaint("d", date(2018, 6, 11)),
    complaint("d", date(2018, 6, 12), None, date(2018, 6, 13)),
]
LIMITS = ReplyLimits(TODAY, Duration.parse("4 weeks"), Duration.parse("2 days"), True)


def test_times_and_limits_by_hand() -> None:
    whole, nord, syd, nowhere = figures_of(COMPLAINTS, {"a": "Nord", "d": "Nord", "b": "Syd"}, LIMITS)
    assert [row.domain for row in (whole, nord, syd, nowhere)] == [
        "all", "unit=Nord", "unit=Syd", "unit=uoplyst",
    ]  # fmt: skip
    assert (whole.received, whole.answered, whole.open) == (5, 3, 2)
    # 10, 28 and 29 days ended; 29 and 28 days are open: at 10 days 4/5 are open, at 28 days 3/5 (of 4 at risk
    # one ended), at 29 days 3/10 (of 2 at risk one).
    reply = whole.reply
    assert (reply.ended, reply.open, reply.median, reply.ninety) == (3, 2, 29.0, None)
    # The last day of 4 weeks counts: b is within, c a day over; d of 11 June is over since the 9th of July.
    assert (reply.within, reply.over, reply.open_within, reply.open_over) == (2, 1, 1, 1)
    assert reply.share == pytest.approx(2 / 4)
    acknowledged = whole.acknowledgement
    assert acknowledged is not None
    # a 2, b 28 (its reply), c 29 (its reply came first), d open 29, d 1 day.
    assert (acknowledged.ended, acknowledged.open, acknowledged.median) == (4, 1, 28.0)
    assert (acknowledged.within, acknowledged.over, acknowledged.open_over) == (2, 2, 1)
    assert (nord.received, nord.answered, syd.received, nowhere.received) == (3, 1, 1, 1)


def test_without_limits_or_acknowledgements_nothing_is_said_of_them() -> None:
    (whole, *_) = figures_of(COMPLAINTS, {}, ReplyLimits(TODAY))
    assert (whole.reply.within, whole.reply.share, whole.acknowledgement) == (None, None, None)
    (none,) = figures_of([], {}, LIMITS)
    assert (none.received, none.reply.median, none.reply.share) == (0, None, None)


def test_the_stock_of_open_complaints() -> None:
    before = [
        complaint("x", date(2018, 3, 31), date(2018, 4, 1)),
        complaint("y", date(2018, 3, 1), date(2018, 3, 31)),
        complaint("z", date(2018, 7, 1)),
    ]
    assert flow_of([*COMPLAINTS, *before], Q2) == ComplaintFlow(1, 5, 4, 2)


def test_complaints_as_they_stood_on_a_day() -> None:
    stood = as_they_stood(COMPLAINTS, date(2018, 4, 30))
    assert [(one.case_id, one.answered, one.acknowledged) for one in stood] == [
        ("a", date(2018, 4, 11), date(2018, 4, 3)),
        ("b", date(2018, 4, 30), None),
        ("c", None, None),
    ]


def test_what_is_overdue_is_open_and_past_its_last_day() -> None:
    late = overdue(COMPLAINTS, Duration.parse("4 weeks"), TODAY)
    assert [(one.case_id, last) for one, last in late] == [("d", date(2018, 7, 9))]


def test_what_is_published_tells_of_no_few() -> None:
    many = [complaint(str(n), date(2018, 4, 1), date(2018, 4, 11)) for n in range(23)]
    units = {str(n): "Nord" if n < 12 else "Syd" if n < 20 else "Vest" for n in range(23)}
    shown = published(figures_of(many, units, LIMITS), [("Medhold", 22), ("Afvist", 1)], [("", 23)], Rule())
    assert (shown.received, shown.units) == (25, [("unit=Nord", 10), ("unit=Syd", None), ("unit=Vest", None)])
    assert shown.outcomes == [("Medhold", None), ("Afvist", None)]
    assert shown.reply is not None
    assert (shown.reply.median, shown.reply.ninety) == (10.0, 10.0)
    few = published(figures_of(many[:4], units, LIMITS), [("Medhold", 4)], [], Rule())
    assert (few.received, few.reply, few.units, few.outcomes) == (None, None, [], [])


@pytest.mark.parametrize(
    ("in_time", "late", "median", "share"),
    [
        (20, 3, 10.0, 0.87),
        # One or two are known by the others, and everybody is where all are alike.
        (20, 2, 10.0, None),
        (2, 20, 40.0, None),
        (23, 0, 10.0, None),
        # A time of few is somebody's own.
        (6, 4, None, 0.6),
        (4, 0, None, None),
    ],
)
def test_times_and_shares_are_published_of_enough(
    in_time: int, late: int, median: float | None, share: float | None
) -> None:
    received, soon, long_after = date(2018, 4, 1), date(2018, 4, 11), date(2018, 5, 11)
    days = [soon] * in_time + [long_after] * late
    rows = [complaint(str(n), received, day) for n, day in enumerate(days)]
    shown = published(figures_of(rows, {}, LIMITS), [], [], Rule())
    told = (shown.reply and shown.reply.median, shown.reply and shown.reply.share)
    assert told == (median, share)
