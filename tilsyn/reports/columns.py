"""The columns that all result sheets of a report share, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from tilsyn.base.language import say
from tilsyn.base.numbers import percent
from tilsyn.reports.parts import (
    NOTHING,
    WITHHELD,
    Column,
    Material,
    Record,
    Value,
    count,
    figure,
    in_points,
    known,
)


def share_value(row: Record, name: str, material: Material) -> Value:
    """A share, or why there is none: no relevant case, or too few of them."""
    if row["withheld"]:
        return WITHHELD
    if row["n_relevant"] == 0:
        return NOTHING
    if known(row["n_relevant"]) and row["n_relevant"] < material.method.few:
        return WITHHELD
    return figure(row[name], NOTHING)


def change_value(row: Record, name: str, material: Material) -> Value:
    share = share_value(row, "estimate", material)
    return share if isinstance(share, str) else in_points(row[name], NOTHING)


def remarks(row: Record, material: Material) -> str:
    """What to bear in mind about a row."""
    if row["withheld"]:
        return say("report.row_withheld")
    few = known(row["n_relevant"]) and 0 < row["n_relevant"] < material.method.few
    parts = [say("report.row_few", limit=material.method.few)] if few else []
    return "; ".join([*parts, str(row["note"])] if known(row["note"]) and row["note"] else parts)


def compliance_columns(material: Material, public: bool) -> list[Column]:
    columns = [Column(say("report.n_relevant"), "count", 10)]
    if not public:
        columns.append(Column(say("report.n_compliant"), "count", 10))
        columns.append(Column(say("report.n_lawful"), "count", 10))
    columns += [
        Column(say("report.estimate"), "share", 11),
        Column(say("report.low"), "share", 10),
        Column(say("report.high"), "share", 10),
    ]
    if not public:
        columns.append(Column(say("report.unweighted"), "share", 10))
    if material.baseline:
        columns += [
            Column(say("report.baseline_share", baseline=material.baseline), "share", 11),
            Column(say("report.change"), "points", 11),
            Column(say("report.change_low"), "points", 10),
            Column(say("report.change_high"), "points", 10),
        ]
    if material.second:
        columns += [
            Column(say("report.baseline_share", baseline=material.second), "share", 11),
            Column(say("report.second_change", baseline=material.second), "points", 11),
        ]
    return columns


def benchmark_columns(rows: Sequence[Record], material: Material) -> list[Column]:
    """The column of published figures, where any of the rows has one."""
    there = any(row["question"] in material.benchmarks.texts for row in rows)
    return [Column(say("report.benchmark"), "long", 26)] if there else []


def benchmark_values(row: Record, columns: Sequence[Column], material: Material) -> list[Value]:
    """What stands in `benchmark_columns`: each published figure in a line of its own."""
    return ["\n".join(material.benchmarks.texts.get(str(row["question"]), ())) for _ in columns]


def compliance_values(row: Record, material: Material, public: bool) -> list[Value]:
    values = [count(row["n_relevant"], WITHHELD)]
    if not public:
        values.append(count(row["n_compliant"], WITHHELD))
        values.append(count(row["n_lawful"], WITHHELD))
    values += [share_value(row, name, material) for name in ("estimate", "low", "high")]
    if not public:
        values.append(share_value(row, "unweighted", material))
    if material.baseline:
        values.append(figure(row["baseline_estimate"], NOTHING))
        values += [change_value(row, name, material) for name in ("change", "change_low", "change_high")]
    if material.second:
        values += [figure(row["second_estimate"], NOTHING), change_value(row, "second_change", material)]
    return values


def introduction(material: Material, public: bool) -> list[str]:
    shown = percent(material.method.confidence, 0)
    lines = [say("report.how_to_read", confidence=shown)]
    if material.baseline:
        lines.append(say("report.how_to_read_change", baseline=material.baseline))
    lines.append(say("report.signs_public" if public else "report.signs", limit=material.method.few))
    return lines


def heading(material: Material, key: str) -> str:
    period = material.record.period.label()
    return say(f"report.{key}_title", level=material.level.title, period=period)
