"""The frame: what is a case, what is left out and why, and every problem with its row."""

from __future__ import annotations

import hashlib
from datetime import date

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.cpr import SPELLINGS
from tests.sampling.test_frame_measures import examined, measure
from tilsyn.base import own_numbers
from tilsyn.base.canonical import canonical_id, deceptive, has_forbidden
from tilsyn.base.database import memory_database
from tilsyn.base.periods import Period
from tilsyn.base.problems import Problem
from tilsyn.sampling import frame
from tilsyn.sampling.commitment import commitment
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.rule_columns import RuleColumns
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut

Q2 = Period.parse("2018-Q2")
HEADINGS = {
    "case_id": "Sagsnr",
    "unit": "Enhed",
    "caseworker": "Sagsbehandler",
    "case_type": "Sagstype",
    "opened": "Oprettet",
    "decided": "Afgjort",
    "closed": "Lukket",
}
GOOD = "1;Amager;AMA1;Anbringelse;01-02-2018;;"


def relation(*lines: str) -> duckdb.DuckDBPyRelation:
    """Return rows written as text, in the order of HEADINGS, the first being row 2."""
    rows = [[cell or None for cell in line.split(";")] for line in lines]
    table = pd.DataFrame(rows, columns=list(HEADINGS), dtype="string")
    table.insert(0, "row", range(2, len(rows) + 2))
    return memory_database().from_df(table)


def rules(**changed: object) -> FrameRules:
    given: dict[str, object] = {
        "headings": HEADINGS,
        "dates": ("opened", "decided", "closed"),
        "today": date(2018, 7, 2),
        "as_of": date(2018, 7, 2),
    }
    return FrameRules(**(given | changed))  # type: ignore[arg-type]


def examine(*lines: str, period: Period | None = Q2, **changed: object) -> frame.FrameReport:
    return frame.examine(relation(*lines), rules(**changed), period)


def told(report: frame.FrameReport, kind: str = "error") -> list[tuple[int | None, str | None]]:
    return [(problem.row, problem.column) for problem in report.problems if problem.kind == kind]


def many(n: int, unit: str = "Nørrebro", first: int = 1000) -> list[str]:
    return [f"{first + i};{unit};N1;Anbringelse;01-02-2018;;" for i in range(n)]


def ids(report: frame.FrameReport) -> list[str]:
    return [row[0] for row in report.cases.project("case_id").fetchall()]


def test_a_good_row_is_a_case_with_its_dates_as_dates() -> None:
    report = examine(GOOD)
    assert (report.n, report.n_rows, report.left_out, report.problems) == (1, 1, [], [])
    assert report.cases.columns == ["row", *HEADINGS]
    assert report.cases.fetchall() == [
        (2, "1", "Amager", "AMA1", "Anbringelse", date(2018, 2, 1), None, None)
    ]
    assert report.as_of == date(2018, 7, 2)
    assert report.units == {"Amager": 1}
    assert report.caseworkers == [("AMA1", "Amager", 1)]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (";Amager;AMA1;A;01-02-2018;;", "Sagsnr", "missing_id"),
        (" \u00a0;Amager;AMA1;A;01-02-2018;;", "Sagsnr", "missing_id"),
        ("9|1;Amager;AMA1;A;01-02-2018;;", "Sagsnr", "bad_character"),
        ("9\x071;Amager;AMA1;A;01-02-2018;;", "Sagsnr", "bad_character"),
        ("9;Ama\tger;AMA1;A;01-02-2018;;", "Enhed", "bad_character"),
        ("9; ;AMA1;A;01-02-2018;;", "Enhed", "missing_unit"),
        ("9;Amager;AMA1;A;31-02-2018;;", "Oprettet", "not_a_date"),
        ("9;Amager;AMA1;A;ukendt;;", "Oprettet", "not_a_date"),
        ("9;Amager;AMA1;A;00-00-0000;;", "Oprettet", "not_a_date"),
        ("9;Amager;AMA1;A;431911;;", "Oprettet", "not_a_date"),
        ("9;Amager;AMA1;A;01-05-2018;;01-04-2018", "Lukket", "closed_before_opened"),
        ("9;Amager;AMA1;A om 010160-5123;01-02-2018;;", "Sagstype", "cpr"),
        ("9;Amager;AMA1;A om 6101605123.;01-02-2018;;", "Sagstype", "cpr"),
        ("010160 5123;Amager;AMA1;A;01-02-2018;;", "Sagsnr", "cpr"),
    ],
)
def test_each_error_is_told_with_its_row_and_heading_and_left_out(
    line: str, column: str, reason: str
) -> None:
    report = examine(GOOD, line)
    assert told(report) == [(3, column)]
    assert report.left_out == [(reason, 1)]
    assert ids(report) == ["1"]
    assert all(problem.remedy for problem in report.problems)


