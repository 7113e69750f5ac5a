"""A register with a row per measure: 312 children with 489 rows are 312 cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tilsyn.base.periods import Period
from tilsyn.sampling.commitment import commitment
from tilsyn.sampling.frame import FrameReport, examine, stratified
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.row_problems import RowProblem
from tilsyn.settings.per_case import CaseRule
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut, Register

Q2 = Period.parse("2018-Q2")
HEADINGS = {
    "case_id": "Sagsnr",
    "unit": "Enhed",
    "caseworker": "Sagsbehandler",
    "case_type": "Sagstype",
    "opened": "Oprettet",
    "closed": "Lukket",
    "complaint": "Klage",
}
OPEN, LONG_AGO = "", "01-03-2018"


def measure(case: str, **values: str) -> dict[str, str]:
    """Return a row of a case, still open unless it is said when it was closed."""
    usual = {"unit": "Nord", "caseworker": "A1", "case_type": "Underretning", "opened": "01-02-2018"}
    return {"case_id": case, **usual, "closed": OPEN, "complaint": "Nej"} | values


def examined(
    rows: Sequence[Mapping[str, str]],
    per_case: Mapping[str, CaseRule] | None = None,
    headings: Mapping[str, str] = HEADINGS,
    **rules: Any,
) -> FrameReport:
    """Examine a register of such rows."""
    table = pd.DataFrame(list(rows), dtype="string").reset_index(names="row")
    table["row"] += 2
    register = Register.model_validate(
        {"columns": headings, "one_row_per": "measure", "per_case": per_case or {}}
    )
    read_by = FrameRules(
        headings=headings,
        dates=register.date_columns,
        today=date(2018, 7, 2),
        as_of=date(2018, 7, 1),
        per_case=register.case_rules,
        **rules,
    )
    return examine(duckdb.connect().from_df(table), read_by, Q2)


def cases(report: FrameReport) -> dict[str, dict[str, Any]]:
    """Return the frame's cases by their id, dates as text."""
    rows = report.cases.df().astype(object)
    return {row["case_id"]: row for row in rows.where(rows.notna(), None).to_dict("records")}


# Two measures of a case; what the case is then, column by column.
@pytest.mark.parametrize(
    ("first", "second", "column", "case"),
    [
        # The unit, department and caseworker of today: the row still open, then the one opened last.
        ({"unit": "Syd"}, {"closed": "01-05-2018"}, "unit", "Syd"),
        ({"unit": "Syd", "closed": "01-05-2018"}, {}, "unit", "Nord"),
        ({"unit": "Syd"}, {"opened": "01-04-2018"}, "unit", "Nord"),
        ({"unit": "Syd", "closed": "01-05-2018"}, {"closed": "02-05-2018"}, "unit", "Nord"),
        ({"caseworker": "B2"}, {"opened": "01-04-2018"}, "caseworker", "A1"),
        (
            {"caseworker": "B2", "opened": "01-05-2018"},
            {"caseworker": "", "opened": "01-04-2018"},
            "caseworker",
            "B2",
        ),
        # The case is as old as its oldest measure, and open as long as one is.
        ({"opened": "01-05-2017"}, {}, "opened", date(2017, 5, 1)),
        ({"closed": "01-05-2018"}, {}, "closed", None),
        ({"closed": "01-05-2018"}, {"closed": "03-05-2018"}, "closed", date(2018, 5, 3)),
        # All its types, each once; a complaint in one row is a complaint, however it is written.
        ({"case_type": "Anbringelse"}, {}, "case_type", "Anbringelse; Underretning"),
        ({}, {}, "case_type", "Underretning"),
        ({"complaint": "Ja"}, {}, "complaint", "Ja"),
        ({"complaint": "1"}, {"complaint": "0"}, "complaint", "1"),
        ({"complaint": ""}, {}, "complaint", "Nej"),
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_each_column_says_of_a_case(
    first: dict[str, str], second: dict[str, str], column: str, case: object, swapped: bool
) -> None:
    rows = [measure("1", **first), measure("1", **second)]
    report = examined(rows[::-1] if swapped else rows)
    assert (report.n_rows, report.n_cases, report.n, report.errors) == (2, 1, 1, [])
    found = cases(report)["1"][column]
    assert (found.date() if isinstance(found, pd.Timestamp) else found) == case


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        ("latest", "Efterværn"),
        ("earliest", "Underretning"),
        ("all", "Anbringelse; Efterværn; Underretning"),
        (["Anbringelse", "Underretning"], "Anbringelse"),
        (["underretning", "Anbringelse"], "Underretning"),
        (["Noget andet"], "Anbringelse"),
    ],
)
def test_a_column_has_its_own_rule(rule: CaseRule, case: str) -> None:
    rows = [
        measure("1"),
        measure("1", case_type="Anbringelse", opened="01-03-2018"),
        measure("1", case_type="Efterværn", opened="01-04-2018"),
    ]
    report = examined(rows, per_case={"case_type": rule})
    assert cases(report)["1"]["case_type"] == case
    unlisted = [problem.found for problem in report.problems if "rækkefølgen" in problem.found]
    assert bool(unlisted) is isinstance(rule, list)


