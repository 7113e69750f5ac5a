"""A file's name is told as people read it, whatever bytes it is made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.file_names import readable


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (b"sager.csv", "sager.csv"),
        ("sager-øst.csv".encode(), "sager-øst.csv"),
        ("sager-øst.csv".encode("cp1252"), "sager-øst.csv"),
        (b"a\x81.csv", "a\ufffd.csv"),
    ],
)
def test_bytes_of_names(name: bytes, told: str) -> None:
    assert readable(name.decode("utf-8", "surrogateescape")) == told


@given(st.text(st.characters()))
def test_every_name_can_be_written_as_utf_8(name: str) -> None:
    readable(name).encode("utf-8")
