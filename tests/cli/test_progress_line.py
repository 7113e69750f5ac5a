"""The line that says what a command is doing: on a terminal alone, and gone at its end."""

from __future__ import annotations

import io
import os
import re
import select
from collections.abc import Iterator

import pytest
from rich.console import Console as Rich

from tests.builders.command_line import CommandLine
from tests.builders.workspaces import Q2, review
from tilsyn.base import language
from tilsyn.base.steps import Step, step, watched
from tilsyn.cli import progress_line
from tilsyn.cli.console import Console
from tilsyn.cli.progress_line import ProgressLine, line_of
from tilsyn.workspace.workspace import Workspace

pytestmark = pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal of its own")


# A control code with its number and letter, or a character.
_WRITTEN = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|([^\x1b])")


class Terminal:
    """A terminal of 80 columns, and what was written to it."""

    def __init__(self) -> None:
        self._screen, keyboard = os.openpty()
        self.stream = os.fdopen(keyboard, "w", encoding="utf-8")
        self.text = ""

    def until(self, text: str) -> None:
        """Read until a text has come, which it must."""
        while text not in self.text:
            assert select.select([self._screen], [], [], 60)[0], self.text
            self.text += os.read(self._screen, 4096).decode()

    def close(self) -> None:
        """Leave it."""
        self.stream.close()
        os.close(self._screen)

    @property
    def lines(self) -> list[str]:
        """What a person sees: what was written over or erased is gone."""
        rows, row, column = [""], 0, 0
        for code, kind, text in _WRITTEN.findall(self.text):
            if text == "\r":
                column = 0
            elif text == "\n":
                row += 1
                rows += [""] * (row == len(rows))
            elif text:
                rows[row] = f"{rows[row]:{column}}"[:column] + text + rows[row][column + 1 :]
                column += 1
            elif kind == "A":
                row -= int(code or 1)
            elif kind == "K":
                rows[row] = ""
        return [line.rstrip() for line in rows]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TERM", "xterm")
    made = Terminal()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("lang", "total", "done", "columns", "bar", "text"),
    [
        ("da", None, 0, 80, 0, "Læser sagslisten … 3 s"),
        ("en", None, 0, 20, 0, "Reading the registe…"),
        ("da", 65, 13, 80, 4, "Læser sagslisten: 13 af 65"),
        ("en", 65, 65, 60, 20, "Reading the register: 65 of 65"),
        ("da", 65, 13, 59, 0, "Læser sagslisten: 13 af 65"),
        ("da", 0, 0, 80, 0, "Læser sagslisten: 0 af 0"),
    ],
)
def test_the_line_says_what_is_done_and_how_far_it_is(
    lang: str, total: int | None, done: int, columns: int, bar: int, text: str
) -> None:
    written = io.StringIO()
    with language.using(lang):
        line = line_of(Step("steps.reading", {}, total, done), 3, columns)
    Rich(file=written, width=columns, no_color=True).print(line)
    shown = written.getvalue()
    assert shown.count("━") == bar
    assert shown.strip("━╸╺ \n") == text


def test_the_line_makes_room_for_what_is_printed_and_is_gone_at_the_end(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress_line, "SOON", 0)
    line = ProgressLine(terminal.stream)
    with watched(line.watch), line, step("steps.reading"):
        terminal.until("Læser sagslisten")
        with line.aside():
            print("Bemærk: to rækker", file=terminal.stream, flush=True)
        with step("steps.drawing"):
            terminal.until("Trækker stikprøven")
    print("færdig", file=terminal.stream, flush=True)
    terminal.until("færdig")
    assert terminal.lines == ["Bemærk: to rækker", "færdig", ""]


def test_what_is_done_soon_is_not_told_of(terminal: Terminal) -> None:
    line = ProgressLine(terminal.stream)
    with watched(line.watch), line, step("steps.reading"):
        pass
    print("færdig", file=terminal.stream, flush=True)
    terminal.until("færdig")
    assert terminal.text == "færdig\r\n"


class Stream(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("is_terminal", "quiet", "kind", "shown"),
    [
        (True, False, "xterm", True),
        (False, False, "xterm", False),
        (True, True, "xterm", False),
        (True, False, "dumb", False),
    ],
)
def test_there_is_a_line_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, quiet: bool, kind: str, shown: bool
) -> None:
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr("sys.stderr", Stream(is_terminal))
    console = Console(quiet=quiet)
    with console.watching():
        assert (console.line is not None) == shown


LINES = {
    "check --commit --period 2018-Q2": {"reading", "examining", "committing"},
    "draw 2 --period 2018-Q2 --replace --reason fejl": {"reading", "examining", "drawing"},
    "checklists 2 --period 2018-Q2": {"workbooks"},
    "letters 2 --period 2018-Q2": {"letters"},
    "load": {"files"},
    "verify --all": {"draws"},
    "dossier --period 2018-Q2": {"draws"},
}
REVIEWED = {
    "trend --level 2": {"periods"},
    "report --level 2 --period 2018-Q2": {"periods", "reports"},
    "feedback --level 2 --period 2018-Q2": {"workbooks"},
    "export out": {"periods"},
}


def test_commands_that_take_long_say_what_they_do(tilsyn: CommandLine, workspace: Workspace) -> None:
    assert {line: said(tilsyn, line) for line in LINES} == LINES


def test_commands_that_go_through_reviews_say_what_they_do(tilsyn: CommandLine, workspace: Workspace) -> None:
    review(workspace, workspace.draws.get(2, Q2))
    assert {line: said(tilsyn, line) for line in REVIEWED} == REVIEWED


def said(tilsyn: CommandLine, line: str) -> set[str]:
    """Return what a command says that it does, beside that it works."""
    found: list[str] = []
    with watched(lambda begun: found.append(begun.key) if begun else None):
        tilsyn(line)
    return {key.removeprefix("steps.") for key in found} - {"working"}
