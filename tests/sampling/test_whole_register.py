"""What is told of a register as a whole: what it lacks, whether its day is the period's, which rules fit nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest

from tilsyn.base.periods import Period
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.rule_columns import RuleColumns
from tilsyn.sampling.whole_register import Matched, asked_rules, matched, remarks, whole_register
from tilsyn.settings.plan import Risk
from tilsyn.settings.schema import FrameSettings, LeaveOut
from tilsyn.settings.single import Wish

Q2 = Period.parse("2018-Q2")
HEADINGS = {"case_id": "Sagsnr", "unit": "Enhed", "case_type": "Sagstype"}


def rules(**changed: Any) -> FrameRules:
    return FrameRules(
        **({"headings": HEADINGS, "dates": ("opened", "closed"), "today": date(2018, 7, 2)} | changed)
    )


LACKS = {
    "no_dates": "ingen kolonne holder en dato, så dagen for sagslisten kendes ikke",
    "no_closing_date": "ingen kolonne siger, hvornår en sag er lukket; "
    "sager, der er lukket før perioden, kan blive trukket",
}


@pytest.mark.parametrize(
    ("dates", "lacks"),
    [
        ((), ["no_dates", "no_closing_date"]),
        (("opened",), ["no_closing_date"]),
        (("closed",), []),
        (("opened", "closed"), []),
    ],
)
def test_what_a_register_lacks(dates: tuple[str, ...], lacks: list[str]) -> None:
    assert remarks(rules(dates=dates)) == lacks
    problems = whole_register(rules(dates=dates), Q2, None, [])
    assert [problem.found for problem in problems] == [LACKS[lack] for lack in lacks]


OTHER = "sagslisten er fra {day} og hører ikke til 2. kvartal 2018; lodtrækningen afvises uden --reason"
EARLY = "den nyeste dato i sagslisten er {day}, over 31 dage før perioden slutter 30. juni 2018"


@pytest.mark.parametrize(
    ("as_of", "given", "period", "told"),
    [
        (date(2018, 6, 30), True, Q2, []),
        (date(2018, 6, 30), False, Q2, []),
        (date(2018, 5, 29), True, Q2, [OTHER.format(day="29. maj 2018")]),
        (date(2018, 5, 29), False, Q2, [EARLY.format(day="29. maj 2018")]),
        (date(2018, 3, 31), False, Q2, [OTHER.format(day="31. marts 2018")]),
        (date(2018, 3, 31), False, None, []),
        (None, False, Q2, []),
    ],
)
def test_a_day_of_another_time_is_told(
    as_of: date | None, given: bool, period: Period | None, told: list[str]
) -> None:
    read_by = rules(as_of=as_of if given else None)
    problems = list(whole_register(read_by, period, as_of, []))
    assert [problem.found for problem in problems] == told
    assert all((problem.kind, problem.column) == ("note", None) for problem in problems)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Matched("leave_out", "other_scope", "case_type", ("a", "b"), 0), ("Sagstype", "reglen, der udelader »other_scope«, passer ikke på nogen række: »Sagstype« er aldrig a, b")),
        (Matched("risk", "klage", "complaint", ("ja",), 0), ("complaint", "risikoområdet »klage« passer ikke på nogen række: »complaint« er aldrig ja")),
        (Matched("risk", "klage", "complaint", ("ja",), 1), None),
        (Matched("risk", "klage", "complaint", ("ja",)), None),
        (Matched("closed_before_period", "closed_before_period", "closed", (), 0), None),
    ],
)  # fmt: skip
def test_a_rule_that_fits_nothing_is_told(rule: Matched, told: tuple[str, str] | None) -> None:
    problems = list(whole_register(rules(), Q2, None, [rule]))
    assert [(problem.column, problem.found) for problem in problems] == ([told] if told else [])
    assert all(problem.kind == "note" and "values under [[" in problem.remedy for problem in problems)


ROWS = """(VALUES
    ('a', DATE '2018-03-31', DATE '2018-01-01', NULL),
    ('b', NULL, DATE '2018-07-01', NULL),
    ('A ', DATE '2018-03-01', DATE '2018-01-01', NULL),
    ('a', NULL, NULL, 'total_row'))"""


def counted(read_by: FrameRules, period: Period | None = Q2) -> list[tuple[str, str, int | None]]:
    cells = duckdb.connect().sql(f"SELECT * FROM {ROWS} AS t(case_type, closed, opened, aside)")
    return [
        (rule.rule, rule.column, rule.n)
        for rule in matched(cells, "frame_source", read_by, period, RuleColumns())
    ]


def test_every_rule_counts_what_it_fits_whatever_the_others_say() -> None:
    leave_out = (LeaveOut(column="case_type", values=("a",)), LeaveOut(column="case_type", values=("c",)))
    risk = (Risk(name="b", column="case_type", values=("b", "a"), size=1),)
    assert counted(rules(frame=FrameSettings(leave_out=leave_out), risk=risk)) == [
        ("closed_before_period", "closed", 2),
        ("opened_after_period", "opened", 1),
        ("leave_out", "case_type", 2),
        ("leave_out", "case_type", 0),
        ("risk", "case_type", 3),
    ]


def test_the_rules_that_a_register_is_read_by_in_their_order() -> None:
    read_by = rules(
        frame=FrameSettings(leave_out=(LeaveOut(column="case_type", values=("a",), reason="too_old"),)),
        risk=(Risk(name="klage", column="complaint", values=("ja", "1"), size=1),),
        where=(Wish(column="unit", values=("Nord", "Syd")),),
    )
    assert asked_rules(read_by) == [
        Matched("closed_before_period", "closed_before_period", "closed"),
        Matched("opened_after_period", "opened_after_period", "opened"),
        Matched("leave_out", "too_old", "case_type", ("a",)),
        Matched("risk", "klage", "complaint", ("ja", "1")),
        Matched("where", "unit", "unit", ("Nord", "Syd")),
    ]


def test_a_case_of_several_values_is_left_out_by_all_of_them_and_in_a_risk_area_by_any() -> None:
    cells = duckdb.connect().sql("SELECT 'a; b' AS case_type, NULL AS aside")
    read_by = rules(
        frame=FrameSettings(
            closed_before_period=False,
            opened_after_period=False,
            leave_out=(
                LeaveOut(column="case_type", values=("a",)),
                LeaveOut(column="case_type", values=("b", "a")),
            ),
        ),
        risk=(Risk(name="klage", column="case_type", values=("a",), size=1),),
        where=(Wish(column="case_type", values=("b",)),),
    )
    columns = RuleColumns(several=("case_type",))
    found = matched(cells, "frame_source", read_by, Q2, columns)
    assert [(rule.rule, rule.n) for rule in found] == [
        ("leave_out", 0),
        ("leave_out", 1),
        ("risk", 1),
        ("where", 1),
    ]


@pytest.mark.parametrize(
    ("changed", "period", "found"),
    [
        ({}, None, [("closed_before_period", "closed", None), ("opened_after_period", "opened", None)]),
        ({"dates": ("closed",)}, Q2, [("closed_before_period", "closed", 2), ("opened_after_period", "opened", None)]),
        ({"frame": FrameSettings(closed_before_period=False)}, Q2, [("opened_after_period", "opened", 1)]),
        ({"frame": FrameSettings(closed_before_period=False, opened_after_period=False)}, Q2, []),
    ],
)  # fmt: skip
def test_a_rule_of_the_period_counts_where_there_are_a_period_and_its_dates(
    changed: dict[str, Any], period: Period | None, found: list[tuple[str, str, int | None]]
) -> None:
    assert counted(rules(**changed), period) == found


def test_what_a_rule_matched_is_written_with_its_values_as_a_list() -> None:
    assert Matched("risk", "klage", "complaint", ("ja",), 4).to_dict() == {
        "rule": "risk",
        "name": "klage",
        "column": "complaint",
        "values": ["ja"],
        "n": 4,
    }
