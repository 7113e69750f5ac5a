"""`tilsyn catalogue`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.formats.test_catalogue_sheets import GOOD, sheet
from tilsyn.cli.app import run
from tilsyn.workspace.catalogues import packaged_folder, read_catalogue

CATALOGUE = packaged_folder() / "barnets-lov.toml"


def test_a_good_catalogue_is_said_to_be_good(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["catalogue", "validate", str(CATALOGUE)]) == 0
    assert capsys.readouterr().out == (
        "barnets-lov.toml: 39 spørgsmål, ingen fejl\n16 af 39 paragraffer skal efterses af en jurist\n"
    )


def test_every_fault_of_a_bad_one_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "eget.toml"
    text = CATALOGUE.read_text("utf-8").replace('id = "UND-02"', 'id = "UND 02"')
    path.write_text(text.replace('condition = "BFU-02 = nej"', 'condition = "BFU-99 = nej"'), "utf-8")
    assert run(["catalogue", "validate", str(path), "--format", "json"]) == 3
    out, err = capsys.readouterr()
    lines = path.read_text("utf-8").splitlines()
    told = json.loads(out)["problems"]
    assert [lines[p["row"] - 1] for p in told] == ['id = "UND 02"', 'condition = "BFU-99 = nej"']
    assert err.count("Fejl:") == 2


def test_a_spreadsheet_becomes_a_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, target = sheet(tmp_path / "spørgsmål.xlsx", GOOD), tmp_path / "checklists" / "eget.toml"
    command = ["catalogue", "import", str(path), "--to", str(target), "--acts-from", "2024-01-01"]
    assert run(command) == 0
    assert read_catalogue(target).name == "eget"
    assert len(read_catalogue(target).questions) == 3
    assert "3 spørgsmål" in capsys.readouterr().out
    before = target.read_bytes()
    assert run(command) == 4
    assert target.read_bytes() == before
    assert run(["catalogue", "validate", str(path)]) == 0


def test_a_bad_spreadsheet_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = sheet(tmp_path / "a.xlsx", "Nr.|Spørgsmål\nA-1|Er det?")
    assert run(["catalogue", "import", str(path)]) == 3
    assert list(tmp_path.iterdir()) == [path]
    out, err = capsys.readouterr()
    assert out == ""
    assert "kolonnen »Lov« mangler" in err


def test_the_catalogues_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["catalogue", "list", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)["catalogues"]
    assert {c["name"]: c["questions"] for c in listed} == {
        "barnets-lov": 39,
        "god-sagsbehandling": 10,
        "koordination-og-samarbejde": 4,
        "serviceloven": 36,
    }
