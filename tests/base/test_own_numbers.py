"""Other countries' numbers, as a workspace describes them: found and masked like CPR numbers."""

from __future__ import annotations

import pytest

from tilsyn.base.cpr import likeness, looks_like_cpr, mask
from tilsyn.base.own_numbers import look_for, own_sql, too_wide, why_unreadable

NHS = r"\b\d{3} \d{3} \d{4}\b"
NINO = r"\b[A-Z]{2}\d{6}[A-D]\b"


@pytest.mark.parametrize(
    ("text", "shown", "like"),
    [
        ("about 943 476 5919", "about xxxx", "»NHS« (se [privacy.patterns] i tilsyn.toml)"),
        ("QQ123456C", "xxxx", "»NI« (se [privacy.patterns] i tilsyn.toml)"),
        ("943 476 5919 and QQ123456C", "xxxx and xxxx", "»NHS« (se [privacy.patterns] i tilsyn.toml)"),
        ("Mother Jane Doe, 943 476 5919", "Mother xxxx, xxxx", "»NHS« (se [privacy.patterns] i tilsyn.toml)"),
        ("943 476 5919, 120374-6598", "xxxx, 12xxxx-xxxx", "et CPR-nummer"),
        # Full-width digits, as anybody reads them.
        ("\uff19\uff14\uff13 \uff14\uff17\uff16 \uff15\uff19\uff11\uff19", "xxxx", "»NHS« (se [privacy.patterns] i tilsyn.toml)"),
    ],
)  # fmt: skip
def test_a_pattern_is_found_and_masked(text: str, shown: str, like: str) -> None:
    look_for({"NHS": NHS, "NI": NINO})
    assert looks_like_cpr(text)
    assert likeness(text) == like
    assert mask(text) == mask(shown) == shown


def test_what_is_known_is_none_and_patterns_hold_until_others_do() -> None:
    look_for({"NHS": NHS})
    assert not looks_like_cpr("case 943 476 5919", known=["943 476 5919"])
    assert own_sql() == rf"(?:{NHS})"
    look_for({})
    assert not looks_like_cpr("case 943 476 5919")
    assert own_sql() == ""


def test_patterns_that_overlap_are_masked_once_and_for_all() -> None:
    look_for({"a": r"\d{4} [a-z]*", "b": r"[a-z]+ \d{4}"})
    assert mask("ab 1234 cd 5678 ef") == "xxxx xxxx ef"


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("a(", "missing ), unterminated subpattern at position 1"),
        (r"(?<=x)\d{4}", "invalid perl operator: (?<"),
        (r"(\d)\1", r"invalid escape sequence: \1"),
        (r"\d{9}\Z", r"invalid escape sequence: \Z"),
        (NHS, None),
    ],
)
def test_what_can_be_read_in_both_places(pattern: str, why: str | None) -> None:
    assert why_unreadable(pattern) == why


@pytest.mark.parametrize(
    ("pattern", "wide"),
    [(r"\d*", True), (r"\w+", True), (r"\b", True), ("$", True), (".", True), (NHS, False), (NINO, False)],
)
def test_a_pattern_found_everywhere(pattern: str, wide: bool) -> None:
    assert too_wide(pattern) is wide
