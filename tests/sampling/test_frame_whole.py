"""A register of which little was kept: the same is found in it, and the rest is read again of the rows asked for."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from tests.sampling.test_frame import HEADINGS, Q2, relation, rules
from tilsyn.base.database import PackedTable, memory_database
from tilsyn.sampling import frame, frame_cells
from tilsyn.sampling.complaints import ComplaintRecord
from tilsyn.sampling.frame_cells import SUSPECTED, suspicious
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.settings.complaints import COMPLAINED
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut

LINES = (
    "1;Amager;AMA1;Anbringelse;01-02-2018;;",
    "2; amager ;AMA1;Klage;2018-02-02;03-02-2018;01-05-2018",
    "3;Amager;B1;\u00a0barn e\u0301n;1. marts 2018;;",
    "4;Valby;B1;A;02-02-2018;;31-03-2018",
    "4;Valby;B1;A;02-02-2018;;31-03-2018",
    "5;Valby;B1;A;02-02-2018;;",
    "5;Valby;B1;B;02-02-2018;;",
    "6;Valby;B1;A;02-07-2018;;",
    "7;Valby;;om 010160-5123;02-02-2018;;",
    ";Valby;B1;A;;;",
    "8;Valby;;;;;02-06-2018",
    "9;Valby;Udenfor;A;02-02-2018;;",
    "I alt;11;;;;;",
    "10;Valby;B1;null;ukendt;;",
    "11;Valby;B1;null;02-02-2018;;",
    "11;Valby;B1;NULL;02-02-2018;;",
)
RULES: dict[str, Any] = {
    "empty": ("null",),
    "frame": FrameSettings(leave_out=(LeaveOut(column="caseworker", values=("udenfor",)),)),
    "risk": (Risk(name="kode", column="caseworker", values=("AMA1",), size=1),),
    "as_of": None,
}
CASES = [
    (2, "1", "Amager", "AMA1", "Anbringelse", date(2018, 2, 1), None, None),
    (3, "2", "Amager", "AMA1", "Klage", date(2018, 2, 2), date(2018, 2, 3), date(2018, 5, 1)),
    (4, "3", "Amager", "B1", "barn \u00e9n", date(2018, 3, 1), None, None),
    (12, "8", "Valby", None, None, None, None, date(2018, 6, 2)),
    (16, "11", "Valby", "B1", None, date(2018, 2, 2), None, None),
]
LEFT_OUT = [
    ("closed_before_period", 1),
    ("contradictory_duplicate", 2),
    ("cpr", 1),
    ("duplicate", 2),
    ("missing_id", 1),
    ("not_a_date", 1),
    ("opened_after_period", 1),
    ("other_scope", 1),
    ("total_row", 1),
]


class Kept:
    """A register as a CSV file's reader keeps it: some columns, and all of a row that it suspects."""

    def __init__(
        self, full: duckdb.DuckDBPyRelation, read_by: FrameRules, columns: Sequence[str] | None = None
    ) -> None:
        columns = read_by.judged if columns is None else columns
        self.asked: list[int] = []
        full.query("source", "CREATE TEMP TABLE full_register AS FROM source")
        self._full = full
        listed = ", ".join(f'"{column}"' for column in read_by.columns)
        kept = ", ".join(f'"{column}"' for column in columns)
        self._others = [column for column in read_by.headings if column not in columns]
        self.relation = full.project(
            f'"row", {kept}, CASE WHEN {suspicious(listed, read_by)} THEN [{listed}] END AS {SUSPECTED}'
        )

    def whole(self, rows: str, table: str) -> bool:
        if not self._others:
            return False
        others = ", ".join(f'"{column}"' for column in self._others)
        sql = f'CREATE TEMP TABLE {table} AS SELECT "row", {others} FROM full_register SEMI JOIN {rows} USING ("row")'
        self._full.query("source", sql)
        asked = self._full.query("source", f'SELECT "row" FROM {rows} ORDER BY 1').fetchall()
        self.asked += [row for (row,) in asked]
        return True


def told(report: frame.FrameReport) -> dict[str, Any]:
    """Return all that an examination says."""
    return {
        "n": (report.n, report.n_rows, report.n_cases, report.n_wrong),
        "left_out": report.left_out,
        "problems": report.problems,
        "about": report.about,
        "units": report.units,
        "caseworkers": report.caseworkers,
        "as_of": report.as_of,
        "matched": report.matched,
        "columns": report.columns,
        "cases": report.cases.fetchall(),
        "judged": sorted(report.judged.project('"row"').fetchall()),
    }


