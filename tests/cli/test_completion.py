"""Completion as the shells ask for it: installed by the documented option, and tried."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

READ = Path(__file__).parent.parent / "data" / "completion-powershell.txt"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a user without settings, who has a command `tilsyn`."""
    program = tmp_path / "bin" / "tilsyn"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tilsyn "$@"\n')
    program.chmod(0o755)
    places = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    return {**os.environ, "HOME": str(tmp_path), "PATH": places, "TERM": "dumb", "COVERAGE_PROCESS_START": ""}


def tell(home: dict[str, str], *words: str) -> str:
    done = subprocess.run(words, env=home, capture_output=True, text=True, check=True, cwd=Path.cwd())
    return done.stdout


def test_bash_completes(home: dict[str, str]) -> None:
    assert ".bash_completions/tilsyn.sh" in tell(home, "tilsyn", "--install-completion", "bash")
    ask = "source ~/.bashrc; COMP_WORDS=(tilsyn chec); COMP_CWORD=1; _tilsyn_completion tilsyn; echo ${COMPREPLY[@]}"
    assert tell(home, "bash", "--norc", "-c", ask).split() == ["check", "checklists"]


@pytest.mark.shells
def test_fish_completes(home: dict[str, str]) -> None:
    tell(home, "tilsyn", "--install-completion", "fish")
    found = tell(home, "fish", "-c", 'complete -C "tilsyn chec"')
    assert [line.split("\t")[0] for line in found.splitlines()] == ["check", "checklists"]


@pytest.mark.shells
def test_zsh_completes_when_tab_is_pressed_first(home: dict[str, str]) -> None:
    tell(home, "tilsyn", "--install-completion", "zsh")
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe("zsh", ["zsh", "-i"], home)

    def until(word: bytes) -> bytes:
        seen = b""
        while word not in seen and select.select([terminal], [], [], 60)[0]:
            seen += os.read(terminal, 4096)
        return seen

    os.write(terminal, b"print rea''dy\n")
    assert b"ready" in until(b"ready")
    os.write(terminal, b"tilsyn verif\t")
    # What is typed is echoed; the rest of the word is not.
    assert b"verify" in until(b"verify")
    os.write(terminal, b"\x15exit\n")
    os.waitpid(child, 0)
    os.close(terminal)


def test_the_script_for_powershell_is_the_one_that_was_read() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "tilsyn", "--show-completion", "powershell"], capture_output=True, check=True
    )
    assert shown.stdout.decode("ascii") == READ.read_text("ascii")