def test_a_row_with_several_errors_tells_all_and_counts_once() -> None:
    report = examine(GOOD, ";;AMA1;010160-5123;x;;y")
    assert sorted(told(report)) == [(3, c) for c in ("Enhed", "Lukket", "Oprettet", "Sagsnr", "Sagstype")]
    assert report.left_out == [("cpr", 1)] or report.left_out == [("missing_id", 1)]
    assert report.n + sum(n for _, n in report.left_out) == report.n_rows == 2


@pytest.mark.parametrize(
    ("lines", "n_cases", "n_wrong"),
    [
        ((GOOD,), 1, 0),
        ((GOOD, GOOD, "I alt;2;;;;;"), 1, 0),
        # A row without a number is a case of its own, and one that stands twice is one.
        ((";Amager;A1;A;;;", ";Amager;A1;A;;;"), 2, 2),
        ((GOOD, "2;Amager;A1;A;x;;", "2;Amager;A1;A;x;;", "I alt;2;;;;;"), 2, 1),
    ],
)
def test_how_many_cases_there_are_and_how_many_with_errors(
    lines: tuple[str, ...], n_cases: int, n_wrong: int
) -> None:
    report = examine(*lines)
    assert (report.n_rows, report.n_cases, report.n_wrong) == (len(lines), n_cases, n_wrong)


def test_a_cpr_number_is_never_shown() -> None:
    report = examine("9;Amager;AMA1;barnet 010160-5123;01-02-2018;;")
    text = "".join(problem.found + problem.remedy for problem in report.problems)
    assert "01xxxx-xxxx" in text
    assert "5123" not in text


def test_nine_digits_are_a_cpr_number_only_in_number_cells_and_not_cpr_exempts() -> None:
    lines = ("101605123;Amager;A1;A;01-02-2018;;", "010160-5123;Amager;A1;A;01-02-2018;;")
    assert told(examine(*lines)) == [(3, "Sagsnr")]
    assert told(examine(*lines, number_columns=("case_id",))) == [(2, "Sagsnr"), (3, "Sagsnr")]
    assert told(examine(*lines, number_columns=("case_id",), not_cpr=("case_id",))) == []
    both = (*lines, "9;Amager;A1;010160-5123;;;")
    assert told(examine(*both, not_cpr=("case_id",))) == [(4, "Sagstype")]
    assert told(examine(*both, not_cpr=tuple(HEADINGS))) == []


DECEPTIVE = [
    "9\u200b1",
    "\u202e91",
    "9\u00a01",
    "9\uff11",
    "9\u00b2",
    "9\ue0001",
    "\ufb01-1",
    "9\u180e1",
    "9\U000e00011",
]


def test_ids_with_what_no_eye_can_tell_are_errors_that_name_it_and_none_by_the_rules_of_old_draws() -> None:
    lines = [f"{case};Amager;A1;A;01-02-2018;;" for case in DECEPTIVE]
    report = examine(GOOD, *lines)
    assert told(report) == [(row, "Sagsnr") for row in range(3, len(lines) + 3)]
    assert report.left_out == [("bad_character", len(lines))]
    assert all("U+" in problem.found for problem in report.errors)
    old = examine(GOOD, *lines, id_rules=1)
    assert old.errors == []
    assert len(examine("9\u200b|1;Amager;A1;A;;;", id_rules=1).errors) == 1
    assert set(ids(old)) == {"1", *map(canonical_id, DECEPTIVE)}


def test_every_sign_that_no_eye_can_tell_is_named() -> None:
    (error,) = examine("9\u200b\u200c1;Amager;A1;A;;;").errors
    assert "(U+200B, U+200C)" in error.found


