"""CPR-like numbers: found in every spelling, and never shown."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.cpr import HARMLESS, SPELLINGS
from tilsyn.base.cpr import PATTERN, PLAIN, looks_like_cpr, mask


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_is_found_and_masked(text: str) -> None:
    for said in (text, f"mor {text} mangler", f"CPR{text}.", f"({text})"):
        assert looks_like_cpr(said)
        shown = mask(said)
        assert "12xxxx-xxxx" in shown or "72xxxx-xxxx" in shown
        assert not looks_like_cpr(shown)


@pytest.mark.parametrize(
    "text", ["120374-2018", "120374  2018", "12.03.74-2018", "12 03 74 2018", "1203 74 2018", "12-03-74-1918"]
)
def test_four_digits_that_may_be_a_year_are_found_too(text: str) -> None:
    assert looks_like_cpr(f"mor {text}")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_number_stays(text: str) -> None:
    assert not looks_like_cpr(text)
    assert not re.search(PATTERN, text)
    assert mask(text) == text


def test_a_mask_leaves_what_stands_around_it() -> None:
    assert mask("mor 120374\u20136598 og 1\u200b20374 6598 m.fl.") == "mor 12xxxx-xxxx og 12xxxx-xxxx m.fl."


def test_a_number_cell_has_lost_its_leading_zero() -> None:
    assert looks_like_cpr("203746598", number_cell=True)
    assert not looks_like_cpr("203746598")
    assert not looks_like_cpr("223746598", number_cell=True)
    assert mask("203746598", known=["203746598"]) == "203746598"


def test_a_known_id_is_no_number_but_one_beside_it_is() -> None:
    known = ["1203746598", "03", "1203"]
    assert not looks_like_cpr("se sag 1203746598", known=known)
    assert looks_like_cpr("se sag 1203746598 om 120374-6598", known=known)
    assert mask("1203746598 og 120374-6598", known) == "1203746598 og 12xxxx-xxxx"
    assert looks_like_cpr("120374-6598", known=["03", "1203"])


def digest_with_a_number() -> str:
    """Return the hash of a running number that holds something like a CPR number."""
    hashes = (hashlib.sha256(str(n).encode()).hexdigest() for n in range(5000))
    return next(text for text in hashes if re.search(PATTERN, text))


def test_a_hash_is_never_masked() -> None:
    digest = digest_with_a_number()
    assert not looks_like_cpr(digest)
    assert mask(f"Fingeraftryk: {digest}.") == f"Fingeraftryk: {digest}."
    assert mask(f"{digest} 120374-6598") == f"{digest} 12xxxx-xxxx"
    assert mask("7:a1203746598bcdef") == "7:a1203746598bcdef"
    assert mask("a1203746598bcdef") == "a12xxxx-xxxxbcdef"


@pytest.mark.parametrize(
    "text",
    [
        "7bd3" + "1203746598b" * 5 + "c" * 5,
        "7bd3" + "1203746598b" * 3 + "abc",
        "tilsyn-abc1203746598abc",
        "20180811T094501Z-1203746598ab.json",
        "20180811T094501Z-ab1203746598.json",
        "jurist, 2018-08-11, 1203746598ab: læst",
    ],
)
def test_what_the_program_makes_of_hashes_is_no_number(text: str) -> None:
    assert re.search(PATTERN, text)
    assert not looks_like_cpr(text)
    assert mask(f"{text} 120374-6598") == f"{text} 12xxxx-xxxx"


@pytest.mark.parametrize("text", ["1203746598ab…", "abc1203746598abc…", "a1203746598b…"])
def test_a_hash_by_its_beginning_is_shown(text: str) -> None:
    assert mask(text) == text


@given(st.text(alphabet="0123456789- x.,:\u2013\u200b\u0661", max_size=40))
def test_after_masking_nothing_is_found(text: str) -> None:
    assert not looks_like_cpr(mask(text))


@given(st.text(max_size=8), st.text(max_size=8))
def test_nothing_around_a_number_hides_it(before: str, after: str) -> None:
    around = before, after
    if not any(
        unicodedata.digit(char, None) is not None
        for text in around
        for char in unicodedata.normalize("NFKC", text)
    ):
        assert looks_like_cpr(f"{before}120374-6598{after}")


def test_the_pattern_finds_all_there_is_in_a_plain_text() -> None:
    plain = re.compile(f"[{PLAIN}]")
    for char in filter(plain.match, map(chr, range(0x3000))):
        assert unicodedata.normalize("NFKC", char) == char
        for text in (f"120374{char}6598", f"12{char}03{char}74-6598"):
            assert (
                looks_like_cpr(text)
                == bool(re.search(PATTERN, text))
                == ((char not in ",:;" and not char.isalnum()) or (char in ",:;" and text[2] == "0"))
            )