def test_all_that_an_examination_says() -> None:
    report = frame.examine(relation(*LINES), rules(**RULES), Q2)
    assert (report.n, report.n_rows, report.n_cases, report.n_wrong) == (5, 16, 12, 4)
    assert report.cases.columns == ["row", *rules().headings]
    assert report.cases.fetchall() == CASES
    assert report.judged.columns == ["row", "case_id", "unit", "caseworker", "opened", "decided", "closed"]
    assert sorted(report.judged.project('"row"').fetchall()) == [(row,) for row, *_ in CASES]
    assert report.left_out == LEFT_OUT
    assert report.units == {"Amager": 3, "Valby": 2}
    assert report.caseworkers == [("AMA1", "Amager", 2), ("B1", "Amager, Valby", 2)]
    assert report.as_of == date(2018, 7, 2)
    assert [(found.rule, found.name, found.n) for found in report.matched] == [
        ("closed_before_period", "closed_before_period", 2),
        ("opened_after_period", "opened_after_period", 1),
        ("leave_out", "other_scope", 1),
        ("risk", "kode", 2),
    ]
    assert (report.about, report.errors) == ([], [one for one in report.problems if one.kind == "error"])


@pytest.mark.parametrize(
    ("lines", "asked"),
    [
        # Of the cases and of rows of one number, those that nothing was suspected in.
        (LINES, [5, 6, 7, 8, 2, 12]),
        # Nothing suspected, and nothing else than suspected.
        (LINES[:1] + LINES[5:8], [3, 4, 2]),
        (LINES[2:3] + LINES[9:10], []),
    ],
)
def test_what_was_not_kept_is_read_again_of_the_rows_asked_for(
    lines: tuple[str, ...], asked: list[int]
) -> None:
    read_by = rules(**RULES)
    kept = Kept(relation(*lines), read_by)
    report = frame.examine(kept.relation, read_by, Q2, kept.whole)
    full = frame.examine(relation(*lines), read_by, Q2)
    assert told(report) == told(full)
    assert kept.asked == asked
    # Little was kept of a register because it may be large: so is what is said of it, which is packed.
    assert (report.examination.held is None, full.examination.held is None) == (False, True)


def test_several_columns_are_read_again_as_one_is() -> None:
    read_by = rules(**RULES | {"dates": ("opened",)})
    kept = Kept(relation(*LINES), read_by)
    report = frame.examine(kept.relation, read_by, Q2, kept.whole)
    assert told(report) == told(frame.examine(relation(*LINES), read_by, Q2))


@pytest.mark.parametrize(("many", "is_packed"), [(len(LINES) - 1, True), (len(LINES), False)])
def test_very_many_judged_rows_are_packed_and_go_with_the_examination(
    monkeypatch: pytest.MonkeyPatch, many: int, is_packed: bool
) -> None:
    packed: list[str] = []
    monkeypatch.setattr(frame_cells, "MANY", many)
    monkeypatch.setattr(PackedTable, "pack", lambda table: packed.append(table.name))
    kept = Kept(relation(*LINES), rules(**RULES))
    report = frame.examine(kept.relation, rules(**RULES), Q2, kept.whole)
    assert report.examination.held is not None
    name = report.examination.held.name
    assert packed == ([name] if is_packed else [])
    there = f"FROM duckdb_tables() WHERE database_name || '.' || table_name = '{name}'"
    assert len(memory_database().sql(there).fetchall()) == 1
    del report
    gc.collect()
    assert memory_database().sql(there).fetchall() == []


def test_where_all_columns_were_kept_nothing_is_read_again_and_each_is_reported() -> None:
    read_by = rules(**RULES)
    kept = Kept(relation(*LINES), read_by, tuple(HEADINGS))
    report = frame.examine(kept.relation, read_by, Q2, kept.whole)
    full = frame.examine(relation(*LINES), read_by, Q2)
    assert told(report) == told(full)
    assert report.examination.columns() == full.examination.columns()
    assert kept.asked == []


def test_who_complained_is_known_beside_what_was_kept() -> None:
    complained = ComplaintRecord(name="klager.csv", sha256="", within="12 months", cases=("2", "3"))
    risk = Risk(name="klage", column=COMPLAINED, values=("ja",), size=1)
    kept = Kept(relation(*LINES), rules(**RULES))
    headings = {**HEADINGS, COMPLAINED: COMPLAINED}
    asked = rules(**RULES | {"headings": headings, "complaints": complained, "risk": (risk,)})
    # Twice in one connection.
    _, report = (frame.examine(kept.relation, asked, Q2, kept.whole) for _ in range(2))
    assert [case[-1] for case in report.cases.fetchall()] == ["nej", "ja", "ja", "nej", "nej"]
    assert [found.n for found in report.matched if found.rule == "risk"] == [2]


def test_some_of_the_cases_with_all_their_columns() -> None:
    read_by = rules(**RULES)
    kept = Kept(relation(*LINES), read_by)
    for source, whole in ((relation(*LINES), None), (kept.relation, kept.whole)):
        examined = frame.examine(source, read_by, Q2, whole).examination
        assert examined.cases("unit = 'Amager'").fetchall() == CASES[:3]
        assert examined.cases("case_id = 'none'").fetchall() == []
