"""The last guard: by field, whatever a text slipped through."""

from __future__ import annotations

import pytest

from tests.builders.cpr import SPELLINGS
from tilsyn.base.privacy import masked, no_numbers, refuse_cpr
from tilsyn.base.problems import Refused

# A hash that holds ten digits between letters; a seed as dice give it.
DIGEST = "a1203746598b" + "c" * 52
OWN = {
    "seed": "120374 6598 120374 6598",
    "ticket": DIGEST,
    "hash": DIGEST,
    "anchor": "7:a1203746598bcdef",
    "wording": "a1203746598b",
}


@pytest.mark.parametrize("text", SPELLINGS)
def test_no_spelling_is_written_wherever_it_stands(text: str) -> None:
    for data in (text, {"a": [{"b": f"om {text}"}]}, {text: 1}, [("x", text)]):
        with pytest.raises(Refused) as refused:
            refuse_cpr(data, "samples/log.jsonl")
        assert "xxxx-xxxx" in refused.value.message
        assert "6598" not in refused.value.message


def test_the_programs_own_fields_are_written_and_shown_as_they_are() -> None:
    refuse_cpr({**OWN, "cases": [{"case_id": "1203746598", "ticket": DIGEST}]}, "draw.json", {"1203746598"})
    assert masked(OWN, ()) == OWN
    assert no_numbers({"draws": [OWN]}) == set(OWN.values())


def test_a_case_that_was_drawn_keeps_its_number_and_nothing_else_does() -> None:
    data = {"case_id": "1203746598", "found": "sag 1203746598 om 120374-6598", "n": 1203746598}
    known = no_numbers(data)
    assert masked(data, known) == {**data, "found": "sag 1203746598 om 12xxxx-xxxx"}
