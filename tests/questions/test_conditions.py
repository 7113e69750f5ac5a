"""Conditions: what a machine can read of when a question applies."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.questions.answers import code_of
from tilsyn.questions.conditions import Condition, Known, Term, parse, parse_first


def look(known: dict[str, str]):
    """Return what is known; "-" is a fact that is not asked."""

    def found(name: str) -> Known:
        value = known.get(name)
        return Known(there=False) if value == "-" else Known(code_of(value) if value else None)

    return found


@pytest.mark.parametrize(
    ("text", "known", "holds"),
    [
        ("A = nej", {}, None),
        ("A = nej", {"A": ""}, None),
        ("A = nej", {"A": "nej"}, True),
        ("A = nej", {"A": "nej (lovlig grund)"}, True),
        ("A = nej (lovlig grund)", {"A": "nej"}, False),
        ("A = nej", {"A": "ja"}, False),
        ("A = nej", {"A": "ikke relevant"}, False),
        ("A relevant", {"A": "nej"}, True),
        ("A relevant", {"A": "ikke relevant"}, False),
        ("A = nej eller B = nej", {"A": "ja"}, None),
        ("A = nej eller B = nej", {"A": "ja", "B": "ja"}, False),
        ("A = nej or B = nej", {"B": "nej"}, True),
        ("A relevant og f = ja", {"f": "nej"}, False),
        ("A relevant og f = ja", {"A": "ja"}, None),
        ("A relevant and f = ja eller B = ja", {"A": "ja", "f": "ja"}, True),
        ("A = høj grad", {"A": "høj grad"}, True),
    ],
)
def test_in_a_catalogue_of_0_1_only_what_is_known_to_be_false_lets_a_question_be_skipped(
    text: str, known: dict[str, str], holds: bool | None
) -> None:
    assert parse_first(text).holds(look(known)) is holds


@pytest.mark.parametrize(
    ("text", "known", "holds"),
    [
        ("A = nej", {"A": "nej (lovlig grund)"}, False),
        ("A in (nej, lovlig)", {"A": "nej (lovlig grund)"}, True),
        ("A in (nej, lovlig)", {}, None),
        ("f = ja", {"f": "-"}, False),
        ("f != ja", {"f": "-"}, False),
        ("f != ja", {"f": "nej"}, True),
        ("f != ja", {"f": "ja"}, False),
        ("f != ja", {}, None),
        ("f >= 10", {"f": "9"}, False),
        ("f >= 10", {"f": "10"}, True),
        ("f < 16", {"f": "16"}, False),
        ("f < 16", {"f": "15"}, True),
        ("f < 16", {}, None),
        ("f given", {}, False),
        ("f given", {"f": "2026-03-02"}, True),
        ("f given", {"f": "-"}, False),
        ("f = ja and g = ja or h = ja", {"f": "nej"}, None),
        ("f = ja and g = ja or h = ja", {"f": "nej", "h": "nej"}, False),
        ("f = ja and g = ja or h = ja", {"h": "ja"}, True),
    ],
)
def test_what_a_condition_says(text: str, known: dict[str, str], holds: bool | None) -> None:
    assert parse(text).holds(look(known)) is holds


@pytest.mark.parametrize(("reason", "holds"), [("modenhed", True), ("netop_talt", False), ("", None)])
def test_a_lawful_reason_is_asked_for_by_its_code(reason: str, holds: bool | None) -> None:
    assert parse("A = lovlig:modenhed").holds(lambda _: Known("lovlig", reason=reason)) is holds
    assert parse("A = lovlig").holds(lambda _: Known("lovlig", reason=reason)) is True


def test_a_question_is_relevant_as_its_condition_says_whatever_is_answered() -> None:
    condition = parse("A relevant")
    assert condition.holds(lambda _: Known("ikke_relevant", there=True)) is True
    assert condition.holds(lambda _: Known(None, there=None)) is None
    assert condition.holds(lambda _: Known("ja", there=False)) is False


VALUES = ("a", "b", "c")
FACTS = ("f", "g", "h", "k")


@st.composite
def conditions(draw: st.DrawFn, *, each_once: bool) -> Condition:
    """Draw a condition over the facts; each named once at most where that is asked for."""
    left = list(FACTS)
    alternatives = []
    for _ in range(draw(st.integers(1, 3))):
        terms = []
        for _ in range(draw(st.integers(1, 2))):
            if each_once and not left:
                break
            name = draw(st.sampled_from(left if each_once else FACTS))
            if each_once:
                left.remove(name)
            values = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True))
            if len(values) == 1 and draw(st.booleans()):
                terms.append(Term(name, "!=", tuple(values)))
            else:
                terms.append(Term(name, "=", tuple(values)))
        if terms:
            alternatives.append(tuple(terms))
    return Condition(tuple(alternatives))


def all_told(condition: Condition, known: dict[str, str]) -> set[bool | None]:
    """Return what a condition comes to under every way to tell what is not known."""
    unknown = [name for name in FACTS if name not in known]
    return {
        condition.holds(look(known | dict(zip(unknown, told, strict=True))))
        for told in itertools.product(VALUES, repeat=len(unknown))
    }


@given(conditions(each_once=True), st.dictionaries(st.sampled_from(FACTS), st.sampled_from((*VALUES, "-"))))
def test_unknown_is_what_may_come_to_both(condition: Condition, known: dict[str, str]) -> None:
    told = all_told(condition, known)
    assert condition.holds(look(known)) is (next(iter(told)) if len(told) == 1 else None)


@given(conditions(each_once=False), st.dictionaries(st.sampled_from(FACTS), st.sampled_from((*VALUES, "-"))))
def test_what_is_known_no_later_answer_changes(condition: Condition, known: dict[str, str]) -> None:
    held = condition.holds(look(known))
    told = all_told(condition, known)
    assert None not in told
    assert held is None or told == {held}


@given(conditions(each_once=False))
def test_a_condition_reads_back_as_it_is_written(condition: Condition) -> None:
    assert parse(str(condition)) == condition


@pytest.mark.parametrize(
    "text", ["", "A", "A =", "A = nej eller hvis", "hvis det er muligt", "A >= mange", "A in ()", "A in (nej"]
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


def test_what_makes_it_false_can_be_told() -> None:
    condition = parse("f = ja and g = ja or h = ja")
    failing = condition.failing(look({"f": "ja", "g": "nej", "h": "nej"}))
    assert list(map(str, failing)) == ["g = ja", "h = ja"]
