"""The plan in force as a graph: what each level is drawn from, how many, how often, and who reads."""

from __future__ import annotations

from typing import Any

from tilsyn.base import clock
from tilsyn.base.durations import Duration
from tilsyn.base.language import say
from tilsyn.base.numbers import date_text, number, percent
from tilsyn.base.periods import Period
from tilsyn.cli.console import Result
from tilsyn.compliance.naming import column_name
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.plan import PlanVersion
from tilsyn.workspace.workspace import Workspace

SCHEMA = "tilsyn/plan-show/1"
_PER = ("unit", "total", "caseworker")
_KEYS = (
    "level", "name", "judged_by", "roles", "source", "case_list", "share", "floor", "cadence", "reserve",
    "exclude_reviewed_within", "question_set", "questions", "baseline", "blind", "reviewers", "groups", "due",
    "due_months", "review_months",
)  # fmt: skip


def shown_plan(period: str | None, mermaid: bool) -> Result:
    """The plan of a period; without one, of the quarter that today is in."""
    wanted = Period.parse(period) if period else Period.containing(clock.today(), "quarter")
    plan = Workspace.open().plan_for(wanted)
    levels = [plan.levels[number] for number in sorted(plan.levels)]
    rows = [_row(level) for level in levels]
    diagram = "\n".join(["flowchart LR", *(line for level in levels for line in _arrow(level))])
    data = {
        "schema": SCHEMA,
        "valid_from": plan.valid_from.isoformat(),
        "units": list(plan.units),
        "levels": rows,
        "mermaid": diagram,
    }
    title = say("planning.show_title", day=date_text(plan.valid_from), period=wanted.label())
    text = [title, "", say("planning.show_register"), *_below(plan, None, 1)]
    lists = [number for number, level in plan.levels.items() if level.source == "list"]
    for listed in sorted(lists):
        text += [say("planning.show_list", file=plan.levels[listed].case_list), *_lines(plan, listed, 1)]
    return Result(data, rows, [diagram if mermaid else "\n".join(text)])


def _row(level: LevelPlan) -> dict[str, Any]:
    told = level.model_dump(mode="json")
    return {
        **{key: told[key] for key in _KEYS},
        "per": level.drawn_per,
        "number": level.number,
        "sizes": level.own_sizes,
    }


def _below(plan: PlanVersion, above: int | None, depth: int) -> list[str]:
    """The levels drawn from one, or from the register, each with those drawn from it."""
    return [
        line
        for number in sorted(plan.levels)
        if plan.levels[number].above == above and plan.levels[number].source != "list"
        for line in _lines(plan, number, depth)
    ]


def _lines(plan: PlanVersion, number: int, depth: int) -> list[str]:
    level, indent = plan.levels[number], "   " * depth
    told = [how_many(level), *_times(level), *_readers(level)]
    rows = [f"{indent}-> {level.label}", *(f"{indent}   {line}" for line in told)]
    return [*rows, *_below(plan, number, depth + 1)]


def how_many(level: LevelPlan) -> str:
    """How many cases of what a level draws.

    >>> how_many(LevelPlan(level=2, cadence="quarter", per_unit=20, units={"Døgnvagten": 5}))
    '20 pr. enhed (Døgnvagten 5)'
    >>> how_many(LevelPlan(level=2, cadence="quarter", per="case_type", share=0.05, floor=3))
    '5 % pr. sagstype, mindst 3'
    """
    n = number(level.number) if level.number is not None else percent(level.share or 0, 0)
    per = level.drawn_per
    text = (
        say(f"planning.show_{per}", n=n)
        if per in _PER
        else say("planning.show_per", n=n, per=column_name(per))
    )
    if level.own_sizes:
        own = ", ".join(f"{name} {number(size)}" for name, size in level.own_sizes.items())
        text += f" ({own})"
    return text + (say("planning.show_floor", n=number(level.floor)) if level.floor else "")


def _times(level: LevelPlan) -> list[str]:
    due = Duration.parse(level.due) if level.due else Duration(level.due_months, "months")
    every = say(f"planning.show_every_{level.cadence.replace(' ', '_')}")
    times = [say("planning.show_due" if due.n else "planning.show_due_at_once", every=every, due=due.label())]
    if level.exclude_reviewed_within:
        span = Duration.parse(level.exclude_reviewed_within)
        times.append(say("planning.show_exclude", span=span.label()))
    return times


def _readers(level: LevelPlan) -> list[str]:
    told = [say("planning.show_judged", who=level.judged_by)] if level.judged_by else []
    if level.readers:
        told.append(say("planning.show_readers", who=", ".join(level.readers)))
    elif level.reviewers:
        told.append(say(f"planning.show_{level.reviewers}"))
    elif level.groups > 1:
        told.append(say("planning.show_groups", n=level.groups))
    if level.above is not None:
        told.append(say("planning.show_blind" if level.blind else "planning.show_open"))
    return told


def _arrow(level: LevelPlan) -> list[str]:
    source = f"L{level.above}" if level.above is not None else str(level.source)
    name = f"{level.label}<br>{how_many(level)}".replace('"', "'")
    return [f'  L{level.level}["{name}"]', f"  {source} --> L{level.level}"]
