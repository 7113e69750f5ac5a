import json
from datetime import date

import pytest

from tests.builders.workspaces import make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.procedure.draw import make_draw

Q2 = Period.parse("2018-Q2")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    clock.set_today(date(2018, 7, 3))
    monkeypatch.chdir(tmp_path)
    return make_workspace(tmp_path)


def status(capsys, day: str, *arguments: str, code: int = 0) -> dict:
    clock.set_today(None)
    assert run(["status", "--format", "json", "--today", day, *arguments]) == code
    return json.loads(capsys.readouterr().out)


def states(data: dict) -> dict[tuple[int, str], str]:
    return {(row["level"], row["period"]): row["state"] for row in data["levels"]}


def test_levels_one_and_two_fall_due_the_day_after_the_period(workspace, capsys):
    data = status(capsys, "2018-07-01")
    assert states(data) == {(1, "2018-06"): "due", (2, "2018-Q2"): "due"}
    assert data["levels"][0]["due"] == data["levels"][1]["due"] == "2018-07-01"
    assert {row["next"] for row in data["levels"]} == {
        "tilsyn draw 1 --period 2018-06",
        "tilsyn draw 2 --period 2018-Q2",
    }
    assert {(1, "2018-05"), (2, "2018-Q1")} == set(states(status(capsys, "2018-06-30")))


def test_an_old_register_is_due_for_its_own_period_only(workspace, capsys):
    assert set(states(status(capsys, "2019-03-01"))) == {(1, "2018-06"), (2, "2018-Q2")}


def test_a_round_from_draw_to_report(workspace, capsys):
    two = make_draw(workspace, 2, Q2).draw
    row = status(capsys, "2018-07-05")["levels"][0]
    assert {key: row[key] for key in ("level", "period", "state", "drawn", "reviewed", "missing", "due")} == {
        "level": 2, "period": "2018-Q2", "state": "drawn", "drawn": 21, "reviewed": 0, "missing": 21, "due": "2018-08-03",
    }  # fmt: skip
    assert row["next"] == "tilsyn checklists 2 --period 2018-Q2"
    assert run(["checklists", "2", "--period", "2018-Q2", "--today", "2018-07-05"]) == 0
    capsys.readouterr()
    row = status(capsys, "2018-07-05")["levels"][0]
    assert (row["workbooks"], row["next"]) == (4, "tilsyn load")
    clock.set_today(date(2018, 7, 20))
    review(workspace, two, list(two.cases["case_id"])[:8])
    row = status(capsys, "2018-07-20", "--fail-overdue")["levels"][0]
    assert (row["state"], row["reviewed"], row["missing"]) == ("reviewing", 8, 13)
    assert sum(unit["missing"] for unit in row["units"]) == 13
    late = status(capsys, "2018-08-04", "--fail-overdue", code=5)
    assert states(late)[2, "2018-Q2"] == "overdue"
    # Past its deadline, the next level is drawn from the reviews there are.
    assert next(row for row in late["levels"] if row["level"] == 3)["next"].endswith(
        "draw 3 --period 2018-Q2 --allow-incomplete"
    )
    clock.set_today(date(2018, 7, 25))
    review(workspace, two, list(two.cases["case_id"])[8:])
    data = status(capsys, "2018-08-04", "--fail-overdue")
    assert states(data) == {(1, "2018-06"): "due", (2, "2018-Q2"): "complete", (3, "2018-Q2"): "due"}
    three = next(row for row in data["levels"] if row["level"] == 3)
    assert (three["due"], three["next"]) == ("2018-08-01", "tilsyn draw 3 --period 2018-Q2")
    assert run(["report", "--level", "2", "--period", "2018-Q2", "--today", "2018-08-04"]) == 0
    capsys.readouterr()
    assert states(status(capsys, "2018-08-04"))[2, "2018-Q2"] == "reported"


def test_the_table_shows_what_is_missing_per_unit(workspace, capsys):
    make_draw(workspace, 2, Q2)
    assert run(["status", "--today", "2018-07-05"]) == 0
    out = capsys.readouterr().out
    assert "Mangler at blive gennemgået" in out
    assert "tilsyn checklists 2 --period 2018-Q2" in out
    assert "Døgnvagten" in out


def test_an_urgent_case_stays_first_until_it_is_handled(workspace, capsys):
    two = make_draw(workspace, 2, Q2).draw
    case = two.cases["case_id"].iloc[3]
    review(workspace, two, [case], urgent=True)
    assert run(["status", "--today", "2018-07-05"]) == 0
    out, err = capsys.readouterr()
    assert out.lstrip().startswith("AKUTTE SAGER")
    assert case in out
    assert "taget hånd om endnu: 1." in err
    assert status(capsys, "2018-07-05")["urgent"][0]["case_id"] == case
    assert run(["load", "--handled", case, "--today", "2018-07-05"]) == 0
    capsys.readouterr()
    assert status(capsys, "2018-07-05")["urgent"] == []


def test_status_outside_a_workspace_says_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["status"]) == 4
    assert "tilsyn init" in capsys.readouterr().err
