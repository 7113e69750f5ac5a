"""A register that is a database: drawn, and verified against the database again, by its address or the settings."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import make_workspace

SETTINGS = """
[organisation]
name = "Testby"
slug = "testby"
[register]
url = "sqlite:///{folder}/cases.db"
query = "SELECT * FROM cases"
as_of = 2018-07-02
columns = {{ case_id = "Sagsnr", unit = "Enhed" }}
[[plan]]
valid_from = 2017-01-01
question_set = ["serviceloven"]
[plan.levels.2]
cadence = "quarter"
per_unit = 3
"""


def write(tilsyn: CommandLine, *units: str, name: str = "cases.db") -> None:
    with closing(sqlite3.connect(tilsyn.root / name)) as database, database:
        database.execute("DROP TABLE IF EXISTS cases")
        database.execute("CREATE TABLE cases (Sagsnr TEXT, Enhed TEXT)")
        database.executemany(
            "INSERT INTO cases VALUES (?, ?)", [(f"2018-{n:03}", unit) for n, unit in enumerate(units)]
        )


@pytest.fixture
def drawn(tilsyn: CommandLine) -> CommandLine:
    """A workspace with a draw from a database of twelve cases."""
    tilsyn.today = "2018-07-03"
    make_workspace(tilsyn.root, SETTINGS.format(folder=tilsyn.root), [])
    write(tilsyn, *["Nord", "Syd"] * 6)
    tilsyn("draw 2 --period 2018-Q2")
    assert not (tilsyn.root / "samples/2018-Q2/level-2/frame.parquet").exists()
    return tilsyn


@pytest.mark.parametrize("register", ["tilsyn.toml", "sqlite:///{folder}/cases.db"])
def test_a_draw_is_recomputed_from_the_database(drawn: CommandLine, register: str) -> None:
    assert "--register tilsyn.toml" in drawn("verify --all").err
    given = f"--register {register.format(folder=drawn.root)}"
    assert drawn(f"verify samples/2018-Q2/level-2 {given} --format json").json["draws"][0]["ok"]
    drawn(f"verify --all {given}")
    write(drawn, *["Nord", "Syd"] * 6, "Nord")
    assert drawn(f"verify --all {given} --format json", code=5).json["draws"][1]["where"] == "register"


def test_another_database_is_checked_and_drawn_from_by_its_address(drawn: CommandLine) -> None:
    write(drawn, *["Nord"] * 4, name="other.db")
    other = f"sqlite:///{drawn.root}/other.db"
    assert drawn(f"check --register {other} --format json").json["n"] == 4
    drawn(f"draw 2 --period 2018-Q2 --register {other} --replace --reason 'et andet udtræk'")


def test_an_address_without_a_query_is_refused_with_the_line_to_write(tilsyn: CommandLine) -> None:
    tilsyn.today = "2018-07-03"
    settings = SETTINGS.replace(
        'url = "sqlite:///{folder}/cases.db"\nquery = "SELECT * FROM cases"', 'path = "x.csv"'
    )
    make_workspace(tilsyn.root, settings.format(), [])
    assert 'query = "select' in tilsyn("check --register sqlite:///cases.db", code=4).err
