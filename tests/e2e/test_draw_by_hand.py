"""A draw that a person runs in the register's own database: the same as the ordinary one, or refused."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import duckdb
import pytest

from tests.builders.command_line import CommandLine
from tests.builders.database_registers import SETTINGS
from tests.builders.workspaces import make_workspace, register_rows
from tilsyn.sampling.tickets import ticket

QUERY = "SELECT sagsnr, enhed, sagsbehandler, oprettet, lukket, klage FROM sager"
SEED = "--seed 'terninger 3. juli 2018: 6 2 5 1' --seed-origin terninger"
Answer = Callable[[str], str]


def duckdb_of(rows: list[str]) -> Answer:
    base = duckdb.connect()
    base.execute(
        "CREATE TABLE sager (sagsnr text, enhed text, sagsbehandler text, oprettet text, lukket text, klage text)"
    )
    base.executemany(
        "INSERT INTO sager VALUES (?, ?, ?, ?, ?, ?)",
        [[cell or None for cell in row.split(";")] for row in rows],
    )

    def answer(sql: str) -> str:
        found = base.execute(sql)
        return _csv([name for name, *_ in found.description or ()], found.fetchall())

    return answer


@contextmanager
def in_duckdb(rows: list[str]) -> Iterator[Answer]:
    yield duckdb_of(rows)


@contextmanager
def in_postgres(rows: list[str]) -> Iterator[Answer]:
    import psycopg

    with psycopg.connect(os.environ["TILSYN_POSTGRES"]) as base:
        base.execute(
            """CREATE TEMP TABLE sager (sagsnr text, enhed text, sagsbehandler text, oprettet date, lukket date,
               klage boolean)"""
        )
        base.execute("SET datestyle = 'ISO, DMY'")
        for row in rows:
            base.execute(
                "INSERT INTO sager VALUES (%s, %s, %s, %s::date, %s::date, %s = 'ja')",
                [cell or None for cell in row.split(";")],
            )

        def answer(sql: str) -> str:
            found = base.execute(sql.encode())
            return _csv([column.name for column in found.description or ()], found.fetchall())

        yield answer
        base.rollback()


def _csv(names: list[str], rows: list[Any]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()


SOURCES = [
    pytest.param("duckdb", in_duckdb, id="duckdb"),
    pytest.param("postgres", in_postgres, id="postgres", marks=pytest.mark.postgres),
]
# As a boolean is written, so that both are the same to the letter.
ROWS = [row.replace(";Ja", ";ja").replace(";Nej", ";nej") for row in register_rows()]
ROWS += ROWS[:3]


def workspace(tilsyn: CommandLine, rows: list[str] = ROWS) -> CommandLine:
    """A workspace whose register is a query, and one beside it whose register is a file of the same rows."""
    tilsyn.today = "2018-07-03"
    make_workspace(tilsyn.root, SETTINGS.format(source=f'query = "{QUERY}"'), [], first_rules=False)
    beside = tilsyn.root / "fil"
    headings = "sagsnr;enhed;sagsbehandler;oprettet;lukket;klage"
    make_workspace(
        beside, SETTINGS.format(source='path = "sagsliste.csv"'), rows, headings, first_rules=False
    )
    return tilsyn


def counted(
    tilsyn: CommandLine, dialect: str, answer: Answer, level: int = 2, period: str = "2018-Q2"
) -> str:
    sql = tilsyn(f"check --sql {dialect} --level {level} --period {period}").out
    tilsyn.write("antal.csv", answer(sql))
    return sql


def manifest(tilsyn: CommandLine, folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tilsyn.root / folder / "draw.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize(("dialect", "database"), SOURCES)
@pytest.mark.parametrize(("level", "period"), [(2, "2018-Q2"), (1, "2018-06")])
def test_a_draw_by_hand_is_the_draw_that_tilsyn_makes_of_the_same_rows(
    dialect: str,
    database: Callable[[list[str]], AbstractContextManager[Answer]],
    level: int,
    period: str,
    tilsyn: CommandLine,
) -> None:
    workspace(tilsyn)
    with database(ROWS) as answer:
        counted(tilsyn, dialect, answer, level, period)
        checked = tilsyn(f"check --from-sql antal.csv --level {level} --period {period} --format json").json
        drawing = tilsyn(f"draw {level} --period {period} --sql {dialect} {SEED}").out
        assert tilsyn(f"draw {level} --period {period} --sql {dialect}").out == drawing
        tilsyn.write("udtræk.csv", answer(drawing))
    tilsyn(f"draw {level} --period {period} --from-sql udtræk.csv")
    tilsyn(f"draw {level} --period {period} {SEED} --workspace fil")
    folder = f"samples/{period}/level-{level}"
    ours, theirs = manifest(tilsyn, folder), manifest(tilsyn, f"fil/{folder}")
    for name in ("seed", "draw_id", "strata", "cases", "reserve", "plan"):
        assert ours[name] == theirs[name], name
    assert ours["frame"] == theirs["frame"]
    assert ours["frame"]["register"]["booleans"] == (["complaint"] if level == 2 else [])
    assert checked["commitment"] == ours["frame"]["commitment"]
    assert (checked["n_rows"], checked["n_cases"]) == (len(ROWS), len(ROWS) - 3)
    assert ours["source"] == {
        "name": f"SQL ({dialect})",
        "kind": "database",
        "sha256": None,
        "drawn_in": "by_hand",
    }
    assert not (tilsyn.root / folder / "frame.parquet").exists()
    assert tilsyn("verify --all --format json").json["draws"][1]["ok"]
    # Whoever has the rows recomputes it.
    assert tilsyn(f"verify {folder} --register fil/sagsliste.csv --format json", code=0).json["draws"][0][
        "ok"
    ]


def test_level_1_leaves_out_what_it_drew_earlier_in_the_quarter(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    answer = duckdb_of(ROWS)
    for period in ("2018-05", "2018-06"):
        counted(tilsyn, "duckdb", answer, 1, period)
        tilsyn(f"check --from-sql antal.csv --level 1 --period {period}")
        tilsyn.write("udtræk.csv", answer(tilsyn(f"draw 1 --period {period} --sql duckdb {SEED}").out))
        tilsyn(f"draw 1 --period {period} --from-sql udtræk.csv")
        tilsyn(f"draw 1 --period {period} {SEED} --workspace fil")
    ours, theirs = (manifest(tilsyn, f"{folder}samples/2018-06/level-1") for folder in ("", "fil/"))
    assert ours["cases"] == theirs["cases"]
    assert ours["frame"]["left_out"] == theirs["frame"]["left_out"]
    assert {row["reason"] for row in ours["frame"]["left_out"]} >= {"drawn_earlier", "duplicate"}


def test_stdout_is_the_query_alone_and_it_is_the_same_on_another_day(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    answer = duckdb_of(ROWS)
    sql = counted(tilsyn, "duckdb", answer)
    assert sql.startswith("-- tilsyn: level 2, 2018-Q2: counts and commitment.\n")
    assert sql.endswith("ORDER BY 1, 2, 3, 4;\n")
    tilsyn.today = "2018-07-09"
    tilsyn("check --from-sql antal.csv --period 2018-Q2")
    assert not tilsyn("log").out.count("seed")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("12;Amager;A1;03-01-2018;;", None),
        (";Amager;A1;03-01-2018;;", "rækker uden sagsnummer"),
        ("1\u200b2;Amager;A1;03-01-2018;;", "rækker med tegn"),
        ("12;Ama|ger;A1;03-01-2018;;", "rækker med tegn"),
        ("12;Amager;A1;03-01-2018;;x 010160 5123 y", "kan være et CPR-nummer"),
        ("12;Amager;A1;31-02-2018;;", "en dato, der ikke er"),
        ("12;Amager;A1;03-01-1899;;", "ikke kan være ment"),
        ("12;Amager;A1;03-05-2018;03-04-2018;", "lukket før de blev oprettet"),
        ("2018-AM000;Amager;A1;03-01-2018;;nej", "ikke er ens"),
        ("12;Amagr;A1;03-01-2018;;", "ligner en stavefejl"),
        ("01-02-2018;Amager;A1;03-01-2018;;", "ligner en dato"),
        ("I alt;107;;;;", "ligner en sum"),
        ("sagsnr;enhed;;;;", "gentager overskrifterne"),
        ("'12;Amager;A1;03-01-2018;;", "tekstmærke"),
        ("12;;A1;03-01-2018;;", "rækker uden enhed"),
    ],
)
def test_a_row_that_needs_a_closer_look_is_told_and_nothing_is_logged(
    row: str, words: str | None, tilsyn: CommandLine
) -> None:
    workspace(tilsyn)
    counted(tilsyn, "duckdb", duckdb_of([*ROWS, row]))
    ended = tilsyn("check --from-sql antal.csv --period 2018-Q2", code=3 if words else 0)
    assert (words or "") in ended.told
    assert (tilsyn.root / "samples/log.jsonl").exists() is (words is None)
    assert "010160" not in ended.err


def sealed(answer: str) -> str:
    """Seal a changed answer anew, as somebody would who knows how."""
    heading, *rows = csv.reader(io.StringIO(answer))
    rows = [row for row in rows if row[0] != "seal"]
    lines = sorted("\x1f".join(row).encode() for row in rows)
    digest = hashlib.sha256(b"\n".join(lines)).hexdigest()
    rows.append(["seal", "", "", str(len(rows)), digest, *[""] * (len(heading) - 5)])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([heading, *rows])
    return text.getvalue()


def test_an_answer_that_lacks_any_row_is_refused(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    counted(tilsyn, "duckdb", duckdb_of(ROWS))
    heading, *lines = (tilsyn.root / "antal.csv").read_text("utf-8").splitlines(keepends=True)
    for place in range(len(lines)):
        tilsyn.write("andet.csv", "".join([heading, *lines[:place], *lines[place + 1 :]]))
        tilsyn("check --period 2018-Q2 --from-sql andet.csv", code=3)
    tilsyn.write("antal.csv", re.sub(r"(?m),(\d+),(\w*)$", r",\1.0,\2", "".join([heading, *lines])))
    tilsyn("check --period 2018-Q2 --from-sql antal.csv")


def test_a_case_that_is_not_in_a_stratum_listed_whole_is_refused(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    answer = duckdb_of(ROWS)
    counted(tilsyn, "duckdb", answer)
    tilsyn("check --period 2018-Q2 --from-sql antal.csv")
    drawn = answer(tilsyn(f"draw 2 --period 2018-Q2 --sql duckdb {SEED}").out)
    whole = next(line for line in drawn.splitlines() if line.startswith("case,Døgnvagten|klage,"))
    case_id = whole.split(",")[5]
    seed = SEED.split("'")[1]
    invented = whole.replace(case_id, "FINDES-IKKE").replace(
        whole.split(",")[4], ticket(seed, "testby/2018-Q2/level-2", "FINDES-IKKE")
    )
    tilsyn.write("udtræk.csv", sealed(drawn.replace(whole, invented)))
    assert "skåret over" in tilsyn("draw 2 --period 2018-Q2 --from-sql udtræk.csv", code=3).told


def test_one_seed_and_the_count_before_it(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    answer = duckdb_of(ROWS)
    period = "--period 2018-Q2"
    counted(tilsyn, "duckdb", answer)
    whole = (tilsyn.root / "antal.csv").read_text("utf-8")
    tilsyn(f"check {period} --from-sql antal.csv")
    tilsyn.write("udtræk.csv", answer(tilsyn(f"draw 2 {period} --sql duckdb {SEED}").out))
    # The same frame counted again, with another number of rows, once the seed is known.
    tilsyn.write("antal.csv", sealed(whole.replace("rows,,,110,", "rows,,,120,")))
    tilsyn(f"check {period} --from-sql antal.csv")
    # Other sizes than those that the seed was made for: no second seed is made for an answer that there is.
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    tilsyn.write("tilsyn.toml", settings.replace("per_unit = ", "per_unit = 1"))
    refused = tilsyn(f"draw 2 {period} --from-sql udtræk.csv --reason prøve", code=4)
    assert "ingen startværdi" in refused.told
    tilsyn.write("tilsyn.toml", settings)
    tilsyn(f"draw 2 {period} --from-sql udtræk.csv")
    made = manifest(tilsyn, "samples/2018-Q2/level-2")
    assert (made["frame"]["register"]["n_rows"], made["tries"]) == (110, 1)
    events = (tilsyn.root / "samples/log.jsonl").read_text("utf-8")
    # There is a draw: another query needs --replace and a reason.
    assert "allerede trukket" in tilsyn(f"draw 2 {period} --sql duckdb", code=4).told
    assert (tilsyn.root / "samples/log.jsonl").read_text("utf-8") == events


def test_an_answer_that_is_not_to_the_question_is_refused(tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    answer = duckdb_of(ROWS)
    period = "--period 2018-Q2"
    assert "ikke bundet" in tilsyn(f"draw 2 {period} --sql duckdb", code=4).told
    counted(tilsyn, "duckdb", answer)
    whole = (tilsyn.root / "antal.csv").read_text("utf-8")
    lines = whole.splitlines(keepends=True)
    for changed, words in (
        ("a,b\n1,2\n", "mangler"),
        ("".join(line for line in lines if "query," not in line), "ikke svaret"),
        (whole.replace("rows,,,110,", "rows,,,mange,"), "skal stå et tal"),
        ("".join(line for line in lines if not line.startswith("seal,")), "mangler rækken seal"),
        (whole + next(line for line in lines if line.startswith("seal,")), "mangler rækken seal"),
        (sealed(whole.replace("unit_of,Amager,Amager,", "unit_of,Amager,Amager,1")), "skåret over"),
        (sealed(whole.replace("stratum,Amager,,", "stratum,Amager,,1")), "skåret over"),
        (sealed("".join(line for line in lines if not line.startswith("rows,"))), "mangler rækken"),
    ):
        tilsyn.write("andet.csv", changed)
        assert words in tilsyn(f"check {period} --from-sql andet.csv", code=3).told
    assert "en anden forespørgsel" in tilsyn("check --period 2018-Q3 --from-sql antal.csv", code=3).told
    tilsyn(f"check {period} --from-sql antal.csv")
    tilsyn.write("udtræk.csv", whole)
    assert "ingen startværdi" in tilsyn(f"draw 2 {period} --from-sql udtræk.csv", code=4).told
    assert "optællingen blev lavet i duckdb" in tilsyn(f"draw 2 {period} --sql postgres", code=4).told
    drawing = tilsyn(f"draw 2 {period} --sql duckdb").out
    drawn = answer(drawing)
    lines = drawn.splitlines(keepends=True)
    cases = [line for line in lines if line.startswith("case,")]
    for changed, words, code in (
        (drawn.replace(cases[0], ""), "skåret over", 3),
        (drawn.replace("2018-01-03", "03-01-2018"), "skåret over", 3),
        (sealed(drawn.replace(cases[0], "")), "der skal være", 3),
        (sealed(drawn.replace(cases[0], cases[0] * 2)), "skåret over", 3),
        (sealed(drawn.replace("2018-AM", "2018-XM")), "andet lodnummer", 3),
        (duckdb_of(ROWS[1:-3])(drawing), "ændret siden", 4),
    ):
        tilsyn.write("udtræk.csv", changed)
        assert words in tilsyn(f"draw 2 {period} --from-sql udtræk.csv", code=code).told
        assert not (tilsyn.root / "samples/2018-Q2").exists()
    tilsyn.write("udtræk.csv", drawn)
    tilsyn(f"draw 2 {period} --from-sql udtræk.csv")


@pytest.mark.parametrize(
    "line",
    [
        "check --sql duckdb",
        "check --sql duckdb --period 2018-Q2 --commit",
        "check --sql duckdb --from-sql x.csv --period 2018-Q2",
        "check --from-sql x.csv --period 2018-Q2 --register x.csv",
        "draw 2 --sql duckdb --from-sql x.csv --period 2018-Q2",
        "draw 2 --sql duckdb --leave-out-errors --period 2018-Q2",
    ],
)
def test_what_reads_a_register_does_not_go_with_a_draw_by_hand(line: str, tilsyn: CommandLine) -> None:
    workspace(tilsyn)
    tilsyn(line, code=2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("query", "# query"), "query"),
        (("as_of =", 'one_row_per = "measure"\nas_of ='), "flere rækker"),
        (("reserve = 2", 'reserve = 2\nexclude_reviewed_within = "1 year"'), "nyligt gennemgåede"),
        (("[frame]", '[privacy]\npatterns = { no = "N[0-9]{11}" }\n[frame]'), "egne mønstre"),
        (('column = "complaint"', 'column = "closed"'), "kolonne med datoer"),
    ],
)
def test_what_no_query_of_ours_follows_is_refused(
    change: tuple[str, str], words: str, tilsyn: CommandLine
) -> None:
    workspace(tilsyn)
    settings = (tilsyn.root / "tilsyn.toml").read_text("utf-8")
    assert change[0] in settings
    tilsyn.write("tilsyn.toml", settings.replace(*change))
    assert words in tilsyn("check --sql duckdb --period 2018-Q2", code=4).told
