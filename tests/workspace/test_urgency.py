"""Urgent cases: seen in any file, kept until somebody acts, whatever else is wrong with the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.workspaces import LOADED_ON, make_small_workspace, workbook_of
from tilsyn.procedure.load import LoadOutcome, load_files
from tilsyn.procedure.log import history
from tilsyn.procedure.urgency import mark_handled, urgent_cases
from tilsyn.workspace.workspace import Workspace


@pytest.fixture
def place(tmp_path: Path) -> tuple[Workspace, Path]:
    """Give a workbook whose first case is urgent and whose second holds a misspelt answer."""
    workspace, _ = make_small_workspace(tmp_path / "workspace")
    path = workbook_of(workspace)
    write(path, "jaa")
    return workspace, path


def write(path: Path, answer: str) -> str:
    book = load_workbook(path)
    first, second, _ = case_sheets(book)
    for form in (first, second):
        form.fill()
    first.put("akut", "ja")
    second.put("BFU-01", answer)
    book.save(path)
    return str(first.cell("case_id").value)


def load(place: tuple[Workspace, Path], *, partial: bool = False, dry_run: bool = False) -> LoadOutcome:
    return load_files(place[0], [place[1]], today=LOADED_ON, partial=partial, dry_run=dry_run)


def recorded(workspace: Workspace, case_id: str) -> list[dict[str, object]]:
    return [row for row in history(workspace, case_id) if row["source"] != "draw.json"]


def waiting(workspace: Workspace) -> list[str]:
    return [case.case_id for case in urgent_cases(workspace)]


def test_an_urgent_case_in_a_refused_file_waits_in_the_ledger(place: tuple[Workspace, Path]) -> None:
    outcome = load(place)
    assert outcome.loaded == []
    (case,) = outcome.urgent
    assert waiting(place[0]) == [case.case_id]
    assert recorded(place[0], case.case_id)[0]["kind"] == "urgent"


def test_a_dry_run_records_no_mark(place: tuple[Workspace, Path]) -> None:
    assert load(place, dry_run=True).urgent != []
    assert waiting(place[0]) == []


def test_a_mark_is_recorded_once_and_not_raised_again_by_the_corrected_file(
    place: tuple[Workspace, Path],
) -> None:
    load(place)
    load(place)
    case_id = write(place[1], "jaa")
    assert len(recorded(place[0], case_id)) == 1
    mark_handled(place[0], case_id)
    write(place[1], "ja")
    assert load(place).loaded != []
    assert waiting(place[0]) == []


def test_an_unfinished_urgent_case_that_waits_is_kept_too(place: tuple[Workspace, Path]) -> None:
    book = load_workbook(place[1])
    case_sheets(book)[0].put("DOK-01", None)
    book.save(place[1])
    outcome = load(place, partial=True)
    assert waiting(place[0]) == [outcome.urgent[0].case_id]


def test_a_cpr_number_for_a_case_number_is_not_recorded_with_the_mark(place: tuple[Workspace, Path]) -> None:
    book = load_workbook(place[1])
    case_sheets(book)[0].put("case_id", "010158-5123")
    book.save(place[1])
    load(place)
    assert waiting(place[0]) == ["01xxxx-xxxx"]
    recorded = [path.read_text("utf-8") for path in place[0].root.rglob("*.json*")]
    assert not any("010158" in text for text in recorded)
