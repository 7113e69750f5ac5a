"""The exported star: one definition, and tables that join whatever was reviewed and replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.workspaces import Q2
from tilsyn.questions.deadlines import WorkingDays
from tilsyn.reports.export import STAR, ExportTable
from tilsyn.reports.export_tables import ExportedDraw, ExportPart, export_tables
from tilsyn.reviews.in_force import cases_in_force
from tilsyn.reviews.in_force_tables import sample_in_force
from tilsyn.reviews.records import CaseReview, Given, Load
from tilsyn.workspace.draws import Draw, read_draw

TABLES = {table.name: table for table in STAR}


@pytest.fixture(scope="module")
def drawn(small_made: Path) -> Draw:
    return read_draw(small_made / "samples" / Q2.canonical / "level-2")


def references() -> list[tuple[ExportTable, str, str]]:
    """Return every column that refers to another table: the table, the column, and the table it refers to."""
    return [(table, c.name, c.refers_to) for table in STAR for c in table.columns if c.refers_to]


def test_a_column_refers_to_the_key_of_a_table_of_its_kind() -> None:
    kinds = {table.name: {c.name: c.kind for c in table.columns} for table in STAR}
    for table, column, other in references():
        assert kinds[table.name][column] == kinds[other][TABLES[other].key], f"{table.name}.{column}"
    for table in STAR:
        assert len(set(table.names)) == len(table.names), table.name
        assert not table.key or table.key in table.names


@pytest.mark.parametrize("word", ["remark", "reviewer", "caseworker", "note", "akut"])
def test_no_column_is_of_what_stays_in_the_house(word: str) -> None:
    assert [c.name for table in STAR for c in table.columns if word in c.name] == []


def joins(tables: dict[str, pd.DataFrame]) -> None:
    """Hold that keys are unique and never null, and that what refers to one is there."""
    for table in STAR:
        assert tables[table.name].columns.tolist() == table.names
        if table.key:
            keys = tables[table.name][table.key]
            assert keys.notna().all(), table.name
            assert keys.is_unique, table.name
    for table, column, other in references():
        used = set(tables[table.name][column].dropna())
        assert used <= set(tables[other][TABLES[other].key]), f"{table.name}.{column}"


@settings(max_examples=8)
@given(st.data())
def test_the_tables_join_whatever_is_reviewed_and_replaced(drawn: Draw, data: st.DataObject) -> None:
    loads = []
    place = dict(zip(drawn.cases["case_id"], drawn.cases["stratum"], strict=True))
    for stratum, reserve in drawn.reserve.groupby("stratum"):
        for stand_in in reserve["case_id"][: data.draw(st.integers(0, len(reserve)))]:
            gone = data.draw(st.sampled_from(sorted(case for case in place if place[case] == stratum)))
            place[stand_in] = place.pop(gone)
            loads.append(
                Load(
                    drawn.draw_id,
                    "replacement",
                    "2018-07-10T12:00:00",
                    case_id=gone,
                    replacement=stand_in,
                    reason="no_access",
                )
            )
    asked = [question.question_id for question in drawn.question_set.questions]
    said = [
        CaseReview(case, {name: Given("ja") for name in asked[:n]}, act_date=date(2018, 5, 2))
        for case in sorted(place)
        if (n := data.draw(st.sampled_from([0, 3, len(asked)])))
    ]
    loads.append(Load(drawn.draw_id, "answers", "2018-07-20T12:00:00", cases=tuple(said)))
    record, asks = drawn.record, drawn.question_set
    counted = cases_in_force(loads, record.cases, record.reserve, asks, Q2.end, WorkingDays())
    sample = sample_in_force(counted, loads, record.reserve, record.strata, asks)
    named = data.draw(st.booleans())
    tables = export_tables([ExportPart(2, "", Q2, [ExportedDraw(drawn.record, sample)], named)])
    joins(tables)
    cases, replaced = tables["cases"], len(loads) - 1
    assert (cases["status"] == "replaced").sum() == len(tables["replacements"]) == replaced
    assert cases["design_weight"].notna().sum() == len(drawn.cases)
    assert (cases["status"] == "reviewed").sum() == sample.n_reviewed == tables["draws"]["cases_reviewed"][0]
    assert len(tables["answers"]) == len(sample.answers)
    assert len(tables["strata"]) == (2 if named else 0)
