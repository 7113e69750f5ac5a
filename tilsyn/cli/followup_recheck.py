"""`tilsyn followup recheck`: how many cases it takes to see whether what was done about a question helped."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tilsyn.base.language import say
from tilsyn.base.numbers import number, percent
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import as_keys
from tilsyn.cli.command import command, which_if_any
from tilsyn.cli.console import Result

if TYPE_CHECKING:
    from tilsyn.procedure.followup_recheck import Recheck

SCHEMA = "tilsyn/recheck/1"
# How the size was found, in the words of the JSON contract, which are never translated.
_BY_POWER = "Miettinen-Nurminen test on n_eff without the finite population, exact power over both readings"
_BY_WIDTH = "Korn-Graubard beta interval, expected half-width with the finite population"


def add_to(under: typer.Typer) -> None:
    """Add the command."""

    @command(under, "recheck", "followup.recheck_")
    def recheck(
        question: Annotated[str, typer.Argument(help=say("followup.opt_question"))],
        level: Annotated[int | None, typer.Option("--level", help=say("followup.opt_first_level"))] = None,
        period: Annotated[str | None, typer.Option("--period", help=say("followup.opt_first_period"))] = None,
        single: Annotated[
            str | None, typer.Option("--single", metavar="NAME", help=say("single.opt_single"))
        ] = None,
        unit: Annotated[str | None, typer.Option("--unit", help=say("followup.opt_unit"))] = None,
        to: Annotated[float, typer.Option("--to", help=say("followup.opt_to"))] = 0.9,
        power: Annotated[float, typer.Option("--power", help=say("followup.opt_power"))] = 0.8,
        margin: Annotated[float | None, typer.Option("--margin", help=say("followup.opt_margin"))] = None,
        n: Annotated[int | None, typer.Option("--n", min=1, help=say("followup.opt_n"))] = None,
        draw: Annotated[str | None, typer.Option("--draw", help=say("followup.opt_draw"))] = None,
        reason: Annotated[str | None, typer.Option("--reason", help=say("followup.opt_reason"))] = None,
    ) -> Result:
        which = which_if_any(level, single)
        from tilsyn.cli.plan_answers import within
        from tilsyn.procedure.followup_recheck import draw_recheck, plan_recheck
        from tilsyn.workspace.periods import relative_period
        from tilsyn.workspace.workspace import Workspace

        within("--to", to, 0, 1)
        within("--power", power, 0, 1, open_low=True, open_high=True)
        if margin is not None:
            within("--margin", margin, 0, 0.5, open_low=True, open_high=True)
            if n is not None:
                raise UsageError(say("followup.n_or_margin"), say("followup.n_or_margin_remedy"))
        workspace = Workspace.open()
        planned = plan_recheck(
            workspace,
            question,
            level=which,
            period=None if period is None else Period.parse(period),
            unit=unit,
            wanted=to,
            power=power,
            half_width=margin,
            n=n,
        )
        figures = _plain(planned, margin) | {"draw_id": None}
        lines = _lines(planned, margin)
        if draw is not None:
            level_of_plan = planned.level if isinstance(planned.level, int) else None
            covered = Period.parse(relative_period(draw, level_of_plan))
            made = draw_recheck(workspace, planned, covered, reason).draw
            figures["draw_id"] = made.draw_id
            lines.append(say("followup.recheck_drawn", n=len(made.record.cases), draw=made.draw_id))
            values = {"level": made.level, "period": made.period.canonical}
            lines.append(say("followup.recheck_next", **values))
        asked_for: dict[str, Any] = {"power": power} if margin is None else {"half_width": margin}
        asked_for = asked_for if n is None else {"n": n}
        return Result(
            data={"schema": SCHEMA, **figures, "asked_for": asked_for},
            rows=[figures | asked_for | {"questions": " ".join(planned.questions)}],
            tables=["\n".join(lines)],
            problems=workspace.late,
        )


def _plain(planned: Recheck, margin: float | None) -> dict[str, Any]:
    size = planned.size
    return {
        "question": planned.question,
        "questions": list(planned.questions),
        "unit": planned.unit,
        **as_keys(planned.level),
        "period": planned.period.canonical,
        "before": planned.before,
        "n_relevant_before": planned.n_relevant,
        "n_eff_before": planned.n_eff,
        "wanted": planned.wanted,
        "population": planned.population,
        "n": size.n,
        "n_relevant": size.n_relevant,
        "power": size.power,
        "half_width": size.half_width,
        "smallest_rise": size.smallest_rise,
        "power_of_as_many": planned.as_many and planned.as_many.power,
        "method": _BY_POWER if margin is None else _BY_WIDTH,
    }


def _lines(planned: Recheck, margin: float | None) -> list[str]:
    from tilsyn.statistics.outlook import frequency

    size = planned.size
    where = planned.unit or say("followup.all_units")
    reading = {"level": planned.level, "period": planned.period.label(), "where": where}
    first = say(
        "followup.recheck_first",
        question=planned.question,
        before=percent(planned.before, 0),
        n=number(planned.n_relevant),
        **reading,
    )
    values = {"n": number(size.n or planned.population), "relevant": number(size.n_relevant), "where": where}
    values |= {"wanted": percent(planned.wanted, 0), "often": say(f"planning.often_{frequency(size.power)}")}
    values |= {"points": number(100 * size.half_width, 1), "population": number(planned.population)}
    if size.n is None:
        # Rounded down: it falls short of what was asked for, however little.
        reached = percent(floor(100 * size.power) / 100, 0)
        lines = [say("followup.recheck_never", reached=reached, **values)]
        if size.smallest_rise is not None:
            lines.append(say("followup.recheck_rise", share=percent(size.smallest_rise)))
    else:
        lines = [say("followup.recheck_size", **values), say("followup.recheck_shows", **values)]
        lines += [say("followup.recheck_all")] * (size.n >= planned.population)
    if (again := planned.as_many) is not None:
        often = say(f"planning.often_{frequency(again.power)}")
        lines.append(say("followup.recheck_as_many", n=number(planned.n_reviewed), often=often))
    asked = ", ".join(planned.questions)
    by = "followup.recheck_by_power" if margin is None else "followup.recheck_by_width"
    return [first, *lines, say("followup.recheck_questions", questions=asked), say(by)]
