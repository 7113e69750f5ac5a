"""`tilsyn check`: what people and scripts see of a register's frame."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.builders.command_line import CommandLine
from tilsyn.base.database import PACKED

ROWS = ["1;Amager;A1;01-02-2018;", "2;Amager;A2;01-02-2018;", "3;Valby;V1;01-02-2018;30-06-2018"]


def register(*rows: str) -> str:
    return "\n".join(["Sagsnr;Enhed;Sagsbehandler;Oprettet;Lukket", *rows, ""])


@pytest.fixture
def workspace(tilsyn: CommandLine) -> CommandLine:
    tilsyn.write("sager.csv", register(*ROWS), "cp1252")
    tilsyn("init --register sager.csv")
    return tilsyn


def check(tilsyn: CommandLine, options: str = "", code: int = 0) -> tuple[dict[str, Any], str]:
    ended = tilsyn(f"check --format json {options}", code=code)
    return (ended.json if ended.out else {}), ended.err


def test_a_good_register(workspace: CommandLine) -> None:
    data, err = check(workspace)
    assert (data["schema"], data["period"], data["as_of"]) == ("tilsyn/check/1", "2018-Q2", "2018-06-30")
    assert (data["n_rows"], data["n"], data["left_out"], data["problems"]) == (3, 3, [], [])
    assert data["units"] == [{"unit": "Amager", "n": 2}, {"unit": "Valby", "n": 1}]
    assert data["caseworkers"][2] == {"caseworker": "V1", "units": ["Valby"], "n": 1}
    assert data["commitment"] is None
    assert err == ""


def test_errors_end_in_3_with_row_column_and_remedy(workspace: CommandLine) -> None:
    workspace.write("sager.csv", register(*ROWS, "4;;A1;x;", "1;Valby;A1;01-02-2018;"), "cp1252")
    data, err = check(workspace, "--period 2018K2", code=3)
    assert [(p["row"], p["column"], p["kind"]) for p in data["problems"] if p["kind"] == "error"] == [
        (2, "Sagsnr", "error"),
        (5, "Enhed", "error"),
        (5, "Oprettet", "error"),
    ]
    assert all(p["found"] and p["remedy"] for p in data["problems"])
    assert "sager.csv, række 5" in err
    assert data["n"] + sum(entry["n"] for entry in data["left_out"]) == data["n_rows"] == 5


def test_notes_end_in_0(workspace: CommandLine) -> None:
    workspace.write("sager.csv", register(*ROWS, ROWS[0], "4; amager;A1;01-02-2018;"), "cp1252")
    data, err = check(workspace)
    assert {p["kind"] for p in data["problems"]} == {"note"}
    assert data["left_out"] == [{"reason": "duplicate", "n": 1}]
    assert "Bemærk" in err


def test_errors_can_be_left_out_and_the_frame_committed(workspace: CommandLine) -> None:
    workspace.write("sager.csv", register(*ROWS, "4;;A1;01-02-2018;"), "cp1252")
    log = workspace.root / "samples" / "log.jsonl"
    data, err = check(workspace, "--commit", code=3)
    assert data["commitment"] is None
    assert "intet er skrevet" in err
    assert not log.exists()
    assert "1 af 4 sager har fejl (25,0 %)" in check(workspace, "--commit --leave-out-errors", code=4)[1]
    assert not log.exists()
    check(workspace, "--at-most 0.5", code=2)
    data, _ = check(workspace, "--commit --leave-out-errors --at-most 0.25")
    assert data["left_out"] == [{"reason": "missing_unit", "n": 1}]
    event = json.loads(log.read_text("utf-8").splitlines()[-1])
    assert (event["commitment"], event["at_most"]) == (data["commitment"], 0.25)
    assert len(data["commitment"]) == 64
    again, _ = check(workspace, "--commit --level 1 --leave-out-errors --at-most 0.25")
    assert again["commitment"] != data["commitment"]


RULES = """
[[frame.leave_out]]
column = "caseworker"
values = ["a2"]
[[frame.leave_out]]
reason = "private"
column = "unit"
values = ["Hørsholm"]
"""
RISK = """
[[plan.risk]]
name = "akut"
column = "caseworker"
values = ["V9"]
size = 1
"""


def test_what_each_rule_matches_is_counted_and_none_is_a_note(workspace: CommandLine) -> None:
    path = workspace.root / "tilsyn.toml"
    path.write_text(path.read_text("utf-8") + RISK + RULES, "utf-8")
    data, _ = check(workspace, "--period 2018-Q2")
    assert [(rule["rule"], rule["name"], rule["n"]) for rule in data["rules"]] == [
        ("closed_before_period", "closed_before_period", 0),
        ("opened_after_period", "opened_after_period", 0),
        ("leave_out", "other_scope", 1),
        ("leave_out", "private", 0),
        ("risk", "akut", 0),
    ]
    assert [problem["found"] for problem in data["problems"]] == [
        "reglen, der udelader »private«, passer ikke på nogen række: »Enhed« er aldrig Hørsholm",
        "risikoområdet »akut« passer ikke på nogen række: »Sagsbehandler« er aldrig V9",
    ]
    assert "risikoområdet akut: caseworker = V9 │ 0" in workspace("check --period 2018-Q2").shown
    assert "rule_risk,akut,0" in workspace("check --period 2018-Q2 --format csv").out


def test_a_register_without_closing_dates_or_of_another_time_is_told(workspace: CommandLine) -> None:
    (workspace.root / "tilsyn.toml").write_text(
        (workspace.root / "tilsyn.toml").read_text("utf-8").replace("closed ", "# closed "), "utf-8"
    )
    data, err = check(workspace, "--period 2018-Q2")
    assert (data["as_of"], data["as_of_given"]) == ("2018-02-01", False)
    assert "sager, der er lukket før perioden, kan blive trukket" in err
    assert "sagslisten er fra 1. februar 2018 og hører ikke til 2. kvartal 2018" in err
    data, err = check(workspace, "--period 2018-Q2 --as-of 2018-06-30")
    assert (data["as_of"], data["as_of_given"]) == ("2018-06-30", True)
    assert "hører ikke til" not in err
    assert "over 31 dage før perioden slutter" in check(workspace, "--period 2018-Q1")[1]


def test_rows_of_measures_are_cases(workspace: CommandLine) -> None:
    rows = [*ROWS, "1;Valby;V1;01-06-2018;"]
    workspace.write("sager.csv", register(*rows), "cp1252")
    assert 'one_row_per = "measure"' in check(workspace, "--period 2018-Q2", code=3)[1]
    path = workspace.root / "tilsyn.toml"
    path.write_text(path.read_text("utf-8").replace("# one_row_per", "one_row_per"), "utf-8")
    data, _ = check(workspace, "--period 2018-Q2")
    assert (data["n_rows"], data["n_cases"], data["n"]) == (4, 3, 3)
    assert {row["unit"]: row["n"] for row in data["units"]} == {"Amager": 1, "Valby": 2}
    assert "Sager, når hver sags rækker er lagt sammen │ 3" in workspace("check --period 2018-Q2").shown


def test_level_1_needs_a_caseworker_and_has_months(workspace: CommandLine) -> None:
    workspace.write("sager.csv", register(*ROWS, "4;Amager;;01-02-2018;"), "cp1252")
    assert check(workspace)[0]["n"] == 4
    data, _ = check(workspace, "--level 1", code=3)
    assert (data["period"], data["n"]) == ("2018-06", 3)


def test_another_register(workspace: CommandLine) -> None:
    workspace.write("andre.csv", register(ROWS[0]), "cp1252")
    data, _ = check(workspace, "--register andre.csv --period 2018-Q2")
    assert (data["n"], data["source"]["name"]) == (1, "andre.csv")
    assert check(workspace, "--register ingen.csv", code=3)[0] == {}


@pytest.mark.parametrize(
    "options",
    [
        "--period nu",
        "--level 10",
        "--period 2001-Q1",
        "--nothing",
    ],
)
def test_wrong_usage(workspace: CommandLine, options: str) -> None:
    _, err = check(workspace, options, code=2)
    assert err


def test_without_a_workspace(tilsyn: CommandLine) -> None:
    assert "tilsyn init" in check(tilsyn, code=4)[1]


def test_the_table_and_csv(workspace: CommandLine) -> None:
    out = workspace("check -v").out
    assert "2. kvartal 2018" in out
    assert "V1" in out
    lines = workspace("check --format csv --lang en").out.splitlines()
    assert [line.rstrip(",") for line in lines[1:3]] == ["rows,,3", "unit,Amager,2"]
    assert lines[0].startswith("what,name,n,")
    assert [line.split(",")[:2] for line in lines[7:9]] == [["column", "Sagsnr"], ["column", "Enhed"]]


def test_the_example_register(tilsyn: CommandLine, example_register: Path) -> None:
    tilsyn("init --register", example_register)
    data, _ = check(tilsyn)
    assert (data["n_rows"], data["n"]) == (4000, 3780)
    assert data["left_out"] == [{"reason": "closed_before_period", "n": 220}]
    assert len(data["units"]) == 7
    assert len(data["caseworkers"]) == 231
    assert data["units"][4] == {"unit": "Døgnvagten", "n": 95}


def test_a_register_too_large_for_the_memory(workspace: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.write("sager.csv", register(*(f"{n};Amager{'x' * 200};A1;;" for n in range(20_000))))
    # A database of its own: the others of this process keep their memory.
    small = duckdb.connect(config={"memory_limit": "2MB", "temp_directory": ""})
    small.execute(f"ATTACH ':memory:' AS {PACKED} (COMPRESS)")
    monkeypatch.setattr("tilsyn.base.database._database", lambda: small)
    monkeypatch.setattr("tilsyn.base.database.MEMORY_LIMIT", "2MB")
    before = workspace.files()
    assert "2MB" in check(workspace, code=4)[1]
    assert workspace.files() == before