def test_nine_digits_beside_a_sign_that_no_eye_can_tell_are_a_cpr_number_in_number_cells() -> None:
    line = "9;Amager;A1;\u00a0101605123;;;"
    assert (told(examine(line)), examine(line).left_out) == ([], [])
    assert told(examine(line, number_columns=("case_type",))) == [(2, "Sagstype")]


def test_a_unit_or_code_with_what_no_eye_can_tell_is_a_note() -> None:
    report = examine(GOOD, "2;Ama\u200bger;A\u00a01;A;01-02-2018;;")
    assert report.errors == []
    assert [place for place in told(report, "note") if place[0] == 3] == [(3, "Enhed"), (3, "Sagsbehandler")]


def test_a_cpr_number_in_any_spelling_is_an_error_in_any_column() -> None:
    rows = [["9", f"A {spelt}", "x"] for spelt in SPELLINGS] + [
        ["9", "A", f"om {spelt}."] for spelt in SPELLINGS
    ]
    # In two cells it is none.
    rows.append(["9", "120374", "6598"])
    table = pd.DataFrame(rows, columns=["case_id", "unit", "case_type"], dtype="string")
    table.insert(0, "row", range(2, len(rows) + 2))
    headings = {"case_id": "Nr", "unit": "Enhed", "case_type": "Sagstype"}
    report = frame.examine(duckdb.connect().from_df(table), rules(headings=headings, dates=()), Q2)
    # Tab and line break in a unit are errors of their own.
    assert {"cpr": len(rows) - 3, "bad_character": 2}.items() <= dict(report.left_out).items()
    assert not any("6598" in problem.found + problem.remedy for problem in report.problems)
    found = [problem for problem in report.errors if "xxxx-xxxx" in problem.found]
    assert {problem.row for problem in found} == set(range(2, len(rows) + 1))
    assert {problem.column for problem in found} == {"Enhed", "Sagstype"}


def test_a_number_of_another_country_is_found_in_every_column_that_is_kept() -> None:
    own_numbers.look_for({"NI": r"[A-Z]{2}\d{6}[A-Z]"})
    lines = (
        GOOD,
        "9;Amager;AMA1;om AB123456C;01-02-2018;;",
        "AB123456D;Amager;A1;A;;;",
        "8;Amager;B1;AB12345;;;",
    )
    report = examine(*lines)
    assert told(report) == [(3, "Sagstype"), (4, "Sagsnr")]
    assert report.left_out == [("cpr", 2)]
    assert all("»NI«" in problem.found and "123456" not in problem.found for problem in report.errors)
    assert told(examine(*lines, not_cpr=("case_type",))) == [(4, "Sagsnr")]


def test_running_numbers_that_touch_other_digits_are_no_cpr_numbers() -> None:
    lines = [f"{case};Amager;A1;A;01-02-2018;;" for case in ("2015-0022778", "20180401123456", "991360-5123")]
    assert told(examine(*lines)) == []


def test_an_identical_duplicate_is_a_note_and_counts_once() -> None:
    report = examine(GOOD, " 1 ; amager;AMA1;Anbringelse;2018-02-01;;")
    assert report.left_out == [("duplicate", 1)]
    assert report.errors == []
    assert (3, "Sagsnr") in told(report, "note")
    assert report.cases.project('"row"').fetchall() == [(2,)]


def test_a_contradictory_duplicate_is_an_error_on_every_row_and_names_what_differs() -> None:
    report = examine(
        GOOD, GOOD, "1;Amager;AMA2;Anbringelse;01-02-2018;;", "2;Amager;AMA1;Anbringelse;01-02-2018;;"
    )
    assert told(report) == [(2, "Sagsnr"), (3, "Sagsnr"), (4, "Sagsnr")]
    assert report.left_out == [("contradictory_duplicate", 3)]
    assert all("Sagsbehandler" in problem.found and "Enhed" not in problem.found for problem in report.errors)


def test_units_are_compared_without_case_and_space_and_the_commonest_spelling_is_kept() -> None:
    report = examine(
        GOOD, "2; amager;A1;A;01-02-2018;;", "3;AMAGER;A1;A;01-02-2018;;", "4;Amager;A1;A;01-02-2018;;"
    )
    assert report.units == {"Amager": 4}
    assert told(report, "note") == [(3, "Enhed"), (4, "Enhed")]
    assert report.errors == []


