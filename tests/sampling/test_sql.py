"""Texts as literals in SQL that takes no parameters."""

from __future__ import annotations

import duckdb
import pytest

from tilsyn.sampling.sql import quoted


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("", "''"),
        ("Amager", "'Amager'"),
        ("O'Hara's", "'O''Hara''s'"),
        ("\x00", "'' || chr(0) || ''"),
        ("a\x00b\x00'", "'a' || chr(0) || 'b' || chr(0) || ''''"),
        ("x; DROP TABLE frame --", "'x; DROP TABLE frame --'"),
    ],
)
def test_a_text_is_the_literal_that_a_database_reads_as_it(text: str, literal: str) -> None:
    assert quoted(text) == literal
    assert duckdb.connect().sql(f"SELECT {literal}").fetchone() == (text,)
