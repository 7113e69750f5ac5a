from datetime import date

import pytest

from tests.builders.workspaces import Q2, make_workspace, review
from tilsyn.base import clock
from tilsyn.procedure.checklists import make_workbooks, workbooks_there
from tilsyn.procedure.draw import make_draw
from tilsyn.procedure.status_files import files_of_draws
from tilsyn.reviews import layout
from tilsyn.reviews.dealing import group_name
from tilsyn.reviews.records import CaseReview, Load

TODAY = date(2018, 7, 20)


@pytest.fixture
def workspace(tmp_path):
    clock.set_today(TODAY)
    workspace = make_workspace(tmp_path)
    review(workspace, make_draw(workspace, 2, Q2).draw)
    return workspace


def names(workspace, level=3):
    return {
        file.name: file.cases
        for row in files_of_draws(workspace, TODAY)
        for file in row.files
        if row.draw.level == level
    }


def test_a_draw_that_has_no_workbooks_is_not_listed(workspace):
    assert files_of_draws(workspace, TODAY) == []


@pytest.mark.parametrize(("groups", "cases"), [(1, [9]), (2, [5, 4]), (4, [3, 2, 2, 2])])
def test_a_file_for_each_group_that_the_cases_were_dealt_to(workspace, groups, cases):
    draw = make_draw(workspace, 3, Q2).draw
    make_workbooks(workspace, draw, groups)
    expected = {group_name(n): number for n, number in enumerate(cases, start=1)}
    assert names(workspace) == expected
    # A name that people add to tells as well.
    for path in workbooks_there(workspace, draw):
        path.rename(path.with_name(f"{path.stem} udfyldt.xlsx"))
    assert names(workspace) == expected


def test_the_groups_are_known_by_what_was_loaded(workspace):
    draw = make_draw(workspace, 3, Q2).draw
    said = CaseReview(draw.record.cases[2].case_id)
    last = layout.workbook_id(draw.draw_id, group_name(3))
    workspace.ledger(draw).save([Load(draw.draw_id, "answers", workbook=last, cases=(said,))])
    assert names(workspace) == {"gruppe-1": 3, "gruppe-2": 3, "gruppe-3": 3}


def test_draws_that_lack_something_come_first_the_longest_overdue_before_others(workspace):
    two = workspace.draws.get(2, Q2)
    make_workbooks(workspace, two)
    clock.set_today(date(2018, 8, 9))
    three = make_draw(workspace, 3, Q2).draw
    make_workbooks(workspace, three)
    rows = files_of_draws(workspace, date(2018, 9, 19))
    assert [(row.draw.level, row.waiting, row.overdue) for row in rows] == [(3, True, 10), (2, False, 30)]
