"""Level against level: how alike two readings of the same cases are, question by question."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.numbers import round_half_up
from tilsyn.compliance.naming import ALL_QUESTIONS
from tilsyn.reports.columns import signs
from tilsyn.reports.parts import (
    NOTHING,
    WITHHELD,
    Column,
    Material,
    Record,
    Rereading,
    Sheet,
    Value,
    known,
    records,
)
from tilsyn.reports.wording import span


def rereading_sheet(material: Material, reread: Rereading, public: bool) -> Sheet:
    """All legal questions together, then those answered differently; in public the first alone."""
    columns = [
        Column(say("report.question"), "long", 44),
        Column(say("report.alike"), "share", 10),
        Column(say("report.between"), "range", 14),
    ]
    if not public:
        columns += [
            Column(say("report.read_twice"), "count", 11),
            Column(say("report.yes_to_no"), "count", 12),
            Column(say("report.no_to_yes"), "count", 12),
            Column(say("report.stricter"), "text", 22),
        ]
    table = reread.table
    together = table["question"] == ALL_QUESTIONS
    differ = table["agreement"] < 1
    rows = records(table[together | (differ & (not public))])
    values = [_line(row, material, reread, public) for row in rows]
    names = {"first": reread.first, "second": reread.second}
    lines = [say("report.rereading_intro", **names), *signs(values, material, public)]
    alike = int((~together & ~differ).sum())
    if alike and not public:
        lines.append(say("report.alike_all", n=alike))
    title = say("report.rereading_title", period=material.record.period.label(), **names)
    return Sheet(say("report.rereading_tab"), title, lines, columns, values, "rereading", layer="figures")


def _line(row: Record, material: Material, reread: Rereading, public: bool) -> list[Value]:
    few = row["n_cases"] < material.method.few
    name = str(row["question"])
    title = material.title(name)
    if name in material.question_set.themes:
        title = f"{material.question_set.question(name).short} ({name})"
    share: Value = NOTHING
    if known(row["agreement"]):
        share = round_half_up(row["agreement"], 2) if public else float(row["agreement"])
    limits = span(row["agreement_low"], row["agreement_high"])
    line: list[Value] = [title, WITHHELD if few else share, "" if few else limits]
    if public:
        return line
    counts = [int(row[cell]) if known(row[cell]) else NOTHING for cell in ("yes_no", "no_yes")]
    stricter = {"first": reread.first, "second": reread.second}.get(row["stricter"], "")
    return [*line, int(row["n_pairs"]), *counts, stricter]
