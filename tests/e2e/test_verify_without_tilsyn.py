"""What docs/verify.md shows is run here as it stands."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.builders.workspaces import make_workspace
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.procedure.draw import make_draw

DOCUMENT = (Path(__file__).parents[2] / "docs" / "verify.md").read_text("utf-8")
Q2 = Period.parse("2018-Q2")


def block(language: str) -> str:
    """Return the document's only block of a language."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    clock.set_today(date(2018, 7, 3))
    draw = make_draw(make_workspace(tmp_path), 2, Q2).draw
    monkeypatch.chdir(draw.path)
    duckdb.sql("COPY 'frame.parquet' TO 'frame.csv'")
    return draw.path


def in_python(folder: Path) -> subprocess.CompletedProcess[str]:
    # -I: nothing but the standard library is on the path.
    return subprocess.run(
        [sys.executable, "-I", "-c", block("python")], cwd=folder, capture_output=True, text=True, check=False
    )


def swap(folder: Path, draw: dict) -> None:
    """Exchange the first case of the sample with the first of the reserve in the file's text."""
    text = (folder / "draw.json").read_text("utf-8")
    first, other = draw["cases"][0]["case_id"], draw["reserve"][0]["case_id"]
    swapped = text.replace(first, "\0").replace(other, first).replace("\0", other)
    (folder / "draw.json").write_text(swapped, "utf-8")


def test_the_python_is_short_and_plain():
    lines = [line for line in block("python").splitlines() if line.strip()]
    assert len(lines) <= 15
    assert "tilsyn" not in block("python")


def test_the_python_agrees_with_a_draw_and_finds_a_swapped_case(folder):
    ended = in_python(folder)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    swap(folder, json.loads((folder / "draw.json").read_text("utf-8")))
    assert "AssertionError: Amager: another sample" in in_python(folder).stderr


def test_the_python_finds_another_frame(folder):
    path = folder / "frame.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    # The last case drawn nowhere: the sample stays the same, the commitment does not.
    drawn = (folder / "draw.json").read_text("utf-8")
    passed_over = next(line for line in lines[1:] if line.split(",")[0] not in drawn)
    path.write_text("".join(line for line in lines if line != passed_over), "utf-8")
    assert "AssertionError: another frame" in in_python(folder).stderr


def test_the_sql_agrees_with_a_draw_and_finds_a_swapped_case(folder):
    assert duckdb.sql(block("sql")).fetchall() == []
    draw = json.loads((folder / "draw.json").read_text("utf-8"))
    first, other = draw["cases"][0]["case_id"], draw["reserve"][0]["case_id"]
    swap(folder, draw)
    assert sorted(duckdb.sql(block("sql")).fetchall()) == sorted([(first, True, False), (other, False, True)])


@pytest.mark.postgres
def test_postgresql_draws_the_same_cases(folder):
    import psycopg

    draw = json.loads((folder / "draw.json").read_text("utf-8"))
    ticket = re.search(r"`(encode\(sha256\(.*?'hex'\))`", DOCUMENT)
    rows = duckdb.sql("SELECT case_id, stratum FROM 'frame.parquet'").fetchall()
    with psycopg.connect(os.environ["TILSYN_POSTGRES"]) as server:
        server.execute("CREATE TEMP TABLE frame (case_id text, stratum text)")
        server.cursor().executemany("INSERT INTO frame VALUES (%s, %s)", rows)
        query = f"""
            SELECT case_id FROM (
                SELECT case_id, stratum, row_number() OVER (
                    PARTITION BY stratum ORDER BY {ticket[1]} COLLATE "C") AS place
                FROM frame, (SELECT %(seed)s::text AS seed, %(draw_id)s::text AS draw_id) AS draw) AS lots
            WHERE place <= CASE stratum WHEN 'Døgnvagten' THEN 3 ELSE 6 END"""
        drawn = server.execute(query, {"seed": draw["seed"], "draw_id": draw["draw_id"]}).fetchall()
    assert {case for (case,) in drawn} == {case["case_id"] for case in draw["cases"]}
