"""What the column says of a cell: ids a spreadsheet changed, broken letters, rows that are no case, dates not meant."""

from __future__ import annotations

from datetime import date

import pytest

from tests.sampling.test_frame import GOOD, examine, ids, many
from tilsyn.sampling.frame_odd import empty_texts
from tilsyn.sampling.row_problems import RowProblem, grouped


@pytest.mark.parametrize(
    ("line", "what", "reason"),
    [
        ("2,01803E+11;Amager;A1;A;;;", "id_scientific", "spoilt_id"),
        ("2.018E+11;Amager;A1;A;;;", "id_scientific", "spoilt_id"),
        ("1202.0;Amager;A1;A;;;", "id_decimal", "spoilt_id"),
        ("01-03-2018;Amager;A1;A;;;", "id_date", "spoilt_id"),
        ("2018-03-01;Amager;A1;A;;;", "id_date", "spoilt_id"),
        ("2018-03-01 00:00:00;Amager;A1;A;;;", "id_date", "spoilt_id"),
        ("mar-18;Amager;A1;A;;;", "id_date", "spoilt_id"),
        ("9;NÃ¸rrebro;A1;A;;;", "garbled", "garbled"),
        ("9;N¿rrebro;A1;A;;;", "garbled", "garbled"),
        ("9;N›rrebro;A1;A;;;", "garbled", "garbled"),
        ("9;¯sterbro;A1;A;;;", "garbled", "garbled"),
        ("9;N\ufffdrrebro;A1;A;;;", "garbled", "garbled"),
        ("9;Amager;A1;A;;;0001-01-01", "impossible_date", "impossible_date"),
        ("9;Amager;A1;A;;;1753-01-01", "impossible_date", "impossible_date"),
        ("9;Amager;A1;A;;;01-01-1900", "impossible_date", "impossible_date"),
        ("9;Amager;A1;A;31-12-9999;;", "impossible_date", "impossible_date"),
    ],
)
def test_what_cannot_be_meant_is_an_error(line: str, what: str, reason: str) -> None:
    report = examine(*many(30), line)
    (found,) = report.errors
    assert isinstance(found, RowProblem)
    assert (found.what, found.row) == (what, 32)
    assert report.left_out == [(reason, 1)]
    assert report.n == 30


@pytest.mark.parametrize("case", ["2018-03-01", "1E10", "10.07.00-G01-1-18", "0012", "SUM-1", "2018-03-45"])
def test_an_id_like_the_others_is_none_changed(case: str) -> None:
    alike = [f"{case[:-1]}{n};Nørrebro;N1;A;;;" for n in range(10)]
    report = examine(*alike)
    assert report.errors == []
    assert report.n == 10


def test_a_column_of_date_cells_holds_no_ids() -> None:
    report = examine("2018-03-01;Amager;A1;A;;;", date_cells=("case_id",))
    assert report.left_out == [("spoilt_id", 1)]


@pytest.mark.parametrize(
    "line", ["I alt;30;;;;;", "Total: 30;;;;;;", ";I alt 30;;;;;", "Antal sager;30;;;;;"]
)
def test_a_line_of_totals_is_no_case(line: str) -> None:
    report = examine(GOOD, line)
    assert report.left_out == [("total_row", 1)]
    assert report.errors == []
    assert [problem.row for problem in report.problems] == [3]
    assert list(report.units) == ["Amager"]


def test_headings_that_stand_again_are_no_case() -> None:
    report = examine(GOOD, "Sagsnr;Enhed;Sagsbehandler;Sagstype;Oprettet;Afgjort;Lukket", "2;Amager;A1;A;;;")
    assert report.left_out == [("heading_row", 1)]
    assert (report.n, report.errors) == (2, [])


@pytest.mark.parametrize(("written", "meant"), [('="00123"', "00123"), ("'00123", "00123"), (' ="7" ', "7")])
def test_a_mark_of_text_is_no_part_of_an_id(written: str, meant: str) -> None:
    report = examine(GOOD, f"{written};Amager;A1;A;;;")
    assert ids(report) == ["1", meant]
    assert [problem.kind for problem in report.problems] == ["note"]


