"""A number of another country, which the settings describe, stopped at the doors where a CPR number is."""

from __future__ import annotations

import csv
import io

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import SMALL_HEADINGS, SMALL_ROWS, SMALL_SETTINGS
from tilsyn.workspace.workspace import Workspace

NUMBER = "943 476 5919"
PATTERNS = r"""
[privacy.patterns]
"NHS number" = '^(ref )?\d{3} \d{3} \d{4}$|\b\d{3} \d{3} \d{4}\b'
"""
SAID = "“NHS number” (see [privacy.patterns] in tilsyn.toml)"


def described(root: CommandLine, more: str = "") -> None:
    """Describe the number in the settings of a workspace in English."""
    path = root.root / "tilsyn.toml"
    text = path.read_text("utf-8").replace('language = "da"', 'language = "en"')
    path.write_text(text + PATTERNS.replace("\n[privacy.", f"\n{more}[privacy.", 1), "utf-8")


def test_in_a_register(tilsyn: CommandLine) -> None:
    rows = [*SMALL_ROWS, f"{NUMBER};Nord;A", f"N1;Syd;ref {NUMBER}", "N2;Syd;ref 476 5919"]
    tilsyn.write("tilsyn.toml", SMALL_SETTINGS)
    tilsyn.write("sagsliste.csv", "\n".join([SMALL_HEADINGS, *rows]) + "\n")
    described(tilsyn)
    ended = tilsyn("check --period 2018-Q2 --format csv", code=3)
    told = [row for row in csv.DictReader(io.StringIO(ended.out)) if row["row"]]
    assert [(row["row"], row["found"]) for row in told] == [
        ("22", f"“xxxx” looks like {SAID}"),
        ("23", f"“xxxx” looks like {SAID}"),
    ]
    assert NUMBER not in ended.out + ended.err
    assert NUMBER not in tilsyn("draw 2 --period 2018-Q2 --today 2018-07-02", code=3).told


def test_numbers_of_cases_that_are_none_are_declared(tilsyn: CommandLine) -> None:
    rows = [f"943 476 59{n};Nord;A" for n in range(10, 20)]
    tilsyn.write("tilsyn.toml", SMALL_SETTINGS)
    tilsyn.write("sagsliste.csv", "\n".join([SMALL_HEADINGS, *rows]) + "\n")
    described(tilsyn, '[privacy]\nnot_cpr = ["case_id"]\n')
    drawn = tilsyn("draw 2 --period 2018-Q2 --today 2018-07-02 --format json").json
    assert drawn["cases"][0]["case_id"].startswith("943 476 59")
    tilsyn("verify --all")


def test_in_remarks_notes_and_reasons(tilsyn: CommandLine, workspace: Workspace) -> None:
    described(tilsyn)
    case = workspace.draws.every()[0].cases["case_id"].iloc[0]
    remark = f"case_id,question,answer,remark\n{case},UND-02,ja,about {NUMBER}\n"
    tilsyn.write("answers.csv", remark)
    for line, code, said in (
        ("load answers.csv --level 2 --period 2018-Q2", 3, "about xxxx"),
        (f"load --handled {case} --note 'rang {NUMBER}'", 2, "rang xxxx"),
        (f"draw 2 --period 2018-Q2 --replace --reason 'see {NUMBER}'", 4, "see xxxx"),
    ):
        ended = tilsyn(line, code=code)
        assert SAID in ended.told
        assert said in ended.told
        assert NUMBER not in ended.out + ended.err
    del (written := tilsyn.files())["answers.csv"]
    assert not any(NUMBER.encode() in data for data in written.values())


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("'a('", "cannot be read as a regular expression: missing )"),
        (r"'\d*'", "fits text without any number"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_one_problem(tilsyn: CommandLine, pattern: str, said: str) -> None:
    tilsyn.write("tilsyn.toml", f'{SMALL_SETTINGS}[privacy.patterns]\n"NHS number" = {pattern}\n')
    ended = tilsyn("status --lang en", code=3)
    assert said in ended.told
    assert ended.told.count("privacy.patterns.NHS number") == 1
