"""What a command reads of its workspace: the log's chain once, each draw and each ledger entry at most once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.builders.many_years import LATER, make_years
from tests.builders.workspaces import make_workspace, review
from tilsyn.base import clock
from tilsyn.base.periods import Period
from tilsyn.cli.app import run
from tilsyn.procedure import verify
from tilsyn.procedure.draw import make_draw
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.workspace import log
from tilsyn.workspace.draws import read_draw
from tilsyn.workspace.log import Log
from tilsyn.workspace.workspace import Workspace

# What takes long to import, and is of use to figures, registers and workbooks alone.
HEAVY = {
    "babel", "fsspec", "numpy", "openpyxl", "pandas", "python_calamine", "rapidfuzz", "scipy",
    "sqlalchemy", "tomlkit", "xlsxwriter",
}  # fmt: skip
# What a draw from a CSV file has no use for: other rooms, other kinds of registers, what is read of one later.
NOT_DRAWN = {
    "tilsyn.reviews", "tilsyn.statistics", "tilsyn.procedure.verify", "tilsyn.workspace.ledger",
    "tilsyn.workspace.followup", "tilsyn.formats.registers.databases", "tilsyn.formats.registers.sheet_rows",
    "tilsyn.formats.registers.typed_cells",
}  # fmt: skip
TODAY = date(2018, 8, 20)


class Counts(Counter[str]):
    """How often each thing was done, by name."""

    @property
    def most_read(self) -> int:
        """How often the file was read that was read most often."""
        return max((n for name, n in self.items() if name != "hashed"), default=0)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    """Count the events that are hashed, the reads of every file below `samples`, and what is made of it."""
    counted = Counts()
    event_hash, read_bytes = log.event_hash, Path.read_bytes
    from_dict, frame = DrawRecord.from_dict, verify._frame

    def hashed(event: log.Event) -> str:
        counted["hashed"] += 1
        return event_hash(event)

    def read(path: Path) -> bytes:
        if path.name == "draw.json" or path.parent.name == "reviews":
            counted[str(path)] += 1
        return read_bytes(path)

    def made(data: Mapping[str, Any]) -> DrawRecord:
        counted[f"record {data['draw_id']}"] += 1
        return from_dict(data)

    def opened(path: Path) -> duckdb.DuckDBPyRelation:
        counted[str(path)] += 1
        return frame(path)

    monkeypatch.setattr(log, "event_hash", hashed)
    monkeypatch.setattr(Path, "read_bytes", read)
    monkeypatch.setattr(DrawRecord, "from_dict", made)
    monkeypatch.setattr(verify, "_frame", opened)
    return counted


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with a quarter on four levels, all drawn and reviewed."""
    root = tmp_path_factory.mktemp("year") / "workspace"
    clock.set_today(TODAY)
    workspace = make_workspace(root)
    for level in (2, 3, 4, 1):
        period = Period.parse("2018-06" if level == 1 else "2018-Q2")
        review(workspace, make_draw(workspace, level, period).draw)
    return root


