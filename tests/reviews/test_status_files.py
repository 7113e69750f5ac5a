from datetime import date

import pytest

from tilsyn.reviews.checklist import Case, Part
from tilsyn.reviews.records import CaseReview, Load
from tilsyn.reviews.status_files import FileStatus, file_statuses

PLANNED = {
    "id-nord": Part("nord", "Nord", (Case("1", "Nord"), Case("2", "Nord"))),
    "id-syd": Part("syd", "Syd", (Case("3", "Syd"), Case("4", "Syd"))),
}


def load(workbook: str, *case_ids: str, kind: str = "answers", day: str = "2018-07-20") -> Load:
    reviews = tuple(CaseReview(case_id) for case_id in case_ids)
    return Load("d", kind, f"{day}T10:00:00+00:00", workbook=workbook, cases=reviews)


def statuses(
    *loads: Load,
    complete: str = "",
    in_force: str = "1234",
    faulty: tuple[str, ...] = (),
    planned: dict[str, Part] | None = None,
) -> dict[str, FileStatus]:
    cases = {case: case in complete for case in in_force}
    return {row.name: row for row in file_statuses(planned or PLANNED, loads, cases, faulty)}


@pytest.mark.parametrize(
    ("loads", "complete", "faulty", "state", "came", "finished", "begun", "untouched"),
    [
        ([], "", [], "missing", None, 0, 0, 2),
        ([load("id-nord", "1", "2")], "12", [], "finished", 20, 2, 0, 0),
        ([load("id-nord", "1", "2")], "1", [], "unfinished", 20, 1, 1, 0),
        ([load("id-nord", "1")], "1", [], "unfinished", 20, 1, 0, 1),
        ([load("id-nord", "1"), load("id-nord", "2", day="2018-07-24")], "12", [], "finished", 24, 2, 0, 0),
        ([], "", ["id-nord"], "faulty", None, 0, 0, 2),
        ([load("id-nord", "1")], "1", ["id-nord"], "faulty", 20, 1, 0, 1),
        # Nothing is waited for where every case is reviewed, whatever the file looks like.
        ([load("id-nord", "1", "2")], "12", ["id-nord"], "finished", 20, 2, 0, 0),
        # Answers that came in another file finish the cases; the workbook itself did not come.
        ([load("tidy:svar", "1", "2")], "12", [], "finished", None, 2, 0, 0),
        ([load("tidy:svar", "1", "2")], "1", [], "missing", None, 1, 1, 0),
        # A workbook that lost its id is known by its cases.
        ([load("", "1")], "1", [], "unfinished", 20, 1, 0, 1),
        ([load("", "3")], "", [], "missing", None, 0, 0, 2),
        # That a case is urgent came, its answers did not.
        ([load("id-nord", kind="urgent")], "", [], "missing", None, 0, 0, 2),
        ([load("id-syd", "3", "4")], "34", ["id-syd"], "missing", None, 0, 0, 2),
    ],
)
def test_the_state_of_one_file(loads, complete, faulty, state, came, finished, begun, untouched):
    nord = statuses(*loads, complete=complete, faulty=tuple(faulty))["nord"]
    assert (nord.state, nord.finished, nord.begun, nord.untouched) == (state, finished, begun, untouched)
    assert nord.came == (date(2018, 7, came) if came else None)
    assert nord.cases == 2


def test_what_lacks_something_comes_first_then_by_name():
    found = statuses(load("id-nord", "1", "2"), complete="12")
    assert list(found) == ["syd", "nord"]
    assert list(statuses()) == ["nord", "syd"]


def test_a_case_that_was_replaced_is_waited_for_no_more():
    stand_in = {"id-stand-in": Part("nord-erstatning-1", "Nord", (Case("9", "Nord"),))}
    found = statuses(in_force="1349", complete="1", planned=PLANNED | stand_in)
    assert {name: row.cases for name, row in found.items()} == {"nord": 1, "nord-erstatning-1": 1, "syd": 2}
    assert found["nord"].state == "finished"
    assert found["nord-erstatning-1"].state == "missing"


def test_a_file_whose_cases_are_all_replaced_is_no_file_to_wait_for():
    assert list(statuses(in_force="12")) == ["nord"]
