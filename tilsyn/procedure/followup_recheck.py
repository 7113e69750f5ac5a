"""A second reading of one question, to see whether what was done about it helped: planned and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from tilsyn.base.canonical import same_name
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import Refused, UsageError
from tilsyn.base.which import Single, Which
from tilsyn.compliance.naming import ALL_CASES
from tilsyn.compliance.table import compliance_table, records
from tilsyn.procedure.compliance_other import of_the_register
from tilsyn.procedure.draw import DrawOutcome, DrawRequest
from tilsyn.procedure.draw_single import SingleRequest, draw_single
from tilsyn.procedure.drawn_periods import draws_of, limits_of
from tilsyn.procedure.followup_add import ActedOn, acted_on
from tilsyn.procedure.samples import from_workspace
from tilsyn.reviews.sample import ReviewedSample
from tilsyn.sampling.draw_record import draw_id
from tilsyn.settings.single import Wish
from tilsyn.statistics.rereading_size import RereadingSize, rereading_size
from tilsyn.workspace.workspace import Workspace

_FIGURES = ("estimate", "n_relevant", "n_reviewed", "n_eff_practice")


@dataclass(frozen=True)
class Recheck:
    """A second reading as it is planned: of what, what the first one showed, and how many cases it takes.

    `questions` are the one and those that it rests on. `before` is the percentage that the report has, of
    `n_relevant` answers worth `n_eff` (f = 0) among `n_reviewed` cases; `population` the cases of the frame.
    `as_many` says what as many cases as the first time show, where it takes more.
    """

    question: str
    questions: tuple[str, ...]
    unit: str
    level: Which
    period: Period
    before: float
    wanted: float
    n_relevant: int
    n_eff: float
    n_reviewed: int
    population: int
    size: RereadingSize
    as_many: RereadingSize | None


def plan_recheck(
    workspace: Workspace,
    question: str,
    *,
    level: Which | None = None,
    period: Period | None = None,
    unit: str | None = None,
    wanted: float = 0.9,
    power: float = 0.8,
    half_width: float | None = None,
    n: int | None = None,
) -> Recheck:
    """Plan to read a question once more; without level and period, those of its newest action.

    Refused where nobody was asked it the first time, or its share is already what is wanted.
    """
    on = _first_reading(workspace, question, level, period)
    if not of_the_register(draws_of(workspace, on.level, on.period)[-1].record):
        found = say("followup.not_all", level=on.level, period=on.period.label())
        raise Refused(found, say("followup.not_all_remedy"))
    asked = on.question(question)
    of = on.unit(unit) if unit is not None else ""
    sample = from_workspace(workspace, on.level, on.period)
    row = _first_figures(on, sample, asked, of)
    before, n_eff = float(row["estimate"]), float(row["n_eff_practice"])
    n_reviewed, n_relevant = int(row["n_reviewed"]), int(row["n_relevant"])
    few, population = limits_of(workspace, on.level, on.period).min_relevant, _population(sample, of)
    if half_width is None:
        _refuse_no_rise(asked, before, wanted, n_relevant, few)
    size_of = partial(
        rereading_size,
        before,
        wanted,
        n_eff,
        n_relevant / n_reviewed,
        population,
        power,
        half_width,
        least=few,
    )
    size = size_of(given=n)
    return Recheck(
        question=asked,
        questions=on.question_set.of_questions([asked]).ids,
        unit=of,
        level=on.level,
        period=on.period,
        before=before,
        wanted=wanted,
        n_relevant=n_relevant,
        n_eff=n_eff,
        n_reviewed=n_reviewed,
        population=population,
        size=size,
        as_many=None if size.n is not None and size.n <= n_reviewed else size_of(given=n_reviewed),
    )


def _first_figures(on: ActedOn, sample: ReviewedSample, question: str, unit: str) -> dict[str, Any]:
    """Return the row of the compliance table of the first reading; refused where nobody was asked it."""
    rows = compliance_table(sample, ["unit"])
    domain = f"unit={unit}" if unit else ALL_CASES
    here = rows[(rows["question"] == question) & (rows["domain"] == domain) & (rows["n_relevant"] > 0)]
    if here.empty:
        found = say("followup.not_asked", question=question, level=on.level, period=on.period.label())
        raise Refused(found, say("followup.not_asked_remedy"))
    return records(here, _FIGURES)[0]


def _refuse_no_rise(question: str, before: float, wanted: float, n_relevant: int, few: int) -> None:
    """Refuse to plan for a rise that there is none to, or that could not be shown."""
    if before >= wanted:
        raise UsageError(say("followup.no_rise", question=question), say("followup.no_rise_remedy"))
    if n_relevant < few:
        found = say("followup.few_first", question=question, n=n_relevant, few=few)
        raise Refused(found, say("followup.few_first_remedy"))


def draw_recheck(
    workspace: Workspace, planned: Recheck, period: Period, reason: str | None = None
) -> DrawOutcome:
    """Draw the cases of a second reading for a period, as a single draw of the planned questions alone.

    Refused where no size has the power that was asked for.
    """
    n = planned.size.n
    if n is None:
        raise Refused(say("followup.no_size"), say("followup.no_size_remedy"))
    name = say("followup.draw_name", question=planned.question, unit=planned.unit)
    single = Single.named(name)
    assert single is not None
    first = acted_on(workspace, planned.level, planned.period)
    asked = SingleRequest(
        n=n,
        where=(Wish(column="unit", values=(planned.unit,)),) if planned.unit else (),
        questions=first.catalogues,
        only=(planned.question,),
        rereads=draw_id(workspace.settings.organisation.slug, planned.period, planned.level),
    )
    return draw_single(workspace, single, period, asked, DrawRequest(reason=reason))


def _first_reading(
    workspace: Workspace, question: str, level: Which | None, period: Period | None
) -> ActedOn:
    """Return the reading that a question was first asked in: the one named, or that of its newest action."""
    if level is not None and period is not None:
        return acted_on(workspace, level, period)
    name = question.strip().casefold()
    actions = [
        action
        for action in workspace.followup.actions.values()
        if action.question.casefold() == name and level in (None, action.level)
    ]
    if not actions:
        found = say("followup.no_action_of", question=question)
        raise UsageError(found, say("followup.no_action_of_remedy", question=question))
    newest = max(actions, key=lambda action: Period.parse(action.period))
    return acted_on(workspace, newest.level, period or Period.parse(newest.period))


def _population(sample: ReviewedSample, unit: str) -> int:
    strata = sample.strata
    if unit:
        strata = strata[[same_name(str(name)) == same_name(unit) for name in strata["unit"]]]
    return int(strata["population_size"].sum())
