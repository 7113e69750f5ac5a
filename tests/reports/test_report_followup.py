"""What a report tells of the follow-up: counts of actions, and questions read again; never a case, never why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.builders.reports import material
from tilsyn.base.periods import Period
from tilsyn.compliance.rechecks import QuestionReading, Rechecked
from tilsyn.reports.edition import build
from tilsyn.reports.parts import WITHHELD, Publication, Sheet
from tilsyn.reviews.actions import Action

Q2, Q3 = Period.parse("2018-Q2"), Period.parse("2018-Q3")
DAY = date(2018, 11, 2)


def action(number: int, question: str = "UND-01", **said: object) -> Action:
    values = {"since": date(2018, 8, 1), "deadline": date(2018, 11, 1), "case_id": f"now-Amager-{number:02}"}
    return Action(f"2018-Q2-n2-{number:02}", 2, "2018-Q2", question, "Amager", **values | said)  # type: ignore[arg-type]


def sheet(key: str, public: bool, publication: Publication | None = None, **changes: object) -> Sheet | None:
    report = build(material(acted_by=DAY, published=None, **changes), public, publication)
    return next((one for one in report.sheets if one.key == key), None)


ACTIONS = [
    action(1, done_on=date(2018, 10, 1)),
    action(2),
    action(3, deadline=date(2018, 12, 1)),
    action(4, "INV-01", done_on=DAY),
    action(5, "INV-01"),
]


def test_nothing_is_said_where_nothing_is_followed_up() -> None:
    assert sheet("actions", False) is None
    assert sheet("rechecks", False) is None


def test_the_internal_edition_counts_by_question() -> None:
    found = sheet("actions", False, actions=ACTIONS)
    assert found is not None
    assert [row[0].partition(" ")[0] for row in found.rows] == ["INV-01", "UND-01", "I"]  # type: ignore[union-attr]
    assert [list(row[1:]) for row in found.rows] == [[1, 0, 1, 2], [1, 1, 1, 3], [2, 1, 2, 5]]
    assert not any("Amager" in str(cell) for row in found.rows for cell in row)


def test_the_public_edition_has_the_total_alone_and_not_of_a_few() -> None:
    found = sheet("actions", True, actions=ACTIONS)
    assert found is not None
    assert [list(row) for row in found.rows] == [["I alt", 2, 1, 2, 5]]
    few = sheet("actions", True, actions=ACTIONS[:4])
    assert few is not None
    assert [list(row) for row in few.rows] == [["I alt", *[WITHHELD] * 4]]


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2018, 7, 31), None), (date(2018, 9, 30), [0, 5, 0, 5]), (date(2018, 11, 1), [0, 4, 1, 5])],
)
def test_a_published_report_is_of_its_own_day(day: date, counts: list[int] | None) -> None:
    found = sheet("actions", False, Publication(day), actions=ACTIONS)
    assert (None if found is None else list(found.rows[-1][1:])) == counts


READ = Rechecked(
    "INV-01",
    "Blev barnet inddraget?",
    "",
    QuestionReading(Q2, 0.5, 40, 20, False),
    QuestionReading(Q3, 0.75, 40, 30, False),
    "yes",
    0.25,
    0.04,
    0.44,
)


def test_what_was_read_again_is_told_with_its_interval_and_without_a_cause() -> None:
    for public in (False, True):
        found = sheet("rechecks", public, rechecks=[READ])
        assert found is not None
        (row,) = found.rows
        assert list(row[2:9]) == [0.5, 40, 0.75, 40, 25, 4, 44]
        assert row[9] == "før: 2. kvartal 2018, efter: 3. kvartal 2018"
        assert "ikke hvorfor" in found.lines[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "Amager"},
        {"before": QuestionReading(Q2, 0.95, 40, 38, False)},
        {"after": QuestionReading(Q3, 0.5, 4, 2, False)},
        {"after": QuestionReading(Q3, 0.05, 40, 2, False)},
        {"after": QuestionReading(Q3, 1.0, 40, 40, True)},
    ],
)
def test_a_reading_that_tells_of_few_stays_in_the_house(changes: dict[str, object]) -> None:
    one = replace(READ, **changes)  # type: ignore[arg-type]
    assert sheet("rechecks", True, rechecks=[one]) is None
    assert sheet("rechecks", False, rechecks=[one]) is not None


def test_a_share_of_few_cases_is_not_shown_in_the_house_either() -> None:
    found = sheet("rechecks", False, rechecks=[replace(READ, after=QuestionReading(Q3, 1.0, 4, 4, False))])
    assert found is not None
    assert list(found.rows[0][2:9]) == [0.5, 40, "..", 4, "..", "..", ".."]


def test_readings_that_asked_different_things_have_no_difference() -> None:
    one = replace(READ, comparable="no", difference=None, low=None, high=None)
    found = sheet("rechecks", False, rechecks=[one])
    assert found is not None
    assert found.rows[0][6:9] == [".", ".", "."]
    assert "ikke sammenlignelig" in str(found.rows[0][9])
