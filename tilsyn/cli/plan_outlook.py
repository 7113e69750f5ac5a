"""What the workspace's own plan can and cannot show, as people read it."""

from __future__ import annotations

from typing import Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.cli.console import Result, Table
from tilsyn.cli.plan_answers import SCHEMA, change_words, plus_minus

BEFORE, AFTER = 0.9, 0.7


def outlook_of(share: float, relevance: float, confidence: float) -> Result:
    """What each planned sample shows, of questions that apply often and seldom."""
    from tilsyn.base import clock
    from tilsyn.base.periods import Period
    from tilsyn.procedure.plan import planned_samples
    from tilsyn.statistics.outlook import RELEVANCES, outlook
    from tilsyn.workspace.workspace import Workspace

    workspace, period = Workspace.open(), Period.containing(clock.today(), "quarter")
    samples, notes = planned_samples(workspace, period)
    per_unit = {n for n, level in workspace.plan_for(period).levels.items() if level.drawn_per == "unit"}
    after = round(max(0.0, share - (BEFORE - AFTER)), 6)
    relevances = RELEVANCES if relevance == 1 else (relevance,)
    found = outlook(samples, share, after, relevances, confidence).astype(object)
    rows: list[dict[str, Any]] = [
        {str(name): None if value != value else value for name, value in row.items()}
        for row in found.to_dict("records")
    ]
    data = {
        "schema": SCHEMA, "question": "outlook", "share": share, "after": after,
        "confidence_level": confidence, "rows": rows,
    }  # fmt: skip
    # Units that read as many cases stand together; of a level that is not per unit, the one that reads most
    # speaks for all.
    groups: dict[tuple[int, bool, int], list[dict[str, Any]]] = {}
    for row in rows:
        whole = row["who"] == ""
        key = (row["level"], whole, 0 if whole or row["level"] not in per_unit else row["n"])
        groups.setdefault(key, []).append(row)
    change = change_words(share, after)
    headings = [say(f"planning.col_{name}") for name in ("level", "who", "n", "relevance", "width", "halved")]
    found_heading = say("planning.col_found", change=change[0].upper() + change[1:])
    table = Table(
        [*headings, found_heading, say("planning.col_smallest")],
        [line for group in groups.values() for line in _lines(group)],
        say("planning.outlook_title", share=percent(share, 0)),
        [say("planning.outlook_note"), *notes],
        [say(f"planning.col_{name}") for name in ("level", "who", "relevance", "width", "n")],
    )
    return Result(data, rows, [table, "\n".join(_sentence(group, change) for group in groups.values())])


def _speaker(group: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the unit that speaks for the group: the one that reads most, of those the largest."""
    who = max(group, key=lambda row: (row["n"], row["population"] or 0))["who"]
    return sorted((row for row in group if row["who"] == who), key=lambda row: -row["relevance"])


def _who(group: list[dict[str, Any]]) -> str:
    names, numbers = {row["who"] for row in group}, {row["n"] for row in group}
    if len(names) > 1:
        return say("planning.units_of" if len(numbers) == 1 else "planning.units_to", n=number(max(numbers)))
    return names.pop() or say("planning.whole")


def _lines(group: list[dict[str, Any]]) -> list[list[str]]:
    lines = []
    for row in _speaker(group):
        fall = row["smallest_fall"]
        smallest = say(
            "planning.none_found" if fall is None else "planning.falls_to", share=percent(fall or 0, 0)
        )
        figures = [
            percent(row["relevance"], 0),
            plus_minus(row["half_width"]),
            "" if row["n_to_halve"] is None else number(row["n_to_halve"]),
            say(f"planning.often_{row['found']}"),
        ]
        lines.append([str(row["level"]), _who(group), number(row["n"]), *figures, smallest])
    return lines


def _sentence(group: list[dict[str, Any]], change: str) -> str:
    rows = _speaker(group)
    first, last = rows[0], rows[-1]
    several, same = len({row["who"] for row in group}) > 1, len({row["n"] for row in group}) == 1
    key = "outlook_unit" if not several else ("outlook_units" if same else "outlook_units_to")
    key = "outlook_all" if first["who"] == "" else key
    often = say(f"planning.often_{first['found']}")
    line = say(
        f"planning.{key}",
        level=first["level"],
        n=number(first["n"]),
        who=_who(group),
        change=change,
        often=often,
    )
    if last["relevance"] < first["relevance"]:
        often = say(f"planning.often_{last['found']}")
        line += " " + say("planning.outlook_seldom", relevance=percent(last["relevance"], 0), often=often)
    return line
