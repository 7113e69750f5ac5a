"""Deadlines: what two dates decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.durations import add_months
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays, contradicts, derive
from tilsyn.questions.question import Deadline

DAY = Deadline("24 timer", "24 hours", 24, "hours")
SIX = Deadline("6 hverdage", "6 working days", 6, "weekdays")
PLAIN = WorkingDays()


def months(amount: int) -> Deadline:
    return Deadline(f"{amount} måneder", f"{amount} months", amount, "months")


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        (datetime(2018, 4, 3, 15, 30), datetime(2018, 4, 4, 15, 30), "ja"),
        (datetime(2018, 4, 3, 15, 30), datetime(2018, 4, 4, 15, 31), "nej"),
        (date(2018, 4, 3), date(2018, 4, 3), "ja"),
        (date(2018, 4, 3), date(2018, 4, 4), None),
        (date(2018, 4, 3), date(2018, 4, 5), "nej"),
        (datetime(2018, 4, 3, 10, 0), date(2018, 4, 3), "ja"),
        (datetime(2018, 4, 3, 10, 0), date(2018, 4, 4), None),
        (datetime(2018, 4, 3, 10, 0), date(2018, 4, 5), "nej"),
        (date(2018, 4, 3), datetime(2018, 4, 4, 0, 30), None),
        (datetime(2018, 4, 3), datetime(2018, 4, 4), None),
        (datetime(2018, 3, 24, 12, 0), datetime(2018, 3, 25, 12, 0), "ja"),
        (None, date(2018, 4, 3), None),
        (date(2018, 4, 3), None, None),
    ],
)
def test_24_hours_are_clock_time_and_a_date_decides_only_where_it_must(
    start: date | None, end: date | None, answer: str | None
) -> None:
    assert derive(DAY, start, end, PLAIN) == answer


MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2018, 1, 6)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@given(MOMENTS, MOMENTS, st.booleans(), st.booleans())
def test_leaving_out_the_time_never_turns_an_answer_round(
    start: datetime, end: datetime, short_start: bool, short_end: bool
) -> None:
    if end < start:
        start, end = end, start
    known = "ja" if end - start <= timedelta(hours=24) else "nej"
    told = derive(DAY, start.date() if short_start else start, end.date() if short_end else end, PLAIN)
    assert told in (known, None)


@pytest.mark.parametrize(
    ("start", "last", "why"),
    [
        (date(2018, 4, 9), date(2018, 4, 17), "a plain week: Saturday and Sunday do not count"),
        (date(2018, 3, 26), date(2018, 4, 6), "Easter 2018"),
        (date(2023, 5, 1), date(2023, 5, 10), "store bededag in 2023"),
        (date(2024, 4, 22), date(2024, 4, 30), "no store bededag in 2024"),
        (date(2018, 6, 1), date(2018, 6, 12), "Grundlovsdag"),
        (date(2018, 12, 20), date(2019, 1, 4), "Christmas and New Year, 24 and 31 December"),
        (date(2018, 4, 14), date(2018, 4, 23), "received on a Saturday"),
    ],
)
def test_6_hverdage(start: date, last: date, why: str) -> None:
    assert derive(SIX, start, last, PLAIN) == "ja", why
    assert derive(SIX, start, last + timedelta(days=1), PLAIN) == (
        "nej" if PLAIN.counts(last + timedelta(days=1)) else "ja"
    )
    assert PLAIN.between(start, last) == 6, why


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"saturdays": True}, date(2018, 4, 14)),
        ({"grundlovsdag": True}, date(2018, 6, 5)),
        ({"christmas_eve": True}, date(2018, 12, 24)),
        ({"new_years_eve": True}, date(2018, 12, 31)),
    ],
)
def test_the_doubtful_days_count_by_configuration_only(changes: dict[str, bool], day: date) -> None:
    assert not PLAIN.counts(day)
    assert WorkingDays(**changes).counts(day)


def test_a_saturday_that_is_a_doubtful_day_needs_both() -> None:
    constitution_on_saturday = date(2021, 6, 5)
    assert not WorkingDays(saturdays=True).counts(constitution_on_saturday)
    assert not WorkingDays(grundlovsdag=True).counts(constitution_on_saturday)
    assert WorkingDays(saturdays=True, grundlovsdag=True).counts(constitution_on_saturday)


@pytest.mark.parametrize(
    ("start", "amount", "last"),
    [
        (date(2018, 1, 15), 4, date(2018, 5, 15)),
        (date(2018, 1, 31), 3, date(2018, 4, 30)),
        (date(2017, 10, 31), 4, date(2018, 2, 28)),
        (date(2023, 10, 31), 4, date(2024, 2, 29)),
        (date(2018, 8, 31), 6, date(2019, 2, 28)),
        (date(2018, 2, 28), 6, date(2018, 8, 28)),
    ],
)
def test_months_are_clamped_to_the_months_end(start: date, amount: int, last: date) -> None:
    assert add_months(start, amount) == last
    assert derive(months(amount), start, last, PLAIN) == "ja"
    assert derive(months(amount), start, last + timedelta(days=1), PLAIN) == "nej"
    assert derive(months(amount), datetime(*start.timetuple()[:3], 23, 59), last, PLAIN) == "ja"


@pytest.mark.parametrize("deadline", [DAY, SIX, months(3)])
def test_swapped_dates_are_said(deadline: Deadline) -> None:
    with pytest.raises(DatesSwapped):
        derive(deadline, date(2018, 4, 3), date(2018, 4, 2), PLAIN)


def test_a_deadline_that_is_answered_decides_nothing() -> None:
    assert derive(Deadline("snarest muligt", ""), date(2018, 4, 3), date(2018, 4, 3), PLAIN) is None


@pytest.mark.parametrize(
    ("answer", "derived", "wrong"),
    [
        ("ja", "nej", True),
        ("nej", "ja", True),
        ("nej (lovlig grund)", "ja", True),
        ("nej (lovlig grund)", "nej", False),
        ("ikke relevant", "nej", False),
        ("ja", None, False),
        ("ja", "ja", False),
    ],
)
def test_which_answers_contradict_the_dates(answer: str, derived: str | None, wrong: bool) -> None:
    assert contradicts(answer, derived) is wrong


def test_the_days_listed_are_those_that_count() -> None:
    first, last = date(2018, 1, 1), date(2018, 12, 31)
    listed = PLAIN.listed(first, last)
    assert len(listed) == PLAIN.between(first - timedelta(days=1), last)
    assert date(2018, 6, 5) not in listed


@pytest.mark.parametrize(
    ("country", "part", "day", "counts"),
    [
        ("DK", None, date(2023, 5, 5), False),  # Store Bededag
        ("DK", None, date(2024, 6, 5), False),  # Grundlovsdag
        ("NO", None, date(2024, 6, 5), True),
        ("NO", None, date(2023, 5, 5), True),
        ("NO", None, date(2023, 5, 17), False),  # Grunnlovsdagen
        ("SE", None, date(2018, 6, 6), False),  # Sveriges nationaldag
        ("GB", "ENG", date(2018, 8, 27), False),  # Summer Bank Holiday
        ("GB", "SCT", date(2018, 8, 27), True),
        ("US", None, date(2018, 7, 4), False),
        ("US", None, date(2018, 12, 24), True),
        ("US", None, date(2018, 7, 7), False),  # a Saturday
    ],
)
def test_public_holidays_are_those_of_the_country(
    country: str, part: str | None, day: date, counts: bool
) -> None:
    assert WorkingDays(country=country, subdivision=part).counts(day) is counts


def test_the_doubtful_days_of_denmark_are_doubtful_there_alone() -> None:
    assert WorkingDays().left_out == ["saturdays", "grundlovsdag", "christmas_eve", "new_years_eve"]
    assert WorkingDays(country="NO").left_out == ["saturdays"]
