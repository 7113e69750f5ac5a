"""The clocks in a register's dates, as real minutes: what `clock_time` says of each value by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.database import memory_database
from tilsyn.questions.clock_time import minutes
from tilsyn.sampling import frame_moments
from tilsyn.sampling.frame_dates import read_dates
from tilsyn.sampling.frame_moments import read_moments


def moments(texts: list[str], month_first: bool = False) -> dict[str, tuple[int, int]]:
    with memory_database() as connection:
        table = pd.DataFrame({"row": range(len(texts)), "opened": pd.array(texts, dtype="string")})
        register = connection.from_df(table)
        read_dates(register, "x", ("opened",), month_first)
        read_moments(register, "x")
        found = register.query("source", "SELECT text, low, high FROM x_moments").fetchall()
    return {text: (low, high) for text, low, high in found}


WRITTEN = [
    ("03-04-2018", date(2018, 4, 3)),
    ("03-04-2018 00:00:00", date(2018, 4, 3)),
    ("03-04-2018 14.30", datetime(2018, 4, 3, 14, 30)),
    ("2018-04-03T14:30:29", datetime(2018, 4, 3, 14, 30)),
    ("2018-04-03 14:30:31.000", datetime(2018, 4, 3, 14, 31)),
    ("2018-05-01 2:05 PM", datetime(2018, 5, 1, 14, 5)),
    ("2018-05-01 12:05 AM", datetime(2018, 5, 1, 0, 5)),
    ("2018-05-01 12:05 PM", datetime(2018, 5, 1, 12, 5)),
    ("3. april 2018 kl. 14.30", datetime(2018, 4, 3, 14, 30)),
    ("2018-04-02T22:15:31Z", datetime(2018, 4, 3, 0, 15, 31)),
    ("2018-04-03T20:10:20Z", datetime(2018, 4, 3, 22, 10, 20)),
    ("2019-04-03T12:00:00Z", datetime(2019, 4, 3, 14)),
    ("43193.5", datetime(2018, 4, 3, 12)),
    # No time of day.
    ("01-05-2018 25:10", date(2018, 5, 1)),
    # A day of 23 hours, and of 25; an hour that is not there, and one that is there twice.
    ("25-03-2018", date(2018, 3, 25)),
    ("25-03-2018 02:30", datetime(2018, 3, 25, 2, 30)),
    ("28-10-2018", date(2018, 10, 28)),
    ("28-10-2018 02:30", datetime(2018, 10, 28, 2, 30)),
    ("31-12-2018 23:59:59", datetime(2018, 12, 31, 23, 59, 59)),
]


@pytest.mark.parametrize(("text", "meant"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_a_clock_is_read_as_clock_time_reads_it(text: str, meant: date | datetime) -> None:
    assert moments([text]) == {text: minutes(meant)}


@pytest.mark.parametrize("at_a_time", [1, 2, 5000])
def test_many_clocks_are_read_as_one_is(monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr(frame_moments, "AT_A_TIME", at_a_time)
    assert moments([text for text, _ in WRITTEN]) == {text: minutes(meant) for text, meant in WRITTEN}


def test_a_register_without_a_date_has_no_moments() -> None:
    assert moments(["x"]) == {}


def test_the_month_may_stand_first_and_no_date_has_no_moment() -> None:
    assert moments(["06/30/2018 2:05 PM", "x"], month_first=True) == {
        "06/30/2018 2:05 PM": minutes(datetime(2018, 6, 30, 14, 5))
    }


@given(
    st.lists(
        st.datetimes(datetime(2018, 3, 24), datetime(2018, 3, 26))
        | st.datetimes(datetime(2018, 10, 27), datetime(2018, 10, 29))
        | st.datetimes(datetime(1996, 1, 1), datetime(2030, 12, 31)),
        min_size=1,
        max_size=30,
    )
)
def test_every_moment_is_the_same_in_a_register_and_alone(values: list[datetime]) -> None:
    values = [value.replace(microsecond=0) for value in values]
    found = moments([value.isoformat(" ") for value in values])
    assert found == {value.isoformat(" "): minutes(value) for value in values}
    assert all(high - low <= timedelta(hours=25) / timedelta(minutes=1) for low, high in found.values())
