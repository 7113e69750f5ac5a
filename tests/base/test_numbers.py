"""Numbers as a user reads them: half up, as Excel."""

from __future__ import annotations

import pytest

from tilsyn.base.language import using
from tilsyn.base.numbers import number, percent, points, round_half_up


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.5, 0, 1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (-2.5, 0, -3),
        (1.005, 2, 1.01),
        (0.285, 2, 0.29),
        (1e15, 0, 1e15),
    ],
)
def test_half_up(value: float, digits: int, expected: float) -> None:
    assert round_half_up(value, digits) == expected


def test_danish_and_english() -> None:
    assert (percent(0.9985, 1), percent(1), number(1234.5, 1), points(-0.1234)) == (
        "99,9 %",
        "100,0 %",
        "1.234,5",
        "-12,3",
    )
    with using("en"):
        assert (percent(0.9985, 1), number(1234.5, 1)) == ("99.9%", "1,234.5")
