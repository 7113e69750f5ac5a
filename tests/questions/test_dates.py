"""What people type as dates: days before months, impossible days refused."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.questions.dates import UnknownDate, read_date

DAY = date(2018, 4, 3)


@pytest.mark.parametrize(
    "text",
    [
        "03-04-2018",
        "3-4-2018",
        "3.4.2018",
        "03/04/2018",
        "3/4 2018",
        "3/4-2018",
        "3.4.18",
        "2018-04-03",
        "2018/4/3",
        "2018.04.03",
        "20180403",
        "03042018",
        "3. april 2018",
        "3 apr 2018",
        "3. apr. 2018",
        "den 3. april 2018",
        "3 April 2018",
        "03-04-2018 00:00",
        " 03-04-2018\u00a0",
        "2018-04-02T22:00:00.000Z",
        "2018-04-03T00:00:00+02:00",
        "2018-04-03 00:00 +0200",
        "43193",
        43193,
        43193.0,
        20180403,
        DAY,
        datetime(2018, 4, 3),
    ],
)
def test_a_day(text: object) -> None:
    assert read_date(text) == DAY
    assert not isinstance(read_date(text), datetime)


@pytest.mark.parametrize(
    "text",
    [
        "03-04-2018 14:30",
        "03.04.2018 14.30",
        "3/4 2018 kl. 14.30",
        "3/4 2018 kl 14:30",
        "2018-04-03T14:30",
        "2018-04-03 14:30:00",
        "3. april 2018 14:30",
        43193.604166667,
        datetime(2018, 4, 3, 14, 30),
    ],
)
def test_a_moment(text: object) -> None:
    assert read_date(text) == datetime(2018, 4, 3, 14, 30)


@pytest.mark.parametrize(
    "text",
    [
        "31-02-2018",
        "04/13/2018",
        "2018-13-01",
        "i går",
        "april 2018",
        "12",
        12,
        0,
        -1,
        1e9,
        True,
        "03-04",
        "3/4",
        "2018",
        "99-99-9999",
        "03-04-2018 25:00",
        "03-04-1018",
        "010158-5123",
        time(12, 0),
    ],
)
def test_what_is_no_date_is_refused(text: object) -> None:
    with pytest.raises(UnknownDate):
        read_date(text)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back_in_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    for form in (
        f"{day:%d-%m-%Y}",
        f"{day:%Y-%m-%d}",
        f"{day.day}/{day.month} {day.year}",
        f"{day:%Y%m%d}",
        f"{day:%d%m%Y}",
        serial,
    ):
        assert read_date(form) == day


@given(st.text(max_size=30))
def test_any_text_is_a_date_blank_or_refused(text: str) -> None:
    try:
        found = read_date(text)
    except UnknownDate:
        return
    assert found is None or 1950 <= found.year <= 2100
