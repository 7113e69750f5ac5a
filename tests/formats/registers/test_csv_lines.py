"""A CSV register of which only what rules look at is kept: its frame is that of one that was read whole."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import Phase, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.sampling.test_frame import HEADINGS, Q2, many
from tests.sampling.test_frame import rules as made_rules
from tests.sampling.test_inside import CODES, DAYS, IDS, TYPES, UNITS
from tilsyn.base.database import memory_database
from tilsyn.base.problems import InputError
from tilsyn.formats.registers import csv_lines, csv_shape
from tilsyn.formats.registers.opening import read_register
from tilsyn.formats.registers.table import RegisterTable
from tilsyn.sampling.frame import FrameReport, examine
from tilsyn.sampling.frame_rules import FrameRules, Reading
from tilsyn.settings.schema import FrameSettings, LeaveOut, Register

COLUMNS = HEADINGS | {"law": "Paragraf", "status": "Status"}
RULES = made_rules(headings=COLUMNS, empty=("NULL",))
BY_TYPE = made_rules(
    headings=COLUMNS, frame=FrameSettings(leave_out=(LeaveOut(column="case_type", values=("ja",)),))
)
PER_CASEWORKER = made_rules(headings=COLUMNS, split="caseworker")
LAWS = st.sampled_from(["§ 52", "§ 52 ", "", "NULL", "§\u00a052", '"§" 52', "010160-5123", "Ã¸", "a|b"])
ROWS = st.lists(st.tuples(IDS, UNITS, CODES, TYPES, DAYS, DAYS, DAYS, LAWS, TYPES), max_size=6)
# What an editor writes, and what only the careful reader reads.
ENCODINGS = st.sampled_from(["utf-8", "utf-16"])


def read(
    path: Path, asked: FrameRules, thin: bool, unit: str | None = None, packed: bool = False
) -> RegisterTable:
    """Read a register with what its rules look at alone, or all of it, as `draw` does, as `check`, or as it is."""

    def read_by(headings: Mapping[str, str]) -> Reading:
        assert dict(headings) == dict(asked.headings)
        return Reading(asked, asked.judged if thin else tuple(headings))

    columns = {name: heading for name, heading in asked.headings.items() if name != "unit" or unit is None}
    return read_register(
        Register(columns=columns, unit=unit), path, read_by=read_by if thin or packed else None
    )


def write(path: Path, rows: list[tuple[str, ...]], encoding: str = "utf-8") -> Path:
    quoted = (f'"{cell}"'.replace('"§"', '""§""') if '"' in cell else cell for row in rows for cell in row)
    lines = zip(*[iter(quoted)] * len(COLUMNS), strict=True)
    text = "\r\n".join(map(";".join, [tuple(COLUMNS.values()), *lines])) + "\r\n"
    path.write_text(text, encoding, newline="")
    return path


def seen(report: FrameReport) -> list[object]:
    """Return all that is told of a frame."""
    counts = [report.left_out, report.units, report.caseworkers, report.as_of, report.n_cases, report.n_wrong]
    return [report.cases.fetchall(), *counts, report.problems]


@pytest.mark.parametrize("asked", [RULES, BY_TYPE, PER_CASEWORKER], ids=["unit", "type", "caseworker"])
@effort(max_examples=12, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(rows=ROWS, twice=st.sets(st.integers(0, 9)), encoding=ENCODINGS)
def test_the_frame_is_that_of_the_whole_register(
    tmp_path_factory: pytest.TempPathFactory,
    asked: FrameRules,
    rows: list[tuple[str, ...]],
    twice: set[int],
    encoding: str,
) -> None:
    plain = [(*line.split(";"), "§ 52", "Aktiv") for line in many(4)]
    repeated = [row for place, row in enumerate([*plain, *rows]) if place in twice]
    path = write(tmp_path_factory.mktemp("register") / "sager.csv", [*plain, *rows, *repeated], encoding)
    whole = read(path, asked, thin=False)
    kept = [read(path, asked, thin=True), read(path, asked, thin=False, packed=True)]
    with pytest.MonkeyPatch.context() as patch:
        small_parts(patch, 1000)
        kept.append(read(path, asked, thin=True))
    for one in kept:
        assert (one.headings, one.notes, one.number_columns) == (
            whole.headings,
            whole.notes,
            whole.number_columns,
        )
        assert seen(examine(one.relation, asked, Q2, one.whole)) == seen(examine(whole.relation, asked, Q2))


def plain_register(folder: Path) -> Path:
    return write(folder / "sager.csv", [(*line.split(";"), "§ 52", "Aktiv") for line in many(9)])


def small_parts(patch: pytest.MonkeyPatch, size: int) -> None:
    """Let every register be a large one."""
    patch.setattr(csv_shape, "CHUNK", 64)
    patch.setattr(csv_lines, "LARGE", 0)
    patch.setattr(csv_lines, "PART", size)


ENDS = {"none": "", "one": "\r\n", "lines": "\r\n" * 40, "rows": ";;;;;;;;\r\n" * 4}
CELLS = {"plain": "§ 52", "line": '"§\r\n52"', "feed": '"§\n52"', "open": '"§ 52'}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_register_in_parts_is_read_as_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, end: str, encoding: str
) -> None:
    path = plain_register(tmp_path)
    # A dash is what DuckDB does not read in Windows-1252.
    text = path.read_bytes().decode().rstrip().replace("Aktiv", "–", 1).replace("§ 52", cell, 5)
    path.write_bytes((text + end).encode(encoding))

    def found(thin: bool) -> object:
        try:
            register = read(path, RULES, thin)
            return register.relation.order('"row"').project('"row", case_id, unit').fetchall()
        except InputError as error:
            return error.problems

    whole = found(thin=False)
    small_parts(monkeypatch, 400)
    assert found(thin=True) == whole


@pytest.mark.parametrize("few", [0, 5000], ids=["all", "lines"])
def test_what_no_rule_looks_at_is_read_again_of_the_cases_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(csv_lines, "FEW", few)
    thin = read(plain_register(tmp_path), RULES, thin=True)
    assert not {"law", "status", "case_type"} & set(thin.relation.columns)
    report = examine(thin.relation, RULES, Q2, thin.whole)
    cases = report.examination.cases("case_id = '1003'")
    assert cases.project('"row", law, status, opened::VARCHAR').fetchall() == [
        (5, "§ 52", "Aktiv", "2018-02-01")
    ]


def test_the_one_unit_of_a_register_is_judged_and_read_again(tmp_path: Path) -> None:
    path = plain_register(tmp_path)
    asked = made_rules(headings=COLUMNS | {"unit": "unit"})
    thin = read(path, asked, thin=True, unit="Hele huset ")
    report = examine(thin.relation, asked, Q2, thin.whole)
    assert {row[0] for row in report.cases.project("unit").fetchall()} == {"Hele huset"}


@pytest.mark.parametrize("how", ["written", "set_back", "replaced", "removed"])
def test_a_file_that_is_changed_before_it_is_read_again_is_refused(tmp_path: Path, how: str) -> None:
    path = plain_register(tmp_path)
    # Written a second ago: the disk's clock may be a coarse one.
    os.utime(path, (path.stat().st_mtime - 1,) * 2)
    thin = read(path, RULES, thin=True)
    report = examine(thin.relation, RULES, Q2, thin.whole)
    content, written = path.read_bytes(), path.stat().st_mtime_ns
    if how == "replaced":
        path.rename(tmp_path / "gammel.csv")
    path.unlink() if how == "removed" else path.write_bytes(content)
    if how == "set_back":
        time.sleep(0.02)
        os.utime(path, ns=(written, written))
    with pytest.raises(InputError) as caught:
        report.examination.cases("case_id = '1003'")
    assert caught.value.problems[0].found == "filen blev ændret, mens den blev læst"


@pytest.mark.parametrize("thin", [True, False], ids=["judged", "all"])
def test_a_register_that_nobody_holds_takes_no_memory(tmp_path: Path, thin: bool) -> None:
    def tables() -> int:
        found = memory_database().execute(
            "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'packed'"
        )
        return int((found.fetchone() or (0,))[0])

    # What other tests left in a circle.
    gc.collect()
    before = tables()
    register = read(plain_register(tmp_path), RULES, thin, packed=True)
    report = examine(register.relation, RULES, Q2, register.whole)
    assert tables() == before + 2
    del register
    assert report.examination.cases("case_id = '1003'").fetchall()
    del report
    assert tables() == before
