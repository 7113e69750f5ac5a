"""Returned checklists damaged at random: what is accepted says what openpyxl reads in the same cells."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from tests.builders.case_sheets import case_sheets, fill_first
from tests.builders.workspaces import LOADED_ON, SMALL_SETTINGS, make_small_workspace, workbook_of
from tests.fuzz.registers import Broken
from tilsyn.procedure.load_incoming import Incoming
from tilsyn.questions.answers import UnknownAnswer, read_answer
from tilsyn.workspace.workspace import Workspace

NASTY_TEXT = [
    "<!-- x -->", "<![CDATA[ja]]>", "&#0;", "&amp;", "<v>7</v>", "<is><t>nej</t></is>", "<f>1/0</f>", "<row/>", "<c/>", "</row>",
    "<sheetData/>", "<!DOCTYPE x [<!ENTITY a 'ja'>]>", " ", "x", "'", '"', "\x00", "é",
]  # fmt: skip
NASTY_ANSWERS = ["ja", "nej", "j", "N", "ikke relevant", " JA ", "jA.", "ja nej", "#REF!", "=1/0", "x", "1", 1, 1.5, True, None, "ja\n", "\u200bja", "010190"]  # fmt: skip
# What openpyxl dies of in a damaged file.
CANNOT_READ = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError,
    SyntaxError, TypeError, ValueError, zipfile.BadZipFile, zlib.error, InvalidFileException,
)  # fmt: skip


# What stands for a sheet that need not be read.
EMPTY_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
)


@dataclass(frozen=True)
class Returned:
    """A workspace with a returned workbook, and what its first case says, by question."""

    workspace: Workspace
    path: Path
    book: Workbook
    content: bytes
    answers: dict[str, str]
    # The parts of the sheets behind the first case.
    behind: frozenset[str]


def returned(root: Path) -> Returned:
    """Make a workspace of one case a unit, and a workbook that a reviewer filled in."""
    workspace, _ = make_small_workspace(root, SMALL_SETTINGS.replace("per_unit = 3", "per_unit = 1"))
    path = workbook_of(workspace)
    book = fill_first(path)
    content = path.read_bytes()
    place = book.sheetnames.index(case_sheets(book)[0].sheet.title)
    behind = frozenset(f"xl/worksheets/sheet{n + 1}.xml" for n in range(place + 1, len(book.sheetnames)))
    said = _said(content, behind)
    assert said is not None
    return Returned(workspace, path, book, content, said, behind)


def damaged(made: Returned, chance: random.Random) -> tuple[bytes, str]:
    """Return the workbook changed somewhere: a cell, the XML of a part, the archive or its bytes."""
    change = chance.choice([_answer, _part, _part, _part, _archive, _bytes])
    return change(made, chance)


def _answer(made: Returned, chance: random.Random) -> tuple[bytes, str]:
    sheet = case_sheets(made.book)[0]
    question, value = chance.choice(sheet.questions), chance.choice(NASTY_ANSWERS)
    before = sheet.cell(question).value
    sheet.put(question, value)
    kept = io.BytesIO()
    made.book.save(kept)
    sheet.put(question, before)
    return kept.getvalue(), f"{question} = {value!r}"


def _parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(parts: Iterable[tuple[str, bytes]], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", packing) as archive:
        for name, part in parts:
            archive.writestr(name, part)
    return kept.getvalue()


def _text(text: str, chance: random.Random) -> tuple[str, str]:
    """Change a part's text somewhere."""
    at = chance.randrange(len(text) + 1)
    until = min(len(text), at + chance.choice([1, 2, 10, 80, 800]))
    put = chance.choice(NASTY_TEXT)
    cells = [found.span() for found in re.finditer(r"<c .*?(?:/>|</c>)", text)]
    kind = chance.choice(["insert", "delete", "twice", "quotes", "cell", "reference", "type"])
    if kind == "insert":
        return text[:at] + put + text[at:], f"{put!r} at {at}"
    if kind == "delete":
        return text[:at] + text[until:], f"{at} to {until} gone"
    if kind == "twice":
        return text[:until] + text[at:], f"{at} to {until} twice"
    if kind == "quotes":
        return re.sub(r'="([^"\']*)"', r"='\1'", text), "single quotes"
    if not cells:
        return text, "unchanged"
    start, end = chance.choice(cells)
    cell = text[start:end]
    if kind == "cell":
        put = chance.choice(
            ["", cell + cell, f"<!-- {cell.replace('--', '')} -->", re.sub(r"<v>.*?</v>", "", cell)]
        )
    elif kind == "reference":
        put = re.sub(r' r="[A-Z]+\d+"', chance.choice(["", ' r="ZZZ9"', ' r="XFD1048576"', ' r="A1"']), cell)
    else:
        put = re.sub(r' t="\w+"', chance.choice(["", ' t="e"', ' t="b"', ' t="str"', ' t="x"']), cell)
    return text[:start] + put + text[end:], f"{kind}: {cell[:60]} -> {put[:60]}"


