"""The draws of a quarter on the example register, recomputed with nothing but hashlib and sort."""

import csv
import hashlib
import json
from collections import defaultdict
from datetime import date

import pytest

from tilsyn.cli.app import run


@pytest.fixture
def root(example_register, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    named = ["--name", "Borgercenter Børn og Unge", "--slug", "bbu"]
    assert run(["init", ".", "--register", str(example_register), *named]) == 0
    return tmp_path


def by_hand(register, stratum: str, first: date, last: date) -> dict[str, list[str]]:
    """Read the frame of a period from the export with the csv module alone."""
    frame = defaultdict(list)
    with register.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            opened, closed = (
                date(*map(int, reversed(row[name].split("-")))) if row[name] else None
                for name in ("Oprettet", "Lukket dato")
            )
            if (closed is None or closed >= first) and (opened is None or opened <= last):
                frame[row[stratum]].append(row["Sagsnr"])
    return frame


def expected(frame: dict[str, list[str]], draw: dict, sizes: dict[str, int]) -> list[tuple[str, str, str]]:
    """Draw again as the contract says it."""
    rows = []
    for stratum in sorted(frame, key=str.encode):
        lots = sorted(
            (hashlib.sha256(f"{draw['seed']}\n{draw['draw_id']}\n{case}".encode()).hexdigest(), case)
            for case in frame[stratum]
        )
        rows += [(stratum, case, lot) for lot, case in lots[: sizes.get(stratum, 20)]]
    return rows


def drawn(capsys, *arguments: str) -> dict:
    capsys.readouterr()
    assert run(["draw", *arguments, "--format", "json", "--quiet", "--today", "2018-07-02"]) == 0
    return json.loads(capsys.readouterr().out)


def test_level_two_is_125_cases_that_anybody_can_recompute(root, example_register, capsys):
    draw = drawn(capsys, "2", "--period", "2018-Q2")
    assert len(draw["cases"]) == 125
    assert len(draw["reserve"]) == 35
    frame = by_hand(example_register, "Enhed", date(2018, 4, 1), date(2018, 6, 30))
    assert {row["stratum"]: row["stratum_size"] for row in draw["strata"]} == {
        unit: len(ids) for unit, ids in frame.items()
    }
    assert [(c["stratum"], c["case_id"], c["ticket"]) for c in draw["cases"]] == expected(
        frame, draw, {"Døgnvagten": 5}
    )
    for row in draw["strata"]:
        weights = {c["design_weight"] for c in draw["cases"] if c["stratum"] == row["stratum"]}
        assert weights == {row["stratum_size"] / row["sample_size"]}


def test_level_one_is_one_for_each_of_231_caseworkers(root, example_register, capsys):
    draw = drawn(capsys, "1", "--period", "2018-06")
    assert len(draw["cases"]) == len(draw["strata"]) == 231
    frame = by_hand(example_register, "Sagsbehandler", date(2018, 6, 1), date(2018, 6, 30))
    assert [(c["stratum"], c["case_id"], c["ticket"]) for c in draw["cases"]] == expected(
        frame, draw, dict.fromkeys(frame, 1)
    )


def test_nothing_of_the_register_but_what_is_mapped_is_kept(root, example_register, capsys):
    drawn(capsys, "2", "--period", "2018-Q2")
    kept = b"".join(path.read_bytes() for path in root.joinpath("samples").rglob("*") if path.is_file())
    with example_register.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            assert row["CPR-nr"].encode() not in kept
            assert row["Navn"].encode() not in kept


def test_all_of_it_verifies_against_the_register(root, example_register, capsys):
    drawn(capsys, "2", "--period", "2018-Q2")
    drawn(capsys, "1", "--period", "2018-05")
    drawn(capsys, "1", "--period", "2018-06")
    assert run(["verify", "--all", "--register", str(example_register)]) == 0
