"""The columns that the sheets of figures share, and what stands in them."""

from __future__ import annotations

from collections.abc import Sequence

from tilsyn.base.language import say
from tilsyn.base.numbers import percent
from tilsyn.compliance.naming import verdict_words
from tilsyn.reports.parts import (
    NOTHING,
    WITHHELD,
    ChartPoint,
    Column,
    Material,
    Record,
    Value,
    count,
    figure,
    in_points,
    known,
)
from tilsyn.reports.wording import span
from tilsyn.settings.levels import WHOLE_FRAME


def share_value(row: Record, name: str, material: Material) -> Value:
    """A share, or why there is none: no relevant case, or too few of them."""
    if row["withheld"]:
        return WITHHELD
    if row["n_relevant"] == 0:
        return NOTHING
    if row["few"]:
        return WITHHELD
    return figure(row[name], NOTHING)


def span_value(row: Record, material: Material) -> Value:
    """The interval of a row as text, or why there is none."""
    share = share_value(row, "estimate", material)
    return share if isinstance(share, str) else span(row["low"], row["high"])


def change_value(row: Record, name: str, material: Material) -> Value:
    """A change in percentage points, or why there is none."""
    share = share_value(row, "estimate", material)
    return share if isinstance(share, str) else in_points(row[name], NOTHING)


def followed(row: Record, public: bool) -> Value:
    """How many of how many; in the public edition about how many it applied to."""
    if public:
        return count(row["n_relevant"], WITHHELD)
    return say("report.of", n_compliant=int(row["n_compliant"]), n_relevant=int(row["n_relevant"]))


def unsure_everywhere(rows: Sequence[Record], material: Material) -> bool:
    """Whether every row with a percentage is very uncertain: then the sheet says so once."""
    shown = [row for row in rows if isinstance(share_value(row, "estimate", material), float)]
    return len(shown) > 1 and all(row["very_uncertain"] for row in shown)


def remarks(row: Record, material: Material, unsure: bool = False) -> str:
    """What to bear in mind about a row; that it is very uncertain not where all rows are (`unsure`)."""
    if row["withheld"]:
        return _few(row, material) if row["few"] else say("report.row_withheld")
    said = [_few(row, material)] if row["few"] and row["n_relevant"] else []
    notes = str(row["note"]).split("; ") if known(row["note"]) and row["note"] else []
    said += [note for note in notes if not (unsure and note == say("compliance.very_uncertain"))]
    return "; ".join(said)


def _few(row: Record, material: Material) -> str:
    """That a row rests on few answers, or where it pools them on few cases."""
    key = "row_few" if row["question"] in material.question_set.ids else "row_few_cases"
    return say(f"report.{key}", limit=material.method.few)


def verdict(row: Record) -> str:
    """The verdict in words, empty where there is none."""
    return verdict_words(row, "report") if known(row["verdict"]) or known(row["verdict_reason"]) else ""


# Where the percentage and that of before stand in `figure_columns`.
PERCENT, LAST = 2, 4


def figure_columns(about: str, material: Material, public: bool) -> list[Column]:
    """What a row is about, how many, the percentage and between what; before and the change; at most six."""
    columns = [
        Column(about, "long", 34),
        Column(say("report.about_n"), "count", 9) if public else Column(say("report.followed"), "range", 12),
        Column(say("report.percent"), "share", 9),
        Column(say("report.between"), "range", 12),
    ]
    if material.baseline:
        columns += [Column(say("report.last"), "share", 9), Column(say("report.change"), "points", 9)]
    return columns


def figure_values(about: str, row: Record, material: Material, public: bool) -> list[Value]:
    """What stands in `figure_columns`."""
    values: list[Value] = [about, followed(row, public), share_value(row, "estimate", material)]
    values.append(span_value(row, material))
    if material.baseline:
        before = figure(row["baseline_estimate"], NOTHING)
        values += [before, change_value(row, "change", material)]
    return values


def chart_point(name: str, row: Record, material: Material) -> ChartPoint:
    """A row as it is drawn; without a percentage it has a name alone."""
    share = share_value(row, "estimate", material)
    if isinstance(share, str) or share is None:
        return ChartPoint(name, None, None, None)
    before = None
    if material.baseline and known(row["baseline_estimate"]):
        before = float(row["baseline_estimate"])
    low, high = (float(row[end]) if known(row[end]) else None for end in ("low", "high"))
    return ChartPoint(name, float(share), low, high, before)


def beside(row: Record, material: Material) -> list[str]:
    """The published figures that belong to a row."""
    return list(material.benchmarks.texts.get(str(row["question"]), ()))


def how_to_read(material: Material) -> list[str]:
    """What the columns of figures say."""
    key = "report.how_to_read"
    if material.sample.chosen:
        key += "_chosen"
    elif material.record.plan.split == WHOLE_FRAME:
        key += "_whole"
    lines = [say(key, confidence=percent(material.method.confidence, 0))]
    if material.baseline:
        lines.append(say("report.how_to_read_change", baseline=material.baseline))
    return lines


def signs(rows: Sequence[Sequence[Value]], material: Material, public: bool) -> list[str]:
    """What the signs in a table mean: those that stand in it."""
    there = {value for row in rows for value in row}
    lines = [say("report.sign_nothing")] if NOTHING in there else []
    if WITHHELD in there:
        key = "report.sign_withheld" if public else "report.sign_few"
        lines.append(say(key, limit=material.method.few))
    return lines


def heading(material: Material, key: str) -> str:
    """The title of a sheet, with level and period."""
    period = material.record.period.label()
    return say(f"report.{key}_title", level=material.level.title, period=period)
