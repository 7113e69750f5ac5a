"""Scales of grades: what is typed for each, and that nothing typed means two of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.language import using
from tilsyn.questions.answers import ANSWERS, NOT_RELEVANT, UnknownAnswer, read_answer
from tilsyn.questions.question import Question
from tilsyn.questions.scales import USUAL, Grade, clashes, known_on, letters, spelt, text_on


def scale(*texts: str) -> tuple[Grade, ...]:
    """Return a scale of grades, `text` or `text/letter`."""
    named = [text.partition("/") for text in texts]
    return tuple(Grade(f"g{n}", text, letter=letter) for n, (text, _, letter) in enumerate(named))


@pytest.mark.parametrize(
    ("texts", "typed"),
    [
        (["ringe", "middel", "god"], ["R", "M", "G"]),
        (["god nok", "god", "meget god"], ["1", "2", "3"]),
        (["ikke god", "god"], ["1", "2"]),
        (["ikke god/x", "god"], ["X", "G"]),
        (["dårlig/a", "jævn/b", "god/c", "fremragende/d"], ["A", "B", "C", "D"]),
    ],
)
def test_the_letters(texts: list[str], typed: list[str]) -> None:
    assert list(letters(scale(*texts)).values()) == typed


@pytest.mark.parametrize(
    ("texts", "clash"),
    [
        (["ringe", "god"], []),
        (["ringe", "Ringe!"], [(1, "ringe", "g0")]),
        (["ringe/x", "god/X"], [(1, "x", "g0")]),
        (["ringe/i", "god"], [(0, "i", NOT_RELEVANT)]),
        (["na", "god"], [(0, "na", NOT_RELEVANT)]),
    ],
)
def test_what_would_mean_two_answers(texts: list[str], clash: list[tuple[int, str, str]]) -> None:
    assert clashes(scale(*texts)) == clash


def test_the_usual_scale_is_the_one_of_thematic_questions() -> None:
    assert [*(grade.name for grade in USUAL), NOT_RELEVANT] == list(ANSWERS["grade"])
    question = Question("T-1", "Text", "step", kind="grade")
    assert question.answers == ANSWERS["grade"]
    assert question.to_dict() == Question.from_dict(question.to_dict()).to_dict()
    assert "grades" not in question.to_dict()


def test_a_scale_of_its_own_goes_through_a_draw_record() -> None:
    own = scale("ringe", "god")
    question = Question("T-1", "Text", "step", kind="grade", grades=own)
    assert Question.from_dict(question.to_dict()) == question


@pytest.mark.parametrize(
    ("typed", "grade"),
    [("S", "nogen grad"), ("h", "høj grad"), ("L", "lav grad"), ("n", "nogen grad"), (2.0, None)],
)
def test_the_letters_of_both_languages_are_taken(typed: object, grade: str | None) -> None:
    known = known_on(USUAL)
    if grade is None:
        with pytest.raises(UnknownAnswer, match="2"):
            read_answer(typed, known)
    else:
        assert read_answer(typed, known) == grade


def test_a_number_is_taken_as_a_spreadsheet_keeps_it() -> None:
    known = known_on(scale("god nok", "god"))
    assert (read_answer(2.0, known), read_answer(1, known), read_answer("2", known)) == ("g1", "g0", "g1")


@given(st.lists(st.text("abcdefghjklmnopqrstuvwxyzæøå ", min_size=1, max_size=12), min_size=2, max_size=6))
def test_all_that_can_be_typed_is_read_back_as_its_grade(texts: list[str]) -> None:
    own = scale(*texts)
    if not clashes(own):
        known = known_on(own)
        for name, words in spelt(own).items():
            assert {read_answer(word, known) for word in words if word.strip()} == {name}


def test_a_grade_is_called_by_its_text_in_the_language_in_use() -> None:
    own = (Grade("god", "god praksis", "good practice"),)
    assert text_on(own, "god") == "god praksis"
    with using("en"):
        assert text_on(own, "god") == "good practice"
        assert text_on(own, NOT_RELEVANT) == "not relevant"
