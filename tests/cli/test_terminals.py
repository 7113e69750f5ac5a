"""Every command on terminals that cannot show Danish: nothing crashes, and what programs read stays UTF-8."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.workspaces import LOADED_ON, make_small_workspace
from tilsyn import __version__
from tilsyn.cli.app import COMMANDS, run

# One process for all lines: what `main` does, line after line, a form feed before each.
SCRIPT = """
import json, shlex, sys
from tilsyn.cli import app, characters
characters.replace_what_cannot_be_shown()
for line in json.loads(sys.argv[1]):
    sys.stdout.write("\\f")
    sys.stdout.flush()
    code = app.run(shlex.split(line))
    sys.stdout.write("\\f" + str(code))
    sys.stdout.flush()
"""
TERMINALS = {
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "cp865": {"PYTHONIOENCODING": "cp865"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
HELP = [f"{command} --help" for command in COMMANDS]
TABLES = [
    "--version",
    "check --period 2018-Q2",
    "check --period 2018-Q2 --log-json told",
    "draw 2 --period 2018-Q2",
    "draw 2 --period 2018-Q2 --if-missing",
    "verify --all",
    "catalogue list",
    "checklists 2 --period 2018-Q2",
    "letters 2 --period 2018-Q2",
    "load",
    "load svar.csv --level 2 --period 2018-Q2",
    "load --handled 2018-0007",
    "replace 2018-9999 --reason no_access",
    "status",
    "status --lang en",
    "status --files",
    "compliance --level 2 --period 2018-Q2",
    "compliance --answers answers.csv --strata units.csv",
    "agreement --period 2018-Q2 --levels 2,3",
    "trend --level 2",
    "report --level 2 --period 2018-Q2",
    "feedback --level 2 --period 2018-Q2",
    "plan",
    "plan --n 20",
    "log",
    "log --case 2018-0007",
    "demo demo --nej",
    "init ny --register sagsliste.csv",
]
READ = [f"{line} --format {format}" for line in TABLES[3:] for format in ("json", "csv")]


def run_all(folder: Path, lines: list[str], terminal: dict[str, str]) -> list[tuple[bytes, int]]:
    """Return what each line printed, and its exit code."""
    make_small_workspace(folder)
    (folder / "svar.csv").write_text("sagsnummer;spørgsmål;svar\n2018-0007;UND-02;blåbær\n", "utf-8")
    (folder / "units.csv").write_text("unit;N\nNørrebro – Øst;30\n", "utf-8")
    rows = "".join(f"{n};Nørrebro – Øst;Hørt?;ja\n" for n in range(8))
    (folder / "answers.csv").write_text(f"case_id;unit;question;answer\n{rows}", "utf-8")
    lines = [
        f"{line} --today {LOADED_ON}" if "--help" not in line and "--version" not in line else line
        for line in lines
    ]
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(lines)],
        env=environment | {"PYTHONPATH": str(Path.cwd())} | terminal,
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-3000:]
    assert b"Traceback" not in done.stderr
    parts = done.stdout.split(b"\f")[1:]
    return [(out, int(code)) for out, code in zip(parts[::2], parts[1::2], strict=True)]


@pytest.fixture(scope="module")
def in_utf8(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, int]]:
    return run_all(tmp_path_factory.mktemp("utf8"), [*HELP, *TABLES, *READ], {"PYTHONIOENCODING": "utf-8"})


@pytest.mark.parametrize("name", TERMINALS)
def test_every_command_ends_as_it_does_elsewhere(
    name: str, in_utf8: list[tuple[bytes, int]], tmp_path: Path
) -> None:
    # What programs read is UTF-8 whatever the terminal: tried on the oldest two.
    lines = [*HELP, *TABLES, *(READ if name in ("cp437", "ascii") else ())]
    for line, (here, code), (there, usual) in zip(
        lines, run_all(tmp_path, lines, TERMINALS[name]), in_utf8[: len(lines)], strict=True
    ):
        assert code == usual, line
        assert bool(here.strip()) == bool(there.strip()), line
        if line in READ:
            here.decode("utf-8")
            # A time of the clock's own is all that may differ.
            assert here.count(b"\n") == there.count(b"\n"), line
        else:
            here.decode(name)
            assert b"??" not in here, line
    # What a program reads is the same to the byte.
    shown = [*HELP, *TABLES, *READ].index("compliance --answers answers.csv --strata units.csv --format json")
    assert "Nørrebro – Øst" in in_utf8[shown][0].decode("utf-8")


def test_the_command_itself_does_so() -> None:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))
    }
    shown = subprocess.run(
        [sys.executable, "-m", "tilsyn", "nej"],
        env=environment | TERMINALS["ascii"],
        capture_output=True,
        check=False,
    )
    assert shown.returncode == 2
    assert b"Goer saadan" in shown.stderr


def test_the_version_is_the_answer() -> None:
    shown = subprocess.run([sys.executable, "-m", "tilsyn", "--version"], capture_output=True, check=True)
    assert shown.stdout.decode().split() == ["tilsyn", __version__]


def test_a_result_that_is_caught_in_the_process_is_text() -> None:
    caught = io.StringIO()
    with contextlib.redirect_stdout(caught):
        assert run(["plan", "--n", "20", "--format", "json"]) == 0
    assert json.loads(caught.getvalue())["n"] == 20
