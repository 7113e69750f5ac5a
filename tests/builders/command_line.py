"""Command-line cases on one screen: files and a line in; exit code, stdout, stderr and files out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tilsyn.cli.app import run


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its JSON result."""
        return json.loads(self.out)

    @property
    def shown(self) -> str:
        """Its stdout as one line, however a table was wrapped."""
        return " ".join(self.out.split())

    @property
    def told(self) -> str:
        """Its stderr as one line."""
        return " ".join(self.err.split())


class CommandLine:
    """The commands of tilsyn, run in a folder of their own (the fixture `tilsyn`)."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.today: str | None = None
        self._capsys = capsys

    def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
        """Write a file in the folder, as it stands."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(encoding))

    def files(self, pattern: str = "*") -> dict[str, bytes]:
        """Return the folder's files by name; those of the locks left out."""
        paths = (path for path in self.root.rglob(pattern) if path.is_file() and path.suffix != ".lock")
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in sorted(paths)}

    def __call__(
        self, line: str, *more: object, code: int = 0, files: Mapping[str, str] | None = None
    ) -> Ended:
        """Write the files, run the line, and hold its exit code; `more` are words that need no quotes."""
        for name, text in (files or {}).items():
            self.write(name, text)
        words = [*shlex.split(line), *map(str, more)]
        if self.today and "--today" not in words:
            words += ["--today", self.today]
        self._capsys.readouterr()
        found = run(words)
        ended = Ended(found, *self._capsys.readouterr())
        assert found == code, f"{shlex.join(words)} ended with {found}:\n{ended.out}{ended.err}"
        return ended

    def printed(self) -> Ended:
        """Return what a command printed that did not end."""
        return Ended(1, *self._capsys.readouterr())
