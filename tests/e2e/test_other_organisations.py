"""Organisations that are unlike the example: every command of theirs says only what words of people say."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.own_organisation import SETTINGS, set_up
from tests.test_structure import DANISH

LEGAL = """
name = "practice"
version = "1.0"
rules = 2
title_en = "Practice standards"
[[step]]
id = "visits"
title_en = "Visits"
[[question]]
id = "V-1"
step = "visits"
text_en = "Was the child seen?"
law = "Children Act, section 17"
critical = true
[[question]]
id = "V-2"
step = "visits"
text_en = "Was the visit recorded?"
law = "Children Act, section 18"
[[question]]
id = "V-3"
step = "visits"
text_en = "Is there a note?"
kind = "documentation"
law = "Own standard"
"""
GRADES = """
name = "practice"
version = "1.0"
rules = 2
title_en = "Practice standards"
kind = "grade"
[[step]]
id = "visits"
title_en = "Visits"
[[grade]]
id = "poor"
text_en = "poor"
[[grade]]
id = "good"
text_en = "good"
[[criticism]]
id = "grave"
text_en = "grave shortcoming"
[[question]]
id = "V-1"
step = "visits"
text_en = "How well was the child seen?"
[[question]]
id = "V-2"
step = "visits"
text_en = "How well was the visit recorded?"
[[outcome]]
id = "overall"
text_en = "Overall grade of the file"
rule = "worst"
"""


@dataclass(frozen=True)
class Organisation:
    """Its catalogue, how many cases it has, what is answered in turn, and the commands that it is refused."""

    catalogue: str
    cases: int
    answers: tuple[str, ...]
    refused: tuple[tuple[str, int], ...] = ()


ORGANISATIONS = {
    "in grades alone": Organisation(
        GRADES, 6, ("poor", "good", "not relevant"), (("--explain", 2), ("trend", 4))
    ),
    "of one case": Organisation(LEGAL, 1, ("yes",)),
    "to which nothing applies": Organisation(LEGAL, 6, ("not relevant",), (("trend", 4),)),
    "where all is wrong": Organisation(LEGAL, 6, ("no",)),
}
OF_A_DRAW = (
    "compliance {}",
    "compliance {} --by unit",
    "compliance {} --explain *",
    "report {}",
    "report {} --as html",
    "feedback {}",
    "followup propose {}",
)
AFTER = (
    "status",
    "status --files",
    "plan",
    "plan show",
    "trend --level 2",
    "agreement --period 2026-Q2 --levels 2,3",
    "followup",
    "complaints --period 2026-Q2",
    "log",
    "log --case F-1",
    "log --since 2026-01-01",
    "export out",
    "dossier --period 2026-Q2",
    "verify --all",
)
# What no person says, and what is said of several.
WRONG = re.compile(
    r"\bNone\b(?! of)|\b(?:nan|NaN|NaT|inf|True|False)\b|\blevel level\b|\b(?:unit|case_type)=|xxxx|one of: \."
    r"|(?<![\d.,–-])1 (?:cases|questions|units|files|events|answers|draws|groups|actions|rows|periods)\b"
)


WRITING = ("report", "feedback", "export", "dossier", "load", "checklists", "letters")


def called(tilsyn: CommandLine, line: str, of: Organisation) -> None:
    """Run a command for people, and as JSON where it writes nothing; hold what it says."""
    code = next((code for part, code in of.refused if part in line), 0)
    for format in ("table",) if line.startswith(WRITING) else ("table", "json"):
        ended = tilsyn(f"{line} --format {format} --width 150", code=code)
        said = ended.out + ended.err
        if format == "json" and code == 0:
            json.loads(ended.out, parse_constant=lambda word: pytest.fail(f"{line}: {word}"))
            continue
        assert not WRONG.search(said), f"{line}: {WRONG.search(said)}\n{said}"
        # Answers are kept in Danish, whatever they are called.
        assert not DANISH.search(said), f"{line}: {DANISH.search(said)}\n{said}"


def answered(tilsyn: CommandLine, draw: str, of: Organisation) -> None:
    """Load an answer to each question of a draw's cases, from a file of them."""
    folder = draw.replace("--level ", "level-").replace("--single ", "single-").partition(" ")[0]
    record = json.loads((tilsyn.root / f"samples/2026-Q2/{folder}/draw.json").read_text("utf-8"))
    asked = [question["question_id"] for question in record["question_set"]["questions"]]
    wanted = [(case["case_id"], question) for case in record["cases"] for question in asked]
    rows = [
        f"{case},{question},{of.answers[n % len(of.answers)]},was missing"
        for n, (case, question) in enumerate(wanted)
    ]
    tilsyn.write("answers.csv", "\n".join(["case_id,question,answer,remark", *rows]) + "\n")
    called(tilsyn, f"load answers.csv {draw}", of)


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_an_organisation_is_told_nothing_odd(tilsyn: CommandLine, name: str) -> None:
    of = ORGANISATIONS[name]
    settings = SETTINGS.replace("total = 4", "total = 4\ngroups = 3\ndue = '1 week'")
    set_up(tilsyn, of.cases, settings, practice=of.catalogue)
    tilsyn.write("complaints.csv", "case_id;received;answered\nF-1;02/05/2026;20/05/2026\n")
    tilsyn.write(
        "tilsyn.toml", settings.replace("[[plan]]", '[complaints]\npath = "complaints.csv"\n[[plan]]')
    )
    for line in ("check --period 2026-Q2", "plan allocate --budget 1 --floor 1", "status"):
        called(tilsyn, line, of)
    for which, draw in (("2", "--level 2"), ("3", "--level 3"), ("--single all --all", "--single all")):
        tilsyn(f"draw {which} --period 2026-Q2")
        draw = f"{draw} --period 2026-Q2"
        named = draw.removeprefix("--level ")
        called(tilsyn, f"checklists {named}", of)
        called(tilsyn, f"letters {named}", of)
        answered(tilsyn, draw, of)
        for line in OF_A_DRAW:
            called(tilsyn, line.format(draw), of)
    for line in AFTER:
        called(tilsyn, line, of)