@pytest.mark.parametrize(
    ("column", "rule", "day"),
    [
        ("opened", "earliest", date(2018, 2, 1)),
        ("opened", "latest", date(2018, 4, 1)),
        ("closed", "earliest", date(2018, 4, 5)),
        ("closed", "latest", date(2018, 5, 5)),
        ("closed", "latest_or_open", None),
    ],
)
def test_a_date_has_its_own_rule(column: str, rule: CaseRule, day: date | None) -> None:
    rows = [
        measure("1", closed="05-04-2018"),
        measure("1", opened="01-03-2018", closed="05-05-2018"),
        measure("1", opened="01-04-2018"),
    ]
    found = cases(examined(rows, per_case={column: rule}))["1"][column]
    assert (found and found.date()) == day


def test_a_register_without_dates_has_no_later_rows() -> None:
    headings = {column: HEADINGS[column] for column in ("case_id", "unit", "case_type")}
    rows = [
        {"case_id": case, "unit": unit, "case_type": kind}
        for case, unit, kind in (
            ("1", "Nord", "b"),
            ("1", "Nord", "a"),
            ("2", "Nord", "a"),
            ("2", "Syd", "a"),
        )
    ]
    report = examined(rows, headings=headings)
    assert [(row["case_id"], row["unit"], row["case_type"]) for row in cases(report).values()] == [
        ("1", "Nord", "a; b")
    ]
    assert report.left_out == [("undecided_unit", 1)]


def test_a_case_is_counted_once_however_many_measures_it_has() -> None:
    rows = [measure(str(n), opened=f"{m + 1:02}-01-2018") for n in range(312) for m in range(1 + (n < 177))]
    report = examined(rows)
    assert (report.n_rows, report.n_cases, report.n, report.problems) == (489, 312, 312, [])


def test_a_case_is_closed_when_all_its_measures_are() -> None:
    half, whole = measure("1", closed=LONG_AGO), measure("2", closed=LONG_AGO)
    report = examined([half, measure("1"), whole, whole])
    assert (list(cases(report)), report.left_out) == (["1"], [("closed_before_period", 1)])


def test_a_case_in_two_units_belongs_to_the_one_of_today_and_is_told() -> None:
    moved = measure("1", unit="Syd", caseworker="B2", opened="01-05-2018")
    report = examined([measure("1"), moved, measure("2")])
    assert report.units == {"Nord": 1, "Syd": 1}
    (note,) = report.problems
    assert "står i flere enheder: 1" in note.found
    assert "seneste række" in note.remedy


@pytest.mark.parametrize("split", ["unit", "caseworker"])
def test_a_unit_that_no_date_decides_is_an_error_that_names_the_case(split: str) -> None:
    report = examined([measure("1"), measure("1", unit="Syd"), measure("2")], split=split)
    (error,) = report.errors
    assert (error.row, error.column) == (2, "Enhed")
    assert "sagen 1 har flere seneste rækker" in error.found
    assert "Nord, Syd" in error.found
    assert (report.left_out, report.n_wrong, list(cases(report))) == ([("undecided_unit", 1)], 1, ["2"])


@pytest.mark.parametrize(("split", "errors"), [("caseworker", 1), ("unit", 0)])
def test_a_caseworker_that_no_date_decides_is_an_error_where_cases_are_drawn_per_caseworker(
    split: str, errors: int
) -> None:
    report = examined([measure("1"), measure("1", caseworker="B2")], split=split)
    assert len(report.errors) == errors
    assert any("A1, B2" in problem.found for problem in report.problems)
    if not errors:
        assert cases(report)["1"]["caseworker"] is None


