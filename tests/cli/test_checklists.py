"""`tilsyn checklists`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders.workspaces import make_workspace
from tilsyn.cli.app import run

TODAY = ["--today", "2018-07-03"]
CHECKLISTS = ["checklists", "2", "--period", "2. kvartal 2018", "--format", "json", *TODAY]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_makes_the_missing_workbooks_and_says_which(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["draw", "2", "--period", "2018-Q2", *TODAY]) == 0
    capsys.readouterr()
    assert run(CHECKLISTS) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["draw_id"] == "bbu/2018-Q2/level-2"
    assert [row["state"] for row in made["workbooks"]] == ["made"] * 4
    assert all((root / row["file"]).is_file() for row in made["workbooks"])
    before = {path: path.read_bytes() for path in (root / "checklists").rglob("*.xlsx")}
    assert run(CHECKLISTS) == 0
    out, err = capsys.readouterr()
    assert [row["state"] for row in json.loads(out)["workbooks"]] == ["kept"] * 4
    assert "intet er ændret" in err
    assert {path: path.read_bytes() for path in (root / "checklists").rglob("*.xlsx")} == before


def test_without_a_draw_it_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(CHECKLISTS) == 4
    assert capsys.readouterr().out == ""
    assert not (root / "checklists").exists()


@pytest.mark.parametrize("wrong", [["5"], ["2", "--groups", "2"]])
def test_wrong_use_is_told(root: Path, wrong: list[str]) -> None:
    assert run(["draw", "2", "--period", "2018-Q2", *TODAY]) == 0
    assert run(["checklists", *wrong, "--period", "2018-Q2"]) == 2
    assert not (root / "checklists").exists()


def test_no_workbook_is_made_for_a_case_swapped_by_hand(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["draw", "2", "--period", "2018-Q2", *TODAY]) == 0
    manifest = root / "samples" / "2018-Q2" / "level-2" / "draw.json"
    content = manifest.read_text("utf-8")
    draw = json.loads(content)
    manifest.write_text(content.replace(draw["cases"][0]["case_id"], draw["reserve"][0]["case_id"]), "utf-8")
    capsys.readouterr()
    for command in (CHECKLISTS, ["load"], ["compliance", "--level", "2", "--period", "2018-Q2"], ["status"]):
        assert run(command) == 4
        assert "tilsyn verify" in capsys.readouterr().err
    assert not (root / "checklists").exists()
    replaced = ["draw", "2", "--period", "2018-Q2", "--replace", "--reason", "draw.json blev ændret", *TODAY]
    assert run(replaced) == 0
    assert run(["load"]) == 0
    assert run(["status"]) == 0