def test_a_unit_with_a_control_character_is_never_shown_raw() -> None:
    report = examine(*many(3), "1;Val\x1b[31mby;N1;A;01-02-2018;;")
    shown = [problem.found for problem in report.problems]
    assert any("Val·[31mby" in text for text in shown)
    assert not any("\x1b" in text for text in shown)


@pytest.mark.parametrize("spelt", ["Nørebro", "Norrebro", "nørrebor"])
def test_a_rare_unit_near_a_commoner_one_is_a_misspelling(spelt: str) -> None:
    report = examine(*many(150), f"1;{spelt};N1;A;01-02-2018;;")
    assert told(report) == [(152, "Enhed")]
    assert "»Nørrebro«" in report.errors[0].found
    assert report.left_out == [("misspelt_unit", 1)]
    assert list(report.units) == ["Nørrebro"]


def test_a_unit_with_one_per_cent_of_the_rows_or_in_the_plan_is_no_misspelling() -> None:
    assert examine(*many(99), "1;Nørebro;N1;A;01-02-2018;;").errors == []
    planned = examine(*many(150), "1;Nørebro;N1;A;01-02-2018;;", units=("Nørrebro", "Nørebro"))
    assert planned.errors == []
    assert examine(*many(150), "1;Østerbro;N1;A;01-02-2018;;").errors == []


def test_units_outside_the_plan_and_empty_ones_are_notes() -> None:
    report = examine(GOOD, units=("Nørrebro",))
    assert [problem.kind for problem in report.problems] == ["note", "note"]
    assert {problem.row for problem in report.problems} == {2, None}


def test_an_empty_caseworker_is_an_error_at_level_1_only() -> None:
    line = "1;Amager;;A;01-02-2018;;"
    assert told(examine(line, split="caseworker")) == [(2, "Sagsbehandler")]
    assert examine(line, split="caseworker").left_out == [("missing_caseworker", 1)]
    assert examine("1;Amager;A1;;;;", split="case_type").left_out == [("missing_stratum", 1)]
    assert examine(line, split="alle").left_out == []
    assert examine(line).n == 1
    assert told(examine(line), "note") == [(2, "Sagsbehandler")]


def test_a_code_in_two_units_is_a_note_and_each_case_keeps_its_unit() -> None:
    report = examine(GOOD, "2;Valby;AMA1;A;01-02-2018;;")
    assert told(report, "note") == [(2, "Sagsbehandler")]
    assert [units for _, units, _ in report.caseworkers] == ["Amager, Valby"]
    assert list(report.units.values()) == [1, 1]


def test_dates_are_read_as_danish_and_iso_and_mixed_forms_are_a_note() -> None:
    texts = [
        "01-02-2018",
        "1.2.2018",
        "1/2/2018",
        "2018-02-01",
        "2018-02-01 13:45:10",
        "2018/2/1",
        "20180201",
        "01-02-18",
    ]
    report = examine(*(f"{n};Amager;A1;A;{text};;" for n, text in enumerate(texts)))
    assert {row[0] for row in report.cases.project("opened").fetchall()} == {date(2018, 2, 1)}
    assert report.errors == []
    assert {problem.column for problem in report.problems} == {"Oprettet"}


def test_a_date_that_only_fits_month_first_is_read_and_told() -> None:
    report = examine("1;Amager;A1;A;02/25/2018;;")
    assert report.cases.project("opened").fetchall() == [(date(2018, 2, 25),)]
    assert told(report, "note") == [(2, "Oprettet")]
    first = examine("1;Amager;A1;A;02/03/2018;;", month_first=True)
    assert first.cases.project("opened").fetchall() == [(date(2018, 2, 3),)]


def test_odd_orders_and_future_dates_are_notes() -> None:
    report = examine(
        "1;Amager;A1;A;01-02-2018;01-01-2018;",
        "2;Amager;A1;A;01-02-2018;01-06-2018;01-05-2018",
        "3;Amager;A1;A;01-02-2018;;01-01-2019",
        "4;Amager;A1;A;01-02-2018;;31-12-9999",
        as_of=None,
    )
    assert report.errors == []
    assert told(report, "note") == [(2, "Afgjort"), (3, "Lukket"), (4, "Lukket")]
    assert (report.n, report.left_out) == (4, [])
    assert report.as_of == date(2018, 6, 1)


