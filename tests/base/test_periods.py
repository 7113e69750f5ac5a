"""Periods as people write them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.language import using
from tilsyn.base.periods import MONTHS, WEEKS, Kind, Period
from tilsyn.base.problems import UsageError


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2018-Q2", "2018-Q2"),
        ("2018K2", "2018-Q2"),
        ("K2 2018", "2018-Q2"),
        ("2. kvartal 2018", "2018-Q2"),
        ("2018Q2", "2018-Q2"),
        (" 2018 K2 ", "2018-Q2"),
        ("maj 2018", "2018-05"),
        ("May 2018", "2018-05"),
        ("okt. 2018", "2018-10"),
        ("2018-05", "2018-05"),
        ("2018-W27", "2018-W27"),
        ("uge 27, 2018", "2018-W27"),
        ("2018-H1", "2018-H1"),
        ("1. halvår 2018", "2018-H1"),
        ("2018", "2018"),
        ("2018-m05-m06", "2018-M05-M06"),
        ("2026-W21-W24", "2026-W21-W24"),
        ("2020-W51-W53", "2020-W51-W53"),
    ],
)
def test_what_people_write_is_read(text: str, canonical: str) -> None:
    assert Period.parse(text).canonical == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2018-Q5",
        "2018-13",
        "5. kvartal 2018",
        "2018-W60",
        "2018-W53",
        "2018-W02-W03",
        "2018-W51-W53",
        "2018-M02-M03",
        "2018-M13-M14",
        "foo 2018",
        "18-Q2",
        "0000",
        "9999-Q4",
        "0218-Q2",
    ],
)
def test_what_is_no_period_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(UsageError) as error:
        Period.parse(text)
    assert "2018-Q2" in error.value.remedy


def test_ends_are_included() -> None:
    assert (Period.parse("2020-02").start, Period.parse("2020-02").end) == (
        date(2020, 2, 1),
        date(2020, 2, 29),
    )
    assert Period.parse("2018-W01").start == date(2018, 1, 1)


@given(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    st.sampled_from([*MONTHS, *WEEKS]),
)
def test_periods_of_a_kind_tile_the_calendar(day: date, kind: Kind) -> None:
    period = Period.containing(day, kind)
    assert period.start <= day <= period.end
    assert Period.parse(period.canonical) == period
    assert period.next().start == period.end + timedelta(days=1)
    assert period.next().previous() == period
    assert period < period.next()


def test_labels() -> None:
    written = ("2018-Q2", "2018-05", "2018-W27", "2018-H1", "2018", "2018-M05-M06", "2018-W01-W04")
    assert [Period.parse(text).label() for text in written] == [
        "2. kvartal 2018",
        "maj 2018",
        "uge 27 2018",
        "1. halvår 2018",
        "2018",
        "maj til juni 2018",
        "uge 1-4 2018",
    ]
    with using("en"):
        assert Period.parse("2018-05").label() == "May 2018"
