"""A row for each unit and each case type: all questions together, and the cases where all was followed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from tilsyn.base.language import say
from tilsyn.compliance.naming import ALL_QUESTIONS, WITHOUT_FAULT
from tilsyn.reports.columns import heading, remarks, share_value, signs, span_value, unsure_everywhere
from tilsyn.reports.parts import (
    CASE_TYPE,
    UNIT,
    Column,
    Material,
    Record,
    Sheet,
    Value,
    alphabetical,
    editioned_year,
    records,
)


def domain_sheets(material: Material, table: pd.DataFrame, public: bool) -> list[Sheet]:
    """The case types, where the register has any, and the units with their year: in alphabetical order."""
    return [
        _sheet(material, _by_name(table, CASE_TYPE), "case_types", {}, public),
        _sheet(material, _by_name(table, UNIT), "units", _year(material, public), public),
    ]


def _by_name(table: pd.DataFrame, column: str) -> dict[str, dict[str, Record]]:
    """The two rows of each value of a column, by its name and the row's."""
    found: dict[str, dict[str, Record]] = {}
    mine = table[table["domain"].str.startswith(f"{column}=")]
    for row in records(mine[mine["question"].isin([ALL_QUESTIONS, WITHOUT_FAULT])]):
        found.setdefault(str(row["domain"]).partition("=")[2], {})[str(row["question"])] = row
    return {name: found[name] for name in sorted(found, key=alphabetical)}


def _year(material: Material, public: bool) -> dict[str, Record]:
    """Each unit's year over all questions, by its name."""
    year = editioned_year(material, public)
    if year.empty:
        return {}
    rows = records(year[year["question"] == ALL_QUESTIONS])
    return {str(row["domain"]).partition("=")[2]: row for row in rows}


def _sheet(
    material: Material,
    rows: Mapping[str, Mapping[str, Record]],
    key: str,
    year: Mapping[str, Record],
    public: bool,
) -> Sheet:
    columns = [Column(say(f"report.{key}_about"), "text", 30), Column(say("report.reviewed"), "count", 11)]
    for about in ("followed", "without_fault"):
        columns += [
            Column(say(f"report.{about}_percent"), "share", 12),
            Column(say(f"report.{about}_between"), "range", 12),
        ]
    if year:
        columns += [
            Column(say("report.year_percent"), "share", 12),
            Column(say("report.year_between"), "range", 12),
        ]
    columns.append(Column(say("report.remarks"), "long", 34))
    unsure = {
        name: unsure_everywhere([both[name] for both in rows.values()], material)
        for name in (ALL_QUESTIONS, WITHOUT_FAULT)
    }
    values = []
    for name, both in rows.items():
        together, alone = both[ALL_QUESTIONS], both[WITHOUT_FAULT]
        line: list[Value] = [name, int(together["n_reviewed"])]
        for row in (together, alone):
            line += [share_value(row, "estimate", material), span_value(row, material)]
        if year:
            line += _year_values(year.get(name), material)
        said = [remarks(row, material, unsure[str(row["question"])]) for row in (together, alone)]
        values.append([*line, "; ".join(dict.fromkeys(text for text in said if text))])
    lines = [say(f"report.{key}_intro"), *signs(values, material, public)]
    lines += [say("report.year_intro")] if year else []
    lines += [say("report.unsure_column", about=material.title(name)) for name in unsure if unsure[name]]
    title = heading(material, key)
    return Sheet(say(f"report.{key}_tab"), title, lines, columns, values, key, layer="figures")


def _year_values(row: Record | None, material: Material) -> list[Value]:
    if row is None:
        return ["", ""]
    return [share_value(row, "estimate", material), span_value(row, material)]
