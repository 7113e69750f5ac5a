"""`--sql` and `--from-sql`: the query whole in every format, and no option passed over in silence."""

from __future__ import annotations

import csv
import io

import pytest

from tests.builders.command_line import CommandLine
from tests.e2e.test_draw_by_hand import ROWS, SEED, Answer, counted, duckdb_of, workspace


def without_dates(tilsyn: CommandLine) -> None:
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    for line in ('opened = "oprettet"\n', 'closed = "lukket"\n'):
        assert line in settings
        settings = settings.replace(line, "")
    tilsyn.write("tilsyn.toml", settings)


def drawn(tilsyn: CommandLine, answer: Answer, level: int, period: str) -> None:
    """Draw by hand."""
    counted(tilsyn, "duckdb", answer, level, period)
    tilsyn(f"check --from-sql antal.csv --level {level} --period {period}")
    tilsyn.write("udtræk.csv", answer(tilsyn(f"draw {level} --period {period} --sql duckdb {SEED}").out))
    tilsyn(f"draw {level} --period {period} --from-sql udtræk.csv")


def same_in_every_format(tilsyn: CommandLine, line: str) -> str:
    """Return a query that is the same in every format."""
    text = tilsyn(line).out
    assert tilsyn(f"{line} --format json").json == {"schema": "tilsyn/sql/1", "sql": text}
    assert list(csv.DictReader(io.StringIO(tilsyn(f"{line} --format csv").out))) == [{"sql": text}]
    return text


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("dialect", ["postgres", "duckdb"])
def test_the_query_is_the_same_in_every_format(dialect: str, dated: bool, tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    if not dated:
        without_dates(tilsyn)
    # What finds a CPR number may look like one.
    assert "[0-9]{6}" in same_in_every_format(tilsyn, f"check --sql {dialect} --period 2018-Q2")
    if dialect == "duckdb":
        tilsyn.write("antal.csv", duckdb_of(ROWS)(tilsyn("check --sql duckdb --period 2018-Q2").out))
        tilsyn("check --from-sql antal.csv --period 2018-Q2")
        tilsyn(f"draw 2 --period 2018-Q2 --sql duckdb {SEED}")
        same_in_every_format(tilsyn, "draw 2 --period 2018-Q2 --sql duckdb")


def test_cases_drawn_earlier_stand_in_the_query_as_they_are(tilsyn: CommandLine) -> None:
    # One after the other, with the marks between them, they look like a number.
    rows = ["120374;Amager;A1;03-01-2018;;nej", "6598;Amager;A2;03-01-2018;;nej", *ROWS]
    workspace(tilsyn, rows)
    drawn(tilsyn, duckdb_of(rows), 1, "2018-05")
    sql = same_in_every_format(tilsyn, "check --sql duckdb --level 1 --period 2018-06")
    assert "('120374')" in sql
    assert "('6598')" in sql


@pytest.mark.parametrize(
    "line",
    [
        "check --sql duckdb --period 2018-Q2 --seed-from avisen",
        "check --sql duckdb --period 2018-Q2 --as-of 2018-06-15",
        "check --sql duckdb --period 2018-Q2 --at-most 0.5",
        "check --sql duckdb --period 2018-Q2 --at-most 0",
        "check --sql duckdb --period 2018-Q2 --leave-out-errors",
        "check --sql duckdb --period 2018-Q2 --register ''",
        "check --from-sql antal.csv --period 2018-Q2 --at-most 0",
        "check --from-sql antal.csv --period 2018-Q2 --commit",
        "draw 2 --sql duckdb --period 2018-Q2 --at-most 0",
        "draw 2 --sql duckdb --period 2018-Q2 --if-missing",
        "draw 2 --sql duckdb --period 2018-Q2 --register ''",
        "draw 2 --from-sql udtræk.csv --period 2018-Q2 --as-of 2018-06-15",
    ],
)
def test_no_option_is_passed_over_in_silence(line: str, tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    assert "--sql og --from-sql går ikke sammen" in tilsyn(line, code=2).told


def test_a_query_is_no_second_draw(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    drawn(tilsyn, duckdb_of(ROWS), 2, "2018-Q2")
    before = (tilsyn.root / "samples/log.jsonl").read_bytes()
    tilsyn("draw 2 --period 2018-Q2 --sql duckdb", code=4)
    tilsyn("draw 2 --period 2018-Q2 --sql duckdb --if-missing", code=2)
    assert (tilsyn.root / "samples/log.jsonl").read_bytes() == before
    tilsyn("draw 2 --period 2018-Q2 --from-sql udtræk.csv --if-missing")


@pytest.mark.parametrize(("level", "period"), [(1, "2018-06"), (2, "2018-Q2")])
def test_a_unit_has_its_own_cases_of_a_caseworker_in_several(
    level: int, period: str, tilsyn: CommandLine
) -> None:
    rows = [f"Æ{n};{unit};æ1;03-01-2018;;nej" for n, unit in enumerate(["Amager", "Nørrebro", "Nørrebro"])]
    workspace(tilsyn, [*ROWS, *rows])
    counted(tilsyn, "duckdb", duckdb_of([*ROWS, *rows]), level, period)
    line = f"check --level {level} --period {period} --format json"
    ours, theirs = tilsyn(f"{line} --from-sql antal.csv").json, tilsyn(f"{line} --workspace fil").json
    assert ours["n"] == theirs["n"] == sum(entry["n"] for entry in ours["units"])
    assert ours["units"] == theirs["units"]
