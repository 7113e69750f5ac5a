"""The longest time in a case without any date: recomputed from its dates."""

from __future__ import annotations

from datetime import date

import pytest

from tests.compliance.test_deadline_cases import AS_OF, MAY, cases_of, rule
from tilsyn.compliance.quiet_periods import quiet_periods

CASES = [
    # 90 days to the decision, 150 until now.
    (("01-11-2017", "31-01-2018", ""), date(2018, 1, 31), 150, True),
    (("01-11-2017", "31-01-2018", "15-06-2018"), date(2018, 1, 31), 135, False),
    # Out of order: what counts is when anything happened.
    (("31-01-2018", "01-11-2017", "15-06-2018"), date(2018, 1, 31), 135, False),
    (("01-01-2018", "", ""), date(2018, 1, 1), 180, True),
    # Of two that are as long, the one that began last.
    (("01-06-2018", "11-06-2018", "21-06-2018"), date(2018, 6, 11), 10, False),
    # A date that lies ahead, or that nobody can read, has not happened.
    (("01-01-2018", "31-01-2019", "31-01-2018"), date(2018, 1, 1), 30, False),
    (("01-01-2018", "x", ""), date(2018, 1, 1), 180, True),
]


@pytest.mark.parametrize(("dates", "since", "quiet", "still"), CASES)
def test_the_longest_of_a_case(dates: tuple[str, str, str], since: date, quiet: int, still: bool) -> None:
    cases = cases_of([dict(zip(("opened", "decided", "closed"), dates, strict=True))], rule("14 days"))
    found, listed = quiet_periods(cases, MAY.quarter())
    assert (found.n, found.longest, found.median) == (1, quiet, quiet) or found.n == 0
    assert found.n_without == 0
    assert [(case.since, case.days, case.open) for case in listed] == [(since, quiet, still)] * (quiet >= 180)


def test_only_cases_that_were_open_in_the_period_and_those_without_dates_are_told() -> None:
    rows = [
        {"opened": "01-01-2018", "closed": "01-04-2018"},
        {"opened": "01-06-2018", "closed": ""},
        {"opened": "01-01-2018", "closed": "10-05-2018"},
        {"opened": "", "closed": "10-05-2018"},
        {"opened": "", "closed": ""},
    ]
    found, _ = quiet_periods(cases_of(rows, rule("14 days")), MAY)
    assert (found.n, found.n_without) == (1, 2)
    assert (found.longest, found.long) == (129, (1, 0, 0))
    assert MAY.end < AS_OF
