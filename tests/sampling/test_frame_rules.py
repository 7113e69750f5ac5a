"""What a register is read by: where a row stands, and the columns that strata and ids are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tilsyn.sampling.frame_rules import SHEET_ROWS, FrameRules


def rules(*columns: str, **more: Any) -> FrameRules:
    return FrameRules(
        headings={column: column.upper() for column in columns}, dates=(), today=date(2018, 7, 2), **more
    )


@pytest.mark.parametrize(
    ("sheets", "row", "place"),
    [
        ((), None, (None, None)),
        ((), 2, (None, 2)),
        ((), SHEET_ROWS + 2, (None, SHEET_ROWS + 2)),
        (("A", "B"), None, (None, None)),
        (("A", "B"), 1, ("A", 1)),
        (("A", "B"), SHEET_ROWS, ("A", 1048576)),
        (("A", "B"), SHEET_ROWS + 1, ("B", 1)),
        (("A", "B", "C"), 2 * SHEET_ROWS + 7, ("C", 7)),
    ],
)
def test_a_row_stands_in_a_sheet_where_there_are_several(
    sheets: tuple[str, ...], row: int | None, place: tuple[str | None, int | None]
) -> None:
    assert rules("case_id", "unit", sheets=sheets).place(row) == place


@pytest.mark.parametrize(
    ("columns", "split", "made_of", "by_other"),
    [
        (("unit", "case_id"), "unit", ("case_id", "unit"), False),
        (("case_id", "unit", "caseworker"), "unit", ("case_id", "unit", "caseworker"), False),
        (("case_id", "unit", "caseworker"), "caseworker", ("case_id", "unit", "caseworker"), True),
        (("case_id", "unit", "case_type"), "case_type", ("case_id", "unit", "case_type"), True),
        (("case_id", "unit"), "case_type", ("case_id", "unit"), False),
    ],
)
def test_strata_are_made_of_the_columns_that_the_register_has(
    columns: tuple[str, ...], split: str, made_of: tuple[str, ...], by_other: bool
) -> None:
    read_by = rules(*columns, split=split)
    assert (read_by.split_columns, read_by.split_by_other) == (made_of, by_other)