@pytest.mark.parametrize(
    ("line", "dates", "kind", "place"),
    [
        ("1;Amager;A1;A;01-05-2018;;01-04-2018", ("opened", "closed"), "error", (2, "Lukket")),
        ("1;Amager;A1;A;01-05-2018;01-04-2018;", ("opened", "decided"), "note", (2, "Afgjort")),
        ("1;Amager;A1;A;;01-05-2018;01-04-2018", ("decided", "closed"), "note", (2, "Lukket")),
    ],
)
def test_two_dates_are_held_against_each_other_where_there_are_no_more(
    line: str, dates: tuple[str, ...], kind: str, place: tuple[int, str]
) -> None:
    report = examine(line, dates=dates)
    assert place in told(report, kind)
    assert report.left_out == ([("closed_before_opened", 1)] if kind == "error" else [])


def test_truth_values_are_looked_for_in_the_columns_of_rules_unless_a_draw_on_record_says_where() -> None:
    lines = ("1;Amager;1;Ja;;;", "0;Amager;0;Nej;;;")
    rule = FrameSettings(leave_out=(LeaveOut(column="case_type", values=("true",)),))
    risk = (Risk(name="kode", column="caseworker", values=("nej",), size=1),)
    report = examine(*lines, frame=rule, risk=risk)
    assert report.columns.booleans == ("case_type", "caseworker")
    assert (ids(report), [found.n for found in report.matched]) == (["0"], [0, 0, 1, 1])
    old = examine(*lines, frame=rule, risk=risk, booleans=("caseworker",))
    assert (ids(old), [found.n for found in old.matched]) == (["1", "0"], [0, 0, 0, 1])


def test_a_register_without_caseworkers_has_none() -> None:
    headings = {name: HEADINGS[name] for name in HEADINGS if name != "caseworker"}
    report = frame.examine(relation(GOOD), rules(headings=headings), Q2)
    assert report.caseworkers == []


def test_the_frame_leaves_out_by_dates_and_rules_with_reasons() -> None:
    report = examine(
        GOOD,
        "2;Amager;A1;A;01-02-2018;;31-03-2018",
        "3;Amager;A1;A;01-02-2018;;01-04-2018",
        "4;Amager;A1;A;30-06-2018;;",
        "5;Amager;A1;A;01-07-2018;;",
        "6;Amager;A1; efterværn ;01-02-2018;;",
        frame=FrameSettings(leave_out=(LeaveOut(column="case_type", values=("Efterværn",)),)),
    )
    assert report.left_out == [("closed_before_period", 1), ("opened_after_period", 1), ("other_scope", 1)]
    assert ids(report) == ["1", "3", "4"]
    kept = examine(
        GOOD,
        "2;Amager;A1;A;01-07-2018;;01-07-2018",
        frame=FrameSettings(opened_after_period=False, closed_before_period=False),
    )
    assert kept.n == 2
    assert examine("2;Amager;A1;A;01-07-2018;;", period=None).n == 1


def test_very_many_errors_of_one_kind_end_in_a_count() -> None:
    report = examine(*(f"{n};Amager;A1;A;x;;" for n in range(1203)))
    assert len(report.errors) == 1001
    assert "203" in "".join(problem.found for problem in report.errors if problem.row is None)
    assert report.left_out == [("not_a_date", 1203)]


def test_as_of_is_given_or_the_newest_date_that_is_not_in_the_future() -> None:
    rows = relation(GOOD, "2;Amager;A1;A;03-05-2018;;01-01-2030")
    assert frame.newest_date(rows, rules(as_of=None)) == date(2018, 5, 3)
    assert frame.newest_date(rows, rules(as_of=date(2018, 6, 30))) == date(2018, 6, 30)
    assert frame.newest_date(rows, rules(as_of=None, dates=())) is None
    assert frame.newest_date(rows, rules(as_of=None, today=date(2018, 5, 3))) == date(2018, 5, 3)
    assert frame.newest_date(rows, rules(as_of=None, today=date(2018, 5, 2))) == date(2018, 2, 1)
    assert frame.newest_date(rows, rules(as_of=None, month_first=True)) == date(2018, 3, 5)
    assert frame.newest_date(rows, rules(as_of=None, today=date(2018, 1, 1))) is None


