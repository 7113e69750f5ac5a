"""What is old stays as it was: the figures of a workspace made by version 0.1, to the last digit."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from tests.builders.command_line import CommandLine

OLD = Path(__file__).parent.parent / "data" / "workspace-0.1"
FIGURES = sorted((OLD / "figures").glob("*.csv"))


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_the_figures_of_a_workspace_made_by_0_1_stay(path: Path, tilsyn: CommandLine) -> None:
    shutil.copytree(OLD, tilsyn.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("figures"))
    command, *parts = path.stem.split("-")
    if command == "agreement":
        line = f"agreement --levels 2,3 --period {'-'.join(parts)}"
    else:
        by = " --by unit" if parts[-1] == "units" else ""
        line = f"compliance --level {parts[0]} --period {'-'.join(parts[1:3])}{by}"
    found = list(csv.DictReader(io.StringIO(tilsyn(f"{line} --format csv").out)))
    expected = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    assert [{name: row[name] for name in expected[0]} for row in found] == expected


def test_its_draws_still_verify(tilsyn: CommandLine) -> None:
    shutil.copytree(OLD, tilsyn.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("figures"))
    assert tilsyn("verify --all --format json").json["draws"]
