"""What was tried to fit a draw, a log or a figure, through the command line as anybody would."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import (
    SMALL_HEADINGS,
    SMALL_ROWS,
    SMALL_SETTINGS,
    draw,
    make_workspace,
    review,
)
from tilsyn.base import clock
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace.log import Log
from tilsyn.workspace.workspace import Workspace

DRAW = "draw 2 --period 2018-Q2"
FOLDER = "samples/2018-Q2/level-2"
ANCHOR = re.compile(r"\b\d+:[0-9a-f]{16}\b")


@pytest.fixture(autouse=True)
def small(tilsyn: CommandLine) -> Workspace:
    """Make the workspace that is attacked: two units, level 2, nothing drawn."""
    tilsyn.today = "2018-07-03"
    return make_workspace(tilsyn.root, SMALL_SETTINGS, SMALL_ROWS, SMALL_HEADINGS)


def events(tilsyn: CommandLine) -> list[dict[str, object]]:
    return Log(tilsyn.root).events


def set_line(tilsyn: CommandLine, text: str) -> None:
    """Put a line at the end of tilsyn.toml."""
    path = tilsyn.root / "tilsyn.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


# Times


def test_the_log_has_the_clocks_own_time_and_the_given_day_beside_it(tilsyn: CommandLine) -> None:
    before = datetime.now().astimezone()
    tilsyn(DRAW)
    for event in events(tilsyn):
        assert datetime.fromisoformat(str(event["at"])) >= before - timedelta(seconds=1)
        assert event["today"] == "2018-07-03"
    manifest = json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))
    assert (manifest["made_on"][:10], manifest["made_at"]) == ("2018-07-03", events(tilsyn)[1]["at"])


def test_without_a_given_day_the_log_names_none(tilsyn: CommandLine) -> None:
    tilsyn.today = None
    tilsyn("check --period 2018-Q2 --commit")
    assert "today" not in events(tilsyn)[0]


def test_a_day_that_has_not_come_is_refused_but_in_a_demonstration(tilsyn: CommandLine) -> None:
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    tilsyn("status --today", tomorrow, code=2)
    tilsyn("status --today", date.today().isoformat())
    tilsyn.write("tilsyn.toml", "simulated = true\n" + SMALL_SETTINGS)
    tilsyn("status --today", tomorrow)


# What results rest on


def percent(tilsyn: CommandLine) -> dict[str, float | None]:
    rows = tilsyn("compliance --level 2 --period 2018-Q2 --format json").json["rows"]
    return {f"{row['question']} {row['domain']}": row["estimate"] for row in rows}


def test_one_line_in_the_settings_moves_no_past_figure(tilsyn: CommandLine) -> None:
    """Six working days end on a Saturday or not: read live, every case of the quarter turned over."""
    clock.set_today(date(2018, 7, 20))
    made = draw(Workspace.open(tilsyn.root), 2)
    (question,) = [
        q
        for q in made.question_set.questions
        if q.deadline and q.deadline.unit == "weekdays" and q.deadline.computed
    ][:1]
    assert question.deadline is not None
    days = int(question.deadline.amount or 0)
    late = datetime(2018, 4, 9) + timedelta(days=7 * (days // 5) + days % 5)
    given = {q.question_id: Given("ja") for q in made.question_set.questions}
    given[question.question_id] = Given("", start=datetime(2018, 4, 9), end=late)
    cases = [
        CaseReview(case, given, act_date=date(2018, 5, 2), reviewed_on=date(2018, 7, 20))
        for case in made.cases["case_id"]
    ]
    workspace = Workspace.open(tilsyn.root)
    workspace.ledger(made).save([Load(made.draw_id, "answers", "test.csv", cases=tuple(cases))])
    before = percent(tilsyn)
    assert before[f"{question.question_id} all"] == 1
    set_line(tilsyn, "\n[hverdage]\nsaturdays = true\n[limits]\nconfidence = 0.6\nmin_relevant = 1\n")
    assert percent(tilsyn) == before
    report = tilsyn("report --level 2 --period 2018-Q2 --internal --format json").json["files"][0]["file"]
    book = openpyxl.load_workbook(io.BytesIO((tilsyn.root / report).read_bytes()))
    text = " ".join(str(c.value) for sheet in book.worksheets for row in sheet for c in row if c.value)
    assert "95 %" in text
    assert "60 %" not in text


def test_a_draw_that_says_nothing_of_its_settings_is_read_by_those_of_today(tilsyn: CommandLine) -> None:
    """Draws of earlier versions have no `hverdage` and `limits`."""
    tilsyn(DRAW)
    path = tilsyn.root / FOLDER / "draw.json"
    old = {k: v for k, v in json.loads(path.read_text("utf-8")).items() if k not in ("hverdage", "limits")}
    path.write_text(json.dumps(old), "utf-8")
    set_line(tilsyn, "\n[hverdage]\nsaturdays = true\n[limits]\nmin_relevant = 1\n")
    workspace = Workspace.open(tilsyn.root)
    made = workspace.draws.at(path.parent)
    assert workspace.working_days(made).saturdays
    assert workspace.limits(made).min_relevant == 1


def test_a_reports_event_holds_its_hash_and_its_settings(tilsyn: CommandLine) -> None:
    made = draw(Workspace.open(tilsyn.root), 2)
    review(Workspace.open(tilsyn.root), made)
    tilsyn("report --level 2 --period 2018-Q2 --public --published 2018-09-01")
    event = events(tilsyn)[-1]
    assert event["event"] == "reported"
    assert event["settings"] == {
        "confidence": 0.95,
        "adjustment": "benjamini-hochberg",
        "min_relevant": 5,
        "wide": 0.3,
        "baseline": None,
        "second_baseline": None,
        "hverdage": {
            "saturdays": False,
            "grundlovsdag": False,
            "christmas_eve": False,
            "new_years_eve": False,
        },
        "published": "2018-09-01",
        "language": "da",
    }


# Anchors


def texts(path) -> str:
    """Return all that can be read in a workbook, the foot of its pages too."""
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    feet = [str(sheet.oddFooter.center.text) for sheet in book.worksheets]
    return " ".join([*feet, *(str(c.value) for sheet in book.worksheets for row in sheet for c in row)])


def test_every_paper_carries_the_logs_anchor_before_its_own_event(tilsyn: CommandLine) -> None:
    printed = tilsyn(DRAW).out
    manifest = json.loads((tilsyn.root / FOLDER / "draw.json").read_text("utf-8"))
    log = events(tilsyn)
    assert manifest["anchor"] == f"2:{str(log[1]['hash'])[:16]}"
    assert ANCHOR.findall(printed) == [f"3:{str(log[2]['hash'])[:16]}"]
    assert not ANCHOR.search((tilsyn.root / FOLDER / "sample.csv").read_text("utf-8-sig"))
    tilsyn("checklists 2 --period 2018-Q2")
    assert set(ANCHOR.findall(texts(tilsyn.root / "checklists/2018-Q2/level-2/nord.xlsx"))) == {
        f"3:{str(log[2]['hash'])[:16]}"
    }
    assert tilsyn("load --format json").json["anchor"] == f"3:{str(log[2]['hash'])[:16]}"
    workspace = Workspace.open(tilsyn.root)
    review(workspace, workspace.draws.in_force()[0])
    tilsyn("report --level 2 --period 2018-Q2 --internal")
    log = events(tilsyn)
    assert [event["event"] for event in log[-2:]] == ["reviews_recorded", "reported"]
    assert set(ANCHOR.findall(texts(tilsyn.root / "reports/2018-Q2/level-2-internal.xlsx"))) == {
        f"4:{str(log[3]['hash'])[:16]}"
    }
