"""What is old stays as it was: the figures of a workspace made by version 0.1, to twelve digits.

Beyond those a sum depends on the processor: numpy's library adds in another order where the registers are wider.
"""

from __future__ import annotations

import csv
import io
import re
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
    assert len(found) == len(expected)
    for row, as_it_was in zip(found, expected, strict=True):
        assert {name: said(row[name]) for name in expected[0]} == {
            name: pytest.approx(figure, rel=1e-12, abs=0) if isinstance(figure := said(text), float) else text
            for name, text in as_it_was.items()
        }


def said(text: str) -> str | float:
    """Return a cell as the figure or the text that it is."""
    return float(text) if re.fullmatch(r"-?\d+\.\d+(e-\d+)?", text) else text


def test_its_draws_still_verify(tilsyn: CommandLine) -> None:
    shutil.copytree(OLD, tilsyn.root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("figures"))
    assert tilsyn("verify --all --format json").json["draws"]
