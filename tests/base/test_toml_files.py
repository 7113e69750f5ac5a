"""TOML files: the line of every key, and of what cannot be read."""

from __future__ import annotations

import pytest

from tilsyn.base.toml_files import BadToml, Location, key_lines, line_of, read_toml

TEXT = '''\
name = "x"

[register.columns]
"case_id" = "Sagsnr"

[[question]]
id = "A-1"
text_da = """
law = "no key"
"""
law = "§ 1"

[[question]]
[[plan]]
[plan.levels.2]
total = 5
'''


@pytest.mark.parametrize(
    ("location", "line"),
    [
        (("name",), 1),
        (("register", "columns"), 3),
        (("register", "columns", "case_id"), 4),
        (("question", 0, "law"), 11),
        (("question", 1), 13),
        (("question", 1, "law"), 13),
        (("plan", 0, "levels", "2", "total"), 16),
        (("nothing",), None),
    ],
)
def test_a_key_or_what_is_around_it_is_found(location: Location, line: int | None) -> None:
    assert line_of(location, key_lines(TEXT)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\na = 2\n", 2),
        ("a = 1\nb\n", 2),
        ('a = """\n\n', 2),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(BadToml) as caught:
        read_toml(text)
    assert caught.value.line == line
    assert "line" not in caught.value.reason
