"""CSV registers: every row of a file is read, or told with its place, whatever people and programs did to it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tilsyn.base.problems import InputError, Problem
from tilsyn.formats.registers.opening import read_register
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.settings.schema import Register

COLUMNS = {"case_id": "Sagsnr", "unit": "Enhed", "opened": "Oprettet"}
HEADINGS = "Sagsnr;Enhed;Oprettet"
MANY = [f"{n};Nord;01-02-2018" for n in range(1, 41)]


def read(folder: Path, content: str | bytes) -> RegisterTable:
    path = folder / "sager.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_register(Register(columns=COLUMNS), path)


def rows(table: RegisterTable) -> list[tuple[Any, ...]]:
    return table.relation.order('"row"').fetchall()


def problems(folder: Path, content: str | bytes) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(folder, content)
    return caught.value.problems


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('"Udtræk\npr. 1. juli"\nSagsnr;Enhed;Oprettet\n1;A;\n2;B;\n', [(3, "1"), (4, "2")]),
        ('"Udtræk\r\npr. 1. juli";;\r\nSagsnr;Enhed;Oprettet\r\n1;A;\r\n2;B;\r\n', [(3, "1"), (4, "2")]),
        ('Sagsnr;"Enhed";"Oprettet"\r\n1;A;\r\n2;B;\r\n', [(2, "1"), (3, "2")]),
        ('"Oprettet";"Enhed";"Sagsnr"\r\n"";"A";"1"\r\n"";"B";"2"\r\n', [(2, "1"), (3, "2")]),
        ('Sagsnr;Enhed;Oprettet;"Note\n(kort)"\r\n1;A;;\r\n2;B;;\r\n', [(2, "1"), (3, "2")]),
        ("Sagsnr;Enhed;Oprettet\n1;A;;;\n2;B;;;\n", [(2, "1"), (3, "2")]),
        ('Sagsnr;Enhed;Oprettet\n1;"A ""ny""";\n2;Team "B" øst;\n', [(2, "1"), (3, "2")]),
        ('Sagsnr;Enhed;Oprettet\n1;5" rør;\n2;B;\n\n3;C;\n', [(2, "1"), (3, "2"), (5, "3")]),
        ('Sagsnr;Enhed;Oprettet;Note\n1;A;;"a\n\nb"\n2;B;;"; c\nd"\n', [(2, "1"), (3, "2")]),
        ("Sagsnr;Enhed;Oprettet\n1;A;\r\n2;B;\r3;C;", [(2, "1"), (3, "2"), (4, "3")]),
        ("Sagsnr;Enhed;Oprettet\n1;A;\n;;\n2;B;\n\n\n", [(2, "1"), (4, "2")]),
        ("Sagsnr;Enhed;Oprettet\n1;A;\n" + "2;B;" + "x" * 2_500_000 + "\n", [(2, "1"), (3, "2")]),
    ],
)
def test_every_row_is_read_with_its_number(
    tmp_path: Path, content: str, expected: list[tuple[int, str]]
) -> None:
    table = read(tmp_path, content)
    assert [row[:2] for row in rows(table)] == expected
    assert table.notes == ()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Sagsnr;Enhed;Oprettet\n1;A;\n2;B\x00;\n3;C;\n", [3]),
        (b"Sagsnr;Enhed;Oprettet\n" + b"1;A;\n" * 900 + bytes(4096), [902]),
        ("\n".join([HEADINGS, *MANY[:9], "10;No\nrd;01-02-2018", *MANY[10:], ""]), [11, 12]),
        ("\n".join([HEADINGS, *MANY[:9], "10Nord;01-02-2018", *MANY[10:], ""]), [11]),
        ("\n".join([HEADINGS, *MANY, "41;Nord"]), [42]),
        ("Sagsnr;Enhed;Oprettet\n1;A;\n2;B;;x\n3;C\n4\n", [3, 5]),
        ('Sagsnr;Enhed;Oprettet\n1;"A\n2;B;\n3;C";\n4;D;\n', [2]),
        ('Sagsnr;Enhed;Oprettet;Note\n1;A;;"x\n2;B;;y\n3;C;;"\n4;D;;\n', [2]),
        ('Sagsnr;Enhed;Oprettet\n1;"A"x;\n2;B;\n3;"C";\n', [2]),
        ('Sagsnr;Enhed;Oprettet\n1;A;\n2;"B;\n3;C;\n', [3]),
    ],
)
def test_what_cannot_be_a_row_is_told_with_its_number(
    tmp_path: Path, content: str | bytes, expected: list[int]
) -> None:
    found = problems(tmp_path, content)
    assert [problem.row for problem in found] == expected
    assert all(problem.remedy and problem.file for problem in found)


@pytest.mark.parametrize(
    "short",
    [
        MANY[:16] + [f"{n};Nord" for n in range(17, 41)],
        MANY[:36] + [f"{n};Nord" for n in range(37, 41)],
        [row if n % 3 else f"{n};Nord" for n, row in enumerate(MANY)],
    ],
)
def test_last_cells_that_a_spreadsheet_did_not_write_are_empty(tmp_path: Path, short: list[str]) -> None:
    table = read(tmp_path, "\r\n".join([HEADINGS, *short, ""]))
    assert table.relation.shape[0] == 40
    (note,) = table.notes
    assert note.kind == "note"
    assert note.row == 2 + next(n for n, row in enumerate(short) if row.count(";") == 1)


CELL = st.text(alphabet=st.sampled_from(list("a1 ø;\"\n,|\t'")), max_size=5)


@effort(max_examples=60)
@given(
    st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_a_program_writes_is_read_or_refused_whole(
    tmp_path_factory: pytest.TempPathFactory,
    cells: list[tuple[str, ...]],
    end: str,
    quoting: Any,
    encoding: str,
) -> None:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator=end, quoting=quoting)
    writer.writerow(["Sagsnr", "Enhed", "Oprettet", "Note"])
    writer.writerows(cells)
    filled = [(n, *row[:3]) for n, row in enumerate(cells, start=2) if any(row)]
    folder = tmp_path_factory.mktemp("register")
    try:
        found = rows(read(folder, written.getvalue().encode(encoding)))
    except InputError:
        # A cell that looks like rows, or nothing at all.
        assert any(sum(cell.count(";") for cell in row) > 2 for row in cells) or not filled
        return
    assert found == [(n, *(cell or None for cell in row)) for n, *row in filled]


@effort(max_examples=60)
@given(st.integers(0, 200), st.sampled_from([b"", b"\n", b"\r", b'"', b";", b"\x00", b"\xff", b"x"]))
def test_no_row_vanishes_for_one_byte(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: bytes
) -> None:
    plain = "\n".join([HEADINGS, *MANY[:12], ""]).encode()
    place %= len(plain)
    folder = tmp_path_factory.mktemp("register")
    try:
        table = read(folder, plain[:place] + byte + plain[place + 1 :])
    except InputError:
        return
    # A line end more or less makes two rows of one, or one of two: then a row is told, or its cells tell of it.
    assert table.relation.shape[0] >= 11
