"""The workbooks of a draw on disk."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.workspaces import SETTINGS, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.formats.checklists.writer import About, Press, workbook_bytes
from tilsyn.procedure.checklists import make_workbooks, prepare_stand_in
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.procedure.replace import replace_case
from tilsyn.procedure.status_files import files_of_draw
from tilsyn.reviews.checklist import Part
from tilsyn.reviews.records import Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.lock import WriterLock
from tilsyn.workspace.workspace import Workspace

Q2, MAY = Period.parse("2018-Q2"), Period.parse("2018-05")
DEPARTMENTS = SETTINGS.replace('complaint = "Klage"', 'department = "Klage"')


@pytest.fixture(autouse=True)
def _today() -> None:
    clock.set_today(date(2018, 7, 3))


def drawn(root: Path, level: int, settings: str = SETTINGS) -> tuple[Workspace, Draw]:
    workspace = make_workspace(root, settings)
    draw = make_draw(workspace, min(level, 2), MAY if level == 1 else Q2, DrawRequest()).draw
    for higher in range(3, level + 1):
        review(workspace, draw)
        draw = make_draw(workspace, higher, Q2, DrawRequest()).draw
    return workspace, draw


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def cases_in(path: Path) -> list[str]:
    return [str(case.cell("case_id").value) for case in case_sheets(load_workbook(path))]


def test_level_two_is_one_workbook_per_unit_with_all_its_cases(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    made = make_workbooks(workspace, draw)
    folder = workspace.checklists_dir(Q2, 2)
    assert names(folder) == ["amager.xlsx", "doegnvagten.xlsx", "noerrebro.xlsx", "oesterbro.xlsx"]
    assert [(item.path.name, item.cases, item.new) for item in made] == [
        ("amager.xlsx", 6, True),
        ("doegnvagten.xlsx", 3, True),
        ("noerrebro.xlsx", 6, True),
        ("oesterbro.xlsx", 6, True),
    ]
    found = [case for item in made for case in cases_in(item.path)]
    assert sorted(found) == sorted(draw.cases["case_id"])


def test_others_can_write_while_workbooks_are_built_and_what_they_made_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, draw = drawn(tmp_path, 2)
    other = WriterLock(workspace.log.path.parent)
    amager = workspace.checklists_dir(Q2, 2) / "amager.xlsx"
    free = []

    def build(about: About, part: Part, press: Press) -> bytes:
        free.append(other.is_free())
        amager.parent.mkdir(parents=True, exist_ok=True)
        amager.write_bytes(b"made by another")
        return workbook_bytes(about, part, press)

    monkeypatch.setattr("tilsyn.formats.checklists.writer.workbook_bytes", build)
    made = make_workbooks(workspace, draw)
    assert set(free) == {True}
    assert [item.path.name for item in made if not item.new] == ["amager.xlsx"]
    assert amager.read_bytes() == b"made by another"
    assert all(item.path.is_file() for item in made)


def test_level_one_is_one_per_department_and_never_shows_the_caseworker(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 1, DEPARTMENTS)
    made = make_workbooks(workspace, draw)
    assert {item.path.name for item in made} <= {
        f"{unit}-{part}.xlsx"
        for unit in ("amager", "doegnvagten", "noerrebro", "oesterbro")
        for part in ("ja", "nej")
    }
    assert sum(item.cases for item in made) == len(draw.cases)
    codes = set(draw.cases["stratum"])
    for item in made:
        for sheet in load_workbook(item.path).worksheets:
            texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
            assert not codes & texts


def test_a_second_call_makes_only_what_is_missing(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    folder = workspace.checklists_dir(Q2, 2)
    make_workbooks(workspace, draw)
    (folder / "amager.xlsx").unlink()
    (folder / "noerrebro.xlsx").write_bytes(b"filled in")
    again = make_workbooks(workspace, draw)
    assert [item.path.name for item in again if item.new] == ["amager.xlsx"]
    assert (folder / "noerrebro.xlsx").read_bytes() == b"filled in"
    assert len(names(folder)) == 4


def test_a_workbook_made_again_has_the_same_id(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    path = make_workbooks(workspace, draw)[0].path
    before = load_workbook(path).properties.identifier
    path.unlink()
    make_workbooks(workspace, draw)
    assert load_workbook(path).properties.identifier == before


def test_level_three_is_dealt_out_to_groups_who_each_read_all_units(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 3)
    made = make_workbooks(workspace, draw, 2)
    assert [(item.path.name, item.cases) for item in made] == [("gruppe-1.xlsx", 5), ("gruppe-2.xlsx", 4)]
    first, second = (set(cases_in(item.path)) for item in made)
    assert not first & second
    assert first | second == set(draw.cases["case_id"])


def test_the_cases_are_not_dealt_out_twice(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 3)
    make_workbooks(workspace, draw, 2)
    with pytest.raises(Refused):
        make_workbooks(workspace, draw, 3)
    assert names(workspace.checklists_dir(Q2, 3)) == ["gruppe-1.xlsx", "gruppe-2.xlsx"]
    (workspace.checklists_dir(Q2, 3) / "gruppe-1.xlsx").unlink()
    assert [item.new for item in make_workbooks(workspace, draw, 2)] == [True, False]


def test_the_plans_groups_are_as_many_as_there_are_cases_for(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 3, SETTINGS.replace("total = 9", "total = 9\ngroups = 12"))
    assert [item.cases for item in make_workbooks(workspace, draw)] == [1] * 9
    assert len(files_of_draw(workspace, draw)) == 9


@pytest.mark.parametrize("groups", [0, 10])
def test_there_are_no_more_groups_than_cases(tmp_path: Path, groups: int) -> None:
    workspace, draw = drawn(tmp_path, 3)
    with pytest.raises(UsageError):
        make_workbooks(workspace, draw, groups)
    assert not workspace.checklists_dir(Q2, 3).exists()


def test_groups_are_for_levels_three_and_four(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    with pytest.raises(UsageError):
        make_workbooks(workspace, draw, 2)


@pytest.mark.parametrize("level", [3, 4])
def test_a_rereading_is_blind_unless_the_plan_says_otherwise(tmp_path: Path, level: int) -> None:
    workspace, draw = drawn(tmp_path / "blind", level)
    case = case_sheets(load_workbook(make_workbooks(workspace, draw)[0].path))[0]
    assert "earlier" not in case.columns
    settings = SETTINGS.replace("total = 9", "total = 9\nblind = false")
    settings = settings.replace("total = 4", "total = 4\nblind = false")
    workspace, draw = drawn(tmp_path / "open", level, settings)
    case = case_sheets(load_workbook(make_workbooks(workspace, draw)[0].path))[0]
    assert case.cell("DOK-01", "earlier").value == "ja"


def test_a_draw_that_replaces_one_has_workbooks_of_its_own(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    first = make_workbooks(workspace, draw)
    again = make_draw(workspace, 2, Q2, DrawRequest(replace=True, reason="forkert udtræk")).draw
    second = make_workbooks(workspace, again)
    assert all(item.new for item in second)
    assert {item.path.parent.name for item in second} == {"level-2.2"}
    assert all(item.path.exists() for item in first)
    found = [case for item in second for case in cases_in(item.path)]
    assert sorted(found) == sorted(again.cases["case_id"])


def test_a_stand_in_gets_a_workbook_of_its_own(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    make_workbooks(workspace, draw)
    reserve = draw.reserve[draw.reserve["unit"] == "Amager"]["case_id"].tolist()
    made = []
    for case in reserve[:2]:
        prepared = prepare_stand_in(workspace, draw, case)
        prepared.put()
        made.append(prepared.path)
    assert [path.name for path in made] == ["amager-erstatning-1.xlsx", "amager-erstatning-2.xlsx"]
    assert [cases_in(path) for path in made] == [[case] for case in reserve[:2]]
    assert len({load_workbook(path).properties.identifier for path in made}) == 2


def test_the_workbook_of_a_stand_in_is_made_again_from_the_ledger(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    make_workbooks(workspace, draw)
    cases = draw.cases[draw.cases["unit"] == "Amager"]["case_id"].tolist()
    first = replace_case(workspace, cases[0], "no_access")
    first.workbook.unlink()
    second = replace_case(workspace, cases[1], "no_access")
    assert [path.stem for path in (first.workbook, second.workbook)] == [
        "amager-erstatning-1",
        "amager-erstatning-2",
    ]
    made = [item for item in make_workbooks(workspace, draw) if "erstatning" in item.path.name]
    assert [(item.path, item.cases, item.new) for item in made] == [
        (first.workbook, 1, True),
        (second.workbook, 1, False),
    ]
    assert cases_in(first.workbook) == [first.replacement]


def test_a_replacement_of_an_earlier_version_names_no_file(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    case, reserve = draw.cases.iloc[0], draw.reserve
    stand_in = reserve[reserve["stratum"] == case["stratum"]]["case_id"].iloc[0]
    entry = Load(
        draw.draw_id, "replacement", case_id=case["case_id"], replacement=stand_in, reason="no_access"
    )
    workspace.ledger(draw).save([entry])
    made = make_workbooks(workspace, draw)[-1]
    assert (made.path.name, cases_in(made.path)) == ("amager-erstatning-1.xlsx", [stand_in])


def test_only_the_reserve_can_stand_in(tmp_path: Path) -> None:
    workspace, draw = drawn(tmp_path, 2)
    with pytest.raises(Refused):
        prepare_stand_in(workspace, draw, draw.cases["case_id"].iloc[0])
    assert not workspace.checklists_dir(Q2, 2).exists()
