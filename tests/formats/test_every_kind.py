"""One table of faults, held against every use of a spreadsheet: a fault is named or the file refused, never lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders.spreadsheets import FAULTS, grid_parts, with_fault, zipped
from tilsyn.base.problems import InputError
from tilsyn.base.sheets import Unreadable
from tilsyn.formats.checklists.reader import read_workbook
from tilsyn.formats.outside_reviews import read_reviews
from tilsyn.formats.registers.opening import read_register
from tilsyn.formats.sheets.worker import read_apart
from tilsyn.reviews import layout
from tilsyn.settings.schema import Register

REGISTER = [["Sagsnr", "Enhed"], ["2018-1", "Amager"], ["2018-2", "Valby"]]
CHECKLIST = [
    [layout.CASE_MARK, "", "", ""],
    ["columns", "question", "answer", "remark"],
    ["case_id", "", "2018-1", ""],
    ["question", "UND-02", "ja", ""],
    ["question", "UND-03", "nej", "mangler"],
]


def register(path: Path) -> str | None:
    """Read a register, and return what its first case's unit is told to be."""
    rows = read_register(Register(columns={"case_id": "Sagsnr", "unit": "Enhed"}), path).relation.fetchall()
    return str(rows[0])


def checklist(path: Path) -> str | None:
    """Read a checklist, and return the first answer; None where its cell is named as faulty."""
    (case,) = read_workbook(path, path.read_bytes()).cases
    return None if case.rows[0].answer.fault else str(case.rows[0].answer.value)


def outside(path: Path) -> str | None:
    """Read reviews made elsewhere, which are CSV: a spreadsheet is refused whatever it holds."""
    read_reviews(path, path)
    return "read"


USES: dict[str, tuple[Callable[[Path], str | None], list[list[str]], tuple[int, int]]] = {
    "register": (register, REGISTER, (1, 1)),
    "checklist": (checklist, CHECKLIST, (3, 2)),
    "outside": (outside, REGISTER, (1, 1)),
}
TABLE = [(use, kind, fault) for use in USES for kind in FAULTS for fault in FAULTS[kind]]


@pytest.mark.parametrize(("use", "kind", "fault"), TABLE)
def test_no_fault_is_passed_over_in_any_use(tmp_path: Path, use: str, kind: str, fault: str) -> None:
    read, grid, place = USES[use]
    path = tmp_path / f"fil.{kind}"
    path.write_bytes(with_fault(kind, grid, place, fault))
    try:
        assert read(path) is None
    except InputError as told:
        problems = told.problems
        assert all(problem.file == path.name and problem.found and problem.remedy for problem in problems)


@pytest.mark.parametrize("kind", FAULTS)
def test_bytes_of_the_archive_changed_at_random_are_noticed(kind: str) -> None:
    whole = zipped(grid_parts(kind, CHECKLIST))
    expected = read_apart(whole)
    dice = random.Random(8)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(data))
            if dice.random() < 0.3:
                del data[at : at + dice.randint(1, 40)]
            else:
                data[at] = dice.randrange(256)
        try:
            found = read_apart(bytes(data))
        except Unreadable:
            continue
        assert [sheet.cells for sheet in found] == [sheet.cells for sheet in expected]
