"""One spelling for ids and file names."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.canonical import canonical_id, deceptive, has_forbidden, known_id, slug, visible


@given(st.text())
def test_canonical_ids_are_stable(text: str) -> None:
    assert canonical_id(canonical_id(text)) == canonical_id(text)


def test_only_the_named_outer_characters_go() -> None:
    assert canonical_id(" \t\r\n\u00a0A 1\u00a0") == "A 1"
    assert canonical_id("\u2003A") == "\u2003A"
    assert canonical_id("A\u030a") == "Å"


@pytest.mark.parametrize("text", ["a|b", "a\tb", "a\x00", "a\x7f", "a\x85"])
def test_forbidden_characters(text: str) -> None:
    assert has_forbidden(text)


@pytest.mark.parametrize(
    ("text", "known", "meant"),
    [
        (" 2018-1\u00a0", ["2018-1"], "2018-1"),
        ("2018-1\u200b", ["2018-1", "2018-2"], "2018-1"),
        ("2018\uff0d1", ["2018-1"], "2018-1"),
        ("\uff11", ["1", "\uff11"], "\uff11"),
        ("1\u200b", ["1\u200c", "1"], "1\u200b"),
        ("9", ["1"], "9"),
    ],
)
def test_an_id_is_known_by_itself_or_by_its_looks_where_no_two_are_alike(
    text: str, known: list[str], meant: str
) -> None:
    assert known_id(text, known) == meant


@given(st.text())
def test_an_id_without_deceptive_characters_looks_as_it_is(text: str) -> None:
    canonical = canonical_id(text)
    if not deceptive(canonical):
        assert canonical_id(visible(canonical)) == canonical


@given(st.text(min_size=1))
def test_slugs_are_safe_file_names(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))


def test_danish_letters() -> None:
    assert slug("Ærø, Åby & Ølby") == "aeroe-aaby-oelby"
