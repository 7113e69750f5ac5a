"""The sheet of published figures: those beside one's own with their sources, those that are not, and why."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.reports.parts import NOTHING, Column, Material, Sheet, Value, count, of_another_law


def benchmark_sheet(material: Material) -> Sheet:
    """Every published figure of a row in the report; one that cannot be compared stands here alone."""
    table = material.analysis.rows
    foreign = of_another_law(material)
    known = (*material.benchmarks.shown, *material.benchmarks.left_out)
    values: list[list[Value]] = [
        [
            one.row if one.row in material.question_set.themes else "",
            material.title(one.row),
            f"{one.benchmark.name} {one.benchmark.years}",
            one.benchmark.share,
            one.why,
            one.benchmark.item,
            count(one.benchmark.cases, NOTHING),
            count(one.benchmark.municipalities, NOTHING),
            one.benchmark.source,
        ]
        for row in table.loc[table["domain"] == ALL_CASES, "question"]
        if row not in foreign
        for one in known
        if one.row == row
    ]
    columns = [
        Column(say("report.question_id"), "id", 10),
        Column(say("report.question"), "long", 40),
        Column(say("report.benchmark"), "long", 26),
        Column(say("report.benchmark_share"), "share", 11),
        Column(say("report.benchmark_comparable"), "long", 34),
        Column(say("report.benchmark_item"), "long", 28),
        Column(say("report.benchmark_cases"), "count", 12),
        Column(say("report.benchmark_municipalities"), "count", 12),
        Column(say("report.benchmark_source"), "long", 24),
    ]
    lines = [say("report.benchmarks_intro")]
    title = say("report.benchmarks_title")
    return Sheet(say("report.benchmarks_tab"), title, lines, columns, values, "benchmarks")
