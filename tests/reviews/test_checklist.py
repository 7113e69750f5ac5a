"""What a checklist asks, and who reads which cases."""

from __future__ import annotations

from datetime import date

from tests.builders.checklists import ROLES, questions
from tests.builders.questions import law_questions
from tilsyn.reviews.checklist import checklist


def keys(latest: date, *names: str) -> list[str]:
    return [field.key for field in checklist(questions(*names), ROLES, latest).head]


def test_the_date_of_the_act_is_required_only_where_it_decides() -> None:
    required = {
        day: [f.key for f in checklist(questions(), ROLES, day).head if f.required]
        for day in (date(2023, 12, 31), date(2024, 1, 1))
    }
    assert required == {date(2023, 12, 31): [], date(2024, 1, 1): ["act_date"]}


def test_a_law_that_came_later_is_not_asked() -> None:
    before = checklist(questions(), ROLES, date(2018, 6, 30))
    assert [regime.name for regime in before.regimes] == ["serviceloven"]
    assert len(before.questions) == 36
    assert len(checklist(questions(), ROLES, date(2024, 6, 30)).questions) == 40


def test_only_facts_that_a_question_rests_on_are_asked() -> None:
    assert [key for key in keys(date(2018, 6, 30)) if key.startswith("fact:")] == [
        "fact:underretning",
        "fact:undersoegelse",
        "fact:afgoerelse",
        "fact:anbringelse",
        "fact:sikkerhedsplan",
    ]
    assert not [k for k in keys(date(2018, 6, 30), "god-sagsbehandling") if k.startswith("fact:")]


def test_a_fact_of_a_later_law_is_not_asked_before_it() -> None:
    asked = {
        latest: {f.key for f in checklist(law_questions().of_scope("core"), ROLES, latest).head}
        for latest in (date(2018, 6, 30), date(2026, 6, 30))
    }
    later = {"fact:screening", "fact:aeresrelateret"}
    assert asked[date(2026, 6, 30)] - asked[date(2018, 6, 30)] == later
    assert "fact:opfoelgning" in asked[date(2018, 6, 30)]


def test_grades_come_last() -> None:
    asked = checklist(questions("god-sagsbehandling", "serviceloven"), ROLES, date(2018, 6, 30)).questions
    kinds = [question.kind for question in asked]
    assert kinds == sorted(kinds, key=lambda kind: kind == "grade")


def test_a_reader_chooses_among_the_roles_of_the_plan_and_the_events_of_the_catalogue() -> None:
    head = {field.key: field for field in checklist(law_questions(), ROLES, date(2026, 6, 30)).head}
    assert head["reviewer"].choices == ROLES
    assert "anbringelse" in head["act_event"].choices
    assert head["akut"].label == "AKUT: er et barn i fare nu?"


def test_without_them_the_fields_are_open_and_the_question_is_anybodys() -> None:
    head = {field.key: field for field in checklist(questions(), (), date(2018, 6, 30)).head}
    assert (head["reviewer"].choices, head["act_event"].choices) == ((), ())
    assert head["akut"].label == "AKUT: skal der handles nu?"