def test_a_draw_on_record_is_read_as_it_was_made() -> None:
    report = examine(GOOD, "I alt;30;;;;;", '="7";Amager;A1;A;;;', id_rules=1)
    assert ids(report) == ["1", "I alt", '="7"']


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1. marts 2018", date(2018, 3, 1)),
        ("43162", date(2018, 3, 3)),
        ("01.03.2018 kl. 12.30", date(2018, 3, 1)),
        ("2018-03-01T12:30:00+01:00", date(2018, 3, 1)),
        ("2018-02-28T23:00:00Z", date(2018, 3, 1)),
        ("2018-03-01 12:30:00.000", date(2018, 3, 1)),
        ("03/01/2018 10:30 PM", date(2018, 1, 3)),
        ("01032018", date(2018, 3, 1)),
    ],
)
def test_dates_take_the_forms_that_a_checklist_takes(text: str, day: date) -> None:
    report = examine(f"9;Amager;A1;A;{text};;")
    assert report.errors == []
    assert report.cases.project("opened").fetchall() == [(day,)]


@pytest.mark.parametrize("text", ["180712", "120718", "180712 12:30"])
def test_six_figures_are_no_date_in_a_register(text: str) -> None:
    # Read day first, as in a checklist, the first would be a day of 2012.
    report = examine(f"9;Amager;A1;A;{text};;")
    assert [problem.row for problem in report.errors] == [2]


def test_what_means_nothing_is_named_in_the_settings() -> None:
    lines = [
        "1;Amager;A1;A;;;NULL",
        "2;Amager;A1;A;;;-",
        "3;Amager;A1;A;;;1753-01-01 00:00:00",
        "4;-;A1;A;;;",
    ]
    report = examine(*lines, empty=("null", "-", "01-01-1753"))
    assert report.left_out == [("missing_unit", 1)]
    assert ids(report) == ["1", "2", "3"]
    assert sum(problem.kind == "note" for problem in report.problems) == 2


def test_an_empty_date_is_meant_however_a_cell_holds_it() -> None:
    assert empty_texts(("0001-01-01", "NULL")) == ["0001-01-01", "01-01-0001", "0001-01-01 00:00:00", "null"]


@pytest.mark.parametrize("text", ["31-12-9999", "31.12.9999", "31/12/9999", "9999-12-31"])
def test_an_empty_date_is_named_in_any_spelling(text: str) -> None:
    others = ["31-12-9999", "9999-12-31", "9999-12-31 00:00:00"]
    assert empty_texts((text,)) == list(dict.fromkeys([text, *others]))


def test_texts_that_are_no_dates_keep_no_other_from_being_read() -> None:
    texts = ["i går", "43162", "180712", "x", "1. marts 2018", "120718"]
    report = examine(*(f"{n};Amager;A1;A;{text};;" for n, text in enumerate(texts)))
    assert [problem.row for problem in report.errors] == [2, 4, 5, 7]


def test_problems_of_a_kind_in_a_column_are_one() -> None:
    report = examine(*[f"{n};Amager;A1;A;x{n};;" for n in range(1, 1202)])
    (group,) = [problem for problem in grouped(report.problems) if problem.kind == "error"]
    assert isinstance(group, RowProblem)
    assert (group.n, group.row, len(group.places)) == (1201, 2, 3)
    assert all(f"»x{n}«" in group.found for n in (1, 2, 3))
    assert len(report.examination.problems(listed=None)) == 1201


def test_a_database_names_the_case() -> None:
    report = examine("2018-1;Amager;A1;A;x;;", rows_are_cases=True)
    (found,) = grouped(report.problems)
    assert found.row is None
    assert "sag 2018-1" in found.found


def test_a_column_is_reported_as_a_whole() -> None:
    report = examine(*many(30), "2018-7;Amager;A1;A;2018-03-01;;31-12-9999")
    columns = {column.column: column for column in report.examination.columns()}
    assert (columns["case_id"].n, columns["case_id"].different, columns["case_id"].example) == (
        31,
        1,
        "2018-7",
    )
    assert columns["case_id"].commonest == ()
    assert columns["unit"].commonest == (("Nørrebro", 30), ("Amager", 1))
    assert (columns["decided"].empty, columns["closed"].newest) == (31, date(9999, 12, 31))
    assert (columns["opened"].oldest, columns["opened"].different) == (date(2018, 2, 1), 1)
