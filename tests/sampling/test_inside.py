"""The queries for the register's own database: where they find nothing odd, their frame is ours to the case."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.builders.cpr import SPELLINGS
from tests.builders.inside_queries import QUERIES
from tests.sampling.test_frame import HEADINGS, Q2, many, relation, rules
from tilsyn.base.cpr import PATTERN, PLAIN
from tilsyn.sampling import inside, inside_answer
from tilsyn.sampling.commitment import commitment
from tilsyn.sampling.frame import examine, stratified
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.inside_dialects import DUCKDB, POSTGRES
from tilsyn.sampling.inside_rows import CALENDAR, MAYBE_CPR, FrameQuestion, in_sql
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut

SNAPSHOTS = Path(__file__).parent.parent / "snapshots"
WHOLE = rules(
    frame=FrameSettings(leave_out=(LeaveOut(column="case_type", values=("ja",)),)),
    risk=(Risk(name="k", column="case_type", values=("Anbringelse",), size=3),),
    empty=("NULL", "31-12-9999"),
)
# One reason twice, with another between.
PER_CASEWORKER = rules(
    split="caseworker",
    frame=FrameSettings(
        leave_out=(
            LeaveOut(reason="first", column="case_type", values=("nej",)),
            LeaveOut(reason="second", column="caseworker", values=("B2",)),
            LeaveOut(reason="first", column="unit", values=("Amager",)),
        )
    ),
)
PER_TYPE = rules(split="case_type", as_of=None)


def question(asked: FrameRules, drawn_earlier: tuple[str, ...] = ()) -> FrameQuestion:
    names = {column: column for column in HEADINGS}
    return FrameQuestion(
        DUCKDB, "test", "SELECT * FROM register;\n", names, in_sql(asked), Q2, None, drawn_earlier
    )


def answer(register: duckdb.DuckDBPyRelation, asked: FrameQuestion) -> inside_answer.Answer:
    return inside_answer.answer_of(asked, register.query("register", inside.count_sql(asked)).fetchall())


IDS = st.sampled_from(["1", " 1", "2018-1\u00a0", "a\u030a9", "å9", "ÅØ", "7", "I alt", "12e+5", "1.0", "2018-02", "", "9|1", "x\u200b", "Ã¸"])  # fmt: skip
UNITS = st.sampled_from(
    ["Amager", "amager", " AMAGER", "Nørrebro", "NØRREBRO", "Amagr", "", "null", "Ama–ger"]
)
CODES = st.sampled_from(["A1", "a1", "B2", "'A1", "", "NULL", "12 03 74 65 98"])
TYPES = st.sampled_from(["Anbringelse", "anbringelse", "ja", "Ja", "nej", "1", "TRUE", "", "se 010160-5123"])
DAYS = st.sampled_from(["", "2018-02-01", "01-02-2018", "1.2.2018", "01/02/2018", "2018-02-30", "29-02-2016", "29-02-2018", "31-12-9999", "2018-05-01 10:30:00", "2010-02-01 10:30:00", "2018-08-01", "1899-01-01", "2018-13-01", "01022018", "43191", "1. maj 2018"])  # fmt: skip
ROWS = st.lists(st.tuples(IDS, UNITS, CODES, TYPES, DAYS, DAYS, DAYS), max_size=6)


@pytest.mark.parametrize("asked", [WHOLE, PER_CASEWORKER, PER_TYPE], ids=["whole", "caseworker", "type"])
@given(rows=ROWS, seed=st.integers(0, 9))
@example(rows=[("77", "AMAGER", "A1", "Ja", "2018-02-01", "", "29-02-2016")] * 2, seed=0)
@example(rows=[("a\u030a9", " amager ", "A1", "TRUE", "2018-02-01", "", "2018-05-01 10:30:00")], seed=1)
def test_where_nothing_is_odd_the_frame_is_ours_to_the_case(
    asked: FrameRules, rows: list[tuple[str, ...]], seed: int
) -> None:
    base = [*many(60), *many(40, "Amager", 3000)]
    register = relation(*base, *(";".join(row) for row in rows))
    inquiry = question(asked)
    told = answer(register, inquiry)
    if inside_answer.oddities(inquiry, told):
        return
    report = examine(register, asked, Q2)
    assert not report.errors
    cases = stratified(report.cases, asked.split, asked.risk, report.columns)
    assert inside_answer.committed_of(told) == commitment(cases)
    assert (told.number("rows"), told.number("cases")) == (report.n_rows, report.n_cases)
    left_out = {what: n for what, n in told.of("left_out").items() if n}
    if twice := report.n_rows - report.n_cases:
        left_out["duplicate"] = left_out.get("duplicate", 0) + twice
    assert left_out == dict(report.left_out)
    assert inside_answer.matched_of(asked, told) == report.matched
    assert inside_answer.truths_of(told) == report.columns.booleans
    assert (asked.as_of or inside_answer.newest_of(told)) == report.as_of
    drawn = inside.draw_sql(
        inquiry, f"seed {seed}", "d", {row.stratum: (row.size, 3) for row in commitment(cases).strata}
    )
    found = [row for row in register.query("register", drawn).fetchall() if row[0] == "case"]
    lots = cases.query(
        "frame",
        f"""SELECT stratum, unit, row_number() OVER (PARTITION BY stratum ORDER BY ticket) AS place, ticket, case_id,
                   case_type, CAST(opened AS VARCHAR), CAST(decided AS VARCHAR), CAST(closed AS VARCHAR)
            FROM (SELECT *, sha256('seed {seed}' || chr(10) || 'd' || chr(10) || case_id) AS ticket FROM frame)
            QUALIFY place <= 3""",
    ).fetchall()
    assert sorted(row[1:] for row in found) == sorted(lots)


def test_a_row_out_of_the_plain_is_odd_and_a_plain_one_is_not() -> None:
    base = [*many(60), *many(40, "Amager", 3000)]
    plain = ["77;amager;A1;ja;01-02-2018;;2018-05-01", "å–9; Amager\u00a0;;NULL;;;31-12-9999"]
    assert inside_answer.oddities(question(WHOLE), answer(relation(*base, *plain), question(WHOLE))) == {}
    odd = ["Ã¸1;Amager;A1;ja;;;", "5;Amager;A1;ja;1899-01-01;;", "6;Amagr;A1;ja;;;"]
    found = inside_answer.oddities(question(WHOLE), answer(relation(*base, *odd), question(WHOLE)))
    assert found == {"bad_character": 1, "impossible_date": 1, "misspelt_unit": 1}


def test_cases_drawn_earlier_are_not_in_the_frame() -> None:
    told = answer(relation(*many(20)), question(PER_CASEWORKER, ("1001", "77")))
    assert (told.of("left_out")["drawn_earlier"], told.of("stratum")) == (1, {"N1": 19})


@given(st.text(st.sampled_from("0123456789 -./,:;a"), max_size=24))
@example("see 120374-6598")
def test_whatever_is_a_cpr_number_may_be_one(text: str) -> None:
    if re.search(PATTERN, text):
        assert re.search(MAYBE_CPR, f"Amagerx{text}xA1")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_cpr_number_in_any_plain_spelling_is_odd(spelling: str) -> None:
    assert re.search(MAYBE_CPR, spelling) or re.search(f"[^{PLAIN}]", spelling)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_the_calendar_has_every_day(day: date) -> None:
    def is_a_day(text: str) -> bool:
        return any(re.search(days, text) for days in CALENDAR)

    assert is_a_day(day.isoformat())
    for other in (f"{day} {day}", f"{day} ", f"{day.isoformat()[:8]}32", f"{day.year:04}-02-30"):
        assert not is_a_day(other)
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    assert is_a_day(f"{day.year:04}-02-29") == leap


@pytest.mark.parametrize("dialect", [DUCKDB, POSTGRES], ids=["duckdb", "postgres"])
def test_a_query_is_for_people_to_read(dialect: object) -> None:
    asked = question(WHOLE)
    sql = inside.count_sql(FrameQuestion(**{**vars(asked), "dialect": dialect}))
    steps = re.findall(r"(?m)^-- (.+)\n(?:-- .+\n)*(\w+) AS", sql)
    assert [name for _, name in steps][:3] == ["source", "kinds", "texts"]
    assert max(map(len, sql.splitlines())) < 520
    assert not re.search("[0-9]{10}", re.sub("[0-9a-f]{64}", "", sql))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_reads_as_it_read_before(name: str) -> None:
    assert QUERIES[name]() == (SNAPSHOTS / name).read_text("utf-8"), "`make snapshots` takes it as right"


# Where as many or more are needed than lie below, there is no bound: 4 + 8 · 2 + 8 of 28.
@pytest.mark.parametrize(
    ("size", "tickets", "found"), [(28, 4, "g"), (56, 4, "8000000000000000"), (3, 8, "g"), (0, 0, "g")]
)
def test_a_bound_lies_above_the_tickets_that_are_needed(size: int, tickets: int, found: str) -> None:
    assert inside.bound(size, tickets) == found


@given(st.integers(1, 10**8), st.integers(0, 500))
def test_the_bound_is_a_text_that_tickets_are_compared_with(size: int, tickets: int) -> None:
    found = inside.bound(size, tickets)
    assert re.fullmatch("[0-9a-f]{16}|g", found)
    assert found == "g" or int(found, 16) / 16**16 * size >= tickets
