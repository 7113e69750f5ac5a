"""What a size shows, what size a question takes, and how a budget is split: figures, and their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.base.problems import UsageError
from tilsyn.cli.console import Result, Table

SCHEMA = "tilsyn/plan/1"
# The power of a unit's size that each rule splits by; neyman multiplies by the spread of the answers as well.
POWERS = {"proportional": 1.0, "sqrt": 0.5, "equal": 0.0, "neyman": 1.0}
# No round of a supervision reads more: past it the answer is "too small a change".
MOST_CASES = 100_000


def within(
    option: str, value: float, low: float, high: float, open_low: bool = False, open_high: bool = False
) -> None:
    """Refuse a number that an option cannot have."""
    if (low < value or (value == low and not open_low)) and (
        value < high or (value == high and not open_high)
    ):
        return
    values = {"option": option, "low": low, "high": high, "value": value}
    raise UsageError(say("planning.out_of_range", **values), say("planning.out_of_range_remedy"))


def plus_minus(width: float) -> str:
    """A half-width in points."""
    return number(100 * width, 1)


def change_words(before: float, after: float) -> str:
    """A fall or a rise from one share to another."""
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


def precision_of(n: int, share: float, population: int | None, relevance: float, confidence: float) -> Result:
    """What n cases show, and how many would show it half as uncertainly."""
    from tilsyn.statistics.precision import expected_half_width, size_to_halve

    n = n if population is None else min(n, population)
    width = expected_half_width(n, share, population, relevance, confidence)
    halved = size_to_halve(n, share, population, relevance, confidence)
    smallest, lines = _smallest(share, n * relevance, 1 - confidence)
    figures = {
        "n": n, "population": population, "share": share, "relevance": relevance,
        "confidence_level": confidence, "half_width": width, "n_to_halve": halved, **smallest,
    }  # fmt: skip
    says = say("planning.width_says", n=number(n), share=percent(share, 0), points=plus_minus(width))
    half = [] if halved is None else [say("planning.halving_says", n=number(halved))]
    return _answer("half_width", figures, [says, *half, *lines])


def size_for(
    half_width: float, share: float, population: int | None, relevance: float, confidence: float
) -> Result:
    """The smallest size for an uncertainty."""
    from tilsyn.statistics.precision import expected_half_width, sample_size

    n = sample_size(half_width, share, population, relevance, confidence)
    everything = population is not None and n >= population
    width = expected_half_width(n, share, population, relevance, confidence)
    figures = {
        "n": n, "population": population, "share": share, "relevance": relevance,
        "confidence_level": confidence, "half_width": half_width, "expected_half_width": width,
        "everything": everything,
    }  # fmt: skip
    lines = [say("planning.size_says", n=number(n), points=plus_minus(half_width), share=percent(share, 0))]
    if everything:
        lines.append(say("planning.size_all"))
    return _answer("sample_size", figures, lines)


def detection_of(before: float, after: float, n: int | None, relevance: float, confidence: float) -> Result:
    """How often a change is found, and what it takes to find it four times in five."""
    from tilsyn.statistics.detection import power_of_change, size_to_detect
    from tilsyn.statistics.outlook import frequency

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
            change=change_words(before, after), often=say(f"planning.often_{frequency(row['power'])}"),
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


def allocation_of(
    budget: int, rule: str, floor: int, file: Path | None, share: float, confidence: float
) -> Result:
    """A budget split over the units."""
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
        notes=[say("planning.allocation_says", points=plus_minus(width))],
    )
    same = rule == "neyman" and len(set(shares)) == 1
    data = {
        "schema": SCHEMA, "question": "allocation", "budget": budget, "rule": rule, "floor": floor,
        "share": share, "confidence_level": confidence, "half_width": width, "rows": rows,
    }  # fmt: skip
    return Result(data, rows, [table], messages=[say("planning.neyman_same")] if same else [])
