"""Limits: the last lawful day and the answer, worked by hand in a calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.questions.conditions import Condition
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays
from tilsyn.questions.limits import parse_limit
from tilsyn.questions.reckoning import Moment, Reckoner, Verdict

USUAL = WorkingDays()


def verdict(
    limit: str,
    reviewed_on: date | None = date(2030, 1, 1),
    days: WorkingDays = USUAL,
    holds: bool | None = None,
    **dates: Moment | None,
) -> Verdict:
    """Reckon a limit between dates `a`, `b`, `c`."""

    def answer(_: Condition) -> bool | None:
        return holds

    given = {name: at for name, at in dates.items() if at is not None}
    return Reckoner(days, reviewed_on, answer).verdict(parse_limit(limit), given)


LAST_DAYS = [
    ("6 weekdays", date(2018, 4, 9), date(2018, 4, 17), "a plain week: Saturday and Sunday do not count"),
    ("6 weekdays", date(2018, 3, 26), date(2018, 4, 6), "Easter 2018"),
    ("6 weekdays", date(2026, 3, 30), date(2026, 4, 10), "Easter 2026"),
    ("6 weekdays", date(2023, 5, 1), date(2023, 5, 10), "store bededag in 2023"),
    ("6 weekdays", date(2024, 4, 22), date(2024, 4, 30), "no store bededag in 2024"),
    ("6 weekdays", date(2018, 6, 1), date(2018, 6, 12), "Grundlovsdag"),
    ("6 weekdays", date(2018, 12, 20), date(2019, 1, 4), "Christmas and New Year, 24 and 31 December"),
    ("6 weekdays", date(2018, 5, 9), date(2018, 5, 18), "Ascension Day, the Friday after counts"),
    ("6 weekdays", date(2018, 4, 14), date(2018, 4, 23), "received on a Saturday"),
    ("7 days", date(2018, 6, 4), date(2018, 6, 11), "days run over a weekend"),
    ("2 weeks", date(2018, 6, 4), date(2018, 6, 18), "weeks"),
    ("4 months", date(2018, 1, 15), date(2018, 5, 15), "months"),
    ("4 months", date(2017, 10, 31), date(2018, 2, 28), "to the end of February"),
    ("4 months", date(2023, 10, 31), date(2024, 2, 29), "to the end of February in a leap year"),
    ("3 months", date(2018, 1, 31), date(2018, 4, 30), "to the end of April"),
    ("3 months", date(2018, 2, 28), date(2018, 5, 28), "from the end of February"),
    ("6 months", date(2018, 8, 31), date(2019, 2, 28), "half a year to the end of February"),
    ("1 year", date(2024, 2, 29), date(2025, 2, 28), "a year from a leap day"),
]


@pytest.mark.parametrize(("length", "start", "last", "why"), LAST_DAYS)
def test_the_last_lawful_day_is_kept_and_the_next_is_not(
    length: str, start: date, last: date, why: str
) -> None:
    limit, after = f"{length} from a to b", last + timedelta(days=1)
    assert verdict(limit, a=start, b=last).last == last, why
    assert verdict(limit, a=start, b=last).answer == "ja", why
    assert verdict(limit, a=start, b=after).answer == "nej", why
    assert verdict(limit, a=datetime(*start.timetuple()[:3], 23, 59), b=last).answer == "ja"


@pytest.mark.parametrize(("length", "start", "last", "why"), LAST_DAYS)
def test_an_open_end_is_a_breach_once_the_last_day_is_over(
    length: str, start: date, last: date, why: str
) -> None:
    limit = f"{length} from a to b"
    assert verdict(limit, last + timedelta(days=1), a=start).answer == "nej", why
    assert verdict(limit, last, a=start).state == "running", why
    assert verdict(limit, None, a=start).state == "undecided", why
    assert verdict(limit, last, b=last).state == "undecided", why


@pytest.mark.parametrize(
    ("start", "end", "answer", "why"),
    [
        (datetime(2018, 4, 3, 15, 30), datetime(2018, 4, 4, 15, 30), "ja", "to the minute"),
        (datetime(2018, 4, 3, 15, 30), datetime(2018, 4, 4, 15, 31), "nej", "a minute over"),
        (datetime(2018, 4, 6, 14, 10), datetime(2018, 4, 7, 9, 30), "ja", "Friday to Saturday"),
        (date(2018, 4, 3), date(2018, 4, 3), "ja", "the same day"),
        (date(2018, 4, 3), date(2018, 4, 4), None, "two days without times may be both"),
        (date(2018, 4, 3), date(2018, 4, 5), "nej", "two days apart"),
        (datetime(2018, 4, 3, 10, 0), date(2018, 4, 4), None, "the end may be both"),
        (datetime(2018, 4, 3, 10, 0), date(2018, 4, 5), "nej", "the end is too late at any time"),
        (datetime(2018, 4, 3), datetime(2018, 4, 4), None, "midnight is a date alone"),
        (datetime(2018, 3, 24, 12, 0), datetime(2018, 3, 25, 12, 0), "ja", "to summer time: 23 hours"),
        (datetime(2018, 3, 24, 12, 0), datetime(2018, 3, 25, 13, 0), "ja", "to summer time: 24 hours"),
        (datetime(2018, 3, 24, 12, 0), datetime(2018, 3, 25, 13, 1), "nej", "to summer time: over"),
        (datetime(2018, 10, 27, 12, 0), datetime(2018, 10, 28, 11, 0), "ja", "from summer time: 24 hours"),
        (datetime(2018, 10, 27, 12, 0), datetime(2018, 10, 28, 11, 1), "nej", "from summer time: over"),
        (datetime(2018, 10, 27, 1, 30), datetime(2018, 10, 28, 1, 30), "ja", "before the clock is put back"),
        (datetime(2018, 10, 27, 2, 30), datetime(2018, 10, 28, 2, 30), None, "02:30 comes twice that night"),
    ],
)
def test_24_hours_are_real_hours(start: Moment, end: Moment, answer: str | None, why: str) -> None:
    assert verdict("24 hours from a to b", a=start, b=end).answer == answer, why


def test_24_hours_that_nothing_ended() -> None:
    start = datetime(2018, 4, 3, 15, 30)
    assert verdict("24 hours from a to b", date(2018, 4, 5), a=start).answer == "nej"
    assert verdict("24 hours from a to b", date(2018, 4, 4), a=start).state == "running"
    assert verdict("24 hours from a to b", date(2018, 4, 3), a=date(2018, 4, 3)).last == date(2018, 4, 4)


@pytest.mark.parametrize(
    ("happened", "answer"),
    [(date(2018, 5, 3), None), (date(2018, 5, 10), None), (date(2018, 5, 11), "nej"), (None, None)],
)
def test_before_an_event_dates_prove_a_nej_only(happened: date | None, answer: str | None) -> None:
    assert verdict("b before a", a=date(2018, 5, 10), b=happened).answer == answer
    assert verdict("b before a", b=happened).answer is None


EARLIEST = "earliest of (3 months from a, day of b) to c"


@pytest.mark.parametrize(
    ("finished", "followed", "answer", "by", "binding"),
    [
        (date(2026, 3, 30), date(2026, 3, 30), "ja", "b", True),
        (date(2026, 3, 30), date(2026, 5, 29), "nej", "b", False),
        (date(2026, 3, 30), date(2026, 6, 3), "nej", "b", True),
        (None, date(2026, 5, 29), "ja", "a", True),
        (None, date(2026, 6, 3), "nej", "a", True),
        (date(2026, 7, 1), date(2026, 6, 2), "ja", "a", True),
        (date(2026, 7, 1), date(2026, 6, 3), "nej", "a", True),
        (date(2026, 2, 20), date(2026, 5, 29), "ja", "a", True),
        (date(2026, 3, 2), date(2026, 3, 3), "nej", "b", False),
    ],
)
def test_the_earliest_of_two_decides_and_is_told(
    finished: date | None, followed: date, answer: str, by: str, binding: bool
) -> None:
    found = verdict(EARLIEST, a=date(2026, 3, 2), b=finished, c=followed)
    assert (found.answer, found.by) == (answer, by)
    assert found.binding or answer == "nej"
    assert found.binding is binding


@pytest.mark.parametrize(
    ("finished", "reviewed", "answer", "state", "by"),
    [
        (None, date(2026, 6, 2), None, "running", "a"),
        (None, date(2026, 6, 3), "nej", "passed", "a"),
        (date(2026, 3, 30), date(2026, 3, 30), None, "running", "b"),
        (date(2026, 3, 30), date(2026, 3, 31), None, "undecided", "b"),
        (date(2026, 3, 30), date(2026, 6, 2), None, "undecided", "b"),
        (date(2026, 3, 30), date(2026, 6, 3), "nej", "passed", "a"),
        (date(2026, 7, 1), date(2026, 6, 2), None, "running", "a"),
        (date(2026, 7, 1), date(2026, 6, 3), "nej", "passed", "a"),
        (date(2026, 2, 20), date(2026, 6, 2), None, "running", "a"),
        (date(2026, 3, 30), None, None, "undecided", "b"),
    ],
)
def test_an_open_end_is_a_breach_of_the_counted_limit_only(
    finished: date | None, reviewed: date | None, answer: str | None, state: str, by: str
) -> None:
    """Until a lawyer has said how soon after the day a thing must come, that day decides no open end."""
    found = verdict(EARLIEST, reviewed, a=date(2026, 3, 2), b=finished)
    assert (found.answer, found.state, found.by) == (answer, state, by)


@pytest.mark.parametrize(
    ("holds", "plan", "answer"),
    [
        (True, date(2026, 5, 1), None),
        (True, date(2026, 5, 11), "nej"),
        (False, date(2026, 8, 10), "ja"),
        (False, date(2026, 8, 11), "nej"),
        (None, date(2026, 8, 11), None),
    ],
)
def test_a_limit_that_depends_on_the_case(holds: bool | None, plan: date, answer: str | None) -> None:
    limit = "if x = ja: b before a; else: 3 months from a to b"
    assert verdict(limit, holds=holds, a=date(2026, 5, 10), b=plan).answer == answer


@pytest.mark.parametrize("limit", ["24 hours", "6 weekdays", "7 days", "3 months"])
def test_swapped_dates_are_said(limit: str) -> None:
    with pytest.raises(DatesSwapped):
        verdict(f"{limit} from a to b", a=date(2018, 4, 3), b=date(2018, 4, 2))


def test_both_readings_of_saturday_are_told_until_one_is_chosen() -> None:
    start = date(2018, 12, 20)
    found = verdict("6 weekdays from a to b", a=start, b=start)
    assert (found.last, found.with_saturdays) == (date(2019, 1, 4), date(2019, 1, 2))
    chosen = WorkingDays(chosen=frozenset({"saturdays"}))
    assert verdict("6 weekdays from a to b", days=chosen, a=start, b=start).with_saturdays is None


def test_the_friday_after_ascension_day_can_be_left_out() -> None:
    days = WorkingDays(friday_after_ascension=False)
    assert not days.counts(date(2018, 5, 11))
    assert verdict("6 weekdays from a to b", days=days, a=date(2018, 5, 9)).last == date(2018, 5, 22)


@pytest.mark.parametrize(
    ("start", "free"), [(date(2018, 1, 15), False), (date(2018, 1, 12), True), (date(2017, 12, 5), True)]
)
def test_a_last_day_that_is_no_hverdag_is_told(start: date, free: bool) -> None:
    assert (
        verdict("6 months from a to b" if start.year == 2017 else "4 months from a to b", a=start).free
        is free
    )


DAYS = st.dates(date(2015, 1, 1), date(2029, 12, 31))


@given(DAYS, DAYS, st.sampled_from(["6 weekdays", "10 days", "3 weeks", "4 months", "1 years"]))
def test_an_answer_is_what_the_last_day_says(start: date, end: date, length: str) -> None:
    if end < start:
        start, end = end, start
    found = verdict(f"{length} from a to b", a=start, b=end)
    assert found.last is not None
    assert found.answer == ("ja" if end <= found.last else "nej")


@pytest.mark.parametrize(
    "text",
    [
        "24 hours from underretning_modtaget to fare_vurderet",
        "6 weekdays from a to b",
        "7 days from a to b",
        "3 weeks from a to b",
        "1 years from a to b",
        "b before a",
        EARLIEST,
        "earliest of (3 months from a, 14 days from b) to c",
        "if x = y and z given: b before a; else: 3 months from a to b",
    ],
)
def test_a_limit_reads_back_as_it_is_written(text: str) -> None:
    assert str(parse_limit(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "4 uger", "4 months", "0 days from a to b", "day of a to b", "earliest of (3 months from a) to b"],
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        parse_limit(text)
