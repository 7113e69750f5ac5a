"""The guides in docs/vejledning: their commands, what is shown of the answers, and what people do in between.

A comment `<!-- prøve: … -->` says what the reader has done before the next command; a line `…` stands for
lines that are left out.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook

from tests.builders.action_books import fill_actions
from tests.builders.case_sheets import case_sheets
from tests.builders.workspaces import write_register

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "vejledning"
GUIDES = sorted(FOLDER.glob("*.md"))
LEFT_OUT = "…"
_PARTS = re.compile(
    r"<!-- prøve: (?P<done>.*?) -->|^```console\n(?P<block>.*?)^```", re.MULTILINE | re.DOTALL
)

# The case list of *På fem minutter*: two units, and two cases that cannot be drawn.
HEADINGS = "Sagsnr;Enhed;Sagsbehandler;Sagstype;Oprettet;Lukket"
CASES = [
    f"2018-{n:04d};{'Nord' if n % 2 else 'Syd'};S{n % 4};Anbringelse;0{n % 6 + 1}-02-2018;"
    for n in range(1, 10)
]
CASES += ["2018-0010;Syd;S2;Anbringelse;28-06-2018;"]
CASES += [f"2018-{n:04d};Syd;S2;Anbringelse;09-01-2018;12-03-2018" for n in (11, 12)]


@dataclass(frozen=True)
class Shown:
    """A command as a guide shows it, and the lines of its answer."""

    line: str
    answer: list[str]


def steps(guide: Path) -> Iterator[str | Shown]:
    """Yield a guide's commands, and what is done before each, in order."""
    for part in _PARTS.finditer(guide.read_text("utf-8")):
        if part["done"]:
            yield part["done"]
            continue
        for said in re.split(r"^\$ ", part["block"], flags=re.MULTILINE)[1:]:
            line, *answer = said.rstrip().splitlines()
            yield Shown(line, answer)


def differs(answer: list[str], printed: str) -> str:
    """Return the first line of an answer that was not printed where it is shown; "" where there is none."""
    lines = [" ".join(line.split()) for line in printed.splitlines() if line.strip()]
    at, free = 0, False
    for line in (" ".join(line.split()) for line in answer):
        if line == LEFT_OUT:
            free = True
            continue
        ends = len(lines) if free else at + 1
        found = next((n for n in range(at, min(ends, len(lines))) if lines[n] == line), None)
        if found is None:
            return line
        at, free = found + 1, False
    return "" if free or at == len(lines) else f"left out without {LEFT_OUT}: {lines[at]}"


def _case_list(root: Path, name: str) -> None:
    write_register(root / name, CASES, HEADINGS)


def _fill(root: Path, name: str, answer: str = "") -> None:
    """Fill in a workbook with *ja*, and with an answer of its own to the first question of its first case."""
    book = load_workbook(root / name)
    sheets = case_sheets(book)
    for sheet in sheets:
        sheet.fill()
    if answer:
        sheets[0].put("BFU-01", answer)
    book.save(root / name)


def _copy(root: Path, name: str, to: str) -> None:
    (root / to).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / name, root / to)


def _add(root: Path, name: str, *words: str) -> None:
    """Put a line first among a table's lines in a settings file: `tilsyn.toml [plan.contacts] "Nord" = "…"`."""
    table, line = words[0], " ".join(words[1:])
    text = (root / name).read_text("utf-8")
    where = text.index("[plan.levels.")
    (root / name).write_text(f"{text[:where]}{table}\n{line}\n{text[where:]}", "utf-8")


def _limit(root: Path) -> None:
    """Name a time limit in the settings, where the guide says to."""
    path = root / "tilsyn.toml"
    rule = 'name = "Lukket inden tre måneder"\nfrom = "opened"\nto = "closed"\nlimit = "3 months"'
    settings = path.read_text("utf-8")
    path.write_text(settings.replace("[limits]", f"[[deadline]]\n{rule}\n\n[limits]"), "utf-8")


def _complaints(root: Path) -> None:
    """Lay a list of complaints beside the settings, and name it in them."""
    lines = ["Sagsnr;Modtaget;Besvaret", "2018-0003;02-05-2018;25-05-2018", "2018-0008;09-04-2018;22-05-2018"]
    (root / "klager.csv").write_text("\n".join([*lines, "2018-0005;25-06-2018;", ""]), "utf-8")
    path = root / "tilsyn.toml"
    settings = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^# (path|reply_within) = ", r"\1 = ", settings), "utf-8")


def _urgent(root: Path, name: str) -> None:
    """Mark the first case of a workbook as urgent."""
    book = load_workbook(root / name)
    case_sheets(book)[0].put("akut", "J")
    book.save(root / name)


def _acted(root: Path, name: str) -> None:
    """Say in a workbook of actions that the first of them is done, and why it was needed."""
    book = load_workbook(root / name)
    action_id = next(cell.value for cell in book.worksheets[0]["A"] if "-n2-" in str(cell.value))
    fill_actions(root / name, {str(action_id): {"done_on": "10-08-2018", "cause": "arbejdsgang"}})


# What a reader may have done, by its first word.
DONE: dict[str, Callable[..., None]] = {
    "sagsliste": _case_list,
    "udfyld": _fill,
    "kopier": _copy,
    "indstil": _add,
    "frist": _limit,
    "klager": _complaints,
    "akut": _urgent,
    "gjort": _acted,
}
