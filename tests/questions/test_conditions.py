"""Conditions: what a machine can read of when a question applies."""

from __future__ import annotations

import pytest

from tilsyn.questions.conditions import parse


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
    ],
)
def test_only_what_is_known_to_be_false_lets_a_question_be_skipped(
    text: str, known: dict[str, str], holds: bool | None
) -> None:
    assert parse(text).holds(known) is holds


@pytest.mark.parametrize("text", ["", "A", "A =", "A = nej eller hvis", "hvis det er muligt"])
def test_what_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


def test_a_condition_reads_back_as_it_was_written() -> None:
    text = "BFU-01 relevant og undersoegelse = ja eller INV-01 = nej (lovlig grund)"
    assert str(parse(text)) == text
    assert parse(text).names == ("BFU-01", "undersoegelse", "INV-01")
