"""Durations as people write them."""

from datetime import date

import pytest

from tilsyn.base.durations import Duration


@pytest.mark.parametrize(
    ("text", "read", "later"),
    [
        ("30 days", "30 days", date(2024, 3, 1)),
        ("1 dag", "1 day", date(2024, 2, 1)),
        ("6 weeks", "6 weeks", date(2024, 3, 13)),
        ("2 uger", "2 weeks", date(2024, 2, 14)),
        ("1 month", "1 month", date(2024, 2, 29)),
        ("13 Måneder", "13 months", date(2025, 2, 28)),
        ("1 year", "12 months", date(2025, 1, 31)),
        ("2år", "24 months", date(2026, 1, 31)),
        ("0 days", "0 days", date(2024, 1, 31)),
    ],
)
def test_a_duration_is_read_and_counted(text: str, read: str, later: date) -> None:
    found = Duration.parse(text)
    assert (str(found), found.after(date(2024, 1, 31))) == (read, later)


@pytest.mark.parametrize("text", ["", "12", "months", "-1 month", "1.5 weeks", "3 moons", "5000 weeks"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Duration.parse(text)


@pytest.mark.parametrize("text", ["12 months", "3 weeks", "10 days"])
def test_earlier_and_later_meet_on_the_first_of_a_month(text: str) -> None:
    span, day = Duration.parse(text), date(2018, 4, 1)
    assert span.after(span.before(day)) == day
