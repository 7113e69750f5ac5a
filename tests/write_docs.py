"""Write docs/commands.md from the commands' own help (`make docs`)."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from unittest import mock

from tilsyn.cli.app import COMMANDS, run

# The commands that stand under another.
UNDER = {
    "catalogue": ("validate", "import", "list", "show", "approve", "update", "benchmarks"),
    "followup": ("propose", "add", "export", "load", "recheck"),
    "plan": ("size", "precision", "detect", "allocate"),
}
TARGET = Path(__file__).parent.parent / "docs" / "commands.md"
INTRODUCTION = """# Commands

The help of every command as it prints it with `--lang en`. Written by `make docs`; a test holds it in step.
"""


def help_of(*command: str) -> str:
    """Return a command's help in English, 100 columns wide and without colours."""
    out = io.StringIO()
    width = {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1", "TERM": "dumb"}
    with mock.patch.dict(os.environ, width), contextlib.redirect_stdout(out):
        assert run(["--lang", "en", *command, "--help"]) == 0
    return "\n".join(
        line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue()).strip().splitlines()
    )


def text() -> str:
    """Return the whole document."""
    parts = [INTRODUCTION, f"```text\n{help_of()}\n```\n"]
    under = [(group, name) for group, names in UNDER.items() for name in names]
    for command in [*((name,) for name in COMMANDS), *under]:
        parts.append(f"## {' '.join(command)}\n\n```text\n{help_of(*command)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
