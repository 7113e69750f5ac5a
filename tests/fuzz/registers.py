"""Registers damaged at random: what is accepted holds every case that stands in the file, in its unit.

Every case number is a word of its own, so that a damaged file can be searched for it without being parsed.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook

from tests.builders.workspaces import Q2
from tilsyn.base.problems import InputError, Refused
from tilsyn.procedure.draw_source import frame_of, level_plan
from tilsyn.workspace.workspace import Workspace

SETTINGS = """
[organisation]
name = "Testby"
slug = "testby"
[register]
path = "{name}"
as_of = 2018-07-02
columns = {{ case_id = "Sagsnr", unit = "Enhed", caseworker = "Sagsbehandler", opened = "Oprettet", closed = "Lukket" }}
[[plan]]
valid_from = 2017-01-01
question_set = "serviceloven"
[plan.levels.2]
cadence = "quarter"
per_unit = 3
"""
HEADINGS = ["Sagsnr", "Enhed", "Sagsbehandler", "Oprettet", "Lukket", "Note"]
UNITS = ["Amager", "Nørrebro", "Østerbro"]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252"]
CASE_ID = re.compile(r"S\d{6}X")

# What cells, rows and bytes have been seen to become.
NASTY_CELLS = [
    "", " ", "NULL", "-", "0", "1.23E+05", '="S000001X"', "'S000001X", "S000001X.0", "I alt", "æøå", "Ã¸", "\u200b",
    "\u00a0", "31-12-9999", "01-01-0001", "1753-01-01", "43000", "1. marts 2018", "01.03.2018 kl. 12.30", "2018-03-01T10:00:00+02:00",
    'a"b', 'a""b', "a;b", "a\nb", "a\r\nb", "a\tb", "a|b", "\x00", "x" * 40_000, "S000001X", "#N/A", "TRUE", "9" * 400,
]  # fmt: skip
NASTY_BYTES = [b"\x00", b'"', b"\n", b"\r", b"\r\n", b";", b",", b"\t", b"\xff", b"\xef\xbb\xbf", b"\xc3", b"\x1a", b"\xe2\x80\xa8", b"'", b"\\"]  # fmt: skip


@dataclass(frozen=True)
class Damaged:
    """A file to read, and its rows as another program reads them (None: it cannot say)."""

    name: str
    content: bytes
    how: str
    rows: list[list[str]] | None = None


class Broken(AssertionError):
    """What must never happen, happened."""


def table(chance: random.Random) -> list[list[str]]:
    """Return a register of 12 to 40 cases as rows of text, headings first."""
    rows = [list(HEADINGS)]
    for n in range(chance.randint(12, 40)):
        closed = chance.choice(["", "", "", "14-05-2018", "01-01-2018"])
        note = chance.choice(["", "", "a b", "ring; skriv", 'han sagde "nej"', "linje\nskift"])
        rows.append([f"S{n:06}X", chance.choice(UNITS), f"K{n % 4}", "03-01-2017", closed, note])
    return rows


def as_csv(rows: list[list[str]], delimiter: str, ending: str, quoting: int) -> str:
    """Write rows as a case system does."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def _cell(rows: list[list[str]], chance: random.Random) -> str:
    row = chance.randrange(len(rows))
    # Another change may have cut the row short.
    column = chance.randrange(len(rows[row]))
    rows[row][column] = chance.choice(NASTY_CELLS)
    return f"cell {row}, {column}: {rows[row][column][:20]!r}"


def _row(rows: list[list[str]], chance: random.Random) -> str:
    made = chance.choice(
        [[""] * 6, ["I alt", "30", "", "", "", ""], list(HEADINGS), ["Sagsliste\n2. kvartal"], ["S000001X"]]
    )
    at = chance.randint(0, len(rows))
    rows.insert(at, list(made))
    return f"row {made} at {at}"


def _twice(rows: list[list[str]], chance: random.Random) -> str:
    at = chance.randrange(len(rows))
    rows.insert(chance.randint(0, len(rows)), list(rows[at]))
    return f"row {at} twice"


def _shorter(rows: list[list[str]], chance: random.Random) -> str:
    at = chance.randrange(len(rows))
    rows[at] = rows[at][: chance.randint(1, 5)]
    return f"row {at} cut"


def _longer(rows: list[list[str]], chance: random.Random) -> str:
    at = chance.randrange(len(rows))
    rows[at] = [*rows[at], *[""] * chance.randint(0, 2), chance.choice(["", "mere"])]
    return f"row {at} longer"