def test_a_case_with_a_fault_in_one_row_is_left_out_whole() -> None:
    rows = [measure("1"), measure("1", opened="99-99-2018"), measure("2"), measure("", unit=""), measure("")]
    report = examined(rows)
    assert list(cases(report)) == ["2"]
    assert report.left_out == [("missing_id", 2), ("not_a_date", 1)]
    assert (report.n_cases, report.n_wrong) == (4, 3)


def test_a_case_is_in_a_risk_area_by_any_of_its_measures_and_left_out_by_all() -> None:
    rows = [
        measure("1", case_type="Anbringelse"),
        measure("1", case_type="Efterværn"),
        measure("2", case_type="Efterværn"),
        measure("2", case_type="efterværn", opened="01-03-2018"),
    ]
    frame = FrameSettings(leave_out=(LeaveOut(column="case_type", values=("Efterværn",)),))
    risk = (Risk(name="anbragt", column="case_type", values=("anbringelse",), size=1),)
    report = examined(rows, frame=frame, risk=risk)
    assert report.left_out == [("other_scope", 1)]
    strata = stratified(report.cases, "unit", risk, report.columns).df()
    assert strata[["case_id", "stratum"]].values.tolist() == [["1", "Nord|anbragt"]]
    assert {rule.rule: rule.n for rule in report.matched} == {
        "closed_before_period": 0,
        "opened_after_period": 0,
        "leave_out": 1,
        "risk": 1,
    }


DAYS = st.sampled_from(["01-01-2018", "01-02-2018", "02-02-2018"])
MEASURES = st.builds(
    measure,
    st.sampled_from(["1", "2", "3"]),
    unit=st.sampled_from(["Nord", "Syd"]),
    case_type=st.sampled_from(["Anbringelse", "Underretning"]),
    opened=DAYS,
    closed=st.sampled_from([OPEN, "03-04-2018", LONG_AGO]),
)


@settings(max_examples=10)
@given(st.lists(MEASURES, min_size=1, max_size=8), st.randoms())
def test_the_order_of_the_rows_changes_nothing(rows: list[dict[str, str]], random: Any) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    one, other = (examined(each) for each in (rows, shuffled))
    assert (one.n, one.n_cases, one.left_out) == (other.n, other.n_cases, other.left_out)
    assert one.n + sum(n for _, n in one.left_out) == one.n_cases == len({row["case_id"] for row in rows})
    digests = [commitment(stratified(report.cases, "unit")).digest for report in (one, other)]
    assert digests[0] == digests[1]
    without_row = [{k: v for k, v in case.items() if k != "row"} for case in cases(one).values()]
    again = [{k: v for k, v in cases(other)[case["case_id"]].items() if k != "row"} for case in without_row]
    assert without_row == again


def test_a_line_of_totals_and_the_headings_again_are_no_case():
    total = dict.fromkeys(HEADINGS, "") | {"case_id": "I alt", "unit": "2"}
    found = examined([measure("1"), HEADINGS, measure("1", unit="Nord"), measure("2"), total])
    assert (found.n_rows, found.n_cases, found.n, found.n_wrong) == (5, 2, 2, 0)
    assert found.left_out == [("heading_row", 1), ("total_row", 1)]
    assert found.errors == []


def test_undecided_cases_that_are_not_listed_are_counted():
    rows = [measure(case, unit=unit) for case in "123" for unit in ("Nord", "Syd")]
    examination = examined(rows).examination
    first, rest = examination.problems(listed=1)
    assert (first.kind, first.row) == ("error", 2)
    assert rest == RowProblem(
        "… og samme fejl i »Enhed« i flere rækker: 2",
        "Er hele kolonnen gal, så se efter i [register.columns], om overskriften er den rigtige.",
        column="Enhed",
        what="undecided",
        n=2,
    )
    assert [problem.row for problem in examination.problems(listed=None)] == [2, 4, 6]


LATER = 'Ret rækkerne, så det kan ses af datoerne, hvad der gælder nu: den række, der stadig er åben, og blandt flere åbne den senest oprettede. {name} kan også være "earliest" under [register.per_case].'
MOVED = measure("1", unit="Syd", opened="01-05-2018")
# The earliest row is of one unit, the latest are of two.
MOVED_TWICE = [measure("1", unit="Øst", opened="01-01-2018"), measure("1"), measure("1", unit="Syd")]
OTHER_CODE = measure("1", caseworker="B2")
TYPES = [measure("1", case_type=kind) for kind in ("Anbringelse", "g", "f", "e", "d", "c", "b")]


