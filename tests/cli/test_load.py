"""`tilsyn load` and `tilsyn replace`: exit codes, what stands on stdout and stderr, and the JSON contract."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets, fill_first
from tests.builders.workspaces import copy_small_workspace, make_small_workspace, workbook_of
from tilsyn.cli.app import run
from tilsyn.workspace.workspace import Workspace

DAY = ["--today", "2018-07-20"]
CPR = "010158-5123"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "workspace"
    make_small_workspace(root)
    return root


@pytest.fixture
def workspace(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    found, _ = copy_small_workspace(made, tmp_path / "workspace")
    monkeypatch.chdir(found.root)
    return found


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def tilsyn(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = run([*arguments, *DAY])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def put(workspace: Workspace, key: str, value: object, role: str = "answer") -> None:
    path = workbook_of(workspace)
    book = load_workbook(path)
    case_sheets(book)[0].put(key, value, role)
    book.save(path)


def test_nothing_to_do_is_success(tilsyn: Run) -> None:
    code, out, err = tilsyn("load")
    assert (code, out.strip()) == (0, "Intet nyt at indlæse.")
    assert "Uændrede filer: 2" in err


def test_the_json_contract(tilsyn: Run, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    code, out, _ = tilsyn("load", "--format", "json")
    data = json.loads(out)
    assert (code, data["schema"]) == (0, "tilsyn/load/1")
    assert data["loaded"] == [
        {"file": "nord.xlsx", "draw_id": "testby/2018-Q2/level-2", "cases": 1, "answers": 34, "complete": 1}
    ]
    assert (data["unchanged"], data["problems"]) == (["syd.xlsx"], [])
    again = json.loads(tilsyn("load", "--format", "json")[1])
    assert (again["loaded"], again["unchanged"]) == ([], ["nord.xlsx", "syd.xlsx"])


def test_problems_end_in_3_with_file_sheet_cell_and_remedy(tilsyn: Run, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    put(workspace, "BFU-01", "jaa")
    code, out, err = tilsyn("load")
    assert (code, out) == (3, "")
    assert "nord.xlsx, ark 2018-0007, celle H33: »jaa« er ikke et svar på BFU-01; det ligner »ja«" in err
    assert "Gør sådan: Skriv »ja«, hvis det er meningen" in err
    data = json.loads(tilsyn("load", "--format", "json")[1])
    (problem,) = data["problems"]
    assert (problem["file"], problem["sheet"], problem["cell"]) == ("nord.xlsx", "2018-0007", "H33")
    assert problem["found"]
    assert problem["remedy"]


def test_english_problems(tilsyn: Run, workspace: Workspace) -> None:
    put(workspace, "BFU-01", "jaa")
    code, _, err = tilsyn("load", "--lang", "en")
    assert code == 3
    assert "“jaa” is no answer to BFU-01; it looks like “yes”" in err


def test_a_cpr_number_is_refused_and_shown_nowhere(tilsyn: Run, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    put(workspace, "DOK-02", f"Moderen, {CPR}, er ikke hørt", "remark")
    log = workspace.root / "beskeder.jsonl"
    for arguments in (["load"], ["load", "--format", "json"], ["load", "--log-json", str(log)]):
        code, out, err = tilsyn(*arguments)
        assert code == 3
        assert "01xxxx-xxxx" in out + err
        assert CPR not in out + err
    kept = [p for p in workspace.root.rglob("*") if p.is_file() and p.suffix in (".json", ".jsonl", ".head")]
    assert log in kept
    assert not any(CPR.encode() in path.read_bytes() for path in kept)


def test_urgent_cases_come_first_also_when_quiet_and_refused(tilsyn: Run, workspace: Workspace) -> None:
    put(workspace, "akut", "ja")
    put(workspace, "BFU-01", "jaa")
    code, out, err = tilsyn("load", "--quiet")
    assert code == 3
    assert err.splitlines()[0].startswith("AKUT: sag 2018-0007 (Nord), nord.xlsx")
    assert out.splitlines()[0] == "AKUTTE SAGER: 2018-0007 (Nord)"
    put(workspace, "BFU-01", "ja")
    tilsyn("load")
    code, out, _ = tilsyn("load", "--handled", "2018-0007", "--note", "Vagten har sagen")
    assert (code, "markeret som håndteret" in out) == (0, True)
    assert "allerede" in tilsyn("load", "--handled", "2018-0007")[1]
    assert tilsyn("load", "--handled", "2018-0001")[0] == 4


def test_dry_run_and_partial(tilsyn: Run, workspace: Workspace) -> None:
    path = workbook_of(workspace)
    fill_first(path)
    code, out, _ = tilsyn("load", "--dry-run")
    assert (code, "Ville blive indlæst" in out) == (0, True)
    book = load_workbook(path)
    book.worksheets[3]["H33"] = "måske"
    book.save(path)
    code, out, err = tilsyn("load", "--partial", "--format", "csv")
    assert code == 3
    assert out == "file,draw_id,cases,answers,complete\nnord.xlsx,testby/2018-Q2/level-2,1,34,1\n"
    assert "resten venter" in err


def test_tidy_files_with_level_and_period(tilsyn: Run, workspace: Workspace) -> None:
    Path("svar.csv").write_bytes("sagsnummer;spørgsmål;svar\r\n2018-0007;UND-02;Ja\r\n".encode("cp1252"))
    assert tilsyn("load", "svar.csv")[0] == 3
    assert tilsyn("load", "svar.csv", "--level", "2")[0] == 2
    assert tilsyn("load", "svar.csv", "--level", "3", "--period", "2018-Q2")[0] == 4
    assert tilsyn("load", "svar.csv", "--level", "2", "--period", "2018K2")[0] == 0


def test_replace_says_what_to_fill_in(tilsyn: Run, workspace: Workspace) -> None:
    code, out, err = tilsyn("replace", "2018-0007", "--reason", "inhabilitet")
    assert code == 0
    assert "Sag 2018-0007 er erstattet af" in out
    assert "Grund: inhabilitet." in out
    assert "checklists/2018-Q2/level-2/nord-erstatning-1.xlsx" in err
    stand_in = out.split("erstattet af ")[1].split()[0]
    data = json.loads(tilsyn("replace", stand_in, "--reason", "no_access", "--format", "json")[1])
    assert (data["schema"], data["case_id"], data["reserve_left"]) == ("tilsyn/replace/1", stand_in, 0)
    assert data["workbook"] == "checklists/2018-Q2/level-2/nord-erstatning-2.xlsx"
    code, out, err = tilsyn("replace", data["replacement"], "--reason", "no_access")
    assert (code, out) == (4, "")
    assert "bortfald" in err
    assert tilsyn("replace", "2018-0007", "--reason", "dovenskab")[0] == 2


def test_a_copy_beside_the_workbook_that_disagrees_stops_both(tilsyn: Run, workspace: Workspace) -> None:
    path = workbook_of(workspace)
    fill_first(path)
    shutil.copy(path, path.with_name("nord - Kopi.xlsx"))
    put(workspace, "UND-02", "ikke relevant")
    code, _, err = tilsyn("load")
    assert code == 3
    assert err.count("men »") == 2


def test_a_cpr_number_in_a_file_name_or_a_note_is_recorded_nowhere(tilsyn: Run, workspace: Workspace) -> None:
    fill_first(workbook_of(workspace))
    put(workspace, "akut", "ja")
    path = workbook_of(workspace).rename(workspace.root / f"{CPR}.xlsx")
    for _ in range(2):
        code, out, err = tilsyn("load", str(path), "--format", "json")
        assert code == 0
        assert CPR not in out + err
        assert "01xxxx-xxxx.xlsx" in out
    code, out, err = tilsyn("load", "--handled", "2018-0007", "--note", f"ringet om {CPR}")
    assert (code, CPR in out + err) == (2, False)
    kept = [p for p in (workspace.root / "samples").rglob("*") if p.is_file()]
    assert not any(CPR.encode() in p.read_bytes() or CPR in p.name for p in kept)
