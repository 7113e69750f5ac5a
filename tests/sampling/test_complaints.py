"""Which cases a list of complaints makes complained of."""

from __future__ import annotations

from datetime import date

import pytest

from tilsyn.sampling.complaints import Complaint, complained


def complaints(*received: tuple[str, date]) -> list[Complaint]:
    return [Complaint(row=row, case_id=case, received=day) for row, (case, day) in enumerate(received, 2)]


# The three months that end with the 30th of June begin with the day after the 30th of March.
@pytest.mark.parametrize(
    ("received", "within", "cases"),
    [
        (date(2018, 3, 30), "3 months", ()),
        (date(2018, 3, 31), "3 months", ("1",)),
        (date(2018, 6, 30), "3 months", ("1",)),
        (date(2018, 7, 1), "3 months", ()),
        (date(2018, 6, 28), "2 days", ()),
        (date(2018, 6, 29), "2 days", ("1",)),
    ],
)
def test_a_complaint_counts_in_the_time_before_the_end(
    received: date, within: str, cases: tuple[str, ...]
) -> None:
    assert complained(complaints(("1", received)), date(2018, 6, 30), within) == cases


def test_each_case_is_named_once_in_order() -> None:
    day = date(2018, 6, 1)
    found = complained(complaints(("2", day), ("10", day), ("2", day)), date(2018, 6, 30), "3 months")
    assert found == ("10", "2")
