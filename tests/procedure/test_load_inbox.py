"""`tilsyn load --inbox`: a folder where all that comes back is left to lie, whatever it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, workbook_of
from tilsyn.base.periods import Period
from tilsyn.procedure.checklists import make_workbooks
from tilsyn.procedure.draw import DrawRequest, make_draw
from tilsyn.workspace.workspace import Workspace

LOAD = "load --inbox indbakke --format json"
# The moments at which files came, long ago.
MONDAY, TUESDAY = 1_532_000_000, 1_532_090_000


@pytest.fixture
def inbox(tilsyn: CommandLine, workspace: Workspace) -> Path:
    folder = tilsyn.root / "indbakke"
    folder.mkdir()
    return folder


def put(path: Path, made: Path, *, answer: str = "ja", remark: str = "", came: int = MONDAY) -> Path:
    """Put a workbook into a folder, filled in, one answer of its first case as given."""
    book = load_workbook(made)
    sheets = case_sheets(book)
    for sheet in sheets:
        sheet.fill()
    sheets[0].put("BFU-01", answer)
    if remark:
        sheets[0].put("BFU-01", remark, "remark")
    book.save(path)
    os.utime(path, (came, came))
    return path


def in_force(workspace: Workspace, case_id: str | None = None) -> str:
    """Return the answer of Nord's first case that is in force."""
    again = Workspace.open(workspace.root)
    answers = again.ledger(again.draws.get(2, Q2)).reviews.finished.answers
    first = case_sheets(load_workbook(workbook_of(workspace)))[0].cell("case_id").value
    found = answers[(answers["case_id"] == first) & (answers["question"] == "BFU-01")]
    return str(found["answer"].item())


def test_what_is_new_is_loaded_once_and_everything_stays(
    tilsyn: CommandLine, workspace: Workspace, inbox: Path
) -> None:
    other = make_draw(workspace, 2, Period.parse("2018-Q1"), DrawRequest(reason="efterslæb")).draw
    made = {item.path.stem: item.path for item in make_workbooks(workspace, other)}
    put(inbox / "nord (1).xlsx", workbook_of(workspace))
    put(inbox / "Tjekliste nord, forår.xlsx", made["nord"])
    first = tilsyn(LOAD).json
    assert {(file["file"], file["draw_id"]) for file in first["loaded"]} == {
        ("nord (1).xlsx", "testby/2018-Q2/level-2"),
        ("Tjekliste nord, forår.xlsx", "testby/2018-Q1/level-2"),
    }
    before = tilsyn.files()
    again = tilsyn(LOAD).json
    assert (again["loaded"], again["problems"], len(again["unchanged"])) == ([], [], 2)
    assert tilsyn.files() == before


def test_what_was_loaded_first_does_not_come_back_over_its_correction(
    tilsyn: CommandLine, workspace: Workspace, inbox: Path
) -> None:
    # A copy, so that what was loaded came of two files.
    for name in ("nord.xlsx", "nord-kopi.xlsx"):
        put(inbox / name, workbook_of(workspace))
    tilsyn(LOAD)
    put(inbox / "nord rettet.xlsx", workbook_of(workspace), answer="nej", remark="Mangler", came=TUESDAY)
    assert [file["file"] for file in tilsyn(LOAD).json["loaded"]] == ["nord rettet.xlsx"]
    ended = tilsyn(LOAD).json
    assert (ended["loaded"], ended["problems"]) == ([], [])
    assert in_force(workspace) == "nej"
    # Who names the file means it.
    assert [file["file"] for file in tilsyn("load indbakke/nord.xlsx --format json").json["loaded"]] == [
        "nord.xlsx"
    ]
    assert in_force(workspace) == "ja"


def test_a_file_with_problems_makes_way_for_its_correction(
    tilsyn: CommandLine, workspace: Workspace, inbox: Path
) -> None:
    put(inbox / "nord.xlsx", workbook_of(workspace), answer="måske", remark="Se journalen")
    put(inbox / "syd.xlsx", workbook_of(workspace, "syd"))
    first = tilsyn(LOAD, code=3).json
    assert [file["file"] for file in first["loaded"]] == ["syd.xlsx"]
    (problem,) = (problem for problem in first["problems"] if problem["kind"] == "error")
    assert (problem["file"], bool(problem["sheet"]), bool(problem["cell"])) == ("nord.xlsx", True, True)
    put(inbox / "nord (2).xlsx", workbook_of(workspace), answer="nej", remark="Mangler", came=TUESDAY)
    second = tilsyn(LOAD).json
    assert [file["file"] for file in second["loaded"]] == ["nord (2).xlsx"]
    (note,) = (problem for problem in second["problems"] if problem["file"] == "nord.xlsx")
    assert note["kind"] == "note"
    assert "nord (2).xlsx" in note["found"]
    third = tilsyn(LOAD).json
    assert (third["loaded"], third["problems"]) == ([], [])
    assert in_force(workspace) == "nej"


def test_what_is_no_workbook_is_told_and_the_rest_is_loaded(
    tilsyn: CommandLine, workspace: Workspace, inbox: Path
) -> None:
    put(inbox / "nord.xlsx", workbook_of(workspace))
    for name in ("~$nord.xlsx", "syd.xlsx.part", "syd.xlsx.filepart", "hilsen.txt", "nord.pdf"):
        (inbox / name).write_bytes(b"%PDF-1.7")
    ended = tilsyn(LOAD, code=3).json
    assert [file["file"] for file in ended["loaded"]] == ["nord.xlsx"]
    assert {problem["file"]: problem["kind"] for problem in ended["problems"]} == {
        "~$nord.xlsx": "note",
        "syd.xlsx.part": "note",
        "syd.xlsx.filepart": "note",
        "hilsen.txt": "note",
        "nord.pdf": "error",
    }


def test_a_file_that_is_half_copied_waits_and_is_told_where_it_stays_so(
    tilsyn: CommandLine, workspace: Workspace, inbox: Path
) -> None:
    whole = put(inbox / "nord.xlsx", workbook_of(workspace)).read_bytes()
    (inbox / "nord.xlsx").write_bytes(whole[: len(whole) // 2])
    (problem,) = tilsyn(LOAD).json["problems"]
    assert (problem["kind"], "næste gang" in problem["remedy"]) == ("note", True)
    os.utime(inbox / "nord.xlsx", (MONDAY, MONDAY))
    (problem,) = tilsyn(LOAD, code=3).json["problems"]
    assert problem["kind"] == "error"
    (inbox / "nord.xlsx").write_bytes(whole)
    assert [file["file"] for file in tilsyn(LOAD).json["loaded"]] == ["nord.xlsx"]


def test_an_empty_inbox_is_nothing_to_do_and_a_missing_one_is_told(tilsyn: CommandLine, inbox: Path) -> None:
    assert "Intet nyt at indlæse" in tilsyn("load --inbox indbakke").out
    inbox.rmdir()
    assert "indbakken findes ikke" in tilsyn("load --inbox indbakke", code=3).told
    assert "sammen med filer" in tilsyn("load nord.xlsx --inbox indbakke", code=2).told
