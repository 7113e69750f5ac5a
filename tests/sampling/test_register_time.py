"""Whether a register is of a period's own time: the first and last days on both sides of every limit."""

from datetime import date

import pytest

from tilsyn.base.periods import Period
from tilsyn.sampling.register_time import is_early, is_of_period, last_day


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2018-Q2", "2018-07-31"),
        ("2018-05", "2018-07-31"),
        ("2018-06", "2018-07-31"),
        ("2018-W20", "2018-06-20"),
        ("2018", "2019-01-31"),
    ],
)
def test_a_register_may_be_taken_out_until_31_days_after_the_period_or_the_months_quarter(period, last):
    assert last_day(Period.parse(period)) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("period", "as_of", "given", "expected"),
    [
        # The day it was taken out is held to the period's end,
        ("2018-Q2", "2018-05-29", True, False),
        ("2018-Q2", "2018-05-30", True, True),
        ("2018-Q2", "2018-07-31", True, True),
        ("2018-Q2", "2018-08-01", True, False),
        # its newest date only to the period.
        ("2018-Q2", "2018-03-31", False, False),
        ("2018-Q2", "2018-04-01", False, True),
        ("2018-Q2", "2018-07-31", False, True),
        ("2018-Q2", "2018-08-01", False, False),
        # No earlier than a period that is shorter than 31 days.
        ("2018-06", "2018-05-31", True, False),
        ("2018-06", "2018-06-01", True, True),
        ("2018-W20", "2018-05-13", True, False),
        ("2018-W20", "2018-05-14", True, True),
        ("2018-W20", "2018-06-20", True, True),
        ("2018-W20", "2018-06-21", True, False),
    ],
)
def test_a_register_is_of_a_period_from_its_first_day_to_its_last(period, as_of, given, expected):
    assert is_of_period(date.fromisoformat(as_of), given, Period.parse(period)) is expected


def test_a_register_of_no_known_day_is_of_every_period_and_early_for_none():
    for given in (False, True):
        assert is_of_period(None, given, Period.parse("2018-Q2"))
        assert not is_early(None, given, Period.parse("2018-Q2"))


@pytest.mark.parametrize(
    ("as_of", "given", "expected"),
    [
        ("2018-05-29", False, True),
        ("2018-05-30", False, False),
        ("2018-05-29", True, False),
        ("2018-07-01", False, False),
    ],
)
def test_a_newest_date_over_31_days_before_the_end_is_early(as_of, given, expected):
    assert is_early(date.fromisoformat(as_of), given, Period.parse("2018-Q2")) is expected
