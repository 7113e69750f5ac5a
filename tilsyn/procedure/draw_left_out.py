"""Which cases of the source are not in the frame because of what was drawn, reviewed or listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from tilsyn.base.durations import Duration
from tilsyn.base.language import say
from tilsyn.base.periods import Period
from tilsyn.base.problems import InputError, Problem, Refused
from tilsyn.formats.files import file_hash
from tilsyn.sampling.draw_record import DrawRecord
from tilsyn.sampling.sql import quoted
from tilsyn.settings.levels import LevelPlan
from tilsyn.settings.single import SinglePlan
from tilsyn.workspace.draws import Draw
from tilsyn.workspace.workspace import Workspace

# So many case ids are named in a message.
SHOWN = 10


@dataclass
class LeftOut:
    """What was left out by reason, and what the record keeps of it."""

    counts: dict[str, int] = field(default_factory=dict)
    earlier: list[Draw] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    case_list: dict[str, str] | None = None
    notes: list[Problem] = field(default_factory=list)


def leave_out(
    workspace: Workspace,
    plan: LevelPlan,
    period: Period,
    cases: duckdb.DuckDBPyRelation,
    made: DrawRecord | None,
) -> tuple[duckdb.DuckDBPyRelation, LeftOut]:
    """Return the cases (`case_id` among the columns) that can be drawn, and what was left out.

    With the record of a draw that was `made`, what it left out.
    """
    out = LeftOut(earlier=drawn_earlier(workspace, plan, period, made))
    drawn = [case.case_id for draw in out.earlier for case in draw.record.cases]
    cases, _ = _without(cases, drawn, "drawn_earlier", out)
    recent = made.frame.reviewed_recently if made else _reviewed_recently(workspace, plan, period)
    cases, out.recent = _without(cases, recent, "reviewed_recently", out)
    if isinstance(plan, SinglePlan) and plan.listed:
        return _of_list(cases, plan, out), out
    source = _case_list(workspace, plan, period)
    return cases if source is None else _listed(cases, source, made, out), out


def recent_draws(draws: Iterable[Draw], plan: LevelPlan, period: Period) -> list[Draw]:
    """Return the level's draws of periods that ended within the plan's time of this one."""
    if plan.exclude_reviewed_within is None:
        return []
    since = Duration.parse(plan.exclude_reviewed_within).before(period.start)
    return [draw for draw in draws if draw.level == plan.level and since <= draw.period.end < period.start]


def _reviewed_recently(workspace: Workspace, plan: LevelPlan, period: Period) -> list[str]:
    if plan.exclude_reviewed_within is None:
        return []
    draws = recent_draws(workspace.draws.in_force(), plan, period)
    return [case.drawn.case_id for draw in draws for case in workspace.ledger(draw).reviewed]


@dataclass(frozen=True)
class CaseList:
    """A list of cases: the file, its name in the workspace, and the headings that its case ids may have."""

    path: Path
    name: str
    headings: dict[str, str]


def _case_list(workspace: Workspace, plan: LevelPlan, period: Period) -> CaseList | None:
    if plan.case_list is None:
        return None
    name = plan.case_list.format(period=period.canonical)
    heading = workspace.settings.register.columns.get("case_id", "case_id")
    return CaseList(workspace.root / name, name, {heading.lower(): "case_id"})


def drawn_earlier(
    workspace: Workspace, plan: LevelPlan, period: Period, made: DrawRecord | None
) -> list[Draw]:
    """Return the other draws of the level in the same quarter, where they are read together."""
    if made is not None:
        return [draw for draw in workspace.draws.every() if draw.draw_id in made.frame.earlier_draws]
    if not plan.read_by_quarter:
        return []
    return [
        draw
        for draw in workspace.draws.in_force()
        if draw.level == plan.level and draw.period != period and draw.period.quarter() == period.quarter()
    ]


def _without(
    cases: duckdb.DuckDBPyRelation, case_ids: Iterable[str], reason: str, out: LeftOut
) -> tuple[duckdb.DuckDBPyRelation, list[str]]:
    """Return the cases that are not among those, and those that were, which are counted."""
    there = _among(cases, case_ids)
    if not there:
        return cases, there
    out.counts[reason] = len(there)
    return cases.filter(f"case_id NOT IN ({', '.join(map(quoted, there))})"), there


def _among(cases: duckdb.DuckDBPyRelation, case_ids: Iterable[str]) -> list[str]:
    """Return those of the case ids that are there, in order."""
    listed = ", ".join(quoted(case) for case in case_ids)
    if not listed:
        return []
    return sorted(str(row[0]) for row in cases.filter(f"case_id IN ({listed})").project("case_id").fetchall())


def _of_list(cases: duckdb.DuckDBPyRelation, plan: SinglePlan, out: LeftOut) -> duckdb.DuckDBPyRelation:
    """Return the cases of a single draw's list; refused where one of them is not there."""
    out.case_list = {"name": plan.case_list or "", "sha256": plan.list_sha256 or ""}
    there = _among(cases, plan.listed)
    if absent := sorted(set(plan.listed) - set(there)):
        found = say("single.not_there", n=len(absent), cases=", ".join(absent[:SHOWN]))
        raise InputError([Problem(found, say("single.not_there_remedy"), file=plan.case_list)])
    return cases.filter(f"case_id IN ({', '.join(map(quoted, there))})")


def _listed(
    cases: duckdb.DuckDBPyRelation, source: CaseList, made: DrawRecord | None, out: LeftOut
) -> duckdb.DuckDBPyRelation:
    """Return the cases that a list names; refused where a draw was made from another list."""
    from tilsyn.formats.csv_rows import read_rows
    from tilsyn.formats.outside_reviews import ALIASES

    digest = file_hash(source.path)
    out.case_list = {"name": source.name, "sha256": digest}
    if made is not None and made.frame.case_list != out.case_list:
        raise Refused(say("draw.other_list", file=source.name), say("draw.other_list_remedy"))
    _, rows, problems = read_rows(source.path, ["case_id"], ALIASES | source.headings)
    if problems:
        raise InputError(problems)
    wanted = dict.fromkeys(row["case_id"] for row in rows if row["case_id"])
    there = _among(cases, wanted)
    ((n,),) = cases.aggregate("count(*)").fetchall()
    if n > len(there):
        out.counts["not_on_list"] = n - len(there)
    if missing := len(wanted) - len(there):
        found = say("draw.list_lacks", n=missing, of=len(wanted), file=source.name)
        out.notes.append(Problem(found, say("draw.list_lacks_remedy"), kind="note"))
    listed = ", ".join(quoted(case) for case in there) or "NULL"
    return cases.filter(f"case_id IN ({listed})")