def _heading(rows: list[list[str]], chance: random.Random) -> str:
    column = chance.randrange(len(HEADINGS))
    rows[0][column] = chance.choice(
        [rows[0][column] + "\nnummer", f" {rows[0][column]} ", "", rows[0][0], "Ekstra"]
    )
    return f"heading {column}: {rows[0][column]!r}"


CHANGES: list[Callable[[list[list[str]], random.Random], str]] = [
    _cell,
    _cell,
    _row,
    _twice,
    _shorter,
    _longer,
    _heading,
]


def damaged_csv(chance: random.Random) -> Damaged:
    """Return a CSV file with changed cells and rows, and perhaps damaged bytes."""
    rows = table(chance)
    how = [chance.choice(CHANGES)(rows, chance) for _ in range(chance.choice([0, 1, 1, 2]))]
    delimiter, ending = chance.choice(";,\t|"), chance.choice(["\n", "\r\n"])
    text = as_csv(rows, delimiter, ending, chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    encoding = chance.choice(ENCODINGS)
    content = text.encode(encoding, "replace")
    if chance.random() < 0.5:
        for _ in range(chance.choice([1, 1, 2, 5])):
            content, told = _damaged(content, chance)
            how.append(told)
        return Damaged("register.csv", content, f"{encoding} {ending!r} {delimiter!r}: {'; '.join(how)}")
    return Damaged("register.csv", content, f"{encoding} {ending!r} {delimiter!r}: {'; '.join(how)}", rows)


def _damaged(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    at = chance.randrange(len(content) + 1)
    kind = chance.choice(["flip", "insert", "delete", "twice", "cut"])
    if kind == "flip" and at < len(content):
        return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :], f"byte {at} flipped"
    if kind == "insert":
        put = chance.choice(NASTY_BYTES)
        return content[:at] + put + content[at:], f"{put!r} at {at}"
    until = min(len(content), at + chance.choice([1, 2, 8, 64, 400]))
    if kind == "delete":
        return content[:at] + content[until:], f"bytes {at} to {until} gone"
    if kind == "twice":
        return content[:until] + content[at:], f"bytes {at} to {until} twice"
    return content[:at], f"cut at {at}"


def damaged_xlsx(chance: random.Random) -> Damaged:
    """Return a workbook with changed cells and rows."""
    rows = table(chance)
    how = [chance.choice(CHANGES)(rows, chance) for _ in range(chance.choice([0, 1, 1, 2]))]
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append([re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", value) for value in row])
    kept = io.BytesIO()
    workbook.save(kept)
    return Damaged("register.xlsx", kept.getvalue(), f"xlsx: {'; '.join(how)}", rows)


def hold(folder: Path, damaged: Damaged) -> str:
    """Read a damaged register as a draw does; `Broken` when a case vanished, moved or came from nowhere."""
    (folder / "tilsyn.toml").write_text(SETTINGS.format(name=damaged.name), "utf-8")
    (folder / damaged.name).write_bytes(damaged.content)
    try:
        frame = frame_of(Workspace.open(folder), level_plan(Workspace.open(folder), 2, Q2), Q2)
    except (InputError, Refused) as told:
        if not str(told).strip():
            raise Broken(f"refused without a word: {damaged.how}") from told
        return "refused"
    found = dict(frame.cases.project("case_id, unit").fetchall())
    left_out = sum(frame.left_out.values())
    there = _case_ids(damaged)
    # Damage can lengthen an id: what stands inside a longer one is there.
    vanished = {case_id for case_id in there if not any(case_id in longer for longer in found)}
    if len(vanished) > left_out:
        raise Broken(f"{sorted(vanished)} vanished ({left_out} left out): {damaged.how}")
    if damaged.rows is not None:
        for row in damaged.rows[1:]:
            if (
                len(row) > 1
                and row[0] in found
                and row[1] in UNITS
                and found[row[0]] not in _units(damaged, row[0])
            ):
                raise Broken(f"{row[0]} moved to {found[row[0]]}: {damaged.how}")
    return "accepted"


def _case_ids(damaged: Damaged) -> set[str]:
    if damaged.rows is not None:
        return {row[0] for row in damaged.rows if CASE_ID.fullmatch(row[0])}
    return set(CASE_ID.findall(damaged.content.decode("latin-1")))


def _units(damaged: Damaged, case_id: str) -> set[str]:
    assert damaged.rows is not None
    return {row[1] for row in damaged.rows if row[0] == case_id and len(row) > 1}
