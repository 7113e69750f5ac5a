"""`tilsyn check`: what people and scripts see of a register's frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tilsyn.cli.app import run

ROWS = ["1;Amager;A1;01-02-2018;", "2;Amager;A2;01-02-2018;", "3;Valby;V1;01-02-2018;30-06-2018"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(*ROWS)
    assert run(["init", "--register", "sager.csv"]) == 0
    return tmp_path


def write(*rows: str, name: str = "sager.csv") -> None:
    text = "\n".join(["Sagsnr;Enhed;Sagsbehandler;Oprettet;Lukket", *rows, ""])
    Path(name).write_text(text, encoding="cp1252")


def check(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> tuple[dict[str, Any], str]:
    capsys.readouterr()
    assert run(["check", "--format", "json", *options]) == code
    out, err = capsys.readouterr()
    return (json.loads(out) if out else {}), err


@pytest.mark.usefixtures("workspace")
def test_a_good_register(capsys: pytest.CaptureFixture[str]) -> None:
    data, err = check(capsys)
    assert (data["schema"], data["period"], data["as_of"]) == ("tilsyn/check/1", "2018-Q2", "2018-06-30")
    assert (data["n_rows"], data["n"], data["left_out"], data["problems"]) == (3, 3, [], [])
    assert data["units"] == [{"unit": "Amager", "n": 2}, {"unit": "Valby", "n": 1}]
    assert data["caseworkers"][2] == {"caseworker": "V1", "units": ["Valby"], "n": 1}
    assert data["commitment"] is None
    assert err == ""


@pytest.mark.usefixtures("workspace")
def test_errors_end_in_3_with_row_column_and_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    write(*ROWS, "4;;A1;x;", "1;Valby;A1;01-02-2018;")
    data, err = check(capsys, "--period", "2018K2", code=3)
    assert [(p["row"], p["column"], p["kind"]) for p in data["problems"] if p["kind"] == "error"] == [
        (2, "Sagsnr", "error"),
        (5, "Enhed", "error"),
        (5, "Oprettet", "error"),
        (6, "Sagsnr", "error"),
    ]
    assert all(p["found"] and p["remedy"] for p in data["problems"])
    assert "sager.csv, række 5" in err
    assert data["n"] + sum(entry["n"] for entry in data["left_out"]) == data["n_rows"] == 5


@pytest.mark.usefixtures("workspace")
def test_notes_end_in_0(capsys: pytest.CaptureFixture[str]) -> None:
    write(*ROWS, ROWS[0], "4; amager;A1;01-02-2018;")
    data, err = check(capsys)
    assert {p["kind"] for p in data["problems"]} == {"note"}
    assert data["left_out"] == [{"reason": "duplicate", "n": 1}]
    assert "Bemærk" in err


def test_errors_can_be_left_out_and_the_frame_committed(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(*ROWS, "4;;A1;01-02-2018;")
    log = workspace / "samples" / "log.jsonl"
    data, err = check(capsys, "--commit", code=3)
    assert data["commitment"] is None
    assert "intet er skrevet" in err
    assert not log.exists()
    data, _ = check(capsys, "--commit", "--leave-out-errors")
    assert data["left_out"] == [{"reason": "missing_unit", "n": 1}]
    event = json.loads(log.read_text("utf-8").splitlines()[-1])
    assert event["commitment"] == data["commitment"]
    assert len(data["commitment"]) == 64
    again, _ = check(capsys, "--commit", "--level", "1", "--leave-out-errors")
    assert again["commitment"] != data["commitment"]


@pytest.mark.usefixtures("workspace")
def test_level_1_needs_a_caseworker_and_has_months(capsys: pytest.CaptureFixture[str]) -> None:
    write(*ROWS, "4;Amager;;01-02-2018;")
    assert check(capsys)[0]["n"] == 4
    data, _ = check(capsys, "--level", "1", code=3)
    assert (data["period"], data["n"]) == ("2018-06", 3)


@pytest.mark.usefixtures("workspace")
def test_another_register(capsys: pytest.CaptureFixture[str]) -> None:
    write(ROWS[0], name="andre.csv")
    data, _ = check(capsys, "--register", "andre.csv", "--period", "2018-Q2")
    assert (data["n"], data["source"]["name"]) == (1, "andre.csv")
    assert check(capsys, "--register", "ingen.csv", code=3)[0] == {}


@pytest.mark.parametrize(
    "options", [["--period", "nu"], ["--level", "5"], ["--period", "2001-Q1"], ["--nothing"]]
)
@pytest.mark.usefixtures("workspace")
def test_wrong_usage(capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    _, err = check(capsys, *options, code=2)
    assert err


def test_without_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "tilsyn init" in check(capsys, code=4)[1]


@pytest.mark.usefixtures("workspace")
def test_the_table_and_csv(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["check", "-v"]) == 0
    out = capsys.readouterr().out
    assert "2. kvartal 2018" in out
    assert "V1" in out
    assert run(["check", "--format", "csv", "--lang", "en"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == ["what,name,n", "rows,,3", "unit,Amager,2"]


def test_the_example_register(
    tmp_path: Path,
    example_register: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "--register", str(example_register)]) == 0
    data, _ = check(capsys)
    assert (data["n_rows"], data["n"]) == (4000, 3780)
    assert data["left_out"] == [{"reason": "closed_before_period", "n": 220}]
    assert len(data["units"]) == 7
    assert len(data["caseworkers"]) == 231
    assert data["units"][4] == {"unit": "Døgnvagten", "n": 95}
