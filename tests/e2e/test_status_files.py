"""`tilsyn status --files` from workbooks as they come back: none, some, half filled in, renamed, wrong, replaced."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets, fill_first
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, workbook_of
from tilsyn.workspace.workspace import Workspace

LEVEL_2 = (Q2, 2)


def fill(path: Path, *, wrong: bool = False) -> Path:
    """Fill in every case of a workbook; with `wrong`, one answer of its last case as nobody may write it."""
    book = load_workbook(path)
    sheets = case_sheets(book)
    for sheet in sheets:
        sheet.fill()
    if wrong:
        sheets[-1].put("BFU-01", "måske")
    book.save(path)
    return path


def a_case(workspace: Workspace) -> str:
    """Return a case of the first unit."""
    return next(case.case_id for case in workspace.draws.get(2, Q2).record.cases if case.unit == "Nord")


def files(tilsyn: CommandLine) -> list[dict[str, Any]]:
    data = tilsyn("status --files --format json").json
    assert data["schema"] == "tilsyn/status/1"
    return data["files"]


def counts(tilsyn: CommandLine) -> dict[str, tuple[str, int, int, int]]:
    return {
        row["file"]: (row["state"], row["finished"], row["begun"], row["untouched"]) for row in files(tilsyn)
    }


def test_nothing_has_come(tilsyn: CommandLine, workspace: Workspace) -> None:
    assert counts(tilsyn) == {"nord.xlsx": ("missing", 0, 0, 3), "syd.xlsx": ("missing", 0, 0, 3)}
    shown = tilsyn("status --files").shown
    assert "Niveau 2, 2. kvartal 2018: tjeklister, frist 02-08-2018 " in shown
    assert shown.count("ikke kommet") == 2


def test_one_of_two_has_come(tilsyn: CommandLine, workspace: Workspace) -> None:
    fill(workbook_of(workspace))
    tilsyn("load")
    assert counts(tilsyn) == {"syd.xlsx": ("missing", 0, 0, 3), "nord.xlsx": ("finished", 3, 0, 0)}
    tilsyn.today = "2018-08-12"
    assert [(row["file"], row["came"] is None, row["days_overdue"]) for row in files(tilsyn)] == [
        ("syd.xlsx", True, 10),
        ("nord.xlsx", False, 0),
    ]
    assert "frist 02-08-2018, dage over fristen: 10" in tilsyn("status --files").shown
    assert "due 02-08-2018, days overdue: 10" in tilsyn("status --files --lang en").shown


def test_all_have_come(tilsyn: CommandLine, workspace: Workspace) -> None:
    fill(workbook_of(workspace))
    fill(workbook_of(workspace, "syd"))
    tilsyn("load")
    assert {row["state"] for row in files(tilsyn)} == {"finished"}
    shown = tilsyn("status --files").out.strip()
    assert shown == "Niveau 2, 2. kvartal 2018: alle sager i tjeklisterne er gennemgået (antal filer: 2)."


def test_a_file_that_is_half_filled_in(tilsyn: CommandLine, workspace: Workspace) -> None:
    path = workbook_of(workspace)
    book = fill_first(path)
    case_sheets(book)[1].put("BFU-01", "ja")
    book.save(path)
    tilsyn("load")
    assert counts(tilsyn)["nord.xlsx"] == ("unfinished", 1, 1, 1)
    assert "mangler svar" in tilsyn("status --files").shown


def test_a_file_that_comes_under_another_name(
    tilsyn: CommandLine, workspace: Workspace, tmp_path: Path
) -> None:
    sent = fill(Path(shutil.copy(workbook_of(workspace), tmp_path / "Svar fra os (endelig).xlsx")))
    tilsyn("load", str(sent))
    assert counts(tilsyn) == {"syd.xlsx": ("missing", 0, 0, 3), "nord.xlsx": ("finished", 3, 0, 0)}


def test_a_file_with_errors_is_to_be_corrected_until_it_is(tilsyn: CommandLine, workspace: Workspace) -> None:
    path = fill(workbook_of(workspace), wrong=True)
    tilsyn("load --dry-run", code=3)
    assert counts(tilsyn)["nord.xlsx"] == ("missing", 0, 0, 3)
    tilsyn("load", code=3)
    assert counts(tilsyn)["nord.xlsx"] == ("faulty", 0, 0, 3)
    tilsyn("load --partial", code=3)
    assert counts(tilsyn)["nord.xlsx"] == ("faulty", 2, 0, 1)
    assert "skal rettes" in tilsyn("status --files").shown
    fill(path)
    tilsyn("load")
    assert counts(tilsyn)["nord.xlsx"] == ("finished", 3, 0, 0)


def test_a_stand_in_is_a_file_of_its_unit(tilsyn: CommandLine, workspace: Workspace) -> None:
    case = a_case(workspace)
    tilsyn(f"replace {case} --reason no_access --level 2 --period 2018-Q2")
    assert counts(tilsyn) == {
        "nord-erstatning-1.xlsx": ("missing", 0, 0, 1),
        "nord.xlsx": ("missing", 0, 0, 2),
        "syd.xlsx": ("missing", 0, 0, 3),
    }
    assert "Nord" in files(tilsyn)[0]["title"]
    fill(workspace.checklists_dir(*LEVEL_2) / "nord-erstatning-1.xlsx")
    tilsyn("load")
    assert counts(tilsyn)["nord-erstatning-1.xlsx"] == ("finished", 1, 0, 0)


def test_where_files_go_is_said_while_any_is_waited_for(tilsyn: CommandLine, workspace: Workspace) -> None:
    settings = tilsyn.root / "tilsyn.toml"
    settings.write_text(
        settings.read_text("utf-8") + '[checklists]\nsend_to = "tilsyn@example.org"\n', "utf-8"
    )
    assert "Filerne sendes til tilsyn@example.org." in tilsyn("status --files").out
    fill(workbook_of(workspace))
    fill(workbook_of(workspace, "syd"))
    tilsyn("load")
    assert "example.org" not in tilsyn("status --files").out


def test_without_checklists_there_is_nothing_to_wait_for(tilsyn: CommandLine, workspace: Workspace) -> None:
    shutil.rmtree(workspace.checklists_dir(*LEVEL_2))
    assert files(tilsyn) == []
    assert "tilsyn checklists" in tilsyn("status --files").out


def test_files_that_were_moved_away_are_waited_for_once_one_has_come(
    tilsyn: CommandLine, workspace: Workspace
) -> None:
    fill(workbook_of(workspace))
    tilsyn("load")
    shutil.rmtree(workspace.checklists_dir(*LEVEL_2))
    assert counts(tilsyn) == {"syd.xlsx": ("missing", 0, 0, 3), "nord.xlsx": ("finished", 3, 0, 0)}


def test_no_case_is_named(tilsyn: CommandLine, workspace: Workspace) -> None:
    case = a_case(workspace)
    for format in ("table", "json", "csv"):
        assert case not in tilsyn(f"status --files --format {format}").out
