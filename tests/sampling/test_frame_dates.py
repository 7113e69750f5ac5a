"""What each text of a date column is read as: its day and its form."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tilsyn.base.database import memory_database
from tilsyn.sampling import frame_dates
from tilsyn.sampling.frame_dates import read_dates


def written(
    columns: dict[str, list[str | None]], month_first: bool = False
) -> tuple[set[tuple[int, str, int, int]], dict[str, tuple[date | None, str]]]:
    """Return the texts with place, rows and first row, the first being row 2; and what each is read as."""
    table = pd.DataFrame(columns, dtype="string")
    table.insert(0, "row", range(2, len(table) + 2))
    register = memory_database().from_df(table)
    read_dates(register, "x", tuple(columns), month_first)
    texts = register.query("source", 'SELECT place, text, n, "row" FROM x_written').fetchall()
    dates = register.query("source", "SELECT text, day, form FROM x_dates").fetchall()
    assert len(dates) == len({text for text, *_ in dates})
    return set(texts), {text: (day, form) for text, day, form in dates}


READ: list[tuple[str, date | None, str]] = [
    ("01-02-2018", date(2018, 2, 1), "danish"),
    ("1.2.2018", date(2018, 2, 1), "danish"),
    ("1/2/2018", date(2018, 2, 1), "danish"),
    ("1 2 2018", date(2018, 2, 1), "danish"),
    ("01-02-2018 13:45:10.000", date(2018, 2, 1), "danish"),
    ("01-02-2018T1.45 PM", date(2018, 2, 1), "danish"),
    ("2018-02-01", date(2018, 2, 1), "iso"),
    ("2018/2/1", date(2018, 2, 1), "iso"),
    ("2018-02-01 13:45", date(2018, 2, 1), "iso"),
    ("20180201", date(2018, 2, 1), "iso"),
    ("19991231", date(1999, 12, 31), "iso"),
    ("01-02-18", date(2018, 2, 1), "short"),
    ("31-12-69", date(2069, 12, 31), "short"),
    ("01-02-70", date(1970, 2, 1), "short"),
    ("02/25/2018", date(2018, 2, 25), "swapped"),
    ("02/25/18", date(2018, 2, 25), "swapped"),
    ("43162", date(2018, 3, 3), "serial"),
    ("43162.5", date(2018, 3, 3), "serial"),
    ("1. marts 2018", date(2018, 3, 1), "other"),
    ("2018-02-28T23:00:00Z", date(2018, 3, 1), "other"),
    ("01.03.2018 kl. 12.30", date(2018, 3, 1), "other"),
    ("31-02-2018", None, "none"),
    ("2018-25-02", None, "none"),
    ("00-00-0000", None, "none"),
    ("120718", None, "none"),
    ("i går", None, "none"),
]


@pytest.mark.parametrize("at_a_time", [2, 5000])
def test_each_text_has_its_day_and_its_form(monkeypatch: pytest.MonkeyPatch, at_a_time: int) -> None:
    monkeypatch.setattr(frame_dates, "AT_A_TIME", at_a_time)
    _, dates = written({"opened": [text for text, *_ in READ]})
    assert dates == {text: (day, form) for text, day, form in READ}


def test_where_the_month_stands_first_words_and_day_numbers_are_read_as_ever() -> None:
    read: dict[str, tuple[date | None, str]] = {
        "02/03/2018": (date(2018, 2, 3), "danish"),
        "02/03/18": (date(2018, 2, 3), "short"),
        "25/02/2018": (date(2018, 2, 25), "swapped"),
        "2018-02-03": (date(2018, 2, 3), "iso"),
        "43162": (date(2018, 3, 3), "serial"),
        "2018-02-28T23:00:00Z": (date(2018, 3, 1), "other"),
        "1. marts 2018": (date(2018, 3, 1), "other"),
        "3-mar-2018 10:30": (date(2018, 3, 3), "other"),
        # Whether a text with a clock in words has the month first, nobody knows.
        "02.03.2018 kl. 12.30": (None, "none"),
    }
    assert written({"opened": list(read)}, month_first=True)[1] == read


def test_each_column_has_its_texts_without_outer_space_and_their_rows() -> None:
    columns: dict[str, list[str | None]] = {
        "opened": [None, "01-02-2018", "x", "01-02-2018"],
        "closed": ["x ", "01-02-2018", None, "x "],
    }
    texts, dates = written(columns)
    assert texts == {(0, "01-02-2018", 2, 3), (0, "x", 1, 4), (1, "x", 2, 2), (1, "01-02-2018", 1, 3)}
    assert dates == {"01-02-2018": (date(2018, 2, 1), "danish"), "x": (None, "none")}


def test_a_register_without_dates_has_no_texts() -> None:
    register = memory_database().sql("SELECT 2 AS \"row\", '1' AS case_id")
    read_dates(register, "x", (), month_first=False)
    assert register.query("source", "FROM x_written").fetchall() == []
    assert register.query("source", "FROM x_dates").fetchall() == []
