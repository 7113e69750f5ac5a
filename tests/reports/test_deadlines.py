"""The workbooks of measured time limits: what the house is told, and what everybody is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tilsyn.base.periods import Period
from tilsyn.compliance.deadline_figures import DeadlineFigures, LateCase, MeasuredRule
from tilsyn.compliance.deadline_measurement import DeadlineMeasurement
from tilsyn.compliance.quiet_periods import QuietCase, QuietPeriods
from tilsyn.reports.deadlines import internal_report
from tilsyn.reports.deadlines_public import public_report, withheld
from tilsyn.reports.parts import Report
from tilsyn.reports.worlds import Rule
from tilsyn.settings.deadline_rules import DeadlineRule

PART = AKUT = {"column": "case_type", "values": ["Akut"]}
OTHER, BOTH = ({"column": "case_type", "values": values} for values in (["Anden"], ["anden", "AKUT"]))
HERE = {"column": "unit", "values": ["Nord"]}


def one(name: str, within: int, over: int, open_within: int = 0, **more: Any) -> MeasuredRule:
    rule = {"name": name, "from": "opened", "to": "decided", "limit": "14 days", "area": "Svar"} | more
    counts = {"within": within, "over": over, "open_within": open_within}
    unit = DeadlineFigures("unit=Nord", {"within": within})
    return MeasuredRule(
        DeadlineRule.model_validate(rule), (DeadlineFigures("all", counts, 12, 40), unit), time_unit="days"
    )


WITHHELD = [
    ([one("A", 60, 40)], set()),
    # Too few, nearly all, nearly none; and all of them, as everybody's case is in it.
    ([one("A", 2, 2)], {"A"}),
    ([one("A", 98, 2)], {"A"}),
    ([one("A", 1, 99)], {"A"}),
    ([one("A", 100, 0)], {"A"}),
    ([one("A", 97, 3)], set()),
    # The same limit of some of the cases: what is left must not be few either.
    ([one("all", 60, 40), one("part", 40, 30, where=PART)], set()),
    ([one("all", 60, 40), one("part", 58, 39, where=PART)], {"all", "part"}),
    ([one("all", 60, 40), one("part", 1, 30, where=PART)], {"all", "part"}),
    ([one("all", 60, 40), one("other", 1, 30, where=PART, limit="7 days")], {"other"}),
    # What several that have no case in common leave of it, of all cases or of some.
    ([one("all", 60, 40), one("A", 30, 20, where=AKUT), one("B", 20, 15, where=OTHER)], set()),
    ([one("all", 60, 40), one("A", 30, 20, where=AKUT), one("B", 29, 18, where=OTHER)], {"all", "A", "B"}),
    ([one("both", 60, 40, where=BOTH), one("A", 58, 39, where=AKUT)], {"both", "A"}),
    ([one("both", 60, 40, where=BOTH), one("A", 30, 20, where=AKUT)], set()),
    ([one("both", 60, 40, where=BOTH), one("here", 58, 39, where=HERE)], set()),
    ([one("all", 60, 40), one("A", 58, 1, where=AKUT), one("B", 30, 20, where=OTHER)], {"all", "A"}),
]


@pytest.mark.parametrize(("rules", "hidden"), WITHHELD)
def test_what_is_withheld(rules: list[MeasuredRule], hidden: set[str]) -> None:
    assert withheld(rules, Rule()) == hidden


def measurement(*rules: MeasuredRule) -> DeadlineMeasurement:
    late = [LateCase("S-10003", "Nord", "A", date(2018, 5, 2), date(2018, 5, 16), None, 45)]
    quiet = [QuietCase("S-10007", "Nord", date(2017, 5, 2), 400, True)]
    return DeadlineMeasurement(
        period=Period.parse("2018-05"),
        as_of=date(2018, 6, 30),
        file="sager.csv",
        by=("unit",),
        few=5,
        n_cases=100,
        left_out=[],
        rules=rules,
        quiet=QuietPeriods(("opened", "decided"), 100, 0, 60, 200, 400, (40, 20, 1)),
        late=late,
        quiet_cases=quiet,
    )


def texts(report: Report) -> str:
    spoken = [report.title, report.subtitle, report.summary.title]
    spoken += [text for block in report.summary.blocks for text in (block.heading, *block.sentences)]
    spoken += [f"{figure.label} {figure.value}" for figure in report.summary.figures]
    for sheet in report.sheets:
        spoken += [sheet.name, sheet.title, *sheet.lines, *(column.heading for column in sheet.columns)]
        spoken += [str(value) for row in sheet.rows for value in row]
    return "\n".join(spoken)


def test_the_public_edition_has_no_case_no_unit_and_no_exact_number() -> None:
    found = measurement(one("A", 61, 42, 6), one("B", 98, 1, area=None))
    report = public_report(found, "Testby", Rule())
    (sheet,) = report.sheets
    assert sheet.rows == [
        ["Svar", "A", "14 dage", "lov", 110, 105, 0.59, "12 dage"],
        ["(intet retsområde)", "B", "14 dage", "lov", "..", "..", "..", ".."],
    ]
    # The page in words has what stands in the table, and says that there is more.
    (figure,) = report.summary.figures
    assert (figure.label, figure.value, figure.range) == ("A", "59 %", "omkring 105 af 110 er afgjort")
    assert report.summary.blocks[0].sentences[-1] == f"Alle frister står på arket {sheet.name}."
    told = texts(report)
    assert not any(word in told for word in ("S-1000", "Nord", "103", "61", "98", "40"))
    assert report.public


def test_a_time_of_few_cases_is_nobodys_business() -> None:
    (sheet,) = public_report(measurement(one("A", 10, 6)), "Testby", Rule()).sheets
    assert sheet.rows[0][-1] == "."


def test_the_edition_for_the_house_names_cases_and_says_that_it_does() -> None:
    report = internal_report(measurement(one("A", 61, 42, 6)), "Testby")
    told = texts(report)
    assert "S-10003" in told
    assert "S-10007" in told
    assert "Intern udgave: indeholder sagsnumre og må ikke offentliggøres" in told
    assert report.summary.title == "1 sag er stadig åben over en frist"
    assert [sheet.name for sheet in report.sheets] == [
        "Frister",
        "Frister pr. enhed",
        "Kan ikke måles",
        "Døde perioder",
        "Over fristen",
        "Længst uden dato",
    ]


def test_a_share_of_a_few_of_many_says_what_it_can_come_to() -> None:
    (figure,) = internal_report(measurement(one("A", 15, 0, 46)), "Testby").summary.figures
    assert (figure.value, figure.range) == ("100,0 %", "15 af 61 er afgjort")
    assert figure.before == "til sidst mellem 24,6 % og 100,0 %"
    (settled,) = internal_report(measurement(one("A", 15, 5)), "Testby").summary.figures
    assert settled.before == ""
