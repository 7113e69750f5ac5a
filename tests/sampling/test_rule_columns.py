"""How a rule's values meet the cells of its column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb
import pandas as pd
import pytest

from tilsyn.base.periods import Period
from tilsyn.sampling.complaints import ComplaintRecord
from tilsyn.sampling.frame_rules import FrameRules
from tilsyn.sampling.rule_columns import (
    RuleColumns,
    find_booleans,
    out_rules,
    period_rules,
    plain,
    with_complained,
)
from tilsyn.settings.schema import FrameSettings, LeaveOut
from tilsyn.settings.single import Wish


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


def test_each_column_that_holds_nothing_but_truth_values_is_found() -> None:
    table = duckdb.connect().sql("FROM (VALUES ('Ja', 'x', '0'), ('nej', 'ja', '1')) AS t(late, other, flag)")
    assert find_booleans(table, "frame_source", ["other", "late", "flag", "late"]) == ("flag", "late")
    assert find_booleans(table, "frame_source", []) == ()


COMPLAINED_OF = ComplaintRecord(
    name="klager.csv", sha256="ab12", within="3 months", cases=("1", "å'2", "null")
)


# An id is read as it is where cases are told apart, and as the list writes it.
@pytest.mark.parametrize(
    ("case_id", "said"),
    [
        ("1", "ja"),
        (" 1\u00a0", "ja"),
        ('="1"', "ja"),
        ("a\u030a'2", "ja"),
        ("2", "nej"),
        ("01", "nej"),
        ("null", "nej"),
        ("", "nej"),
        (None, "nej"),
    ],
)
def test_a_case_that_was_complained_of_has_a_column_that_says_so(case_id: str | None, said: str) -> None:
    register = duckdb.connect().from_df(
        pd.DataFrame({"row": [2, 3], "case_id": pd.array([case_id, "9"], dtype="string")})
    )
    rules = FrameRules(
        headings={}, dates=(), today=date(2018, 7, 2), complaints=COMPLAINED_OF, empty=("null",)
    )
    found = with_complained(register, "x", rules)
    assert found.columns == ["row", "case_id", "complained"]
    assert found.project("complained").fetchall() == [(said,), ("nej",)]
    assert with_complained(register, "y", replace(rules, complaints=None)) is register


Q2 = Period.parse("2018-Q2")
CLOSED, OPENED = "closed < DATE '2018-04-01'", "opened > DATE '2018-06-30'"


@pytest.mark.parametrize(
    ("dates", "closed_before", "opened_after", "period", "found"),
    [
        (("opened", "closed"), True, True, Q2, {"closed_before_period": CLOSED, "opened_after_period": OPENED}),
        (("opened", "closed"), True, False, Q2, {"closed_before_period": CLOSED}),
        (("opened", "closed"), False, True, Q2, {"opened_after_period": OPENED}),
        (("opened",), True, True, Q2, {"opened_after_period": OPENED}),
        (("closed",), True, True, Q2, {"closed_before_period": CLOSED}),
        (("opened", "closed"), True, True, None, {}),
    ],
)  # fmt: skip
def test_the_rules_of_a_period_need_the_period_and_their_dates(
    dates: tuple[str, ...],
    closed_before: bool,
    opened_after: bool,
    period: Period | None,
    found: dict[str, str],
) -> None:
    frame = FrameSettings(closed_before_period=closed_before, opened_after_period=opened_after)
    rules = FrameRules(headings={}, dates=dates, today=date(2018, 7, 2), frame=frame)
    assert period_rules(rules, period) == found


def test_the_frames_rules_are_counted_in_their_order() -> None:
    leave_out = (
        LeaveOut(column="flag", values=("a", "b")),
        LeaveOut(column="flag", values=("c",), reason="too_old"),
    )
    rules = FrameRules(
        headings={},
        dates=("closed",),
        today=date(2018, 7, 2),
        frame=FrameSettings(leave_out=leave_out),
        where=(Wish(column="flag", values=("d",)),),
    )
    columns = RuleColumns()
    assert out_rules(rules, Q2, columns) == (
        f"WHEN {CLOSED} THEN 'closed_before_period'"
        f" WHEN {columns.only('flag', ['a', 'b'])} THEN 'other_scope'"
        f" WHEN {columns.only('flag', ['c'])} THEN 'too_old'"
        f" WHEN NOT {columns.any_of('flag', ['d'])} THEN 'not_asked_for'"
    )


@pytest.mark.parametrize(
    ("booleans", "values", "wanted"),
    [
        ((), [" Ja", "B"], "'ja', 'b'"),
        (("flag",), ["Nej"], "'false', 'nej', '0', 'falsk', 'no'"),
        (("flag",), ["Ved ikke"], "'ved ikke'"),
        (("other",), ["Nej"], "'nej'"),
    ],
)
def test_a_truth_value_is_looked_for_in_all_its_words(
    booleans: tuple[str, ...], values: list[str], wanted: str
) -> None:
    columns = RuleColumns(booleans)
    text = plain("flag")
    assert (
        columns.any_of("flag", values)
        == columns.only("flag", values)
        == (f"coalesce({text} IN ({wanted}), false)")
    )
