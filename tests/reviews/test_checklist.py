"""What a checklist asks, and who reads which cases."""

from __future__ import annotations

from datetime import date

from tests.builders.checklists import questions
from tests.builders.questions import law_questions
from tilsyn.reviews.checklist import Case, checklist, parts


def keys(level: int, latest: date, *names: str) -> list[str]:
    return [field.key for field in checklist(questions(*names), level, latest).head]


def test_the_date_of_the_act_is_required_only_where_it_decides() -> None:
    required = {
        day: [f.key for f in checklist(questions(), 2, day).head if f.required]
        for day in (date(2023, 12, 31), date(2024, 1, 1))
    }
    assert required == {date(2023, 12, 31): [], date(2024, 1, 1): ["act_date"]}


def test_a_law_that_came_later_is_not_asked() -> None:
    before = checklist(questions(), 2, date(2018, 6, 30))
    assert [regime.name for regime in before.regimes] == ["serviceloven"]
    assert len(before.questions) == 36
    assert len(checklist(questions(), 2, date(2024, 6, 30)).questions) == 40


def test_only_facts_that_a_question_rests_on_are_asked() -> None:
    assert [key for key in keys(2, date(2018, 6, 30)) if key.startswith("fact:")] == [
        "fact:underretning",
        "fact:undersoegelse",
        "fact:afgoerelse",
        "fact:anbringelse",
        "fact:sikkerhedsplan",
    ]
    assert not [k for k in keys(2, date(2018, 6, 30), "god-sagsbehandling") if k.startswith("fact:")]


def test_a_fact_of_a_later_law_is_not_asked_before_it() -> None:
    asked = {
        latest: {f.key for f in checklist(law_questions().of_scope("core"), 2, latest).head}
        for latest in (date(2018, 6, 30), date(2026, 6, 30))
    }
    later = {"fact:screening", "fact:aeresrelateret"}
    assert asked[date(2026, 6, 30)] - asked[date(2018, 6, 30)] == later
    assert "fact:opfoelgning" in asked[date(2018, 6, 30)]


def test_grades_come_last() -> None:
    asked = checklist(questions("god-sagsbehandling", "serviceloven"), 2, date(2018, 6, 30)).questions
    kinds = [question.kind for question in asked]
    assert kinds == sorted(kinds, key=lambda kind: kind == "grade")


def test_each_level_has_its_own_reviewers() -> None:
    roles = {
        next(f.choices for f in checklist(questions(), level, date(2018, 6, 30)).head if f.key == "reviewer")
        for level in (1, 2, 3, 4)
    }
    assert len(roles) == 4


def test_units_with_the_same_file_name_get_files_of_their_own() -> None:
    made = parts(2, [Case("1", "Øst"), Case("2", "Oest"), Case("3", "Øst")], ["", "", ""], 1)
    assert [(part.name, part.title, [case.case_id for case in part.cases]) for part in made] == [
        ("oest", "Oest", ["2"]),
        ("oest-2", "Øst", ["1", "3"]),
    ]


def test_every_case_goes_to_one_group() -> None:
    cases = [Case(str(n), "Amager") for n in range(7)]
    made = parts(3, cases, [""] * 7, 3)
    assert [part.name for part in made] == ["gruppe-1", "gruppe-2", "gruppe-3"]
    assert sorted(case.case_id for part in made for case in part.cases) == [str(n) for n in range(7)]
    assert [len(part.cases) for part in made] == [3, 2, 2]