def test_the_commitment_is_what_design_section_3_says() -> None:
    rows = [("b", "Å"), ("a", "Å"), ("æ", "A"), ("Z", "A")]
    con = duckdb.connect()
    con.execute("CREATE TABLE t (case_id VARCHAR, stratum VARCHAR)")
    con.executemany("INSERT INTO t VALUES (?, ?)", rows)
    lines = b""
    for stratum in sorted({s for _, s in rows}, key=str.encode):
        cases = sorted((c.encode() for c, s in rows if s == stratum))
        digest = hashlib.sha256(b"".join(case + b"\n" for case in cases)).hexdigest()
        lines += f"{stratum}\t{len(cases)}\t{digest}\n".encode()
    made = commitment(con.table("t"))
    assert made.digest == hashlib.sha256(lines).hexdigest()
    assert commitment(con.sql("SELECT * FROM t ORDER BY random()")) == made


KLAGE = Risk(name="klage's", column="case_type", values=("klage", "Ankesag"), size=5)
KODE = Risk(name="kode", column="caseworker", values=("a2",), size=5)


@pytest.mark.parametrize(
    ("split", "risk", "columns", "strata"),
    [
        ("unit", (), None, ["Amager", "Amager", "Valby", "Valby"]),
        ("caseworker", (KLAGE,), None, ["AMA1", "A2", "a2", "1"]),
        ("alle", (KLAGE,), None, ["alle"] * 4),
        # The commonest spelling stands for all.
        ("case_type", (KLAGE,), None, ["Andet", "Klage", "Klage", "Klage"]),
        # The first risk area that a case fits.
        ("unit", (KLAGE, KODE), None, ["Amager", "Amager|klage's", "Valby|klage's", "Valby|klage's"]),
        ("unit", (KODE, KLAGE), None, ["Amager", "Amager|kode", "Valby|kode", "Valby|klage's"]),
        ("unit", (KODE,), None, ["Amager", "Amager|kode", "Valby|kode", "Valby"]),
        # Where the column holds truth values, each way to write one is meant.
        (
            "unit",
            (Risk(name="ja", column="caseworker", values=("ja",), size=5),),
            RuleColumns(("caseworker",)),
            ["Amager", "Amager", "Valby", "Valby|ja"],
        ),
    ],
)
def test_strata_of_each_level(
    split: str, risk: tuple[Risk, ...], columns: RuleColumns | None, strata: list[str]
) -> None:
    lines = (GOOD, "2;Amager;A2;klage;;;", "3;Valby;a2;Klage;;;", "4;Valby;1;Klage;;;")
    cases = examine(lines[0].replace("Anbringelse", "Andet"), *lines[1:]).cases
    found = frame.stratified(cases, split, risk, columns).order('"row"')
    assert found.columns == [*cases.columns, "stratum"]
    assert [row[-1] for row in found.fetchall()] == strata
    assert found.project("* EXCLUDE (stratum)").fetchall() == cases.fetchall()


def test_the_whole_frame_and_its_units_are_strata_unless_more_is_said() -> None:
    cases = examine(GOOD).cases
    assert [row[-1] for row in frame.stratified(cases, "unit").fetchall()] == ["Amager"]
    assert [row[-1] for row in frame.stratified(cases, "alle").fetchall()] == ["alle"]


ASKED = (
    "1;Amager;Ja;Anbringelse;01-02-2018;;x",
    "2;Amager;Nej;Anbringelse;02-02-2018;i går;x",
    "2;Valby;Nej;Anbringelse;02-02-2018;i går;",
    "3;Valby;Nej;Klage;01-01-2018;;y",
    "I alt;Ja;Ja;Andet;i alt;;",
)


@pytest.mark.parametrize(
    ("asked", "units"),
    [
        ([], {}),
        (["1"], {"1": "Amager"}),
        # Also of cases that cannot be drawn; none of those that are not there.
        (["1", "3", "4", "it's"], {"1": "Amager", "3": "Valby"}),
    ],
)
def test_the_units_of_cases_that_somebody_names(asked: list[str], units: dict[str, str]) -> None:
    assert examine(*ASKED).examination.units_of(asked) == units


