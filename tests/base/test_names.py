"""The name before a CPR-like number: masked with it, and ordinary words left where they can be told apart.

"Ole Hansen", "Anne" and the like stand for any name; the number was given to somebody born in 1874.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.cpr import SPELLINGS
from tilsyn.base.cpr import mask
from tilsyn.base.names import name_before

NUMBER = "120374-6598"
SHOWN = "12xxxx-xxxx"

MASKED = [
    ("Ole Hansen {} var ikke hørt", "xxxx {} var ikke hørt"),
    ("OLE HANSEN {}", "xxxx {}"),
    ("Hans Hansen {}", "xxxx {}"),
    ("Partshørt er Ole Hansen {}", "Partshørt er xxxx {}"),
    ("Moderen Ole Hansen {}", "Moderen xxxx {}"),
    ("Se Sagsbehandler Ole Hansen {}", "Se Sagsbehandler xxxx {}"),
    ("Mor: Ole Hansen, {}", "Mor: xxxx, {}"),
    ("barnet Ole {}", "barnet xxxx {}"),
    ("Hansen, Ole ({})", "xxxx ({})"),
    ("O. Hansen {}", "xxxx {}"),
    ("O.H. {}", "xxxx. {}"),
    ("Chr. Hansen {}", "xxxx {}"),
    ("Ole-Anne Hansen {}", "xxxx {}"),
    ("Ole Aagård-Ørsted {}", "xxxx {}"),
    ("Åse Øster {}", "xxxx {}"),
    (unicodedata.normalize("NFD", "Åse Ørsted {}"), "xxxx {}"),
    ("Ole O'Hansen {}", "xxxx {}"),
    ("Ole von der Hansen {}", "xxxx {}"),
    ("Ole og Anne Hansen {}", "xxxx {}"),
    ("Ole Hansen, CPR-nr. {}", "xxxx, CPR-nr. {}"),
    ("Ole Hansen, cpr.nr.: {}", "xxxx, cpr.nr.: {}"),
    ("Ole Hansen er født den {}", "xxxx er født den {}"),
    ("Ole Hansen\n{}", "xxxx\n{}"),
    ("Ole{}", "xxxx{}"),
    ("Planen mangler. Ole Hansen {}", "Planen mangler. xxxx {}"),
    ("Ole Hansen (Moderen) {}", "xxxx) {}"),
]
KEPT = [
    "{}",
    "{} Ole Hansen",
    "CPR-nr. {} var ikke hørt",
    "Moderen {}",
    "Moderens CPR-nr. {}",
    "Sagsbehandler {}",
    "Barnet har CPR {}",
    "Han {}",
    "barnet {}",
    "Se § 50, {}",
    "Ole Hansen blev hørt om {}",
    "Ole Hansen blev hørt. Moderen {}",
    "Ole Hansen. Moderen {}",
    "ole hansen {}",
    "sag 2018-0007 {}",
]


@pytest.mark.parametrize(("text", "shown"), MASKED)
def test_a_name_before_a_number_is_masked_with_it(text: str, shown: str) -> None:
    assert mask(text.format(NUMBER)) == shown.format(SHOWN)


@pytest.mark.parametrize("text", KEPT)
def test_ordinary_words_and_names_elsewhere_stay(text: str) -> None:
    assert mask(text.format(NUMBER)) == text.format(SHOWN)


@pytest.mark.parametrize("text", [shown for _, shown in MASKED])
def test_a_mask_is_not_masked_again(text: str) -> None:
    assert mask(text.format(NUMBER)) == text.format(SHOWN)


@pytest.mark.parametrize("spelt", SPELLINGS)
def test_a_name_is_masked_before_every_spelling(spelt: str) -> None:
    assert "Hansen" not in mask(f"Ole Hansen {spelt}")


def test_each_of_several_numbers_has_its_own_name_masked() -> None:
    said = mask(f"Ole {NUMBER}, Anne Hansen {NUMBER} og Hansen {NUMBER}")
    assert said == f"xxxx {SHOWN}, xxxx {SHOWN} og xxxx {SHOWN}"


def test_without_a_number_every_name_stays() -> None:
    assert mask("Ole Hansen 2018-0007 blev hørt") == "Ole Hansen 2018-0007 blev hørt"


def test_what_is_part_of_a_known_id_is_no_name() -> None:
    assert mask(f"Sag OLE {NUMBER}", known=["Sag OLE"]) == f"Sag OLE {SHOWN}"


NAMES = st.from_regex(r"[A-ZÆØÅ][a-zæøå]{4,9}zq", fullmatch=True)


@given(st.text(max_size=20), st.lists(NAMES, min_size=1, max_size=4), st.sampled_from([" ", "-", ", "]))
def test_no_name_is_left_whatever_stands_before_it(before: str, names: list[str], gap: str) -> None:
    shown = mask(f"{before} {gap.join(names)} {NUMBER}")
    assert not any(name in shown.removeprefix(before) for name in names)


@given(st.text(max_size=40))
def test_a_name_is_part_of_the_text_and_begins_and_ends_with_a_letter(text: str) -> None:
    found = name_before(text, len(text))
    if found is not None:
        first, last = found
        assert 0 <= first < last <= len(text)
        assert text[first].isalnum()
