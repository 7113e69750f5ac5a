"""How a level has developed over its rounds: breaks where rounds cannot be compared, and signals."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.numbers import round_half_up
from tilsyn.base.periods import Period
from tilsyn.compliance.naming import ALL_QUESTIONS, WITHOUT_FAULT
from tilsyn.reports.columns import heading, signs
from tilsyn.reports.parts import (
    NOTHING,
    WITHHELD,
    Chart,
    ChartPoint,
    Column,
    Material,
    Record,
    Rounds,
    Sheet,
    Value,
    records,
)
from tilsyn.reports.wording import asked, span


def rounds_sheet(material: Material, rounds: Rounds, public: bool) -> Sheet:
    """A row a round: all questions together and the cases without errors; signals of questions above it."""
    of = {name: _by_period(rounds, name) for name in (ALL_QUESTIONS, WITHOUT_FAULT)}
    periods = sorted({Period.parse(name) for rows in of.values() for name in rows})
    columns = [
        Column(say("report.period"), "text", 20),
        Column(say("report.followed_percent"), "share", 12),
        Column(say("report.followed_between"), "range", 14),
        Column(say("report.without_fault_percent"), "share", 12),
        Column(say("report.without_fault_between"), "range", 14),
        Column(say("report.remarks"), "long", 44),
    ]
    values, points = [], []
    for period in periods:
        line: list[Value] = [period.label()]
        for rows in of.values():
            row = rows.get(period.canonical)
            line += _values(row, period, material, public)
        mine = of[ALL_QUESTIONS].get(period.canonical)
        if mine is not None and _is_withheld(mine, period, material, public):
            mine = None
        points.append(_point(period, mine, public))
        values.append([*line, "" if mine is None else _remark(mine)])
    title = heading(material, "rounds")
    chart = Chart(title, say("report.rounds_alt", title=title), 0, 1, None, tuple(points), "rounds")
    lines = [say("report.rounds_intro"), *_signals(material, rounds), *signs(values, material, public)]
    return Sheet(say("report.rounds_tab"), title, lines, columns, values, "rounds", chart, layer="figures")


def _by_period(rounds: Rounds, question: str) -> dict[str, Record]:
    found = rounds.points[rounds.points["question"] == question]
    return {str(row["period"]): row for row in records(found)}


def _values(row: Record | None, period: Period, material: Material, public: bool) -> list[Value]:
    if row is None:
        return [NOTHING, ""]
    if _is_withheld(row, period, material, public):
        return [WITHHELD, ""]
    return [_share(row, public), span(row["low"], row["high"])]


def _is_withheld(row: Record, period: Period, material: Material, public: bool) -> bool:
    """Whether a round's row has no figure, as it had none in the round's own report."""
    if row["n_cases"] < material.method.few:
        return True
    held_back = material.held_back_by_period if public else {}
    return period in held_back and held_back[period].leaves_out(str(row["question"]))


def _share(row: Record, public: bool) -> float:
    return round_half_up(row["estimate"], 2) if public else float(row["estimate"])


def _point(period: Period, row: Record | None, public: bool) -> ChartPoint:
    if row is None:
        return ChartPoint(period.label(), None, None, None)
    limits = [round_half_up(row[name], 2) if public else float(row[name]) for name in ("low", "high")]
    return ChartPoint(period.label(), _share(row, public), *limits)


def _remark(row: Record) -> str:
    said = [] if row["begins"] is None else [say(f"trend.break_{row['begins']}")]
    if row["comparable"] == "partly":
        said.append(say("trend.partly"))
    return "; ".join(said)


def _signals(material: Material, rounds: Rounds) -> list[str]:
    """The questions of the report whose newest round lies outside what their series leads one to expect."""
    now = material.record.period.canonical
    lines = []
    for row in records(rounds.summaries):
        if now in row["signals"] and row["question"] in material.question_set.themes:
            side = "above" if row["latest"] > row["centre"] else "below"
            question = asked(material, str(row["question"]))
            lines.append(say(f"report.signal_{side}", question=question))
    return lines or [say("report.no_signal")]
