"""An action from day to day, and what records make of it."""

from __future__ import annotations

from datetime import date

import pytest

from tilsyn.reviews.action_fields import BadField, read_field
from tilsyn.reviews.actions import Action, ActionRecord, actions_after, counted
from tilsyn.settings.followup import Followup

TODAY = date(2018, 11, 1)
ACTION = Action("2018-Q2-n2-01", 2, "2018-Q2", "Q1", "Nord", deadline=TODAY, learning_on=date(2019, 6, 30))


@pytest.mark.parametrize(
    ("day", "done", "state"),
    [
        (date(2018, 10, 31), None, "open"),
        (date(2018, 11, 1), None, "open"),
        (date(2018, 11, 2), None, "overdue"),
        (date(2018, 11, 2), date(2018, 11, 2), "done"),
    ],
)
def test_an_action_is_overdue_the_day_after_its_deadline(day: date, done: date | None, state: str) -> None:
    action = Action.from_dict(ACTION.to_dict() | {"done_on": done.isoformat() if done else None})
    assert action.state(day) == state
    assert counted([action], day)[state] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("day", "discussed", "due"),
    [
        (date(2019, 6, 29), None, False),
        (date(2019, 6, 30), None, True),
        (date(2019, 6, 30), date(2019, 6, 1), False),
    ],
)
def test_what_was_learnt_is_talked_about_by_its_day(day: date, discussed: date | None, due: bool) -> None:
    action = Action.from_dict(
        ACTION.to_dict() | ({"discussed_on": discussed.isoformat()} if discussed else {})
    )
    assert action.to_learn_from(day) is due


def test_records_come_back_as_they_were_written_and_the_newest_word_holds() -> None:
    said = {"action_id": ACTION.action_id, "done_on": "2018-10-30", "learnt": "Spørg altid"}
    records = [ActionRecord("added", (ACTION.to_dict(),)), ActionRecord("said", (said,), source="nord.xlsx")]
    again = [ActionRecord.from_dict(record.to_dict() | {"later": 1}) for record in records]
    assert again == records
    (action,) = actions_after(again).values()
    assert (action.done_on, action.learnt, action.deadline) == (date(2018, 10, 30), "Spørg altid", TODAY)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("what", "  Gennemgå\n tjeklisten ", "Gennemgå tjeklisten"),
        ("what", " ", None),
        ("what", 7.0, "7"),
        ("cause", "Manglende viden", "knowledge"),
        ("cause", "handover", "handover"),
        ("deadline", "1. december 2018", date(2018, 12, 1)),
        ("done_on", "31-10-2018", date(2018, 10, 31)),
        ("role", "Fagligt ansvarlig", "professional"),
    ],
)
def test_what_can_be_said(name: str, value: object, read: object) -> None:
    rules = Followup()
    assert read_field(name, value, rules, TODAY) == read


@pytest.mark.parametrize(
    ("name", "value", "found", "remedy"),
    [
        ("what", "tal med mor, 120374-6598", "12xxxx-xxxx", "sagsnummeret"),
        ("learnt", "1203746598", "CPR", "personoplysninger"),
        ("learnt", 203746598, "CPR", "personoplysninger"),
        ("role", "120374-6598", "12xxxx-xxxx", "personoplysninger"),
        ("role", "leder@kommunen.dk", "rollerne", "aldrig en person"),
        ("role", "vagtplanlægger", "rollerne", "leder, fagligt ansvarlig, jurist"),
        ("cause", "uheld", "årsagerne", "overdragelse"),
        ("deadline", "snart", "»snart«", "01-11-2018"),
        ("done_on", "2018-11-02", "2. november 2018", "når det er sket"),
    ],
)
def test_what_cannot_be_said(name: str, value: object, found: str, remedy: str) -> None:
    with pytest.raises(BadField) as caught:
        read_field(name, value, Followup(), TODAY)
    assert found in caught.value.found
    assert remedy in caught.value.remedy
    assert "6598" not in caught.value.found
