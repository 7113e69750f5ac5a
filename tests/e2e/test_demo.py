"""The demonstration from an empty folder to the reports: every part of the product at once."""

from __future__ import annotations

import io
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders.workspaces import make_small_workspace
from tilsyn.base import clock, language
from tilsyn.cli.app import run
from tilsyn.cli.demo import Demonstration

REGISTER = ("register/sagsliste-2017-Q4.csv", "register/sagsliste-2018-Q2.csv")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    import contextlib

    folder = tmp_path_factory.mktemp("here") / "demo"
    printed = io.StringIO()
    language.set_language("da")
    clock.set_today(None)
    with contextlib.redirect_stdout(printed):
        assert run(["demo", str(folder), "--cases", "60", "--format", "json"]) == 0
    return folder, json.loads(printed.getvalue())


def test_all_levels_of_both_rounds_are_drawn_reviewed_and_reported(demo: tuple[Path, dict[str, Any]]) -> None:
    folder, told = demo
    assert told["schema"] == "tilsyn/demo/1"
    assert told["draws"] == 8
    states = {(row["level"], row["period"]): row for row in told["levels"] if row["drawn"]}
    assert len(states) == 8
    assert all(row["missing"] == 0 for row in states.values())
    assert {states[level, period]["state"] for level, period in states if period.startswith("2018")} == {
        "reported"
    }
    assert len(told["reports"]) == 8
    assert all((folder / name).is_file() for name in told["reports"])
    assert all((folder / name).is_file() for name in REGISTER)


def test_there_is_a_result_with_a_baseline(demo: tuple[Path, dict[str, Any]]) -> None:
    _, told = demo
    whole = next(row for row in told["rows"] if row["question"] == "*" and row["domain"] == "all")
    assert 0 < whole["low"] <= whole["estimate"] <= whole["high"] <= 1
    assert whole["change"] is not None
    assert {row["verdict"] for row in told["rows"]} & {"fremgang", "tilbagegang", "ingen sikker ændring"}


def test_what_is_asked_for_beside_the_rounds_is_there(demo: tuple[Path, dict[str, Any]]) -> None:
    folder, told = demo
    assert told["deadlines"]["n_cases"] == 60
    files = [*told["deadlines"]["files"], *(one["file"] for one in told["single"]["files"])]
    assert len(files) == 4
    assert all((folder / name).is_file() for name in files)
    assert told["complaints"]["reply_within"] == "4 weeks"
    actions = told["followup"]["all"]
    assert actions["done"] > 0
    assert actions["overdue"] > 0
    assert list((folder / "checklists" / "followup").rglob("*.xlsx"))


def test_the_single_draw_is_read_in_two_parts_and_the_last_is_new(
    demo: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo[0])
    assert run(["verify", "--all", "--today", "2019-02-01"]) == 0
    capsys.readouterr()
    # The first sheet is the page for the committee; what is new has one of its own.
    report = demo[0] / "reports" / "2018-Q2" / "single-ombudsmanden-internal.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(report.read_bytes()), read_only=True)
    (news,) = (name for name in book.sheetnames if "Nyt" in name)
    said = [str(cell) for row in book[news].iter_rows(values_only=True) for cell in row if cell]
    # It asks in grades alone: it may not say that no figure moved.
    assert "Ingen procent at sammenligne" in said
    assert "Kun procenter sammenlignes, ikke svar, der gives i grader." in said
    clock.set_today(None)


def test_everything_says_that_it_is_simulated(demo: tuple[Path, dict[str, Any]]) -> None:
    folder, told = demo
    books = [folder / name for name in told["reports"]]
    books += sorted((folder / "checklists").rglob("level-*/*.xlsx"))[:3]
    for path in books:
        # From memory: a read-only workbook keeps its file open until it is collected, in some other test.
        first = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), read_only=True).worksheets[0]
        text = " ".join(str(c) for row in first.iter_rows(values_only=True) for c in row if c)
        assert "SIMULEREDE" in text, path.name


def test_no_cpr_like_number_leaves_the_register(demo: tuple[Path, dict[str, Any]]) -> None:
    folder, _ = demo
    numbers = [
        line.split(";")[1]
        for name in REGISTER
        for line in (folder / name).read_text("cp1252").splitlines()[1:]
    ]
    for path in (*folder.rglob("*.json"), *folder.rglob("*.jsonl"), *folder.rglob("sample.csv")):
        text = path.read_text("utf-8")
        assert not [number for number in numbers if number in text], path.name


def test_its_complaints_can_be_counted(
    demo: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo[0])
    assert run(["complaints", "--period", "2018-Q2", "--today", "2018-10-01", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["flow"]["received"] == told["figures"][0]["received"]
    assert told["reply_within"] == "4 weeks"
    clock.set_today(None)


def test_only_a_demonstration_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("precious", "utf-8")
    assert run(["demo", str(tmp_path)]) == 4
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    assert "tilsyn demo" in capsys.readouterr().err
    assert run(["demo", str(tmp_path / "mine.txt")]) == 4
    assert run(["demo", str(tmp_path / "new"), "--cases", "3"]) == 2
    assert not (tmp_path / "new").exists()


class Busy:
    """A command that found the workspace held for longer than it waits."""

    returncode = 4

    def communicate(self) -> tuple[str, str]:
        return "", "Fejl: en anden kommando er ved at skrive"


def test_what_found_the_workspace_busy_is_carried_out_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, draw = make_small_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    folder = workspace.checklists_dir(draw.period, draw.level, draw.attempt)
    shutil.rmtree(folder)
    monkeypatch.setattr("tilsyn.cli.demo.subprocess.Popen", lambda *args, **options: Busy())
    shown = Demonstration(tmp_path, "seed", 60)
    with shown._meanwhile(date(2018, 7, 3), ("checklists", "2", "--period", "2018-Q2")):
        assert not folder.exists()
    assert [path.name for path in sorted(folder.glob("*.xlsx"))] == ["nord.xlsx", "syd.xlsx"]