def _part(made: Returned, chance: random.Random) -> tuple[bytes, str]:
    parts = _parts(made.content)
    sheets = [name for name in parts if "sheet" in name.lower()]
    name = chance.choice([chance.choice(list(parts)), *sheets])
    text, how = _text(parts[name].decode("utf-8"), chance)
    parts[name] = text.encode("utf-8", "replace")
    return _packed(list(parts.items())), f"{name}: {how}"


def _archive(made: Returned, chance: random.Random) -> tuple[bytes, str]:
    parts = list(_parts(made.content).items())
    at = chance.randrange(len(parts))
    name, part = parts[at]
    kind = chance.choice(["gone", "upper", "empty", "swapped", "extra"])
    if kind == "gone":
        del parts[at]
    elif kind == "upper":
        parts[at] = (name.upper(), part)
    elif kind == "empty":
        parts[at] = (name, b"")
    elif kind == "swapped":
        other = chance.randrange(len(parts))
        parts[at], parts[other] = (name, parts[other][1]), (parts[other][0], part)
    else:
        parts.insert(0, (name.upper(), part))
    return _packed(parts), f"{name} {kind}"


def _bytes(made: Returned, chance: random.Random) -> tuple[bytes, str]:
    content = made.content
    at = chance.randrange(len(content))
    if chance.random() < 0.3:
        return content[:at], f"cut at {at}"
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :], f"byte {at} flipped"


def _said(content: bytes, behind: frozenset[str]) -> dict[str, str] | None:
    """Return the answers of the first case as openpyxl reads them; None when it cannot.

    The sheets `behind` it are left empty: openpyxl takes a tenth of a second to read each.
    """
    try:
        parts = _parts(content)
        parts |= dict.fromkeys(behind & parts.keys(), EMPTY_SHEET)
        read = io.BytesIO(_packed(parts.items(), zipfile.ZIP_STORED))
        sheet = case_sheets(load_workbook(read, data_only=True))[0]
        cells = {question: sheet.cell(question).value for question in sheet.questions}
    except CANNOT_READ:
        return None
    return {question: str(value) for question, value in cells.items() if value is not None}


def hold(made: Returned, content: bytes, how: str) -> str:
    """Read a damaged workbook as `load` does; `Broken` when an answer vanished or changed unseen."""
    made.path.write_bytes(content)
    incoming = Incoming(made.workspace, LOADED_ON, None)
    file = incoming.read(made.path)
    problems = [*incoming.problems, *([] if file is None else file.problems)]
    if file is None or file.faulty:
        if not any(problem.found.strip() for problem in problems):
            raise Broken(f"refused without a word: {how}")
        return "refused"
    there = _said(content, made.behind) or made.answers
    answers = next((case.review.answers for case in file.cases if not case.review.blank), {})
    for question, said in there.items():
        loaded = answers[question].answer if question in answers else None
        if loaded != _meant(said):
            raise Broken(f"{question} is {said!r} in the file and {loaded!r} loaded: {how}")
    return "accepted"


def _meant(said: str) -> str | None:
    try:
        return read_answer(said)
    except UnknownAnswer:
        return f"no answer: {said!r}"
