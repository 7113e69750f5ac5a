"""`tilsyn report --since`: what is new since the last report, with the figures of then."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.workspace.workspace import Workspace

REPORT = "report --level 2 --period 2018K2 --since sidste-rapport"
TAB = "Nyt siden sidst"


@pytest.fixture
def reported(tilsyn: CommandLine) -> CommandLine:
    clock.set_today(date(2018, 7, 20))
    workspace = make_workspace(tilsyn.root)
    made = draw(workspace, 2)
    review(workspace, made, list(made.cases["case_id"])[:15])
    clock.set_today(None)
    tilsyn.today = "2018-08-01"
    tilsyn("report --level 2 --period 2018K2")
    return tilsyn


def correct(tilsyn: CommandLine, cases: slice, question: str = "DOK-01") -> None:
    clock.set_today(date(2018, 9, 3))
    workspace = Workspace.open(tilsyn.root)
    made = workspace.draws.get(2, Q2)
    review(workspace, made, list(made.cases["case_id"])[cases], no={"*": question})
    clock.set_today(None)


def sheet(tilsyn: CommandLine, edition: str, form: str = "") -> list[Sequence[Any]]:
    """Return the rows of the sheet of news; none where the report has no such sheet."""
    book = openpyxl.load_workbook(tilsyn.root / f"reports/2018-Q2/level-2-{edition}{form}.xlsx")
    if TAB not in book.sheetnames:
        return []
    return [row for row in book[TAB].iter_rows(values_only=True) if any(row)]


def moved(rows: list[Sequence[Any]]) -> dict[str, tuple[float, float]]:
    return {row[1]: (row[3], row[4]) for row in rows if isinstance(row[3], float | int)}


def told(rows: list[Sequence[Any]]) -> str:
    return " ".join(str(row[0]) for row in rows)


def shares(tilsyn: CommandLine) -> dict[str, float]:
    rows = tilsyn("compliance --level 2 --period 2018K2 --format json").json["rows"]
    return {row["question"]: row["estimate"] for row in rows if row["domain"] == "all"}


def test_figures_of_then_and_now(reported: CommandLine) -> None:
    then = shares(reported)
    correct(reported, slice(0, 8))
    ended = reported(REPORT)
    assert ended.code == 0
    now = shares(reported)
    rows = sheet(reported, "internal")
    found = moved(rows)
    assert found["DOK-01"] == (pytest.approx(then["DOK-01"]), pytest.approx(now["DOK-01"]))
    assert [name for name in found if name] == [
        name for name in then if then[name] != now[name] and "-" in name
    ]
    assert "rapporten af 1. august 2018" in told(rows)
    assert "gennemgåede sager 15 dengang, 15 nu; svar, der er kommet til: 0, er rettet: 8" in told(rows)
    public = moved(sheet(reported, "public"))
    assert public["DOK-01"] == (round(then["DOK-01"], 2), round(now["DOK-01"], 2))


def test_the_same_report_again_is_the_same(reported: CommandLine) -> None:
    assert "ingen rapport på niveauet" in reported(REPORT, code=4).err
    correct(reported, slice(0, 8))
    reported(REPORT)
    first = reported.files("*.xlsx")
    states = [file["state"] for file in reported(f"{REPORT} --format json").json["files"]]
    assert (states, reported.files("*.xlsx")) == (["unchanged", "unchanged"], first)
    events = [json.loads(line) for line in (reported.root / "samples/log.jsonl").read_text().splitlines()]
    last = [event for event in events if event["event"] == "reported"][-1]
    assert reported(f"verify --anchor {last['settings']['since']['anchor']}").code == 0
    # What is not asked for is not there, and nothing is said of it.
    reported("report --level 2 --period 2018K2")
    assert sheet(reported, "internal") == []
    assert "since" not in Workspace.open(reported.root).log.events[-1]["settings"]


def test_few_cases_are_not_told_apart_in_public(reported: CommandLine) -> None:
    correct(reported, slice(0, 3))
    reported(REPORT)
    assert "DOK-01" in moved(sheet(reported, "internal"))
    rows = sheet(reported, "public")
    assert moved(rows) == {}
    assert "under 5 sager" in told(rows)
    assert "Intet tal er flyttet" in told(rows)


def test_a_new_period_and_late_cases(reported: CommandLine) -> None:
    correct(reported, slice(15, 21), "DOK-02")
    clock.set_today(date(2018, 10, 3))
    workspace = Workspace.open(reported.root)
    review(workspace, draw(workspace, 2, "2018-Q3", as_of=date(2018, 10, 1), reason="prøve"))
    clock.set_today(None)
    reported.today = "2018-10-20"
    reported("report --level 2 --period 2018K3 --since last-report")
    book = openpyxl.load_workbook(reported.root / "reports/2018-Q3/level-2-internal.xlsx")
    rows = [row for row in book[TAB].iter_rows(values_only=True) if any(row)]
    assert "3. kvartal 2018 er ny: 21 sager er gennemgået" in told(rows)
    assert "2. kvartal 2018: gennemgåede sager 15 dengang, 21 nu" in told(rows)
    assert "DOK-02" in moved(rows)


def test_since_a_day_and_an_anchor(reported: CommandLine) -> None:
    anchor = Workspace.open(reported.root).log.state.anchor()
    correct(reported, slice(0, 8))
    for when in ("2018-09-01", anchor):
        reported(f"report --level 2 --period 2018K2 --since {when} --edition internal")
        rows = sheet(reported, "internal")
        assert "DOK-01" in moved(rows)
        assert ("1. september 2018" in told(rows)) == (when == "2018-09-01")
    reported("report --level 2 --period 2018K2 --since 2018-09-04 --edition internal")
    assert "Intet er udtrukket, indlæst eller rettet siden" in told(sheet(reported, "internal"))
    reported("report --level 2 --period 2018K2 --since engang", code=2)


@pytest.mark.parametrize(
    ("cases", "edition", "line"),
    [
        (slice(0, 8), "internal", "Siden rapporten af 1. august 2018 er 4 tal flyttet"),
        (slice(0, 8), "public", "Siden rapporten af 1. august 2018 er 3 tal flyttet"),
        (slice(0, 3), "public", "der er nye eller rettede svar i under 5 sager"),
    ],
)
def test_the_page_for_the_committee_says_it(
    reported: CommandLine, cases: slice, edition: str, line: str
) -> None:
    correct(reported, cases)
    reported(f"{REPORT} --as html --edition {edition}")
    page = (reported.root / f"reports/2018-Q2/level-2-{edition}.html").read_text("utf-8")
    assert line in page
    assert page.count(TAB) > 1


def test_a_draw_that_was_replaced_since(reported: CommandLine) -> None:
    clock.set_today(date(2018, 9, 3))
    workspace = Workspace.open(reported.root)
    again = draw(workspace, 2, replace=True, reason="forkert liste")
    review(workspace, again, no={"*": "DOK-01"})
    clock.set_today(None)
    reported(f"{REPORT} --edition internal")
    rows = sheet(reported, "internal")
    assert f"gennemgåede sager 15 dengang, {len(again.cases)} nu" in told(rows)
    assert moved(rows)["DOK-01"] == (1.0, 0.0)
