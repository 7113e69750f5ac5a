"""Time limits of a register: every case's state is the one that its own dates give, reckoned one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.periods import Period
from tilsyn.compliance.deadline_cases import DeadlineCases, reading_rules
from tilsyn.compliance.deadline_figures import ALL, MeasuredRule, late_cases, measured
from tilsyn.compliance.deadline_states import judge, judged, of_period
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.questions.clock_time import minutes
from tilsyn.questions.dates import UnknownDate, read_date
from tilsyn.questions.deadlines import DatesSwapped, WorkingDays
from tilsyn.questions.limits import parse_limit
from tilsyn.questions.reckoning import Reckoner
from tilsyn.sampling.frame import examine
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.settings.deadline_rules import DeadlineRule
from tilsyn.settings.schema import Register

HEADINGS = {
    "case_id": "Sagsnr",
    "unit": "Enhed",
    "opened": "Oprettet",
    "decided": "Afgjort",
    "closed": "Lukket",
}
AS_OF = date(2018, 6, 30)
MAY = Period.parse("2018-05")
MEASURE = {"one_row_per": "measure"}


def rule(limit: str, **more: Any) -> DeadlineRule:
    return DeadlineRule.model_validate(
        {"name": "frist", "from": "opened", "to": "decided", "limit": limit, **more}
    )


def cases_of(
    rows: Sequence[dict[str, str]], asked: DeadlineRule, as_of: date = AS_OF, **settings: Any
) -> DeadlineCases:
    """Examine a register of such rows, of which each is a case of its own unless it says otherwise."""
    whole = [{"case_id": f"S-{n}", "unit": "Nord"} | row for n, row in enumerate(rows)]
    table = pd.DataFrame(whole, columns=list(HEADINGS), dtype="string").reset_index(names="row")
    table["row"] += 2
    register = Register.model_validate({"columns": HEADINGS, **settings})
    rules = FrameRules(
        HEADINGS, ("opened", "decided", "closed"), date(2018, 7, 2), as_of, per_case=register.case_rules
    )
    found = examine(duckdb.connect().from_df(table), reading_rules(rules, [asked], ()), None)
    return DeadlineCases(found, as_of, WorkingDays())


def states(cases: DeadlineCases, asked: DeadlineRule, period: Period = MAY) -> dict[str, str]:
    sql = f"SELECT case_id, state FROM ({judge(cases, asked, of_period(asked, period))})"
    return dict(cases.ask(sql))


def state(opened: str, decided: str, limit: str, closed: str = "", as_of: date = AS_OF) -> str | None:
    asked = rule(limit)
    row = {"opened": opened, "decided": decided, "closed": closed}
    period = Period.parse("2018-05") if "2018" not in opened else Period.parse("2018")
    return states(cases_of([row], asked, as_of), asked, period).get("S-0")


STATES = [
    # The first day is not counted, the last is.
    ("01-05-2018", "15-05-2018", "14 days", "within"),
    ("01-05-2018", "16-05-2018", "14 days", "over"),
    ("01-05-2018", "29-05-2018", "4 weeks", "within"),
    ("01-05-2018", "30-05-2018", "4 uger", "over"),
    ("31-01-2018", "28-02-2018", "1 month", "within"),
    ("31-01-2018", "01-03-2018", "1 month", "over"),
    ("28-02-2018", "28-06-2018", "4 months", "within"),
    ("28-02-2018", "29-06-2018", "4 måneder", "over"),
    # Store bededag 27 April, 1 and 10 May (Ascension) are no hverdage.
    ("26-04-2018", "07-05-2018", "6 weekdays", "within"),
    ("26-04-2018", "08-05-2018", "6 hverdage", "over"),
    # New Year: 24 to 26 December, 31 December and 1 January.
    ("20-12-2017 10:00", "04-01-2018 10:00", "6 weekdays", None),
    ("02-05-2018", "", "14 days", "open_over"),
    ("16-06-2018", "", "14 days", "open_within"),
    ("15-06-2018", "", "14 days", "open_over"),
    ("02-05-2018", "", "4 months", "open_within"),
    ("02-05-2018", "01-05-2018", "14 days", "reversed"),
    ("02-05-2018", "02-05-2018", "14 days", "within"),
    ("02-05-2018", "01-07-2018", "4 months", "future"),
    ("01-07-2018", "", "4 months", "future"),
    ("02-05-2018", "31-02-2018", "4 months", "unreadable"),
    ("02-05-2018", "snart", "4 months", "unreadable"),
    ("02-05-2018", "31-12-9999", "4 months", "unreadable"),
    ("i maj", "05-05-2018", "4 months", "unreadable"),
    ("", "05-05-2018", "4 months", "no_start"),
    ("", "", "4 months", None),
    ("", "snart", "4 months", "unreadable"),
    # 24 hours by the clock; a date alone decides only where it must.
    ("03-05-2018 15:30", "04-05-2018 15:30", "24 hours", "within"),
    ("03-05-2018 15:30", "04-05-2018 15:31", "24 hours", "over"),
    ("03-05-2018 15:30", "04-05-2018", "24 timer", "undecided"),
    ("03-05-2018", "04-05-2018", "24 hours", "undecided"),
    ("03-05-2018", "03-05-2018", "24 hours", "within"),
    ("03-05-2018", "05-05-2018", "24 hours", "over"),
    ("03-05-2018 15:30", "03-05-2018 15:29", "24 hours", "reversed"),
    ("03-05-2018 15:30", "03-05-2018", "24 hours", "within"),
    ("29-06-2018 15:30", "", "24 hours", "open_within"),
    ("28-06-2018 15:30", "", "24 hours", "open_over"),
    # Summer time begins on 25 March at 02:00: the next day's 15:30 is 23 hours later, 16:30 is 24.
    ("24-03-2018 15:30", "25-03-2018 16:30", "24 hours", "within"),
    ("24-03-2018 15:30", "25-03-2018 16:31", "24 hours", "over"),
]


@pytest.mark.parametrize(("opened", "decided", "limit", "expected"), STATES)
def test_the_state_of_a_case(opened: str, decided: str, limit: str, expected: str | None) -> None:
    assert state(opened, decided, limit) == expected


def test_winter_time_and_new_year() -> None:
    late = date(2019, 1, 31)
    assert state("27-10-2018 15:30", "28-10-2018 14:30", "24 hours", as_of=late) == "within"
    assert state("27-10-2018 15:30", "28-10-2018 14:31", "24 hours", as_of=late) == "over"
    assert state("20-12-2018", "04-01-2019", "6 weekdays", as_of=late) == "within"
    assert state("20-12-2018", "05-01-2019", "6 weekdays", as_of=late) == "over"


def test_a_case_closed_without_the_event_is_by_itself() -> None:
    assert state("02-05-2018", "", "14 days", closed="20-06-2018") == "no_end"
    # Whether it is open, nobody can tell; with the event it does not matter.
    assert state("02-05-2018", "", "14 days", closed="31-02-2018") == "unreadable"
    assert state("02-05-2018", "", "14 days", closed="01-01-1753") == "unreadable"
    assert state("02-05-2018", "03-05-2018", "14 days", closed="31-02-2018") == "within"
    assert state("02-05-2018", "", "14 days", closed="31-12-9999") == "open_over"
    # A closing that lies ahead has not come yet.
    assert state("02-05-2018", "", "14 days", closed="20-07-2018") == "open_over"


def readable(text: str) -> Any:
    try:
        return read_date(text)
    except UnknownDate:
        return "unreadable"


def oracle(opened: str, decided: str, closed: str, limit: str) -> str | None:
    """What a case's dates give, by the house's reckoner of one case at a time."""
    start, stop, done = map(readable, (opened, decided, closed))
    if start == "unreadable" or (start is None and stop == "unreadable"):
        return "unreadable"
    if start is None:
        return "no_start" if stop is not None and MAY.start <= _day(stop) <= MAY.end else None
    if not MAY.start <= _day(start) <= MAY.end:
        return None
    if stop == "unreadable":
        return "unreadable"
    named = {"opened": start} | ({"decided": stop} if stop else {})
    try:
        verdict = Reckoner(WorkingDays(), AS_OF).verdict(
            parse_limit(f"{limit} from opened to decided"), named
        )
    except DatesSwapped:
        return "reversed"
    if stop is None and done == "unreadable":
        return "unreadable"
    if stop is None and done is not None and _day(done) <= AS_OF:
        return "no_end"
    if stop is None:
        return {"running": "open_within", "passed": "open_over"}[verdict.state]
    if _day(stop) > AS_OF:
        return "future"
    return {"kept": "within", "broken": "over", "undecided": "undecided"}[verdict.state]


def _day(moment: Any) -> Any:
    return moment.date() if isinstance(moment, datetime) else moment


days = st.dates(date(2018, 4, 20), date(2018, 7, 10))
written = st.one_of(
    st.just(""),
    st.just("ukendt"),
    days.map(lambda day: f"{day:%d-%m-%Y}"),
    st.tuples(days, st.times(time(0), time(23, 59))).map(lambda both: f"{both[0]:%d-%m-%Y} {both[1]:%H:%M}"),
)
ended = st.just("") | days.map(lambda day: f"{day:%d-%m-%Y}")
LIMITS = ["24 hours", "6 weekdays", "14 days", "4 weeks", "1 months"]


@given(
    st.lists(st.tuples(written, written, ended | st.just("ukendt")), min_size=1, max_size=40),
    st.sampled_from(LIMITS),
)
def test_every_case_is_as_the_reckoner_has_it(rows: list[tuple[str, str, str]], limit: str) -> None:
    asked = rule(limit)
    register = [{"opened": o, "decided": d, "closed": c} for o, d, c in rows]
    found = states(cases_of(register, asked), asked)
    expected = {f"S-{n}": told for n, row in enumerate(rows) if (told := oracle(*row, limit))}
    assert found == expected


def put_together(rows: Sequence[tuple[str, str, str]]) -> tuple[str, str, str]:
    """The dates of a case of several rows: opened first, decided last, closed last unless one is open."""
    columns = [[readable(text) for text in column] for column in zip(*rows, strict=True)]
    texts = []
    for values, pick in zip(columns, (min, max, max), strict=True):
        days = [_day(value) for value in values if value not in (None, "unreadable")]
        unreadable = "unreadable" in values
        texts.append("ukendt" if unreadable else f"{pick(days):%d-%m-%Y}" if days else "")
    if None in columns[2]:
        texts[2] = ""
    return texts[0], texts[1], texts[2]


@given(
    st.lists(st.tuples(st.integers(0, 5), written, written, ended), min_size=1, max_size=20),
    st.sampled_from(LIMITS[1:]),
)
def test_a_case_of_several_rows_is_as_its_dates_put_together(
    rows: list[tuple[int, str, str, str]], limit: str
) -> None:
    asked = rule(limit)
    register = [{"case_id": f"S-{n}", "opened": o, "decided": d, "closed": c} for n, o, d, c in rows]
    per_case = {"opened": "earliest", "decided": "latest", "closed": "latest_or_open"}
    found = states(cases_of(register, asked, one_row_per="measure", per_case=per_case), asked)
    whole = {f"S-{n}": put_together([tuple(row[1:]) for row in rows if row[0] == n]) for n, *_ in rows}
    assert found == {case: told for case, dates in whole.items() if (told := oracle(*dates, limit))}


def figures(rows: Sequence[dict[str, str]], asked: DeadlineRule, by: Sequence[str] = ()) -> MeasuredRule:
    cases = cases_of(rows, asked)
    return measured(cases, asked, judged(cases, 0, asked, MAY), by)


def test_no_row_is_counted_twice_and_none_is_lost_without_a_word() -> None:
    asked = rule("14 days")
    case = {"opened": "02-05-2018", "decided": "03-05-2018"}
    rows = [
        {"case_id": "A", **case},
        {"case_id": "A", **case},
        {"case_id": "B", **case},
        {"case_id": "B", "opened": "02-05-2018", "decided": "04-06-2018"},
        {"case_id": "", **case},
        {"case_id": "C", "unit": "", **case},
        {"case_id": "D", "opened": "02-05-2018", "decided": "x"},
        {"case_id": "D", "opened": "02-05-2018", "decided": "x"},
    ]
    cases = cases_of(rows, asked)
    assert states(cases, asked) == {"A": "within", "C": "within", "D": "unreadable"}
    assert cases.n == 3
    assert cases.left_out == [("contradictory_duplicate", 2), ("duplicate", 2), ("missing_id", 1)]
    assert cases.n + sum(n for _, n in cases.left_out) == len(rows)


def test_shares_are_of_what_is_settled_and_bounded_by_what_is_not() -> None:
    rows = [{"opened": "02-05-2018", "decided": "03-05-2018"}] * 3
    rows += [{"opened": "02-05-2018", "decided": "20-06-2018"}]
    rows += [{"opened": "02-05-2018", "decided": ""}] + [{"opened": "31-05-2018", "decided": ""}] * 5
    (found,) = figures(rows, rule("1 month")).figures
    assert (found.measured, found.decided, found.share, found.bounds) == (10, 5, 0.6, (0.3, 0.8))
    assert found.n("open_within") == 5
    # Half are through after 49 days at the earliest: 3 of 10 after one, the fourth when 5 are out of sight.
    assert (found.median, found.slowest) == (49, None)


def test_domains_are_told_apart_without_case_and_a_missing_one_is_shown() -> None:
    row = {"opened": "02-05-2018", "decided": "03-05-2018"}
    rows = [row | {"unit": unit} for unit in ("Nord", "nord", "Nord", "Syd", "")]
    found = figures(rows, rule("14 days"), ["unit"]).figures
    assert [(one.domain, one.measured) for one in found] == [
        ("all", 5),
        ("unit=", 1),
        ("unit=Nord", 3),
        ("unit=Syd", 1),
    ]


def test_all_cases_are_called_as_everywhere() -> None:
    assert ALL == ALL_CASES


def test_only_the_cases_that_a_rule_is_about() -> None:
    row = {"opened": "02-05-2018", "decided": "03-05-2018"}
    asked = rule("14 days", where={"column": "unit", "values": ["SYD"]})
    found = figures([row | {"unit": unit} for unit in ("Nord", "Syd")], asked)
    assert found.figures[0].measured == 1


def test_late_cases_have_their_last_day_and_the_days_over_it() -> None:
    rows = [
        {"opened": "02-05-2018", "decided": "20-05-2018"},
        {"opened": "02-05-2018", "decided": "20-06-2018"},
        {"opened": "20-05-2018", "decided": ""},
        {"opened": "02-05-2018", "decided": ""},
        {"opened": "02-05-2018", "decided": "03-05-2018"},
    ]
    asked = rule("14 days")
    cases = cases_of(rows, asked)
    late = late_cases(cases, asked, judged(cases, 0, asked, MAY))
    assert [(case.case_id, case.open, case.last.day, case.days_over) for case in late] == [
        ("S-0", False, 16, 4),
        ("S-1", False, 16, 35),
        ("S-2", True, 3, 27),
        ("S-3", True, 16, 45),
    ]


def test_hours_over_are_real_and_their_last_day_is_danish() -> None:
    asked = rule("24 hours")
    rows = [{"opened": "24-03-2018 23:30", "decided": "26-03-2018 12:30"}]
    cases = cases_of(rows, asked)
    (case,) = late_cases(cases, asked, judged(cases, 0, asked, Period.parse("2018-03")))
    # 23:30 plus 24 hours is 00:30 two days later, in the night without an hour.
    assert (case.last, case.days_over) == (date(2018, 3, 26), 0.5)


def test_times_are_in_hours_where_clocks_are_known_and_else_in_days() -> None:
    rows = [{"opened": f"03-05-2018 1{n}:00", "decided": "04-05-2018 20:00"} for n in range(3)]
    dated = {"opened": "03-05-2018", "decided": "04-05-2018"}
    clocks = figures([*rows, dated], rule("24 hours"))
    assert (clocks.time_unit, clocks.figures[0].median, clocks.figures[0].measured) == ("hours", 33, 4)
    days_alone = figures([dated], rule("24 hours"))
    assert (days_alone.time_unit, days_alone.figures[0].median) == ("days", 1)


def test_a_case_of_several_rows_is_one_with_the_clock_of_the_row_its_date_is_from() -> None:
    asked = rule("24 hours")
    rows = [
        {"case_id": "A", "opened": "03-05-2018 10:00", "decided": "03-05-2018 11:00"},
        {"case_id": "A", "opened": "09-05-2018 10:00", "decided": "10-05-2018 09:00"},
        {"case_id": "B", "opened": "03-05-2018 10:00", "decided": "03-05-2018 12:00"},
        {"case_id": "B", "opened": "03-05-2018 08:00", "decided": "04-05-2018 09:00"},
        {"case_id": "C", "opened": "03-05-2018", "decided": "04-05-2018"},
        {"case_id": "C", "opened": "x", "decided": "04-05-2018"},
    ]
    per_case = {"decided": "latest", "opened": "earliest"}
    cases = cases_of(rows, asked, one_row_per="measure", per_case=per_case)
    assert states(cases, asked) == {"A": "over", "B": "over", "C": "unreadable"}
    assert cases.n == 3


def test_minutes_of_a_day_are_counted_from_its_danish_midnight() -> None:
    # The register's day begins at 22:00 UTC in summer: a limit that ran out then is over.
    assert minutes(AS_OF)[0] % (24 * 60) == 22 * 60
    assert state("29-06-2018 00:01", "", "24 hours") == "open_within"
    assert state("28-06-2018 23:59", "", "24 hours") == "open_over"
