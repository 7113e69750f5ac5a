"""`tilsyn plan show|size|precision|detect|allocate`; without one of them, what the plan can show.

The four questions can also be asked with the options of `plan` itself, as before there were subcommands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from tilsyn.base.language import say
from tilsyn.base.problems import UsageError
from tilsyn.cli.command import command, group
from tilsyn.cli.console import Result
from tilsyn.cli.plan_answers import allocation_of, detection_of, precision_of, size_for, within
from tilsyn.cli.plan_outlook import BEFORE, outlook_of

Rule = Literal["proportional", "sqrt", "equal", "neyman"]


def _option(name: str, flag: str | None = None, **settings: Any) -> Any:
    """An option by its name in the dictionary."""
    flag = flag or f"--{name.replace('_', '-')}"
    return typer.Option(flag, help=say(f"planning.{name}_help"), **settings)


def _older(name: str, flag: str | None = None, **settings: Any) -> Any:
    """The same, of those that ask a subcommand's question: they stand in a panel of their own."""
    return _option(name, flag, rich_help_panel=say("planning.older_panel"), **settings)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    plans = group(app, "plan", "planning", _plan)

    @command(plans, "size", "planning.size_")
    def size(
        half_width: Annotated[float, _option("half_width")],
        share: Annotated[float, _option("share")] = BEFORE,
        population: Annotated[int | None, _option("population", min=1)] = None,
        relevance: Annotated[float, _option("relevance")] = 1.0,
        confidence: Annotated[float, _option("confidence")] = 0.95,
    ) -> Result:
        _check(share, relevance, confidence)
        return _size(half_width, share, population, relevance, confidence)

    @command(plans, "precision", "planning.precision_")
    def precision(
        n: Annotated[int, _option("n", min=1)],
        share: Annotated[float, _option("share")] = BEFORE,
        population: Annotated[int | None, _option("population", min=1)] = None,
        relevance: Annotated[float, _option("relevance")] = 1.0,
        confidence: Annotated[float, _option("confidence")] = 0.95,
    ) -> Result:
        _check(share, relevance, confidence)
        return precision_of(n, share, population, relevance, confidence)

    @command(plans, "detect", "planning.detect_")
    def detect(
        before: Annotated[float, typer.Argument(help=say("planning.before_help"))],
        after: Annotated[float, typer.Argument(help=say("planning.after_help"))],
        n: Annotated[int | None, _option("n", min=1)] = None,
        relevance: Annotated[float, _option("relevance")] = 1.0,
        confidence: Annotated[float, _option("confidence")] = 0.95,
    ) -> Result:
        _check(BEFORE, relevance, confidence)
        within(say("usage.argument_before"), before, 0, 1)
        within(say("usage.argument_after"), after, 0, 1)
        return detection_of(before, after, n, relevance, confidence)

    @command(plans, "allocate", "planning.allocate_")
    def allocate(
        budget: Annotated[int, _option("budget", min=1)],
        rule: Annotated[Rule, _option("rule")] = "proportional",
        floor: Annotated[int, _option("floor", min=0)] = 5,
        strata: Annotated[Path | None, _option("strata")] = None,
        share: Annotated[float, _option("share")] = BEFORE,
        confidence: Annotated[float, _option("confidence")] = 0.95,
    ) -> Result:
        _check(share, 1.0, confidence)
        return allocation_of(budget, rule, floor, strata, share, confidence)

    @command(plans, "show", "planning.show_")
    def show(
        period: Annotated[str | None, _option("show_period", "--period")] = None,
        mermaid: Annotated[bool, _option("mermaid", "--mermaid")] = False,
    ) -> Result:
        from tilsyn.cli.plan_show import shown_plan

        return shown_plan(period, mermaid)


def _plan(
    share: Annotated[float, _option("share")] = BEFORE,
    relevance: Annotated[float, _option("relevance")] = 1.0,
    confidence: Annotated[float, _option("confidence")] = 0.95,
    n: Annotated[int | None, _older("n", min=1)] = None,
    population: Annotated[int | None, _older("population", min=1)] = None,
    half_width: Annotated[float | None, _older("half_width")] = None,
    budget: Annotated[int | None, _older("budget", min=1)] = None,
    allocate: Annotated[Rule, _older("rule", "--allocate")] = "proportional",
    floor: Annotated[int, _older("floor", min=0)] = 5,
    strata: Annotated[Path | None, _older("strata")] = None,
    detect: Annotated[tuple[float, float] | None, _older("change", "--detect")] = None,
) -> Result:
    _check(share, relevance, confidence)
    for value in detect or ():
        within("--detect", value, 0, 1)
    asked = [name for name, value in (("half_width", half_width), ("budget", budget)) if value is not None]
    if len(asked) > 1 or (asked and (n is not None or detect is not None)):
        raise UsageError(say("planning.one_question"), say("planning.one_question_remedy"))
    if half_width is not None:
        return _size(half_width, share, population, relevance, confidence)
    if budget is not None:
        return allocation_of(budget, allocate, floor, strata, share, confidence)
    if detect is not None:
        return detection_of(*detect, n, relevance, confidence)
    if n is not None:
        return precision_of(n, share, population, relevance, confidence)
    return outlook_of(share, relevance, confidence)


def _size(
    half_width: float, share: float, population: int | None, relevance: float, confidence: float
) -> Result:
    within("--half-width", half_width, 0, 0.5, open_low=True, open_high=True)
    return size_for(half_width, share, population, relevance, confidence)


def _check(share: float, relevance: float, confidence: float) -> None:
    within("--share", share, 0, 1)
    within("--relevance", relevance, 0, 1, open_low=True)
    within("--confidence", confidence, 0.5, 0.9999)
