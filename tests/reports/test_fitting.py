"""Tables that fit their page: numbers give way before words, and none is printed too small to be read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tilsyn.reports.fitting import SIZE, fitted, widened
from tilsyn.reports.paper import DIGIT, POINTS_PER_PIXEL, Paper, lines, on_paper, text_width
from tilsyn.reports.parts import Column, Kind, Value

LYING = Paper(upright=False)
TEXT = Column("Spørgsmål", "long", 40)
NUMBER = Column("Andel", "share", 20)


def scaled(columns: list[Column], layer: str) -> tuple[float, list[float]]:
    """Return how wide the columns are on paper, and the widths."""
    made, scale = fitted(columns, [["Et spørgsmål om noget", *[0.5] * (len(columns) - 1)]], LYING, layer)
    widths = [column.width for column in made]
    return on_paper(widths) * scale / 100, widths


def test_a_table_that_fits_is_left_as_it_is() -> None:
    assert fitted([TEXT, NUMBER], [["Et", 0.5]], LYING, "figures") == ([TEXT, NUMBER], 100)


@pytest.mark.parametrize("layer", ["figures", "annex"])
def test_numbers_give_way_first(layer: str) -> None:
    width, (text, *numbers) = scaled([TEXT, *[NUMBER] * 6], layer)
    assert width <= LYING.width * 1.001
    assert text == TEXT.width
    assert max(numbers) < NUMBER.width


def test_words_give_way_where_the_numbers_are_not_enough() -> None:
    width, (text, *numbers) = scaled([TEXT, *[NUMBER] * 14], "figures")
    assert width <= LYING.width * 1.001
    assert 7 <= text < TEXT.width
    assert numbers == [min(numbers)] * 14


def test_the_annex_is_printed_smaller_and_no_smaller_than_can_be_read() -> None:
    _, figures = fitted([TEXT, *[NUMBER] * 4], [], LYING, "figures")
    _, annex = fitted([TEXT, *[NUMBER] * 4], [], LYING, "annex")
    assert (figures, annex) == (100, 96)


def test_a_table_too_wide_for_any_page_runs_over_several_as_it_is() -> None:
    columns = [replace(NUMBER, width=9.0)] * 30
    assert fitted(columns, [[0.5] * 30], LYING, "annex") == (columns, 89)


def test_words_have_what_is_left_of_the_page_where_it_saves_lines() -> None:
    rows = [["Et spørgsmål, der er for langt til at stå på én linje i sin kolonne", 0.5]]
    text, number = widened([TEXT, NUMBER], rows, LYING.width)
    assert lines(rows[0][0], TEXT.width, 9, indent=1) > lines(rows[0][0], text.width, 9, indent=1) == 1
    assert number == NUMBER
    assert widened([TEXT, NUMBER], [["Et", 0.5]], LYING.width) == [TEXT, NUMBER]
    long = [["langt " * 200, 0.5]]
    assert on_paper([column.width for column in widened([TEXT, NUMBER], long, LYING.width)]) == pytest.approx(
        LYING.width
    )


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("share", 1.0, "100.0 %"),
        ("points", -34.9, "+-34.9"),
        ("count", 12345, "12,345"),
        ("range", "91–100 %", "91–100 %"),
    ],
)
def test_no_column_of_numbers_is_narrower_than_what_it_shows(kind: Kind, value: Value, shown: str) -> None:
    narrow = [Column("", kind, 1), *(Column("Tekst", "long", 60) for _ in range(3))]
    made, _ = fitted(narrow, [[value, "a", "b", "c"]], Paper(upright=False), "figures")
    room = made[0].width * DIGIT * POINTS_PER_PIXEL
    assert room >= text_width(shown.lstrip("+"), SIZE)
