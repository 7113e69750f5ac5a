"""How a rule's values meet the cells of its column."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from tilsyn.sampling.rule_columns import RuleColumns, find_booleans


def holding(*cells: str | None) -> duckdb.DuckDBPyRelation:
    """Return a table with one column."""
    return duckdb.connect().from_df(pd.DataFrame({"flag": pd.array(list(cells), dtype="string")}))


def fitting(cells: list[str | None], values: list[str]) -> list[str | None]:
    """Return the cells that a rule fits, when their column is all there is."""
    table = holding(*cells)
    columns = RuleColumns(booleans=find_booleans(table, "frame_source", ["flag"]))
    return [cell for (cell,) in table.filter(columns.any_of("flag", values)).fetchall()]


@pytest.mark.parametrize("yes", ["true", "TRUE", "True", "ja", "Ja", "1", "SAND", "yes"])
@pytest.mark.parametrize("no", ["false", "FALSE", "nej", "Nej", "0", "FALSK", "no"])
def test_a_truth_value_is_one_however_it_is_written(yes: str, no: str) -> None:
    for value in ("true", "ja", "1"):
        assert fitting([yes, no, None], [value]) == [yes]
    for value in ("false", "nej", "0"):
        assert fitting([yes, no, None], [value]) == [no]


# A column with other words in it is text: a 1 is no yes there.
@pytest.mark.parametrize(
    ("cells", "value", "found"),
    [
        (["1", "2", "ja"], "ja", ["ja"]),
        (["1", "2", "3"], "true", []),
        (["Ja", "Nej", "Ved ikke"], " JA ", ["Ja"]),
        (["§ 52", "§ 76"], "§ 52", ["§ 52"]),
        (["a; b", "b"], "b", ["b"]),
        ([None, None], "ja", []),
        (["it's"], "it's", ["it's"]),
    ],
)
def test_all_other_columns_keep_their_own_words(
    cells: list[str | None], value: str, found: list[str]
) -> None:
    assert fitting(cells, [value]) == found


@pytest.mark.parametrize(
    ("cell", "values", "any_of", "only"),
    [
        ("a", ["a"], True, True),
        ("a; b", ["a"], True, False),
        ("a; b", ["B", "A", "c"], True, True),
        ("a; b", ["c"], False, False),
        ("a; b", ["a; b"], True, True),
        (None, ["a"], False, False),
    ],
)
def test_a_cell_of_several_values(cell: str | None, values: list[str], any_of: bool, only: bool) -> None:
    columns, table = RuleColumns(several=("flag",)), holding(cell)
    asked = f"{columns.any_of('flag', values)}, {columns.only('flag', values)}"
    assert table.project(asked).fetchone() == (any_of, only)
