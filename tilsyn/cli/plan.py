"""`tilsyn plan`: what a sample can show, how large it has to be, and how it can be split."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.base.problems import UsageError
from tilsyn.cli.app import command
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/plan/1"
BEFORE, AFTER = 0.9, 0.7
# The power of a unit's size that each rule splits by; neyman multiplies by the spread of the answers as well.
POWERS = {"proportional": 1.0, "sqrt": 0.5, "equal": 0.0, "neyman": 1.0}
# No round of a supervision reads more: past it the answer is "too small a change".
MOST_CASES = 100_000


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @command(app, "plan", "planning")
    def plan(
        n: Annotated[int | None, typer.Option("--n", min=1, help=say("planning.n_help"))] = None,
        population: Annotated[int | None, typer.Option(min=1, help=say("planning.population_help"))] = None,
        share: Annotated[float, typer.Option(help=say("planning.share_help"))] = BEFORE,
        relevance: Annotated[float, typer.Option(help=say("planning.relevance_help"))] = 1.0,
        half_width: Annotated[float | None, typer.Option(help=say("planning.half_width_help"))] = None,
        budget: Annotated[int | None, typer.Option(min=1, help=say("planning.budget_help"))] = None,
        allocate: Annotated[
            Literal["proportional", "sqrt", "equal", "neyman"],
            typer.Option(help=say("planning.allocate_help")),
        ] = "proportional",
        floor: Annotated[int, typer.Option(min=0, help=say("planning.floor_help"))] = 5,
        strata: Annotated[Path | None, typer.Option(help=say("planning.strata_help"))] = None,
        detect: Annotated[tuple[float, float] | None, typer.Option(help=say("planning.detect_help"))] = None,
        confidence: Annotated[float, typer.Option(help=say("planning.confidence_help"))] = 0.95,
    ) -> Result:
        _within("--share", share, 0, 1)
        _within("--relevance", relevance, 0, 1, open_low=True)
        _within("--confidence", confidence, 0.5, 0.9999)
        for value in detect or ():
            _within("--detect", value, 0, 1)
        asked = [
            name for name, value in (("half_width", half_width), ("budget", budget)) if value is not None
        ]
        if len(asked) > 1 or (asked and (n is not None or detect is not None)):
            raise UsageError(say("planning.one_question"), say("planning.one_question_remedy"))
        if half_width is not None:
            _within("--half-width", half_width, 0, 0.5, open_low=True, open_high=True)
            return _size(half_width, share, population, relevance, confidence)
        if budget is not None:
            return _allocation(budget, allocate, floor, strata, share, confidence)
        if detect is not None:
            return _detection(detect, n, relevance, confidence)
        if n is not None:
            return _width(n, share, population, relevance, confidence)
        return _outlook(share, relevance, confidence)


def _within(
    option: str, value: float, low: float, high: float, open_low: bool = False, open_high: bool = False
) -> None:
    if (low < value or (value == low and not open_low)) and (
        value < high or (value == high and not open_high)
    ):
        return
    values = {"option": option, "low": low, "high": high, "value": value}
    raise UsageError(say("planning.out_of_range", **values), say("planning.out_of_range_remedy"))


def _plus_minus(width: float) -> str:
    return number(100 * width, 1)


def _change(before: float, after: float) -> str:
    key = "planning.change_fall" if after < before else "planning.change_rise"
    return say(key, before=percent(before, 0), after=percent(after, 0))


def _answer(question: str, figures: dict[str, Any], lines: list[str]) -> Result:
    return Result(
        data={"schema": SCHEMA, "question": question, **figures}, rows=[figures], tables=["\n".join(lines)]
    )


def _smallest(share: float, e: float, alpha: float) -> tuple[dict[str, Any], list[str]]:
    from tilsyn.statistics.detection import smallest_change

    fall, rise = smallest_change(share, e, alpha=alpha)
    lines = [
        say("planning.no_fall", share=percent(share, 0))
        if fall is None
        else say("planning.smallest_fall_says", share=percent(fall.share)),
        say("planning.no_rise", share=percent(share, 0))
        if rise is None
        else say("planning.smallest_rise_says", share=percent(rise.share)),
    ]
    figures = {
        "smallest_fall": None if fall is None else fall.share,
        "smallest_rise": None if rise is None else rise.share,
    }
    return figures, lines


def _width(n: int, share: float, population: int | None, relevance: float, confidence: float) -> Result:
    from tilsyn.statistics.precision import expected_half_width

    n = n if population is None else min(n, population)
    width = expected_half_width(n, share, population, relevance, confidence)
    smallest, lines = _smallest(share, n * relevance, 1 - confidence)
    figures = {
        "n": n, "population": population, "share": share, "relevance": relevance,
        "confidence_level": confidence, "half_width": width, **smallest,
    }  # fmt: skip
    says = say("planning.width_says", n=number(n), share=percent(share, 0), points=_plus_minus(width))
    return _answer("half_width", figures, [says, *lines])


def _size(
    half_width: float, share: float, population: int | None, relevance: float, confidence: float
) -> Result:
    from tilsyn.statistics.precision import expected_half_width, sample_size

    n = sample_size(half_width, share, population, relevance, confidence)
    everything = population is not None and n >= population
    width = expected_half_width(n, share, population, relevance, confidence)
    figures = {
        "n": n, "population": population, "share": share, "relevance": relevance,
        "confidence_level": confidence, "half_width": half_width, "expected_half_width": width,
        "everything": everything,
    }  # fmt: skip
    lines = [say("planning.size_says", n=number(n), points=_plus_minus(half_width), share=percent(share, 0))]
    if everything:
        lines.append(say("planning.size_all"))
    return _answer("sample_size", figures, lines)


def _detection(detect: tuple[float, float], n: int | None, relevance: float, confidence: float) -> Result:
    from tilsyn.statistics.detection import power_of_change, size_to_detect
    from tilsyn.statistics.outlook import frequency

    before, after = detect
    if before == after:
        raise UsageError(say("planning.no_change"), say("planning.no_change_remedy"))
    alpha = 1 - confidence
    sizes = [n] if n is not None else [5, 20, 30, 60, 125]
    rows = []
    for size in sizes:
        power = power_of_change(before, after, size * relevance, alpha=alpha)
        rows.append({"n": size, "n_relevant": size * relevance, "power": power})
    needed = size_to_detect(before, after, alpha=alpha, most=MOST_CASES)
    lines = [
        say(
            "planning.detect_says",
            n=number(row["n_relevant"], 0 if float(row["n_relevant"]).is_integer() else 1),
            change=_change(before, after), often=say(f"planning.often_{frequency(row['power'])}"),
        )
        for row in rows
    ]  # fmt: skip
    lines.append(
        say("planning.detect_needs_never", n=number(MOST_CASES))
        if needed is None
        else say("planning.detect_needs", n=number(needed))
    )
    figures = {
        "before": before, "after": after, "relevance": relevance, "confidence_level": confidence,
        "n_relevant_needed": needed, "rows": rows,
    }  # fmt: skip
    return Result(
        data={"schema": SCHEMA, "question": "detect", **figures}, rows=rows, tables=["\n".join(lines)]
    )


def _allocation(
    budget: int, rule: str, floor: int, file: Path | None, share: float, confidence: float
) -> Result:
    import numpy as np

    from tilsyn.procedure.plan import strata_to_split
    from tilsyn.statistics.outlook import PlannedSample, outlook
    from tilsyn.statistics.precision import allocate

    units = strata_to_split(file)
    sizes = units["population_size"].to_numpy(dtype=np.int64)
    low, high = int(np.minimum(floor, sizes).sum()), int(sizes.sum())
    if not low <= budget <= high:
        message = say("planning.bad_budget", n=number(budget), low=number(low), high=number(high))
        raise UsageError(message, say("planning.bad_budget_remedy"))
    shares = units["share"].fillna(share).to_numpy(dtype=np.float64)
    spreads = np.sqrt(shares * (1 - shares)) if rule == "neyman" else None
    split = allocate(budget, sizes, list(units["unit"]), POWERS[rule], spreads, floor)
    whole = PlannedSample(0, "", tuple(split), tuple(int(size) for size in sizes))
    width = float(outlook([whole], share, relevances=[1.0], confidence=confidence)["half_width"].iloc[0])
    rows = [
        {"unit": unit, "population_size": int(size), "sample_size": part}
        for unit, size, part in zip(units["unit"], sizes, split, strict=True)
    ]
    table = Table(
        columns=[say("planning.col_who"), say("planning.col_population"), say("planning.col_n")],
        rows=[[row["unit"], number(row["population_size"]), number(row["sample_size"])] for row in rows],
        title=say("planning.allocation_title", n=number(budget)),
        notes=[say("planning.allocation_says", points=_plus_minus(width))],
    )
    same = rule == "neyman" and len(set(shares)) == 1
    data = {
        "schema": SCHEMA, "question": "allocation", "budget": budget, "rule": rule, "floor": floor,
        "share": share, "confidence_level": confidence, "half_width": width, "rows": rows,
    }  # fmt: skip
    return Result(data, rows, [table], messages=[say("planning.neyman_same")] if same else [])


def _outlook(share: float, relevance: float, confidence: float) -> Result:
    from tilsyn.base import clock
    from tilsyn.base.periods import Period
    from tilsyn.procedure.plan import planned_samples
    from tilsyn.statistics.outlook import RELEVANCES, outlook
    from tilsyn.workspace.workspace import Workspace

    samples, notes = planned_samples(Workspace.open(), Period.containing(clock.today(), "quarter"))
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
    # Units that read as many cases stand together; outside level 2, the one that reads most speaks for all.
    groups: dict[tuple[int, bool, int], list[dict[str, Any]]] = {}
    for row in rows:
        whole = row["who"] == ""
        key = (row["level"], whole, 0 if whole or row["level"] != 2 else row["n"])
        groups.setdefault(key, []).append(row)
    change = _change(share, after)
    headings = [say(f"planning.col_{name}") for name in ("level", "who", "n", "relevance", "width")]
    found_heading = say("planning.col_found", change=change[0].upper() + change[1:])
    table = Table(
        [*headings, found_heading, say("planning.col_smallest")],
        [line for group in groups.values() for line in _lines(group)],
        say("planning.outlook_title", share=percent(share, 0)),
        [say("planning.outlook_note"), *notes],
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
            _plus_minus(row["half_width"]),
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