# A case's rows, how they are read, and what a person reads of them.
@pytest.mark.parametrize(
    ("rows", "read_by", "told"),
    [
        ([measure("1"), measure("1", unit="Syd")], {}, ("error", 2, "Enhed", "sagen 1 har flere seneste rækker med hver sin »Enhed«: Nord, Syd", LATER.format(name="unit"))),
        (MOVED_TWICE, {}, ("error", 2, "Enhed", "sagen 1 har flere seneste rækker med hver sin »Enhed«: Nord, Syd", LATER.format(name="unit"))),
        (MOVED_TWICE[::-1], {"rows_are_cases": True}, ("error", None, "Enhed", "sagen 1 har flere seneste rækker med hver sin »Enhed«: Nord, Syd", LATER.format(name="unit"))),
        ([*MOVED_TWICE[1:], MOVED], {"per_case": {"unit": "earliest"}}, ("error", 2, "Enhed", "sagen 1 har flere tidligste rækker med hver sin »Enhed«: Nord, Syd", 'Ret rækkerne, så det kan ses af datoerne, hvad der gjaldt først: den række, der er oprettet først. unit kan også være "latest" under [register.per_case].')),
        ([measure("1"), OTHER_CODE], {}, ("note", 2, "Sagsbehandler", "sagen 1 har flere seneste rækker med hver sin »Sagsbehandler«: A1, B2", LATER.format(name="caseworker"))),
        ([measure("1"), OTHER_CODE], {"split": "caseworker"}, ("error", 2, "Sagsbehandler", "sagen 1 har flere seneste rækker med hver sin »Sagsbehandler«: A1, B2", LATER.format(name="caseworker"))),
        (TYPES, {"per_case": {"case_type": ["anbringelse"]}}, ("note", None, "Sagstype", "»Sagstype« har værdier, der ikke står i rækkefølgen: b, c, d, e, f", "De regnes for mindst alvorlige. Skriv dem, hvor de hører hjemme i case_type under [register.per_case].")),
        ([measure("1"), MOVED], {}, ("note", None, "Enhed", "sager, hvis rækker står i flere enheder: 1 (»Enhed«)", "Hver af dem hører til enheden i sin seneste række. Skal det være den første, så skriv unit = \"earliest\" under [register.per_case].")),
        ([measure("1"), MOVED], {"per_case": {"unit": "earliest"}}, ("note", None, "Enhed", "sager, hvis rækker står i flere enheder: 1 (»Enhed«)", "Hver af dem hører til enheden i sin tidligste række. Skal det være den seneste, så skriv unit = \"latest\" under [register.per_case].")),
    ],
)  # fmt: skip
def test_what_is_read_of_rows_that_leave_a_doubt(
    rows: list[dict[str, str]], read_by: dict[str, Any], told: tuple[object, ...]
) -> None:
    found = [
        (problem.kind, problem.row, problem.column, problem.found, problem.remedy)
        for problem in examined(rows, **read_by).problems
    ]
    assert found == [told]


# Of the rows of a case that was in two units the first is closed; whether a date decides, by the rule.
@pytest.mark.parametrize(
    ("first", "second", "third", "rule", "unit"),
    [
        ({"closed": "01-04-2018"}, {"unit": "Syd", "opened": "01-05-2018"}, {"unit": "Syd", "opened": "01-03-2018"}, "earliest", "Nord"),
        ({}, {"unit": "Syd"}, {"unit": "Syd", "opened": "01-05-2018"}, "earliest", None),
        ({}, {"unit": "Syd"}, {"unit": "Syd", "opened": "01-05-2018"}, "latest", "Syd"),
    ],
)  # fmt: skip
def test_the_unit_of_a_case_that_moved_is_by_its_rule(
    first: dict[str, str], second: dict[str, str], third: dict[str, str], rule: CaseRule, unit: str | None
) -> None:
    rows = [measure("1", **row) for row in (first, second, third)]
    report = examined(rows, per_case={"unit": rule})
    assert [case["unit"] for case in cases(report).values()] == ([unit] if unit else [])
    assert [problem.found for problem in report.errors] == (
        [] if unit else ["sagen 1 har flere tidligste rækker med hver sin »Enhed«: Nord, Syd"]
    )
