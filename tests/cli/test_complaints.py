"""`tilsyn complaints`: what people and scripts see of a period's complaints."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import SETTINGS, draw, make_workspace, review
from tilsyn.base import clock
from tilsyn.workspace.workspace import Workspace

TODAY = "--period 2018K2 --today 2018-07-20"
LIST = '[complaints]\npath = "klager.csv"\nreply_within = "4 weeks"\n'
RISK = '[[plan.risk]]\nname = "klage"\ncolumn = "complained"\nvalues = ["ja"]\nsize = 2\n'
ROWS = [
    "2018-AM000;01-06-2018;20-06-2018;Tid;Medhold",
    "2018-AM001;01-06-2018;20-07-2018;Tid;Hjemvist",
    "2018-AM002;01-06-2018;;tid;",
    "2018-NØ001;02-06-2018;;Afgørelse;",
    "2018-NØ002;02-06-2018;10-06-2018;Tid;medhold",
    "2018-NØ003;03-04-2018;10-04-2018;Tid;Stadfæstet",
    "2017-XX001;03-03-2018;;Tid;",
]


@pytest.fixture
def workspace(tilsyn: CommandLine) -> CommandLine:
    made(tilsyn.root)
    return tilsyn


def made(root: Path, complaints: str = LIST, risk: str = "") -> None:
    make_workspace(root)
    settings = SETTINGS.replace("[[plan]]", complaints + "[[plan]]", 1) + risk
    (root / "tilsyn.toml").write_text(settings, "utf-8")
    text = "\n".join(["Sagsnr;Modtaget;Besvaret;Klagetype;Udfald", *ROWS, ""])
    (root / "klager.csv").write_text(text, "utf-8")


def test_the_figures_of_a_period(workspace: CommandLine) -> None:
    ended = workspace(f"complaints {TODAY} --format json")
    data = ended.json
    assert (data["schema"], data["edition"], data["on"]) == ("tilsyn/complaints/1", "internal", "2018-07-20")
    assert data["flow"] == {"open_before": 1, "received": 6, "answered": 3, "open_after": 4}
    counts = [(row["domain"], row["received"], row["answered"], row["open"]) for row in data["figures"]]
    assert counts == [("all", 6, 4, 2), ("unit=Amager", 3, 2, 1), ("unit=Nørrebro", 3, 2, 1)]
    reply = data["figures"][0]["reply"]
    assert (reply["within"], reply["over"], reply["open_within"], reply["open_over"]) == (3, 1, 0, 2)
    assert (reply["share"], data["figures"][0]["acknowledgement"]) == (0.5, None)
    assert data["kinds"] == [{"kind": "Tid", "n": 5}, {"kind": "Afgørelse", "n": 1}]
    assert data["outcomes"] == [
        {"outcome": "Medhold", "n": 2},
        {"outcome": "Hjemvist", "n": 1},
        {"outcome": "Stadfæstet", "n": 1},
    ]
    assert (data["compliance"], data["open_over"]) == ([], None)
    assert "Niveau 2" in ended.err or "niveau 2" in ended.err


def test_case_numbers_are_shown_only_when_they_are_asked_for(workspace: CommandLine) -> None:
    shown = workspace(f"complaints {TODAY}").shown
    assert "2018-NØ001" not in shown
    late = workspace(f"complaints {TODAY} --cases --format json").json["open_over"]
    assert [(row["case_id"], row["unit"], row["last_day"], row["days_over"]) for row in late] == [
        ("2017-XX001", None, "2018-03-31", 111),
        ("2018-AM002", "Amager", "2018-06-29", 21),
        ("2018-NØ001", "Nørrebro", "2018-06-30", 20),
    ]
    assert "30. juni 2018" in workspace(f"complaints {TODAY} --cases").shown
    assert "2018-NØ001" in workspace(f"complaints {TODAY} --cases --format csv").out


@pytest.mark.parametrize(
    ("path", "options", "on", "still_open"),
    [
        ("klager.csv", "", "2018-07-20", 2),
        ("klager.csv", "--as-of 2018-06-30", "2018-06-30", 3),
        ("klager.csv", "--pr-dag 2018-06-05", "2018-06-05", 5),
        ("{period}.csv", "", "2018-07-20", 2),
        ("{period}.csv", "--today 2018-10-01", "2018-07-20", 2),
        ("{period}.csv", "--as-of 2018-06-30", "2018-06-30", 3),
    ],
)
def test_the_day_on_which_they_are_counted(
    workspace: CommandLine, path: str, options: str, on: str, still_open: int
) -> None:
    settings = workspace.root / "tilsyn.toml"
    settings.write_text(settings.read_text("utf-8").replace("klager.csv", path), "utf-8")
    (workspace.root / "klager.csv").rename(workspace.root / path.format(period="2018-Q2"))
    today = "" if "--today" in options else "--today 2018-07-20"
    data = workspace(f"complaints --period 2018K2 --format json {today} {options}").json
    assert (data["on"], data["figures"][0]["open"]) == (on, still_open)


def test_what_may_be_published(workspace: CommandLine) -> None:
    ended = workspace(f"complaints {TODAY} --public --format json")
    data = ended.json
    assert (data["edition"], data["received"]) == ("public", 5)
    assert data["units"] == [{"domain": "unit=Amager", "n": None}, {"domain": "unit=Nørrebro", "n": None}]
    assert data["outcomes"] == [
        {"outcome": name, "n": None} for name in ("Medhold", "Hjemvist", "Stadfæstet")
    ]
    assert "2018-" not in ended.out.replace("2018-Q2", "").replace("2018-07-20", "")
    assert "omkring 5" in workspace(f"complaints {TODAY} --public").shown
    workspace(f"complaints {TODAY} --public --cases", code=2)


def test_the_compliance_of_the_cases_complained_of(workspace: CommandLine) -> None:
    made(workspace.root, LIST + 'questions = ["uden fejl"]\n', RISK)
    clock.set_today(date(2018, 7, 20))
    here = Workspace.open(workspace.root)
    drawn = draw(here, 2)
    question = drawn.question_set.legal[0].question_id
    review(here, drawn, no={"2018-AM000": question, drawn.record.cases[-1].case_id: question})
    clock.set_today(None)
    rows = workspace(f"complaints {TODAY} --format json").json["compliance"]
    assert [row["domain"] for row in rows] == ["all", "complained=ja", "complained=nej"]
    told = workspace(
        "compliance --level 2 --period 2018K2 --by complained --today 2018-07-20 --format json"
    ).json
    same = [row for row in told["rows"] if row["question"] == "uden_fejl"]
    assert rows == same
    assert "klaget over" in workspace(f"complaints {TODAY}").shown


@pytest.mark.parametrize(
    ("complaints", "options", "code", "found"),
    [
        ("", "", 4, "ingen liste over klager"),
        ('[complaints]\npath = "klager.csv"\n', "--cases", 2, "ingen svarfrist"),
        ('[complaints]\npath = "andre.csv"\n', "", 3, "findes ikke"),
        ('[complaints]\npath = "klager.csv"\nreply_within = "snart"\n', "", 3, "snart"),
        ('[complaints]\npath = "klager.csv"\nreply = "4 weeks"\n', "", 3, "reply"),
        ('[complaints.columns]\nmodtaget = "Modtaget"\n', "", 3, "modtaget"),
    ],
)
def test_what_cannot_be_done(
    tilsyn: CommandLine, complaints: str, options: str, code: int, found: str
) -> None:
    made(tilsyn.root, complaints)
    assert found in tilsyn(f"complaints {TODAY} {options}", code=code).told


def test_a_list_with_errors_has_no_figures(workspace: CommandLine) -> None:
    path = workspace.root / "klager.csv"
    path.write_text(path.read_text("utf-8") + "2018-AM003;31-02-2018;;;\n;01-06-2018;;;\n", "utf-8")
    told = workspace(f"complaints {TODAY}", code=3).told
    assert "klager.csv, række 9" in told
    assert "klager.csv, række 10" in told


def test_check_tells_of_the_list_with_the_register(workspace: CommandLine) -> None:
    ended = workspace(f"check {TODAY}")
    assert "klager.csv, række 8, kolonne Sagsnr: sag 2017-XX001 er ikke i registret" in ended.told
    path = workspace.root / "klager.csv"
    path.write_text(path.read_text("utf-8") + "2018-AM003;31-02-2018;;;\n2018-AM004;x;;;\n", "utf-8")
    ended = workspace(f"check {TODAY} --commit", code=3)
    assert ended.told.count("Fejl: klager.csv") == 1
    assert "i alt 2" in ended.told
    assert not (workspace.root / "samples" / "log.jsonl").exists()


def test_an_unknown_question_is_named(workspace: CommandLine) -> None:
    made(workspace.root, LIST + 'questions = ["XYZ-01"]\n')
    clock.set_today(date(2018, 7, 20))
    here = Workspace.open(workspace.root)
    review(here, draw(here, 2))
    clock.set_today(None)
    assert "XYZ-01" in workspace(f"complaints {TODAY}", code=2).told


def test_a_database_has_no_list(tilsyn: CommandLine) -> None:
    made(tilsyn.root, LIST, RISK)
    path = tilsyn.root / "tilsyn.toml"
    source = 'url = "sqlite:///cases.db"\nquery = "SELECT * FROM cases"'
    path.write_text(path.read_text("utf-8").replace('path = "sagsliste.csv"', source, 1), "utf-8")
    assert "klagelisten, som databasen ikke har" in tilsyn(f"check --sql duckdb {TODAY}", code=4).told
