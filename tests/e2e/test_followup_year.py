"""A year of follow-up: errors in a quarter, actions, workbooks out and in, late ones, a recheck, what was learnt."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.action_books import fill_actions
from tests.builders.command_line import CommandLine
from tests.builders.workspaces import SETTINGS, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.base.which import Single
from tilsyn.workspace.workspace import Workspace

QUESTION = "UND-02"
Q1, Q4 = Period.parse("2018-Q1"), Period.parse("2018-Q4")


def sheets(path: Path) -> dict[str, list[list[object]]]:
    """Return the rows of each sheet of a report."""
    book = load_workbook(path)
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def register_of(tilsyn: CommandLine, day: str) -> None:
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    head, _, rest = settings.partition("as_of = ")
    tilsyn.write("tilsyn.toml", f"{head}as_of = {day}{rest[10:]}")


def on(tilsyn: CommandLine, day: str) -> None:
    tilsyn.today = day
    clock.set_today(date.fromisoformat(day))


@pytest.fixture
def read(tilsyn: CommandLine) -> Workspace:
    """Return a workspace whose first quarter of 2018 is read: Amager never did what was asked, the others did."""
    on(tilsyn, "2018-04-03")
    workspace = make_workspace(tilsyn.root, SETTINGS.replace("2018-07-02", "2018-04-02"), first_rules=False)
    drawn = draw(workspace, 2, "2018-Q1")
    on(tilsyn, "2018-04-20")
    amager = drawn.cases.loc[drawn.cases["unit"] == "Amager", "case_id"]
    review(workspace, drawn, no=dict.fromkeys(amager, QUESTION), act_date=date(2018, 2, 2))
    return workspace


def test_a_year_of_follow_up(read: Workspace, tilsyn: CommandLine) -> None:
    # In May the errors become actions, and go out to the units.
    on(tilsyn, "2018-05-02")
    made = tilsyn("followup add --level 2 --period 2018-Q1 --format json").json["actions"]
    assert [(one["question"], one["unit"], one["wrong"]) for one in made] == [(QUESTION, "Amager", 6)]
    case = read.draws.get(2, Q1).cases["case_id"].iloc[0]
    tilsyn(f"followup add --level 2 --period 2018-Q1 --question {QUESTION} --case {case}")
    first, second = "2018-Q1-n2-01", "2018-Q1-n2-02"
    (file,) = tilsyn("followup export --format json").json["files"]
    book = tilsyn.root / file["file"]

    # In July one is done, the other only has a later deadline.
    on(tilsyn, "2018-07-05")
    done = {"cause": "arbejdsgang", "done_on": date(2018, 6, 30), "learnt": "Bekræft samme dag"}
    fill_actions(book, {first: done | {"role": "leder"}, second: {"deadline": date(2018, 9, 1)}})
    tilsyn("followup load")
    assert tilsyn("followup --format json").json["all"] == {"overdue": 0, "open": 1, "done": 1}

    # In September it is late.
    on(tilsyn, "2018-09-03")
    late = tilsyn("status --fail-overdue --format json", code=5).json
    assert [one["action_id"] for one in late["actions_overdue"]] == [second]
    fill_actions(book, {second: {"done_on": date(2018, 9, 2), "cause": "andet"}})
    tilsyn("followup load")
    assert tilsyn("status --format json").json["actions_overdue"] == []

    # In January the question is read again, in new cases.
    on(tilsyn, "2019-01-03")
    register_of(tilsyn, "2019-01-02")
    planned = tilsyn(f"followup recheck {QUESTION} --unit Amager --draw forrige --format json").json
    assert planned["before"] == 0.0
    assert 5 <= planned["n"] < planned["population"]
    assert planned["draw_id"] == "bbu/2018-Q4/single/genproeve-und-02-amager"
    tilsyn("verify --all")
    workspace = Workspace.open(tilsyn.root)
    again = workspace.draws.get(Single("genproeve-und-02-amager"), Q4)
    assert again.question_set.ids == tuple(planned["questions"]) == (QUESTION,)
    assert set(again.cases["unit"]) == {"Amager"}
    assert len(again.cases) == planned["n"]
    drawn = draw(workspace, 2, "2018-Q4")
    on(tilsyn, "2019-01-20")
    workspace = Workspace.open(tilsyn.root)
    review(workspace, again, act_date=date(2018, 11, 2))
    review(workspace, drawn, act_date=date(2018, 11, 2))

    # The report of that quarter says what became of it.
    tilsyn("report --level 2 --period 2018-Q4")
    internal = sheets(tilsyn.root / "reports/2018-Q4/level-2-internal.xlsx")
    (row,) = [row for row in internal["Genprøver"] if str(row[0]).startswith(QUESTION)]
    assert row[1:6] == ["Amager", 0, 6, 1, planned["n"]]
    assert row[6] == 100
    assert 0 < row[7] < 100  # type: ignore[operator]
    assert "ikke hvorfor" in " ".join(str(line[0]) for line in internal["Genprøver"])
    (total,) = [row for row in internal["Handlinger"] if row[0] == "I alt"]
    assert total[1:5] == [0, 0, 2, 2]
    public = sheets(tilsyn.root / "reports/2018-Q4/level-2-public.xlsx")
    assert "Genprøver" not in public
    (total,) = [row for row in public["Handlinger"] if row[0] == "I alt"]
    assert total[1:5] == [".."] * 4
    assert not any(QUESTION in str(cell) for row in public["Handlinger"] for cell in row)

    # A year after the quarter what was learnt is due, until it is said to have been talked about.
    on(tilsyn, "2019-04-01")
    assert "senest 31. marts 2019: 2" in tilsyn("status").told
    tilsyn("followup export")
    newest = tilsyn.root / "checklists/followup/2019-04-01/amager.xlsx"
    fill_actions(newest, {name: {"discussed_on": date(2019, 4, 1)} for name in (first, second)})
    tilsyn("followup load")
    assert tilsyn("status --format json").json["meetings"] == []
    assert "afsluttet" in tilsyn("followup export").out
    tilsyn("verify --all")
    assert tilsyn("log").out.count("opfølgning skrevet") == 5
