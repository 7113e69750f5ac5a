"""Numbers as a user reads them: half up, as Excel."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from tilsyn.base.language import using
from tilsyn.base.numbers import date_text, number, percent, points, round_half_up
from tilsyn.base.periods import Period


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


@given(st.floats(-1e16, 1e16), st.integers(0, 6), st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_numbers_and_days_are_written_as_the_unicode_consortium_says(
    value: float, digits: int, day: date
) -> None:
    rounded = round_half_up(value, digits) + 0.0
    for lang, days in (("da", "d. MMMM y"), ("en", "d MMMM y")):
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        with using(lang):
            assert number(value, digits) == format_decimal(
                Decimal(repr(rounded)), format=pattern, locale=lang
            )
            assert date_text(day) == format_date(day, format=days, locale=lang)
            assert Period.containing(day, "month").label() == format_date(day, "MMMM y", locale=lang)