@pytest.fixture(scope="module")
def ten_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of 240 draws on four levels over 60 quarters, and 1,500 events."""
    return make_years(tmp_path_factory.mktemp("ten-years") / "workspace", quarters=60)


COMMANDS = [
    "status",
    "status --files",
    "verify --all",
    "log",
    "log --case DRAWN",
    "load --dry-run",
    "load",
    "checklists 2 --period 2018-Q2",
    "compliance --level 2 --period 2018-Q2",
    "compliance --level 3 --period 2018-Q2",
    "compliance --level 1 --period 2018-Q2",
    "agreement --period 2018-Q2 --levels 2,3",
    "trend --level 2",
    "report --level 3 --period 2018-Q2",
    "feedback --level 1 --period 2018-Q2",
    "feedback --level 3 --period 2018-Q2",
    "plan",
    "dossier --period 2018-Q2",
    "export out",
    "check --period 2018-Q2 --commit",
    "draw 2 --period 2018-Q2 --if-missing",
    "draw 1 --period 2018-05",
    "draw 2 --period 2018-Q2 --replace --reason test",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_checks_the_chain_once_and_reads_each_file_once(
    year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, counts: Counts, command: str
) -> None:
    root = shutil.copytree(year, tmp_path / "workspace")
    before = len(Log(root).events)
    drawn = read_draw(root / "samples" / "2018-Q2" / "level-2").record.cases[0].case_id
    counts.clear()
    monkeypatch.chdir(root)
    assert run([*command.replace("DRAWN", drawn).split(), "--today", TODAY.isoformat()]) == 0
    added = len(Log(root).events) - before
    # The last line counted the chain again; an event is hashed once more where it is added.
    assert counts["hashed"] == before + added + (before + added)
    assert counts.most_read <= 1


@pytest.mark.parametrize("command", ["trend --level 2", "compliance --level 2 --period 2018-Q2"])
def test_the_figures_of_a_level_read_no_other(
    year: Path, monkeypatch: pytest.MonkeyPatch, counts: Counts, command: str
) -> None:
    monkeypatch.chdir(year)
    assert run([*command.split(), "--today", TODAY.isoformat()]) == 0
    assert {Path(name).parent.name for name in counts if name.endswith("draw.json")} == {"level-2"}


def test_a_quiet_night_checks_the_chain_once_and_reads_each_file_once(
    workspace: Workspace, counts: Counts
) -> None:
    review(workspace, workspace.draws.get(2, Period.parse("2018-Q2")))
    # The years before were never drawn: that is told once.
    assert run(["run", "--today", TODAY.isoformat()]) == 4
    counts.clear()
    assert run(["run", "--today", TODAY.isoformat()]) == 0
    hashed = counts["hashed"]
    assert hashed == len(Log(workspace.root).events)
    assert counts.most_read == 1


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "status --files",
        "verify --all",
        "check --period 2018-Q2 --commit",
        "draw 2 --period 2018-Q2 --replace --reason test",
    ],
)
def test_what_needs_no_figures_imports_no_tables(year: Path, tmp_path: Path, command: str) -> None:
    root = shutil.copytree(year, tmp_path / "workspace")
    assert run(["report", "--level", "3", "--period", "2018-Q2", "--workspace", str(root), "--quiet"]) == 0
    assert not HEAVY & imported_by(command, root)


def test_a_draw_imports_no_more_than_it_draws_by(year: Path, tmp_path: Path) -> None:
    root = shutil.copytree(year, tmp_path / "workspace")
    found = imported_by("draw 2 --period 2018-Q2 --replace --reason test", root)
    assert "tilsyn.procedure.draw" in found
    assert not NOT_DRAWN & found


def test_a_trend_imports_no_tables(year: Path) -> None:
    found = imported_by("trend --level 2", year)
    assert "tilsyn.statistics.trend" in found
    assert not (HEAVY | {"duckdb"}) - {"numpy", "scipy"} & found


def imported_by(command: str, root: Path) -> set[str]:
    """Return what a command imports in a process of its own."""
    code = (
        "import atexit, sys\n"
        "sys.argv[0] = 'tilsyn'\n"
        "atexit.register(lambda: print(' '.join(sys.modules)))\n"
        "from tilsyn.cli.app import main\n"
        "main()"
    )
    words = [*command.split(), "--today", TODAY.isoformat()]
    ended = subprocess.run([sys.executable, "-c", code, *words], cwd=root, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.splitlines()[-1].split())


@pytest.mark.slow
@pytest.mark.parametrize("command", ["status", "verify --all"])
def test_ten_years_cost_what_their_draws_and_events_cost(
    ten_years: Path, monkeypatch: pytest.MonkeyPatch, counts: Counts, command: str
) -> None:
    monkeypatch.chdir(ten_years)
    draws = len(list(ten_years.glob("samples/*/*/draw.json")))
    assert (draws, len(Log(ten_years).events)) == (240, 1500)
    counts.clear()
    assert run([*command.split(), "--today", LATER.isoformat()]) == 0
    assert counts["hashed"] == 1500
    assert (sum(name.endswith("draw.json") for name in counts), counts.most_read) == (240, 1)
