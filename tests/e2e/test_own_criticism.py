"""An organisation with a scale of criticism of its own, or none, from the catalogue to the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tests.builders.own_organisation import DRAW_2, set_up, workbook
from tests.builders.own_organisation import fill as typed

SCALE = """
[[criticism]]
id = "hint"
text_da = "vink"
text_en = "advice"
criticism = false
[[criticism]]
id = "mangel"
text_da = "mangel"
text_en = "shortcoming"
[[criticism]]
id = "grov mangel"
text_da = "grov mangel"
text_en = "grave shortcoming"
"""
CATALOGUE = """
name = "practice"
version = "1.0"
rules = 2
title_da = "Practice standards"
kind = "grade"
{top}

[[step]]
id = "visits"
title_da = "Visits"
{scale}
[[question]]
id = "V-1"
step = "visits"
text_da = "How well was the child seen?"
"""


def catalogue(top: str = "", scale: str = "") -> str:
    return CATALOGUE.format(top=top, scale=scale)


def made(tilsyn: CommandLine, top: str = "", scale: str = "") -> Path:
    """Make a workspace, its draw and the workbook of that."""
    set_up(tilsyn, 3, practice=catalogue(top, scale))
    tilsyn(DRAW_2)
    return workbook(tilsyn)


def fill(path: Path, *criticism: str) -> None:
    cases = {f"F-{n}": {"criticism": word} if word else {} for n, word in enumerate(criticism, start=1)}
    typed(path, {case: {"V-1": "høj grad", **said} for case, said in cases.items()})


def report(tilsyn: CommandLine) -> dict[str, list[list[object]]]:
    tilsyn("report --period 2026-Q2 --level 2")
    book = load_workbook(tilsyn.root / "reports/2026-Q2/level-2-internal.xlsx")
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_a_scale_of_ones_own_is_offered_read_and_reported(tilsyn: CommandLine) -> None:
    path = made(tilsyn, scale=SCALE)
    sheet = case_sheets(load_workbook(path))[0].sheet
    lists = [rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert '"advice,shortcoming,grave shortcoming"' in lists
    fill(path, "Advice", "grov mangel", "")
    tilsyn("load", path)
    shown = report(tilsyn)["Criticism"]
    text = " ".join(str(row[0]) for row in shown)
    assert "Criticism recorded in the cases" in text
    assert "“Advice” is noted but is not criticism." in text
    assert "Borgerr" not in text
    rows = {row[0]: row[1:3] for row in shown if row[0] in ("advice", "shortcoming", "grave shortcoming")}
    assert rows == {
        "advice": ["not criticism", 1],
        "shortcoming": ["criticism", 0],
        "grave shortcoming": ["criticism", 1],
    }
    tilsyn("feedback --level 2 --period 2026-Q2")
    pages = load_workbook(next(tilsyn.root.glob("reports/2026-Q2/feedback/level-2/*.xlsx")))
    told = [cell.value for page in pages for row in page.iter_rows() for cell in row]
    assert {"advice", "grave shortcoming"} <= set(told)
    assert not {"hint", "grov mangel"} & set(told)
    # The draw keeps its scale, whatever the catalogue says later.
    tilsyn.write("checklists/practice.toml", catalogue(top="criticism = []"))
    assert report(tilsyn)["Criticism"] == shown
    fill(path, "Advice", "shortcoming", "mangel")
    tilsyn("load", path)
    after = {
        row[0]: row[2] for row in report(tilsyn)["Criticism"] if row[1] in ("criticism", "not criticism")
    }
    assert after == {"advice": 1, "shortcoming": 2, "grave shortcoming": 0}


def test_without_a_word_of_it_the_usual_scale_holds(tilsyn: CommandLine) -> None:
    path = made(tilsyn)
    fill(path, "uheldigt", "Kritisabelt (open to criticism)", "none")
    tilsyn("load", path)
    shown = report(tilsyn)["Criticism"]
    assert "Criticism on the ombudsman's scale" in str(shown)
    counted = {row[0]: row[2] for row in shown if row[1] in ("criticism", "not criticism") and row[2]}
    assert counted == {"unfortunate": 1, "open to criticism": 1}


def test_where_criticism_is_not_asked_for_no_field_is_there(tilsyn: CommandLine) -> None:
    path = made(tilsyn, top="criticism = []")
    fill(path, "", "", "")
    with pytest.raises(KeyError):
        case_sheets(load_workbook(path))[0].cell("criticism")
    tilsyn("load", path)
    assert "Criticism" not in report(tilsyn)
    tilsyn.write("own.csv", "case_id,question,answer,criticism\nF-1,V-1,lav grad,fejl\n")
    told = tilsyn("load own.csv --level 2 --period 2026-Q2", code=3).told
    assert "“fejl” is criticism, and this sample records none" in told


def test_what_is_on_another_scale_is_told_with_ones_own(tilsyn: CommandLine) -> None:
    path = made(tilsyn, scale=SCALE)
    fill(path, "kritisabelt", "", "")
    told = tilsyn("load", path, code=3).told
    assert "“kritisabelt” is not on the scale of criticism" in told
    assert "advice, shortcoming, grave shortcoming" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "hint"', 'id = "Hint"', "“Hint” cannot be the id of a grade"),
        ('id = "hint"', 'id = "mangel"', "was used before"),
        ('text_da = "vink"', 'text_da = "Mangel"', "would mean two steps of criticism: hint, mangel"),
        ('text_en = "advice"', 'text_en = "grov mangel"', "two steps of criticism: hint, grov mangel"),
        ('text_da = "vink"\ntext_en = "advice"\n', "", "text_da"),
        ('text_en = "advice"', 'text_en = "advice, kindly"', "has a comma or a quotation mark"),
        ('text_en = "advice"', f'text_en = "{"a" * 230}"', "the steps of criticism take 260 signs"),
        ("criticism = false", 'criticism = "no"', "criticism"),
        ("criticism = false", "counts = false", "counts"),
    ],
)
def test_a_scale_that_cannot_be_is_told(tilsyn: CommandLine, old: str, new: str, told: str) -> None:
    assert old in SCALE
    text = CATALOGUE.format(top="", scale=SCALE.replace(old, new, 1))
    found = tilsyn("catalogue validate own.toml --lang en", files={"own.toml": text}, code=3)
    assert told in found.told
