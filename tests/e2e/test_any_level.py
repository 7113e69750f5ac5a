"""A level is what the plan says of it: the same plan with other numbers gives the same work and the same figures."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tests.builders.own_organisation import SETTINGS, fill, set_up, workbook

CATALOGUE = """
name = "practice"
version = "1.0"
rules = 2
title_da = "Practice standards"

[[step]]
id = "visits"
title_da = "Visits"
[[question]]
id = "V-1"
step = "visits"
text_da = "Was the child seen?"
law = "Children Act, section 17"
"""
# They are looked at in level 2, or in the plan's first.
COMPLAINTS = '[complaints]\npath = "complaints.csv"\n[[plan]]'
# These say of a second reading which level it is of.
PRINTED = (
    "compliance --level {} --period 2026-Q2",
    "compliance --level {} --period 2026-Q2 --explain V-1",
    "trend --level {}",
)
CASES = [f"F-{n}" for n in range(1, 6)]
READ = dict(zip(CASES, ["no", "yes", "yes", "no", "yes"], strict=True))
READ_AGAIN = READ | {"F-2": "no"}
OF_A_LEVEL = (
    "compliance --level {} --period 2026-Q2",
    "trend --level {}",
    "feedback --level {} --period 2026-Q2",
    "letters {} --period 2026-Q2",
    "followup propose --level {} --period 2026-Q2",
    "report --level {} --period 2026-Q2",
)


def plan(first: int, second: int) -> str:
    """All five cases are read at the one level, and all of them again at the other."""
    settings = SETTINGS.replace("levels.2", f"levels.{first}").replace("levels.3", f"levels.{second}")
    settings = settings.replace("per_unit = 4", "per_unit = 5\nsource = 'register'\ndue = '1 week'")
    return settings.replace("total = 4", f"total = 5\nsource = {first}\ndue = '1 week'")


def reviewed(path: Path, said: dict[str, str]) -> Path:
    fill(path, {case: {"V-1": word} for case, word in said.items()})
    book = load_workbook(path)
    for sheet in case_sheets(book):
        if said[sheet.sheet.title] == "no":
            sheet.put("V-1", "The child was not there", "remark")
    book.save(path)
    return path


def quarter(tilsyn: CommandLine, root: Path, first: int, second: int) -> dict[str, Any]:
    """Live a quarter by the command line; return what each command says, the levels called A and B."""
    root.mkdir()
    os.chdir(root)
    tilsyn.root = root
    set_up(tilsyn, len(CASES), plan(first, second), practice=CATALOGUE)
    said = {}
    for level, answers in ((first, READ), (second, READ_AGAIN)):
        tilsyn(f"draw {level} --period 2026-Q2 --seed 'dice 3 July 2026: 6 2 5 1' --seed-origin dice")
        path = workbook(tilsyn, level)
        said["status", level == first] = tilsyn("status --format json").json
        tilsyn("load", reviewed(path, answers))
        for line in OF_A_LEVEL:
            said[line, level == first] = tilsyn(f"{line.format(level)} --format json").json
        for line in PRINTED:
            said[line, level == first] = tilsyn(f"{line.format(level)} --width 200").out
    agreement = tilsyn(f"agreement --period 2026-Q2 --levels {first},{second} --format json").json
    assert agreement.pop("levels") == [first, second]
    said["agreement"] = agreement
    tilsyn.write("complaints.csv", "case_id;received;answered\nF-1;02/05/2026;20/05/2026\n")
    tilsyn.write("tilsyn.toml", plan(first, second).replace("[[plan]]", COMPLAINTS))
    said["complaints"] = tilsyn("complaints --period 2026-Q2 --format json").json
    tilsyn("verify --all --workbooks")
    return {key: named(value, {first: "A", second: "B"}) for key, value in said.items()}


def named(value: Any, names: dict[int, str]) -> Any:
    """Give levels their names, and leave out what is of the one draw: its cases' order, hashes and times."""
    if isinstance(value, dict):
        return {
            key: names.get(item, item) if key == "level" else named(item, names)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [named(item, names) for item in value]
    if isinstance(value, str):
        for number, name in names.items():
            value = re.sub(
                rf"(?i)\b(level|levels|draw|checklists|n|niveau)([ =-]?){number}\b", rf"\1\2{name}", value
            )
    return value


@pytest.mark.parametrize("numbers", [(5, 9), (1, 4)])
def test_other_numbers_of_levels_change_no_figure(
    tilsyn: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: tuple[int, int]
) -> None:
    # Back to where it was, whichever folder the last quarter was lived in.
    monkeypatch.chdir(tmp_path)
    others, usual = quarter(tilsyn, tmp_path / "others", *numbers), quarter(tilsyn, tmp_path / "usual", 2, 3)
    for key, said in usual.items():
        assert others[key] == said, key
