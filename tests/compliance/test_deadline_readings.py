"""The register against the reader, case by case."""

from __future__ import annotations

from tests.compliance.test_deadline_cases import cases_of, rule
from tilsyn.compliance.deadline_readings import limit_reading
from tilsyn.questions.answers import LAWFUL_NO, NO, NOT_RELEVANT, YES

ROWS = [
    {"case_id": "kept", "opened": "02-05-2018", "decided": "03-05-2018"},
    # The limit began long before: what was read is compared whenever it did.
    {"case_id": "late", "opened": "02-05-2017", "decided": "03-06-2017"},
    {"case_id": "open", "opened": "02-05-2018", "decided": ""},
    {"case_id": "runs", "opened": "29-06-2018", "decided": ""},
    {"case_id": "swapped", "opened": "02-05-2018", "decided": "01-05-2018"},
    {"case_id": "empty", "opened": "", "decided": ""},
]


def counts(answers: dict[str, str]) -> tuple[dict[tuple[str, str], int], int, int]:
    asked = rule("14 days", question="Q")
    found = limit_reading(cases_of(ROWS, asked), asked, "by/2018-Q2/level-2", "Niveau 2", answers)
    return dict(found.counts), found.compared, found.agree


def test_each_side_says_kept_not_kept_or_nothing() -> None:
    answers = {row["case_id"]: YES for row in ROWS} | {"gone": YES}
    assert counts(answers) == ({("yes", "yes"): 1, ("no", "yes"): 2, ("open", "yes"): 4}, 3, 1)
    assert counts({"late": LAWFUL_NO, "open": NO, "kept": NOT_RELEVANT}) == (
        {("no", "no"): 2, ("yes", "open"): 1},
        2,
        2,
    )


def test_the_cases_that_differ_are_named_with_their_days() -> None:
    asked = rule("14 days", question="Q")
    answers = {"kept": NO, "late": YES, "runs": NO, "open": NO}
    found = limit_reading(cases_of(ROWS, asked), asked, "by/2018-Q2/level-2", "Niveau 2", answers)
    assert [(case.case_id, case.last.isoformat(), case.answer) for case in found.differing] == [
        ("kept", "2018-05-16", NO),
        ("late", "2017-05-16", YES),
    ]


def test_a_case_that_the_rule_is_not_about_is_not_compared() -> None:
    asked = rule("14 days", question="Q", where={"column": "unit", "values": ["Syd"]})
    found = limit_reading(cases_of(ROWS, asked), asked, "by/2018-Q2/level-2", "Niveau 2", {"kept": YES})
    assert (found.compared, dict(found.counts)) == (0, {("open", "yes"): 1})
