"""Scenarios that a statistician can add without code: a folder of CSV files, and what should come out.

A folder has answers.csv and strata.csv, optionally baseline-answers.csv with baseline-strata.csv,
baseline-counts.csv, and arguments.txt; expected.csv holds rows of the JSON result (any of its columns, six
decimals). Under problems/, problems.csv holds every problem: file, row, column, and a word of what was found.
"""

import csv
import json
from pathlib import Path

import pytest

from tilsyn.cli.app import run

SCENARIOS = Path(__file__).parent / "scenarios"
GOOD = sorted(path.parent for path in SCENARIOS.glob("*/expected.csv"))
BAD = sorted(path.parent for path in SCENARIOS.glob("problems/*/problems.csv"))


def arguments(folder):
    given = ["compliance"]
    for name in ("answers", "strata", "baseline-answers", "baseline-strata", "baseline-counts"):
        if (folder / f"{name}.csv").exists():
            given += [f"--{name}", str(folder / f"{name}.csv")]
    extra = folder / "arguments.txt"
    return given + (extra.read_text("utf-8").split() if extra.exists() else [])


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_scenarios():
    assert len(GOOD) >= 9
    assert len(BAD) >= 6


@pytest.mark.parametrize("folder", GOOD, ids=lambda folder: folder.name)
def test_scenario(folder, capsys):
    assert run([*arguments(folder), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    notes = {(row["question"], row["domain"]): row["note"] for row in found["details"]}
    rows = {(row["question"], row["domain"]): row for row in found["rows"]}
    for expected in table(folder / "expected.csv"):
        key = (expected["question"], expected["domain"])
        for name, wanted in expected.items():
            value = notes[key] if name == "note" else rows[key][name]
            if isinstance(value, float) or (isinstance(value, int) and wanted):
                assert value == pytest.approx(float(wanted), abs=6e-7), (key, name)
            else:
                assert ("" if value is None else value) == wanted, (key, name)


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_every_problem_is_told_at_once(folder, capsys, tmp_path):
    log = tmp_path / "log.jsonl"
    assert run([*arguments(folder), "--log-json", str(log)]) == 3
    assert capsys.readouterr().out == ""
    *entries, end = map(json.loads, log.read_text("utf-8").splitlines())
    assert (end["level"], end["exit_code"]) == ("end", 3)
    told = [entry["problem"] for entry in entries]
    expected = table(folder / "problems.csv")
    found = [(p["file"], p["row"], p["column"]) for p in told]
    wanted = [(p["file"], int(p["row"]) if p["row"] else None, p["column"] or None) for p in expected]
    assert sorted(found, key=str) == sorted(wanted, key=str)
    by_place = dict(zip(found, told, strict=True))
    for place, problem in zip(wanted, expected, strict=True):
        assert problem["found"] in by_place[place]["found"]
        assert by_place[place]["remedy"]
