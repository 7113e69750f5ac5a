"""`tilsyn log --since`: what is new since a day, a report or an anchor."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.log_since import news_since
from tilsyn.procedure.replace import replace_case
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace


@pytest.fixture
def workspace(tilsyn: CommandLine) -> Workspace:
    clock.set_today(date(2018, 7, 3))
    return make_workspace(tilsyn.root)


def since(tilsyn: CommandLine, when: str, options: str = "", code: int = 0) -> dict[str, Any]:
    ended = tilsyn(f"log --since {when} --format json {options}", code=code)
    found: dict[str, Any] = ended.json["since"] if ended.out else {}
    return found


def correct(workspace: Workspace, made: Draw, case_id: str, **answers: str | None) -> None:
    """Load a case again, with other answers to some questions; None takes one out."""
    given = {question.question_id: Given("ja") for question in made.question_set.questions}
    for name, answer in answers.items():
        given[name.replace("_", "-")] = Given(answer, remark="mangler")
    case = CaseReview(case_id, given, act_date=date(2018, 5, 2), reviewed_on=date(2018, 7, 20))
    workspace.ledger(made).save([Load(made.draw_id, "answers", workbook="", source="x.csv", cases=(case,))])


def test_what_is_new_since_the_last_report(workspace: Workspace, tilsyn: CommandLine) -> None:
    assert "ingen rapport" in tilsyn("log --since last-report", code=4).err
    made = draw(workspace, 2)
    first, second, *_ = made.cases["case_id"]
    review(workspace, made)
    tilsyn("report --level 2 --period 2018K2")
    assert since(tilsyn, "last-report")["draws"] == []
    assert "Intet er nyt" in tilsyn("log --since sidste-rapport").out
    workspace = Workspace.open(tilsyn.root)
    correct(workspace, made, first, DOK_01="nej")
    correct(workspace, made, second, DOK_01=None)
    found = since(tilsyn, "sidste-rapport")
    (news,) = found["draws"]
    assert (news["made"], news["loads"], news["replacements"]) == (False, 2, 0)
    assert (news["changed"], news["new"], news["gone"]) == (1, 0, 1)
    assert (news["reviewed_then"] - news["reviewed_now"], found["reports"]) == (1, [])
    tilsyn("report --level 2 --period 2018K2")
    assert since(tilsyn, "last-report")["draws"] == []


def test_only_what_is_of_a_level(workspace: Workspace, tilsyn: CommandLine) -> None:
    review(workspace, draw(workspace, 2))
    tilsyn("report --level 2 --period 2018K2")
    draw(Workspace.open(tilsyn.root), 3)
    assert [one["draw_id"] for one in since(tilsyn, "2018-07-03", "--level 3")["draws"]] == [
        "bbu/2018-Q2/level-3"
    ]
    assert since(tilsyn, "last-report", "--level 2")["draws"] == []
    assert since(tilsyn, "last-report", "--level 3", code=4) == {}
    assert [one["made"] for one in since(tilsyn, "last-report")["draws"]] == [True]


def test_since_a_day_and_since_an_anchor(workspace: Workspace, tilsyn: CommandLine) -> None:
    draw(workspace, 2)
    count, anchor = len(workspace.log.events), workspace.log.state.anchor()
    clock.set_today(date(2018, 7, 20))
    workspace = Workspace.open(tilsyn.root)
    review(workspace, workspace.draws.get(2, Q2))
    clock.set_today(None)
    for when in ("2018-07-04", "20-07-2018", "'20. juli 2018'", anchor):
        found = since(tilsyn, when)
        assert (found["count"], found["draws"][0]["made"], found["draws"][0]["loads"]) == (count, False, 1)
    assert since(tilsyn, "2018-07-03")["draws"][0]["made"]
    assert since(tilsyn, "2099-01-01")["draws"] == []
    assert "skrevet om" in tilsyn(f"log --since {count}:0000000000000000", code=4).err
    assert "hverken en dag" in tilsyn("log --since engang", code=2).err


def test_departures_and_replacements_are_told(workspace: Workspace, tilsyn: CommandLine) -> None:
    draw(workspace, 2, "2018-Q3", reason="prøve")
    made = draw(workspace, 2)
    case = made.record.cases[0].case_id
    replace_case(workspace, case, "no_access", made)
    found = since(tilsyn, "2018-07-01")
    (departure,) = found["departures"]
    assert (departure["draw_id"], departure["reason"]) == ("bbu/2018-Q3/level-2", "prøve")
    assert [one["replacements"] for one in found["draws"]] == [0, 1]
    assert found["others"]["seed_made"] == 2
    told = tilsyn("log --since 2018-07-01").shown
    assert "prøve" in told
    assert "startværdi lavet" in told


def test_a_workspace_as_it_stood(workspace: Workspace, tilsyn: CommandLine) -> None:
    made = draw(workspace, 2)
    review(workspace, made)
    count = len(workspace.log.events)
    again = draw(workspace, 2, replace=True, reason="forkert liste")
    then = workspace.then(count)
    assert [one.draw_id for one in then.draws.in_force()] == [made.draw_id]
    assert [one.draw_id for one in workspace.draws.in_force()] == [again.draw_id]
    assert len(then.ledger(made).reviewed) == len(made.cases)
    assert workspace.then(count - 1).ledger(made).entries == []
    assert workspace.then(0).draws.find(2, Period.parse("2018-Q2")) is None
    assert [one.made for one in news_since(workspace, count).draws] == [True]


@pytest.mark.parametrize("options", ["--level 2", "--single x", "--since 2018-07-01 --case 1"])
def test_options_that_belong_together(workspace: Workspace, tilsyn: CommandLine, options: str) -> None:
    tilsyn(f"log {options}", code=2)
