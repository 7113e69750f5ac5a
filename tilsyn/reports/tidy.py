"""The sheet Data: every figure of the compliance table in one tidy table, to be sorted and pivoted."""

from __future__ import annotations

from tilsyn.base.language import say
from tilsyn.base.numbers import round_half_up
from tilsyn.reports.columns import remarks, share_value
from tilsyn.reports.parts import (
    Column,
    Kind,
    Material,
    Record,
    Sheet,
    Value,
    editioned,
    in_points,
    known,
    of_another_law,
    records,
)

_COUNTS = ("n_reviewed", "n_relevant", "n_compliant", "n_lawful")
_OWN = ("estimate", "low", "high")
_BASELINE = ("baseline_estimate", "baseline_low", "baseline_high")
_CHANGE = ("change", "change_low", "change_high")


def data_sheet(material: Material, public: bool) -> Sheet:
    """A row per question or pooled row and domain; the columns are named as in the JSON of `compliance`."""
    table = editioned(material, public)
    table = table[~table["question"].isin(of_another_law(material))]
    counts = _COUNTS[:2] if public else _COUNTS
    shares: tuple[str, ...] = _OWN
    changes: tuple[str, ...] = ()
    if material.baseline:
        # Of a baseline and a change the public edition has the figure alone.
        shares = (*_OWN, *(_BASELINE[:1] if public else _BASELINE))
        changes = _CHANGE[:1] if public else _CHANGE
    kinds: list[tuple[str, Kind, float]] = [
        ("question", "id", 14),
        ("text", "long", 50),
        ("domain", "text", 24),
    ]
    kinds += [(name, "count", 12) for name in counts]
    kinds += [(name, "share", 12) for name in shares]
    kinds += [(name, "points", 12) for name in changes]
    kinds += [("verdict", "text", 20)] if material.baseline else []
    kinds.append(("note", "long", 50))
    values = [[_value(row, name, kind, material) for name, kind, _ in kinds] for row in records(table)]
    columns = [Column(name, kind, width) for name, kind, width in kinds]
    named = {f"data_{name}": at for at, (name, _, _) in enumerate(kinds)}
    return Sheet(
        say("report.data_tab"),
        say("report.data_title"),
        [say("report.data_intro")],
        columns,
        values,
        "data",
        named=named,
    )


def _value(row: Record, name: str, kind: Kind, material: Material) -> Value:
    if name == "text":
        return material.title(str(row["question"]))
    if name == "note":
        return remarks(row, material) or None
    value = row[name]
    if kind in ("id", "text"):
        return str(value) if known(value) else None
    if kind in ("share", "points"):
        if isinstance(share_value(row, "estimate", material), str) or not known(value):
            return None
        return in_points(value, "") if kind == "points" else float(value)
    return int(round_half_up(value)) if known(value) else None
