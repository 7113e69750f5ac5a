from datetime import date

import pytest

from tests.builders.workspaces import make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import make_draw

Q2 = Period.parse("2018-Q2")


@pytest.fixture
def workspace(tilsyn):
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tilsyn.root)


def status(tilsyn, day: str, *arguments: str, code: int = 0) -> dict:
    clock.set_today(None)
    return tilsyn("status --format json --today", day, *arguments, code=code).json


def states(data: dict) -> dict[tuple[int, str], str]:
    return {(row["level"], row["period"]): row["state"] for row in data["levels"]}


def test_levels_one_and_two_fall_due_the_day_after_the_period(workspace, tilsyn):
    data = status(tilsyn, "2018-07-01")
    assert states(data) == {(1, "2018-06"): "due", (2, "2018-Q2"): "due"}
    assert data["levels"][0]["due"] == data["levels"][1]["due"] == "2018-07-01"
    assert {row["next"] for row in data["levels"]} == {
        "tilsyn draw 1 --period 2018-06",
        "tilsyn draw 2 --period 2018-Q2",
    }
    assert {(1, "2018-05"), (2, "2018-Q1")} == set(states(status(tilsyn, "2018-06-30")))


def test_a_round_from_draw_to_report(workspace, tilsyn):
    two = make_draw(workspace, 2, Q2).draw
    row = status(tilsyn, "2018-07-05")["levels"][0]
    assert {key: row[key] for key in ("level", "period", "state", "drawn", "reviewed", "missing", "due")} == {
        "level": 2,
        "period": "2018-Q2",
        "state": "drawn",
        "drawn": 21,
        "reviewed": 0,
        "missing": 21,
        "due": "2018-08-03",
    }
    assert row["next"] == "tilsyn checklists 2 --period 2018-Q2"
    tilsyn("checklists 2 --period 2018-Q2 --today 2018-07-05")
    row = status(tilsyn, "2018-07-05")["levels"][0]
    assert (row["workbooks"], row["next"]) == (4, "tilsyn load")
    clock.set_today(date(2018, 7, 20))
    review(workspace, two, list(two.cases["case_id"])[:8])
    row = status(tilsyn, "2018-07-20", "--fail-overdue")["levels"][0]
    assert (row["state"], row["reviewed"], row["missing"]) == ("reviewing", 8, 13)
    assert sum(unit["missing"] for unit in row["units"]) == 13
    late = status(tilsyn, "2018-08-04", "--fail-overdue", code=5)
    assert states(late)[2, "2018-Q2"] == "overdue"
    # Past its deadline, the next level is drawn from the reviews there are.
    assert next(row for row in late["levels"] if row["level"] == 3)["next"].endswith(
        "draw 3 --period 2018-Q2 --allow-incomplete"
    )
    clock.set_today(date(2018, 7, 25))
    review(workspace, two, list(two.cases["case_id"])[8:])
    data = status(tilsyn, "2018-08-04", "--fail-overdue")
    assert states(data) == {(1, "2018-07"): "due", (2, "2018-Q2"): "complete", (3, "2018-Q2"): "due"}
    three = next(row for row in data["levels"] if row["level"] == 3)
    assert (three["due"], three["next"]) == ("2018-08-01", "tilsyn draw 3 --period 2018-Q2")
    tilsyn("report --level 2 --period 2018-Q2 --today 2018-08-04")
    assert states(status(tilsyn, "2018-08-04"))[2, "2018-Q2"] == "reported"


def test_the_table_shows_what_is_missing_per_unit(workspace, tilsyn):
    make_draw(workspace, 2, Q2)
    out = tilsyn("status --today 2018-07-05").out
    assert "Mangler at blive gennemgået" in out
    assert "tilsyn checklists 2 --period 2018-Q2" in out
    assert "Døgnvagten" in out


def test_an_urgent_case_stays_first_until_it_is_handled(workspace, tilsyn):
    two = make_draw(workspace, 2, Q2).draw
    case = two.cases["case_id"].iloc[3]
    review(workspace, two, [case], urgent=True)
    ended = tilsyn("status --today 2018-07-05")
    assert ended.out.lstrip().startswith("AKUTTE SAGER")
    assert case in ended.out
    assert "taget hånd om endnu: 1." in ended.err
    assert status(tilsyn, "2018-07-05")["urgent"][0]["case_id"] == case
    tilsyn(f"load --handled {case} --today 2018-07-05")
    assert status(tilsyn, "2018-07-05")["urgent"] == []


def test_status_outside_a_workspace_says_what_to_do(tilsyn):
    assert "tilsyn init" in tilsyn("status", code=4).err


def test_what_an_interrupted_command_left_is_named_and_cleared_by_the_next_that_writes(workspace, tilsyn):
    left = tilsyn.root / "reports" / "2018-Q2" / ".tilsyn.0123456789ab.tmp"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert "reports/2018-Q2/.tilsyn.0123456789ab.tmp" in tilsyn("status").told
    with workspace.log.lock.held():
        assert "midlertidige" not in tilsyn("status").told
    assert left.exists()
    with workspace.locked():
        pass
    assert not left.exists()
    assert "midlertidige" not in tilsyn("status").told
