"""How far a long command is, is shown on a terminal alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.workspaces import make_small_workspace, workbook_of

pty = pytest.importorskip("pty")
LINES = {"checklists": "checklists 2 --period 2018-Q2", "load": "load {} --dry-run"}
SHOWN = {"checklists": "arbejdsbøger", "load": "filer"}


def on_a_terminal(folder: Path, line: str) -> str:
    """Return what is shown on stderr where that is a terminal."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "tilsyn", *line.split(), "--today", "2018-07-20"]
    shell = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=theirs, env=shell, check=False)
    # So that there is something to read in any case.
    os.write(theirs, b".")
    os.set_blocking(ours, False)
    shown = os.read(ours, 1_000_000).decode("utf-8", "replace")
    os.close(ours)
    os.close(theirs)
    return shown


@pytest.mark.parametrize("command", LINES)
def test_a_bar_is_shown_on_a_terminal_alone(command: str, tmp_path: Path) -> None:
    workspace, _ = make_small_workspace(tmp_path)
    book = workbook_of(workspace)
    line = LINES[command].format(book)
    if command == "checklists":
        book.unlink()
    assert "\u2501" in (told := on_a_terminal(workspace.root, line))
    assert SHOWN[command] in told
    if command == "checklists":
        book.unlink()
    assert "\u2501" not in on_a_terminal(workspace.root, f"{line} --quiet")
    if command == "checklists":
        book.unlink()
    words = [sys.executable, "-m", "tilsyn", *line.split(), "--today", "2018-07-20"]
    ended = subprocess.run(words, cwd=workspace.root, capture_output=True, check=False, encoding="utf-8")
    assert "\u2501" not in ended.stderr
