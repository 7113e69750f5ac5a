"""What people type: one meaning, or an unknown answer with the nearest known one; never a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.questions.answers import (
    ANSWERS,
    LAWFUL_NO,
    NO,
    NOT_RELEVANT,
    YES,
    YES_OR_NO,
    Kind,
    Known,
    UnknownAnswer,
    heading_answer,
    is_blank,
    is_tick,
    read_answer,
)
from tilsyn.questions.scales import USUAL, known_on

KINDS: tuple[Kind, ...] = ("legal", "grade")
GRADES = known_on(USUAL)
KNOWN: dict[Kind, Known] = {"legal": YES_OR_NO, "grade": GRADES}
TYPED = {
    YES: [
        "ja",
        "Ja",
        "JA",
        "Ja ",
        " ja",
        "j",
        "J",
        "ja.",
        "Yes",
        "y",
        "ＪＡ",
        "\u200bja",
        "ja\n",
        "SAND",
        True,
    ],
    NO: ["nej", "NEJ", "Nej ", "n", "No", "no.", "FALSK", False],
    LAWFUL_NO: [
        "nej (lovlig grund)",
        "nej, lovlig grund",
        "Nej - lovlig grund",
        "nej/lovlig grund",
        "NEJ  (LOVLIG  GRUND)",
        "nej; lovlig grund",
        "No (lawful reason)",
    ],
    NOT_RELEVANT: [
        "ikke relevant",
        "Ikke Relevant.",
        "N/A",
        "n.a.",
        "na",
        "ir",
        "ir.",
        "I.R.",
        "irrelevant",
        "Not relevant",
        "not applicable",
    ],
}


@pytest.mark.parametrize(("answer", "text"), [(a, t) for a, texts in TYPED.items() for t in texts])
def test_what_people_type(answer: str, text: object) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("lav", "lav grad"),
        ("I nogen grad", "nogen grad"),
        ("HØJ GRAD", "høj grad"),
        ("hoej", "høj grad"),
        ("high", "høj grad"),
        ("ir.", "ikke relevant"),
    ],
)
def test_grades(text: str, answer: str) -> None:
    assert read_answer(text, GRADES) == answer


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("jaa", YES),
        ("ja?", YES),
        ("ja*", YES),
        ("ja, men for sent", YES),
        ("nej?", NO),
        ("ikke relevnt", NOT_RELEVANT),
        ("nej (lovlig grnd)", LAWFUL_NO),
        ("x", None),
        ("1", None),
        ("-", None),
        ("?", None),
        (1, None),
        (0.0, None),
    ],
)
def test_what_has_no_one_meaning_is_refused_with_the_nearest(text: object, nearest: str | None) -> None:
    with pytest.raises(UnknownAnswer) as told:
        read_answer(text)
    assert told.value.nearest == nearest


def test_a_grade_is_no_legal_answer_nor_the_other_way() -> None:
    with pytest.raises(UnknownAnswer):
        read_answer("høj grad")
    with pytest.raises(UnknownAnswer):
        read_answer("ja", GRADES)


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", "\n", "\u200b", "\ufeff "])
def test_blank_is_no_answer(blank: object) -> None:
    assert is_blank(blank)
    assert read_answer(blank) is None


@given(st.sampled_from(KINDS), st.data())
def test_case_space_and_marks_around_an_answer_change_nothing(kind: Kind, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(ANSWERS[kind]))
    around = st.text(alphabet=" \t\u00a0\u200b.,;:", max_size=4)
    swapped = "".join(c.upper() if data.draw(st.booleans()) else c for c in answer)
    assert read_answer(data.draw(around) + swapped + data.draw(around), KNOWN[kind]) == answer


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_any_text_is_an_answer_of_its_scale_blank_or_unknown(kind: Kind, text: str) -> None:
    try:
        answer = read_answer(text, KNOWN[kind])
    except UnknownAnswer as told:
        unknown: UnknownAnswer | None = told
        answer = told.nearest
    else:
        unknown = None
    assert answer is None or answer in ANSWERS[kind]
    assert (answer is None and unknown is None) == is_blank(text)
    assert unknown is None or unknown.found == text


@given(st.one_of(st.integers(), st.floats(allow_nan=True), st.dates(), st.times()))
def test_numbers_and_dates_are_never_answers(value: object) -> None:
    with pytest.raises(UnknownAnswer):
        read_answer(value)


def test_headings_and_ticks() -> None:
    assert [heading_answer(text) for text in ("Ja", "NEJ", "Ikke relevant", "Svar", "J", 3)] == [
        YES,
        NO,
        NOT_RELEVANT,
        None,
        None,
        None,
    ]
    assert [is_tick(value) for value in ("x", "X ", "✓", True, "ja", "", None, 1)] == [True] * 4 + [False] * 4
