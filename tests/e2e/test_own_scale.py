"""An organisation with grades and outcomes of its own, from the catalogue to the report and the agreement."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.builders import own_organisation
from tests.builders.case_sheets import case_sheets
from tests.builders.command_line import CommandLine
from tests.builders.libreoffice import resaved
from tests.builders.own_organisation import DRAW_2, SETTINGS, set_up, workbook

CATALOGUE = """
name = "practice"
version = "1.0"
rules = 2
title_da = "Practice standards"
kind = "grade"

[[step]]
id = "visits"
title_da = "Visits"

[[grade]]
id = "inadequate"
text_da = "inadequate"
letter = "X"
[[grade]]
id = "requires improvement"
text_da = "requires improvement"
[[grade]]
id = "good"
text_da = "good"
[[grade]]
id = "outstanding"
text_da = "outstanding"

[[question]]
id = "V-1"
step = "visits"
text_da = "How well was the child seen?"
[[question]]
id = "V-2"
step = "visits"
text_da = "How well were the parents heard?"
[[question]]
id = "V-3"
step = "visits"
text_da = "How well was the absence explained?"
condition = "V-1 = inadequate or V-1 = requires_improvement"

[[outcome]]
id = "overall"
text_da = "Overall grade of the file"
rule = "worst"
[[outcome]]
id = "standard"
text_da = "Meets the standard"
rule = "all"
good = ["good", "outstanding"]
[[outcome]]
id = "attention"
text_da = "Attention needed"
rule = "count"
good = ["good", "outstanding"]
bands = ["0 = none", "1 = some", "2 = much"]
"""
# What is typed for each case: a letter, a word, and a word of another case.
TYPED = {
    "F-1": ("O", "good", ""),
    "F-2": ("G", "GOOD", ""),
    "F-3": ("x", "o", "r"),
    "F-4": ("Requires improvement", "i", "Good"),
}
MEANT = {
    "F-1": {"V-1": "outstanding", "V-2": "good"},
    "F-2": {"V-1": "good", "V-2": "good"},
    "F-3": {"V-1": "inadequate", "V-2": "outstanding", "V-3": "requires improvement"},
    "F-4": {"V-1": "requires improvement", "V-3": "good"},
}


@pytest.fixture
def drawn(tilsyn: CommandLine) -> CommandLine:
    """Return a workspace with its level 2 drawn."""
    set_up(tilsyn, len(TYPED), practice=CATALOGUE)
    tilsyn(DRAW_2)
    return tilsyn


def fill(tilsyn: CommandLine, level: int, typed: dict[str, tuple[str, str, str]]) -> Path:
    questions = ("V-1", "V-2", "V-3")
    said = {case: dict(zip(questions, words, strict=True)) for case, words in typed.items()}
    return own_organisation.fill(workbook(tilsyn, level), said)


def test_of_grades_alone_it_is_said_of_what_they_are_and_that_there_is_no_percentage(
    drawn: CommandLine,
) -> None:
    drawn("load", fill(drawn, 2, TYPED))
    shown = drawn("compliance --level 2 --period 2026-Q2 --by unit --width 160").shown
    assert "Legal compliance, level 2, quarter 2 of 2026 None of the questions is legal" in shown
    assert "unit: North" in shown
    assert "unit=North" not in shown
    told = drawn("compliance --level 2 --period 2026-Q2 --explain '*'", code=2).told
    assert "here are none: none of the questions is legal" in told


def test_questions_in_grades_alone_make_no_trend_and_that_is_told(drawn: CommandLine) -> None:
    drawn("load", fill(drawn, 2, TYPED))
    told = drawn("trend --level 2", code=4).err
    assert "all questions are answered in grades" in told
    assert "tilsyn compliance --level 2 --period PERIOD" in told


def test_grades_are_typed_loaded_counted_and_told_in_the_organisations_words(drawn: CommandLine) -> None:
    path = fill(drawn, 2, TYPED)
    drawn("load", path)
    found = drawn("compliance --level 2 --period 2026-Q2 --format json").json
    grades = {(row["question"], row["grade"]): (row["n"], row["n_relevant"]) for row in found["grades"]}
    for question in ("V-1", "V-2", "V-3"):
        said = [answers[question] for answers in MEANT.values() if question in answers]
        for grade in ("inadequate", "requires improvement", "good", "outstanding"):
            assert grades[question, grade] == (said.count(grade), len(said)), (question, grade)
    outcomes = {(row["question"], row["grade"]): row["share"] for row in found["outcomes"]}
    assert outcomes == {
        ("overall", "inadequate"): 0.25,
        ("overall", "requires improvement"): 0.25,
        ("overall", "good"): 0.5,
        ("overall", "outstanding"): 0,
        ("standard", "nej"): 0.5,
        ("standard", "ja"): 0.5,
        ("attention", "none"): 0.5,
        ("attention", "some"): 0.25,
        ("attention", "much"): 0.25,
    }
    assert found["rows"] == []
    shown = drawn("compliance --level 2 --period 2026-Q2").shown
    assert "1 of 4" in shown
    # Four cases are few: no percentage.
    assert "%" not in shown.split("Outcomes of the cases")[1]
    assert "Overall grade of the file" in shown
    assert "requires improvement" in shown


def test_the_report_has_them_and_calls_no_grade_a_percentage_of_the_law(drawn: CommandLine) -> None:
    drawn("load", fill(drawn, 2, TYPED))
    drawn("report --period 2026-Q2 --level 2")
    book = load_workbook(next(p for p in drawn.root.glob("reports/**/*.xlsx") if "public" not in p.name))
    cells = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    grades = [row for row in cells["Grades"] if "How well was the child seen?" in row]
    assert [row[2] for row in grades] == ["inadequate", "requires improvement", "good", "outstanding"]
    overall = [row for row in cells["Outcomes"] if row[0] == "Overall grade of the file"]
    assert [(row[1], row[3]) for row in overall] == [
        ("inadequate", 1),
        ("requires improvement", 1),
        ("good", 2),
        ("outstanding", 0),
    ]


def test_a_later_reading_is_moderated_on_the_same_scale(drawn: CommandLine) -> None:
    drawn("load", fill(drawn, 2, TYPED))
    drawn("draw 3 --period 2026-Q2 --seed 'dice 6 July 2026: 1 1 2 3' --seed-origin dice")
    drawn("load", fill(drawn, 3, TYPED | {"F-1": ("g", "g", "")}))
    found = drawn("agreement --levels 2,3 --period 2026-Q2 --format json").json
    rows = {row["question"]: row for row in found["rows"]}
    assert set(rows) == {"V-1", "V-2", "V-3"}
    assert (rows["V-1"]["n_pairs"], rows["V-1"]["agreement"]) == (4, 0.75)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("L", "inadequate, requires improvement, good, outstanding"),
        ("outstandin", "outstanding"),
        ("ja", "inadequate, requires improvement, good, outstanding"),
    ],
)
def test_what_is_no_grade_is_told_with_the_scale(drawn: CommandLine, typed: str, told: str) -> None:
    path = fill(drawn, 2, TYPED | {"F-1": (typed, "G", "")})
    assert told in drawn("load", path, code=3).told


def test_the_sheet_knows_the_letters_and_says_the_grade(drawn: CommandLine) -> None:
    path = resaved(fill(drawn, 2, TYPED), drawn.root / "calculated")
    book = load_workbook(path, data_only=True)
    told = {sheet.sheet.title: sheet for sheet in case_sheets(book)}
    assert told["F-1"].cell("V-1", "status").value == "outstanding"
    assert told["F-4"].cell("V-2", "status").value == "not relevant"
    assert told["F-3"].cell("V-3", "status").value == "requires improvement"
    assert told["F-1"].cell("V-1", "missing").value == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "good"', 'id = "ja"', "“ja” cannot be the id of a grade"),
        ('letter = "X"', 'letter = "I"', "“i” would also mean “not relevant”"),
        ('letter = "X"', 'letter = "-"', "“-” is made of marks alone"),
        ('text_da = "good"', 'text_da = "outstanding"', "“outstanding” would also mean"),
        ('id = "requires improvement"', 'id = "inadequate"', "was used before"),
        ('kind = "grade"', "", "grades belong to a catalogue that is answered in grades"),
        ("V-1 = inadequate or ", "V-1 = poor or ", "V-1 = poor"),
        ('rule = "worst"', 'rule = "mean"', "all, worst, count"),
        ('rule = "worst"', 'rule = "worst"\nquestions = ["V-9"]', "no question called “V-9”"),
        ('good = ["good", "outstanding"]\nbands', "bands", "which grades are good enough"),
        ('good = ["good", "outstanding"]\nbands', 'good = ["fine"]\nbands', "“fine” is no grade"),
        ('"0 = none", ', "", "does not part the cases"),
        ('"1 = some"', '"2 = some"', "does not part the cases"),
        ('"1 = some"', '"some"', "does not part the cases"),
        ('bands = ["0 = none", "1 = some", "2 = much"]', "", "bands belong to rule"),
        ('id = "overall"', 'id = "V-1"', "“V-1”"),
    ],
)
def test_a_scale_or_rule_that_cannot_be_is_told(tilsyn: CommandLine, old: str, new: str, told: str) -> None:
    assert old in CATALOGUE
    text = CATALOGUE.replace(old, new, 1)
    found = tilsyn("catalogue validate own.toml --lang en", files={"own.toml": text}, code=3)
    assert told in found.told


@pytest.mark.parametrize("same", [True, False])
def test_a_rule_of_two_catalogues_is_over_both_or_refused(tilsyn: CommandLine, same: bool) -> None:
    settings = SETTINGS.replace('["practice"]', '["practice", "other"]')
    other = CATALOGUE.replace('"practice"', '"other"').replace("V-", "W-")
    other = other if same else other.replace('"2 = much"', '"3 = much"')
    set_up(tilsyn, len(TYPED), settings, practice=CATALOGUE, other=other)
    ended = tilsyn(DRAW_2, code=0 if same else 3)
    if same:
        record = json.loads((tilsyn.root / "samples/2026-Q2/level-2/draw.json").read_text("utf-8"))
        over = {rule["name"]: rule["questions"] for rule in record["question_set"]["outcomes"]}
        assert sorted(over["overall"]) == ["V-1", "V-2", "V-3", "W-1", "W-2", "W-3"]
    else:
        assert "the outcome “attention” has another rule in practice" in ended.told


def test_a_local_question_needs_no_law(tilsyn: CommandLine) -> None:
    legal = CATALOGUE.split("[[grade]]")[0].replace('kind = "grade"\n', "")
    question = '[[question]]\nid = "Q-1"\nstep = "visits"\ntext_da = "Was the sheet signed?"\n'
    tilsyn("catalogue validate own.toml", files={"own.toml": legal + question}, code=3)
    tilsyn("catalogue validate own.toml", files={"own.toml": f'{legal}{question}kind = "local"\n'})


WORDS = """
name = "File audit"
judged_by = "A manager of another team"
roles = ["team manager", "service manager"]
"""


def test_the_words_are_the_plans_and_the_catalogues(tilsyn: CommandLine) -> None:
    settings = SETTINGS.replace("[plan.levels.2]", f"[plan.levels.2]{WORDS}")
    catalogue = CATALOGUE.replace('kind = "grade"', 'kind = "grade"\nurgent_da = "URGENT: is anyone unsafe?"')
    catalogue = catalogue.replace("\n[[step]]", 'events_da = ["visit"]\n[[step]]')
    set_up(tilsyn, len(TYPED), settings, practice=catalogue)
    tilsyn(DRAW_2)
    path = fill(tilsyn, 2, TYPED)
    book = load_workbook(path)
    shown = "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert "Level 2: File audit" in shown
    assert "URGENT: is anyone unsafe?" in shown
    offered = {rule.formula1 for sheet in book for rule in sheet.data_validations.dataValidation}
    assert {'"team manager,service manager"', '"visit"'} <= offered
    tilsyn("load", path)
    tilsyn("report --period 2026-Q2 --level 2")
    for report in tilsyn.root.glob("reports/**/*.xlsx"):
        sheets = load_workbook(report)
        told = " ".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row)
        assert "File audit" in told
        assert "A manager of another team" in told
        assert not FOREIGN.search(told), (report.name, FOREIGN.search(told))


def test_a_draw_of_before_the_plan_keeps_its_words_and_can_be_reported(drawn: CommandLine) -> None:
    """A plan that somebody cut off at a later day says nothing of the draws of before."""
    drawn.write("tilsyn.toml", SETTINGS.replace("valid_from = 2017-01-01", "valid_from = 2026-07-01"))
    drawn("load", fill(drawn, 2, TYPED))
    drawn("report --period 2026-Q2 --level 2")
    first = load_workbook(next(drawn.root.glob("reports/**/*.xlsx"))).worksheets[0]
    assert any(str(cell.value).startswith("Level 2") for (cell,) in first.iter_rows(max_col=1))


# What is one municipality's, or one field's: in no file of an organisation that has said otherwise.
FOREIGN = re.compile(
    r"(?i)\bchild(ren)?'s act|barnets|ombudsman|Borgerrådgiver|area manager|Center for Politik"
)
