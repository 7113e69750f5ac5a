"""A single draw: a sample asked for outside the plan, drawn, kept and verified as a level's is."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from tilsyn.base.aliases import column_word
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import UsageError
from tilsyn.base.which import Single, Which
from tilsyn.formats.files import file_hash
from tilsyn.procedure.draw import DrawOutcome, DrawRequest, make_draw
from tilsyn.settings.levels import WHOLE_FRAME
from tilsyn.settings.single import SinglePlan, Wish
from tilsyn.workspace.workspace import Workspace

# The level whose questions are asked unless others are named.
USUAL_LEVEL = 2


@dataclass(frozen=True)
class SingleRequest:
    """Which cases are asked for: `n` of the frame (of each unit with `per_unit`), or all of it with `every`.

    The frame is the register's cases that fit `where`, the cases that the file `case_list` names, or the
    reviewed cases of the draw `above`. A list without `n` is of cases that somebody chose. `questions` names
    the catalogues; level 2's are used otherwise. `only` and `rereads` are as in `SinglePlan`.
    """

    n: int | None = None
    every: bool = False
    per_unit: bool = False
    where: tuple[Wish, ...] = ()
    case_list: Path | None = None
    above: Which | None = None
    questions: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    rereads: str | None = None


def draw_single(
    workspace: Workspace,
    single: Single,
    period: Period,
    asked: SingleRequest,
    request: DrawRequest | None = None,
) -> DrawOutcome:
    """Draw what was asked for, under its own name; `request` has what every draw can be asked."""
    request = replace(request or DrawRequest(), plan=single_plan(workspace, single, period, asked))
    return make_draw(workspace, single, period, request)


def single_plan(workspace: Workspace, single: Single, period: Period, asked: SingleRequest) -> SinglePlan:
    """Return the plan that a single draw is made, answered and verified by."""
    refuse_unclear(asked)
    version = workspace.plan_for(period)
    usual = version.levels.get(USUAL_LEVEL) or next(iter(version.levels.values()))
    names, digest = read_list(workspace, asked.case_list) if asked.case_list else ((), None)
    earlier = plans_above(workspace, asked.above, period)
    return SinglePlan(
        level=single,
        source="list" if asked.case_list else asked.above or "register",
        case_list=asked.case_list.name if asked.case_list else None,
        listed=names,
        list_sha256=digest,
        lists=tuple(dict.fromkeys(plan.of_lists for plan in earlier if plan.of_lists)),
        chosen=asked.n is None and (asked.case_list is not None or any(plan.chosen for plan in earlier)),
        where=(*shared_rules(earlier), *asked.where),
        cadence=period.kind,
        per="unit" if asked.per_unit else WHOLE_FRAME,
        size=asked.n,
        share=1.0 if asked.n is None else None,
        question_set=asked.questions or usual.question_set,
        # What is named by its id is asked, whether it is of the core or not.
        questions="extended" if asked.only else usual.questions,
        only=asked.only,
        rereads=asked.rereads,
    )


def plans_above(workspace: Workspace, above: Which | None, period: Period) -> list[SinglePlan]:
    """Return the plans of the single draws that cases are drawn from."""
    if above is None:
        return []
    plans = [draw.record.plan for draw in workspace.draws.within(above, period)]
    return [plan for plan in plans if isinstance(plan, SinglePlan)]


def shared_rules(plans: Sequence[SinglePlan]) -> list[Wish]:
    """Return the rules that the cases of all of these draws fit."""
    first = plans[0].where if plans else ()
    return [rule for rule in first if all(rule in plan.where for plan in plans)]


def refuse_unclear(asked: SingleRequest) -> None:
    """Refuse what does not say one number of cases, from one source."""
    if asked.case_list is not None and (asked.every or asked.where or asked.above is not None):
        raise UsageError(say("single.list_alone"), say("single.list_alone_remedy"))
    if (asked.n is not None) + asked.every + (asked.case_list is not None and asked.n is None) != 1:
        raise UsageError(say("single.how_many"), say("single.how_many_remedy"))


def asked_of(text: str) -> Wish:
    """Return a rule as it is written: `case_type=Anbringelse`, several values with commas between.

    A value that has a comma itself stands in quotes, as in a CSV file.
    """
    column, _, values = text.partition("=")
    cells = chain.from_iterable(csv.reader(values.splitlines(), skipinitialspace=True))
    listed = tuple(cell.strip() for cell in cells if cell.strip())
    if not column.strip() or not listed:
        raise UsageError(say("single.bad_rule", text=text), say("single.bad_rule_remedy"))
    return Wish(column=column_word(column.strip()), values=listed)


def read_list(workspace: Workspace, path: Path) -> tuple[tuple[str, ...], str]:
    """Return the case ids of a list, each once, and the hash of its file.

    It is a CSV file with a column of case ids, or has a case id on each line.
    """
    from tilsyn.formats.csv_rows import read_column
    from tilsyn.formats.outside_reviews import ALIASES

    heading = workspace.settings.register.columns.get("case_id", "case_id")
    names = read_column(path, "case_id", {**ALIASES, heading.lower(): "case_id"})
    return tuple(dict.fromkeys(names)), file_hash(path)
