"""`tilsyn checklists`."""

from __future__ import annotations

import json

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace

DRAW = "draw 2 --period 2018-Q2"
CHECKLISTS = "checklists 2 --period '2. kvartal 2018' --format json"


@pytest.fixture(autouse=True)
def _workspace(tilsyn: CommandLine) -> None:
    make_workspace(tilsyn.root)
    tilsyn.today = "2018-07-03"


def test_it_makes_the_missing_workbooks_and_says_which(tilsyn: CommandLine) -> None:
    tilsyn(DRAW)
    made = tilsyn(CHECKLISTS).json
    assert made["draw_id"] == "bbu/2018-Q2/level-2"
    assert [row["state"] for row in made["workbooks"]] == ["made"] * 4
    before = tilsyn.files("*.xlsx")
    assert {row["file"] for row in made["workbooks"]} == set(before)
    again = tilsyn(CHECKLISTS)
    assert [row["state"] for row in again.json["workbooks"]] == ["kept"] * 4
    assert "intet er ændret" in again.err
    assert tilsyn.files("*.xlsx") == before


def test_without_a_draw_it_is_refused(tilsyn: CommandLine) -> None:
    assert tilsyn(CHECKLISTS, code=4).out == ""
    assert not list((tilsyn.root / "checklists").glob("*/"))


@pytest.mark.parametrize("wrong", ["10", "2 --groups 2"])
def test_wrong_use_is_told(tilsyn: CommandLine, wrong: str) -> None:
    tilsyn(DRAW)
    tilsyn(f"checklists {wrong} --period 2018-Q2", code=2)
    assert not list((tilsyn.root / "checklists").glob("*/"))


def test_no_workbook_is_made_for_a_case_swapped_by_hand(tilsyn: CommandLine) -> None:
    tilsyn(DRAW)
    manifest = tilsyn.root / "samples" / "2018-Q2" / "level-2" / "draw.json"
    content = manifest.read_text("utf-8")
    draw = json.loads(content)
    manifest.write_text(content.replace(draw["cases"][0]["case_id"], draw["reserve"][0]["case_id"]), "utf-8")
    for line in (CHECKLISTS, "load", "compliance --level 2 --period 2018-Q2", "status"):
        assert "tilsyn verify" in tilsyn(line, code=4).err
    assert not list((tilsyn.root / "checklists").glob("*/"))
    tilsyn(f"{DRAW} --replace --reason 'draw.json blev ændret'")
    tilsyn("load")
    tilsyn("status")
