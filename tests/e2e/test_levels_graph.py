"""A plan that is no Copenhagen's: drawn per manager and per case type, by the month and by four weeks, moderated."""

from __future__ import annotations

import json

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace
from tilsyn.procedure.verify import first_difference_of
from tilsyn.workspace.workspace import Workspace

SETTINGS = """
language = "en"
[organisation]
name = "Northshire"
slug = "northshire"
[register]
path = "sagsliste.csv"
as_of = 2026-07-01
[register.columns]
case_id = "File"
unit = "Team"
manager = "Manager"
case_type = "Type"
[[plan]]
valid_from = 2024-01-01
question_set = ["practice"]
[plan.levels.1]
name = "Manager audit"
cadence = "1 month"
per = "manager"
size = 2
reserve = 1
exclude_reviewed_within = "12 months"
due = "2 weeks"
[plan.levels.2]
name = "Moderation"
source = 1
cadence = "3 months"
per = "total"
share = 0.25
floor = 1
reviewers = ["Panel A", "Panel B"]
[plan.levels.3]
name = "Type audit"
source = "register"
cadence = "4 weeks"
per = "case_type"
share = 0.05
floor = 3
sizes = { lac = 6 }
reviewers = "another_unit"
[plan.levels.4]
name = "Placements"
source = "list"
case_list = "placed-{period}.csv"
cadence = "quarter"
per = "unit"
size = 2
"""
CATALOGUE = """
name = "practice"
version = "1.0"
title_en = "Practice standards"
kind = "legal"
[[step]]
id = "visits"
title_en = "Visits"
[[question]]
id = "V-1"
step = "visits"
text_en = "Was the child seen?"
law = "practice"
[[question]]
id = "V-2"
step = "visits"
text_en = "Was the visit recorded?"
law = "practice"
"""
TYPES = ("CP", "cp", "CIN", "LAC", "CP")


@pytest.fixture
def council(tilsyn: CommandLine) -> CommandLine:
    """The council's workspace on a day after the second quarter: 120 files, two teams, four managers."""
    tilsyn.today = "2026-07-20"
    teams = ("North", "South")
    rows = [f"F-{n};{teams[n % 2]};{teams[n % 2][0]}{n // 2 % 2};{TYPES[n % 5]}" for n in range(1, 121)]
    make_workspace(tilsyn.root, SETTINGS, rows, "File;Team;Manager;Type")
    tilsyn.write("checklists/practice.toml", CATALOGUE)
    return tilsyn


def drawn(tilsyn: CommandLine, level: int, period: str, *more: str) -> dict:
    """Draw a level, and return its manifest."""
    tilsyn(f"draw {level} --period {period} {' '.join(more)}")
    found: dict = json.loads((tilsyn.root / f"samples/{period}/level-{level}/draw.json").read_text("utf-8"))
    return found


def read(tilsyn: CommandLine, manifest: dict, answer: str = "ja") -> None:
    """Load an answer to every question of every case of a draw."""
    rows = [
        f"{case['case_id']},{question},{answer},not there"
        for case in manifest["cases"]
        for question in ("V-1", "V-2")
    ]
    tilsyn.write("answers.csv", "\n".join(["case_id,question,answer,remark", *rows]) + "\n")
    tilsyn(f"load answers.csv --level {manifest['level']} --period {manifest['period']}")


def test_files_are_drawn_per_manager_and_none_again_within_a_year(council: CommandLine) -> None:
    seen: set[str] = set()
    for n, period in enumerate(("2026-04", "2026-05", "2026-06")):
        manifest = drawn(council, 1, period, "" if n == 2 else "--reason 'no list of that month'")
        assert [row["stratum"] for row in manifest["strata"]] == ["N0", "N1", "S0", "S1"]
        assert [row["sample_size"] for row in manifest["strata"]] == [2, 2, 2, 2]
        cases = {case["case_id"] for case in manifest["cases"]}
        assert not cases & seen
        seen |= cases
        read(council, manifest)
    july = drawn(council, 1, "2026-07", "--reason 'try ahead'")
    assert sorted(july["frame"]["reviewed_recently"]) == sorted(seen)
    assert {"reason": "reviewed_recently", "n": 24} in july["frame"]["left_out"]
    council("verify --all")
    council("verify samples/2026-07/level-1 --register sagsliste.csv")
    read(council, july)
    told = council("compliance --level 1 --period 2026-07")
    assert "24 cases that could not be drawn because they were reviewed recently" in told.out
    scope = {"of": "register", "reviewed_recently": 24}
    assert council("compliance --level 1 --period 2026-Q3 --format json").json["scope"] == scope
    # Another month of the quarter leaves the same cases out, and is read together with the first.
    august = drawn(council, 1, "2026-08", "--reason 'try ahead'")
    assert {row["reason"]: row["n"] for row in august["frame"]["left_out"]} == {
        "drawn_earlier": 8,
        "reviewed_recently": 24,
    }
    read(council, august)
    trend = council("trend --level 1 --format json")
    assert {"period": "2026-Q3", **scope} in trend.json["scope"]
    assert "quarter 3 of 2026: The figures do not speak of 24 cases" in trend.err


