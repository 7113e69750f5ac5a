"""Some questions of a set: with those that they rest on, and nothing else."""

from __future__ import annotations

import pytest

from tests.builders.questions import law_questions

SET = law_questions().of_scope("core")


@pytest.mark.parametrize(
    ("asked", "kept", "dates"),
    [
        ("UND-05", {"UND-05"}, set()),
        ("BFU-03", {"BFU-01", "BFU-02", "BFU-03"}, {"behov_kendt", "undersoegelse_afsluttet"}),
        ("INV-01", {"BFU-06", "INV-01", "INV-03"}, {"barnet_hoert"}),
    ],
)
def test_a_question_brings_those_it_rests_on(asked: str, kept: set[str], dates: set[str]) -> None:
    found = SET.of_questions([asked])
    assert set(found.ids) == kept
    assert {date.name for date in found.dates} == dates
    assert found.outcomes == ()
    assert found.regimes == SET.regimes


@pytest.mark.parametrize("asked", SET.ids)
def test_what_a_question_names_is_there(asked: str) -> None:
    found = SET.of_questions([asked])
    assert found.of_questions([asked]) == found
    facts = {fact.name for fact in found.facts}
    named = {name for fact in found.facts if fact.asked_when for name in fact.asked_when.names}
    assert named & {fact.name for fact in SET.facts} <= facts