@pytest.mark.parametrize(
    ("column", "values", "n"),
    [
        ("case_type", ("klage",), 1),
        ("case_type", ("klage", "Anbringelse"), 4),
        ("case_type", ("andet",), 0),
        ("unit", ("AMAGER ",), 2),
        # A column of truth values: each way to write one is meant; a line of totals is no row of the list.
        ("caseworker", ("sand",), 1),
        ("caseworker", ("false",), 3),
    ],
)
def test_how_many_rows_hold_one_of_some_values(column: str, values: tuple[str, ...], n: int) -> None:
    assert examine(*ASKED).examination.holding(column, values) == n


def test_rows_of_a_case_hold_each_of_several_values_in_a_cell() -> None:
    rows = [
        measure("1", case_type="Klage; Andet"),
        measure("1", case_type="Klage"),
        measure("2", unit="Syd; Nord"),
    ]
    examination = examined(rows).examination
    assert examination.holding("case_type", ("klage",)) == 2
    assert examination.holding("unit", ("nord",)) == 2


def test_how_many_rows_hold_something_that_is_no_date() -> None:
    examination = examine(*ASKED).examination
    assert [examination.unreadable(column) for column in ("opened", "decided", "closed")] == [0, 2, 3]
    assert examine(GOOD, dates=("closed",)).examination.unreadable("closed") == 0


def test_which_values_of_a_rule_no_case_has_whatever_other_rules_say() -> None:
    report = examine(
        *ASKED, frame=FrameSettings(leave_out=(LeaveOut(column="case_type", values=("Klage",)),))
    )
    assert report.lacking("case_type", ("klage", "Andet", "anbringelse", "x")) == ["Andet", "x"]
    assert report.lacking("caseworker", ("Nej", "Måske")) == ["Måske"]


def test_a_column_may_be_named_as_what_is_said_of_hard_texts() -> None:
    table = pd.DataFrame(
        {"row": [2], "case_id": "1", "unit": "A", "text": " e\u0301", "tidy": " x", "number": ""}
    )
    headings = {column: column for column in table.columns if column != "row"}
    report = frame.examine(duckdb.connect().from_df(table), rules(headings=headings, dates=()), Q2)
    assert report.cases.fetchall() == [(2, "1", "A", "\u00e9", "x", None)]


def test_an_examination_leaves_temporary_tables_alone() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE r AS SELECT 2 AS \"row\", '1' AS case_id, 'A' AS unit")
    frame.examine(con.table("r"), rules(headings={"case_id": "Nr", "unit": "Enhed"}, dates=()), Q2)
    assert con.sql("SELECT table_name FROM duckdb_tables() WHERE NOT temporary").fetchall() == [("r",)]


def test_two_examinations_in_one_connection_do_not_disturb_each_other() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE r AS SELECT 2 AS \"row\", '1' AS case_id, 'A' AS unit UNION ALL SELECT 3, '2', 'B'"
    )
    two = rules(headings={"case_id": "Nr", "unit": "Enhed"}, dates=())
    first = frame.examine(con.table("r"), two, Q2)
    con.execute("DELETE FROM r WHERE case_id = '2'")
    assert frame.examine(con.table("r"), two, Q2).n == 1
    assert len(first.cases.fetchall()) == first.n == 2


awkward = st.text(
    alphabet=st.sampled_from(list(" \t\r\n\u00a0aÅåA\u030aæØ1-é\u0301\u2009|\x07\u0085ﬁΩ")),
    min_size=0,
    max_size=8,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(awkward, min_size=1, max_size=6))
def test_ids_in_sql_are_canonical_as_in_python(texts: list[str]) -> None:
    table = pd.DataFrame({"row": range(2, len(texts) + 2), "case_id": texts, "unit": "A"})
    report = frame.examine(
        duckdb.connect().from_df(table), rules(headings={"case_id": "Nr", "unit": "Enhed"}, dates=()), Q2
    )
    expected = {canonical_id(text) for text in texts}
    forbidden = {text for text in expected if has_forbidden(text) or deceptive(text)}
    assert set(ids(report)) == expected - forbidden - {""}
    wrong: set[Problem] = set(report.errors)
    assert bool(wrong) == bool(forbidden or "" in expected)
    assert report.n + sum(n for _, n in report.left_out) == len(texts)