def test_a_quarter_of_managers_reviews_is_moderated_by_two_panels(council: CommandLine) -> None:
    assert "level 1" in council("draw 2 --period 2026-Q2", code=4).told
    for period in ("2026-05", "2026-06"):
        read(council, drawn(council, 1, period, "--reason 'no list of that month'"))
    assert "April 2026" in council("draw 2 --period 2026-Q2", code=4).told
    read(council, drawn(council, 1, "2026-04", "--reason 'no list of that month'"))
    (due,) = [row for row in council("status --format json").json["levels"] if row["level"] == 2]
    assert (due["period"], due["state"]) == ("2026-Q2", "due")
    manifest = drawn(council, 2, "2026-Q2")
    assert [(row["stratum"], row["stratum_size"]) for row in manifest["strata"]] == [
        ("North", 12),
        ("South", 12),
    ]
    assert len(manifest["cases"]) == 6
    assert manifest["frame"]["speaks_of"] == "reviews"
    assert [row["draw_id"][-7:] for row in manifest["frame"]["parents"]] == ["level-1"] * 3
    books = council("checklists 2 --period 2026-Q2 --format json").json["workbooks"]
    assert [book["file"].rpartition("/")[2] for book in books] == ["panel-a.xlsx", "panel-b.xlsx"]
    read(council, manifest, "nej")
    council("verify --all")
    told = council("compliance --level 2 --period 2026-Q2")
    assert "only of the cases reviewed at the level they were drawn from" in told.out
    council("agreement --levels 1,2 --period 2026-Q2")
    council("report --level 2 --period 2026-Q2")


def test_a_case_type_is_one_however_it_is_spelt_and_another_team_reads(council: CommandLine) -> None:
    manifest = drawn(council, 3, "2026-W21-W24", "--reason 'list of July'")
    sizes = {row["stratum"]: (row["stratum_size"], row["sample_size"]) for row in manifest["strata"]}
    assert sizes == {"CIN": (24, 3), "CP": (72, 4), "LAC": (24, 6)}
    council("verify --all --register sagsliste.csv")
    council("checklists 3 --period 2026-W21-W24")
    # The address is looked for under the name of those who read.
    assert 'for instance "South" = ' in council("letters 3 --period 2026-W21-W24").told
    assert "5% per case type (lac 6), at least 3" in council("plan show").out
    read(council, manifest)
    assert "CIN" not in council("compliance --level 3 --period 2026-W21-W24 --by unit").out


def test_a_list_says_which_of_the_registers_cases_can_be_drawn(council: CommandLine) -> None:
    council.write("placed-2026-Q2.csv", "File\nF-1\nF-3\nF-5\nF-2\nF-900\n")
    manifest = drawn(council, 4, "2026-Q2")
    assert {case["case_id"] for case in manifest["cases"]} < {"F-1", "F-2", "F-3", "F-5"}
    assert manifest["frame"]["n"] == 4
    assert {"reason": "not_on_list", "n": 116} in manifest["frame"]["left_out"]
    council("verify --all --register sagsliste.csv")
    council.write("placed-2026-Q2.csv", "File\nF-1\n")
    assert "another than the one" in council("verify --all --register sagsliste.csv", code=4).told


def test_nobody_can_keep_a_case_out_by_saying_that_it_was_reviewed(council: CommandLine) -> None:
    drawn(council, 1, "2026-06")
    path = council.root / "samples/2026-06/level-1/draw.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["frame"]["reviewed_recently"] = ["F-7"]
    path.write_text(json.dumps(manifest), "utf-8")
    workspace = Workspace.open(council.root)
    found = first_difference_of(workspace, workspace.draws.at(path.parent), drawn=False)
    assert found is not None
    assert "F-7" in found.found


def test_the_plan_is_drawn_as_a_graph(council: CommandLine) -> None:
    shown = council("plan show").out
    assert (
        shown.index("Level 1: Manager audit") < shown.index("Level 2: Moderation") < shown.index("Type audit")
    )
    assert "placed-{period}.csv" in shown
    assert "L1 --> L2" in council("plan show --mermaid").out
    levels = council("plan show --format json").json["levels"]
    assert [level["source"] for level in levels] == ["register", 1, "register", "list"]
