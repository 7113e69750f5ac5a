from datetime import date

import pytest

from tests.builders.workspaces import SETTINGS, make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import make_draw
from tilsyn.procedure.status import progress

Q2 = Period.parse("2018-Q2")


def test_each_level_falls_due_so_many_months_after_the_period(tmp_path):
    levels = make_workspace(tmp_path).plan_for(Q2).levels
    due = {level: plan.draw_due(Q2).isoformat() for level, plan in levels.items()}
    assert due == {1: "2018-07-01", 2: "2018-07-01", 3: "2018-08-01", 4: "2018-09-01"}


@pytest.mark.parametrize("as_of", ["2018-06-30", "2018-07-31", "2017-01-01"])
@pytest.mark.parametrize(
    ("today", "month", "quarter"),
    [
        ("2018-06-30", "2018-05", "2018-Q1"),
        ("2018-07-01", "2018-06", "2018-Q2"),
        ("2018-07-20", "2018-06", "2018-Q2"),
        ("2018-12-20", "2018-11", "2018-Q3"),
        ("2019-03-01", "2019-02", "2018-Q4"),
    ],
)
def test_todays_periods_are_looked_at_whatever_the_day_of_the_register(
    tmp_path, as_of, today, month, quarter
):
    workspace = make_workspace(tmp_path, SETTINGS.replace("2018-07-02", as_of))
    due = {row.level: row.period.canonical for row in progress(workspace, date.fromisoformat(today))}
    assert due == {1: month, 2: quarter}


def test_a_level_that_the_plan_has_no_more_is_due_while_its_register_can_be_taken_out(tmp_path):
    later = '[[plan]]\nvalid_from = 2018-07-01\n[plan.levels.2]\ncadence = "quarter"\nper_unit = 6\n'
    workspace = make_workspace(tmp_path, SETTINGS + later)
    due = (
        {row.level for row in progress(workspace, date(2018, 7, 31))},
        {row.level for row in progress(workspace, date(2018, 8, 1))},
    )
    assert due == ({1, 2}, {2})


def test_without_a_readable_register_the_latest_period_is_due(tmp_path):
    workspace = make_workspace(tmp_path, SETTINGS.replace("as_of = 2018-07-02\n", ""))
    (tmp_path / "sagsliste.csv").unlink()
    due = {row.level: row.period.canonical for row in progress(workspace, date(2018, 11, 5))}
    assert due == {1: "2018-10", 2: "2018-Q3"}


def test_a_plan_that_begins_later_makes_nothing_due_before(tmp_path):
    workspace = make_workspace(tmp_path)
    assert progress(workspace, date(2017, 9, 5)) == []


def test_a_new_cadence_holds_from_its_day(tmp_path):
    later = '[[plan]]\nvalid_from = 2018-07-01\n[plan.levels.2]\ncadence = "half"\nper_unit = 6\n'
    workspace = make_workspace(
        tmp_path, SETTINGS.replace("as_of = 2018-07-02\n", "as_of = 2019-01-05\n") + later
    )
    due = {row.level: row.period.canonical for row in progress(workspace, date(2019, 1, 5))}
    assert due[2] == "2018-H2"


def test_a_draw_that_is_made_is_not_due(tmp_path):
    clock.set_today(date(2018, 7, 3))
    workspace = make_workspace(tmp_path)
    make_draw(workspace, 2, Q2)
    (row,) = [row for row in progress(workspace, date(2018, 7, 3)) if row.level == 2]
    assert (row.state, row.due, row.units["Døgnvagten"]) == ("drawn", date(2018, 8, 3), (3, 0, 3))
