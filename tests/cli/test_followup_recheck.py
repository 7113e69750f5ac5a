"""`tilsyn followup recheck`: the first figure is the report's, and the plan says what it takes and shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, review
from tilsyn.base.which import Single
from tilsyn.procedure.draw_single import SingleRequest, draw_single
from tilsyn.settings.single import Wish
from tilsyn.workspace.workspace import Workspace


@pytest.fixture
def read(workspace: Workspace, tilsyn: CommandLine) -> Workspace:
    """Return the small workspace with an error at BFU-02 in every case of Nord and two of Syd."""
    draw = workspace.draws.get(2, Q2)
    review(workspace, draw, no=dict.fromkeys(list(draw.cases["case_id"])[:5], "BFU-02"))
    tilsyn("followup add --level 2 --period 2018-Q2")
    return workspace


def test_the_first_figure_is_the_one_of_compliance(read: Workspace, tilsyn: CommandLine) -> None:
    rows = tilsyn("compliance --level 2 --period 2018-Q2 --by unit --format json").json["rows"]
    row = next(one for one in rows if (one["question"], one["domain"]) == ("BFU-02", "unit=Syd"))
    found = tilsyn("followup recheck bfu-02 --unit syd --margin 0.3 --format json").json
    assert found["before"] == row["estimate"]
    assert found["n_relevant_before"] == row["n_relevant"] == 3
    assert (found["unit"], found["level"], found["period"], found["population"]) == ("Syd", 2, "2018-Q2", 10)
    assert found["asked_for"] == {"half_width": 0.3}
    assert found["half_width"] <= 0.3
    assert found["questions"] == ["BFU-02"] or "BFU-02" in found["questions"]


def test_what_it_takes_and_shows_is_said_without_a_cause(read: Workspace, tilsyn: CommandLine) -> None:
    out = tilsyn("followup recheck BFU-02 --power 0.5").shown
    assert "var BFU-02 i orden i 17 % af 6 relevante sager" in out
    assert "af de 20 sager i alle enheder" in out
    assert "siger ikke hvorfor" in out
    assert "Miettinen-Nurminen" in out
    so_many = tilsyn("followup recheck BFU-02 --n 6 --format json").json
    assert (so_many["n"], so_many["asked_for"]) == (6, {"n": 6})
    never = tilsyn("followup recheck BFU-02 --to 0.2")
    assert "lige så mange sager som første gang (6)" in never.shown
    assert (
        "% af tilfældene, selv om alle 20 sager i alle enheder læses: den første læsning var" in never.shown
    )
    assert "Korn-Graubard" in tilsyn("followup recheck BFU-02 --margin 0.2").shown


@pytest.mark.parametrize(
    "asked", [{"n": 5, "where": (Wish(column="unit", values=("Syd",)),)}, {"above": 2, "n": 4}]
)
def test_what_was_read_of_some_kinds_of_cases_is_not_read_again_of_all(
    read: Workspace, tilsyn: CommandLine, asked: dict[str, Any]
) -> None:
    made = draw_single(read, Single("nogle"), Q2, SingleRequest(**asked)).draw
    review(read, made, no=dict.fromkeys(made.cases["case_id"], "BFU-02"))
    told = tilsyn("followup recheck BFU-02 --single nogle --period 2018-Q2 --to 0.9", code=4).told
    assert "tallene i enkeltudtræk »nogle«, 2. kvartal 2018, gælder ikke hele sagslisten" in told


def test_chosen_cases_are_no_first_reading(read: Workspace, tilsyn: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text("\n".join(read.draws.get(2, Q2).cases["case_id"]), "utf-8")
    made = draw_single(read, Single("valgte"), Q2, SingleRequest(case_list=tmp_path / "liste.csv")).draw
    review(read, made, no=dict.fromkeys(made.cases["case_id"], "BFU-02"))
    told = tilsyn("followup recheck BFU-02 --single valgte --period 2018-Q2", code=4).told
    assert "gælder ikke hele sagslisten" in told


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("BFU-01", 2, "ingen handling gælder BFU-01"),
        ("BFU-99 --level 2 --period 2018-Q2", 2, "Nærmest"),
        ("BFU-01 --level 2 --period 2018-Q2", 2, "allerede i orden"),
        ("BFU-02 --level 2 --period 2018-Q1", 4, "ikke trukket"),
        ("BFU-02 --unit Vest", 2, "Nord, Syd"),
        ("BFU-02 --to 1.5", 2, "--to"),
        ("BFU-02 --unit Nord", 4, "kun relevant i 3 sager"),
        ("BFU-02 --power 1", 2, "--power"),
        ("BFU-02 --margin 0.5", 2, "--margin"),
        ("BFU-02 --margin 0.1 --n 5", 2, "--n og --margin"),
        ("BFU-02 --to 0.2 --draw 2018-Q2", 4, "--n"),
    ],
)
def test_what_cannot_be_planned_says_what_to_do(
    read: Workspace, tilsyn: CommandLine, line: str, code: int, told: str
) -> None:
    assert told in tilsyn(f"followup recheck {line}", code=code).told
